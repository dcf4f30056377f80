"""This module is `isthmus dead`: what was rejected, why, and its way back once the cause is mended."""

import asyncio
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

import typer
from rich.console import Console

from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1
from deploy.folding import folding
from deploy.harmless import as_written
from deploy.local.stack import Stack
from deploy.mistyped import Mistyped
from deploy.operator import OPERATOR, operator_kafka, user_name
from hub.audit import Auditor
from hub.dead_letters import DeadLetter, nameless, read_dead_letter, replay_marker, replay_of, replayed
from hub.errors import NotFound, Rejected
from hub.log_reader import LogReader
from hub.message import Message
from hub.producer import Producer
from hub.settings import KafkaSettings
from hub.tracing import current_trace

app = typer.Typer(help="Show and replay dead letters.", no_args_is_help=True, rich_markup_mode="markdown")
PRINT = Console()
PLACE = re.compile(re.escape(topics.dead("")) + r"(?P<system>[^/]+)/\d+/\d+")

StackName = Annotated[str, typer.Option("--stack", envvar="ISTHMUS_STACK", help="The stack to look into.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
Place = Annotated[str, typer.Argument(help="Where the dead letter lies, as `list` shows it: dead.alerts/0/12.")]


@app.command("list")
def list_(
    system: Annotated[str | None, typer.Option(help="Only those of one system.")] = None,
    reason: Annotated[str | None, typer.Option(help="Only those with one reason code.")] = None,
    ref: Annotated[
        str | None,
        typer.Option(help="Only those of one message, flow or record, or from one place, as `isthmus trace` names it."),
    ] = None,
    stack: StackName = "local",
    as_json: AsJson = False,
) -> None:
    """List dead letters, oldest first, with their reasons; the audit says who looked.

    A letter stays, also once its row was mended at its source: `isthmus trace RECORD` then tells of a message that was
    published after the one that was rejected.

    Examples: `isthmus dead list --system alerts`, `isthmus dead list --ref alerts:alert:77`
    """
    wanted = Wanted(system, reason, ref)
    chosen, gone = asyncio.run(_list(operator_kafka(Stack.known(stack).must_be_up()), wanted))
    if as_json:
        typer.echo(json.dumps([_summary(letter, gone) for letter in chosen], indent=2))
        return
    count = f"{len(chosen)} dead {'letter' if len(chosen) == 1 else 'letters'}"
    table = folding("dead letter", "at", "reason", "field", "from", "replayed", title=count)
    for letter in chosen:
        row = _summary(letter, gone)
        shown = row["place"], row["at"][:19], row["reason"], row["field"], row["origin"], row["replayed"]
        table.add_row(*map(as_written, shown))
    PRINT.print(table)


@app.command()
def show(place: Place, stack: StackName = "local", as_json: AsJson = False) -> None:
    """Show one dead letter whole: its reason, its headers, and its raw bytes, which may hold personal data.

    The audit says who looked.

    Example: `isthmus dead show dead.alerts/0/12`
    """
    letter = asyncio.run(_show(operator_kafka(Stack.known(stack).must_be_up()), place))
    # Kafka lets a header be without a value, whatever its type says here.
    headers = {name: (value or b"").decode(errors="backslashreplace") for name, value in letter.message.headers}
    value = (letter.message.value or b"").decode(errors="backslashreplace")
    if as_json:
        typer.echo(json.dumps({"place": place, "headers": headers, "value": value}, indent=2))
        return
    table = folding("header", "value", title=place)
    for name, text in headers.items():
        table.add_row(as_written(name), as_written(text))
    PRINT.print(table)
    PRINT.print(as_written(value))


@app.command()
def replay(place: Place, stack: StackName = "local") -> None:
    """Publish a dead letter's message again, on the topic it came from; the audit says who did it.

    Headers whose names are no text are left out, for the message would be refused for them again.

    A row that an adapter could not map never reached the hub and is not replayed: mend it at its source, which the
    letter names, and the adapter reads it again.

    Example: `isthmus dead replay dead.alerts/0/12`
    """
    origin, dropped = asyncio.run(_replay(operator_kafka(Stack.known(stack).must_be_up()), place, user_name()))
    without = f", without {dropped} of its headers, whose names are no text" if dropped else ""
    typer.echo(f"Replayed {place} to {origin}{without}.")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which dead letters are asked for; all where nothing is said."""

    system: str | None = None
    reason: str | None = None
    ref: str | None = None

    def fits(self, letter: DeadLetter) -> bool:
        """Tell whether a letter is one of them."""
        return self.reason in {None, letter.reason} and (self.ref is None or self.ref in _names(letter))


def _names(letter: DeadLetter) -> set[str]:
    """Give everything that a letter can be asked for by."""
    headers = dict(letter.message.headers)
    told = {_text(headers, name) for name in ("ce_id", "ce_subject", "correlationid")}
    return {letter.message.place, letter.origin, (letter.message.key or b"").decode(errors="replace"), *told}


def _readable(messages: Sequence[Message]) -> list[DeadLetter]:
    """Read dead letters; one that the hub did not write is named, and hides no other."""
    letters = []
    for message in messages:
        try:
            letters.append(read_dead_letter(message))
        except Rejected as error:
            typer.echo(f"isthmus: {error}", err=True)
    return letters


def _summary(letter: DeadLetter, gone: frozenset[str]) -> dict[str, str]:
    return {
        "place": letter.message.place,
        "at": letter.at.isoformat(),
        "reason": letter.reason,
        "field": letter.field or "",
        "detail": letter.detail,
        "origin": letter.origin,
        "service": letter.service,
        "replayed": "yes" if letter.message.place in gone else "",
    }


async def _read(settings: KafkaSettings, system: str | None) -> Sequence[Message]:
    """Read the dead letters of a system, or of all.

    Raises:
        Mistyped: there is no such system.
    """
    wanted = topics.dead(system) if system is not None else None
    there: list[str] = []

    def is_wanted(topic: str) -> bool:
        if topic.startswith(topics.dead("")):
            there.append(topic)
        return topic in there and wanted in {None, topic}

    reader = LogReader(settings, OPERATOR)
    try:
        if not await reader.open(is_wanted) and wanted:
            systems = ", ".join(topic.removeprefix(topics.dead("")) for topic in sorted(there))
            raise Mistyped(f"There is no topic {wanted}; there are those of {systems}.")
        found = [message async for batch in reader.read_to(await reader.ends()) for message in batch]
    finally:
        await reader.close()
    return sorted(found, key=lambda message: message.timestamp_ms)


async def _find(settings: KafkaSettings, place: str) -> Message:
    for message in await _read(settings, _system_of(place)):
        if message.place == place:
            return message
    raise NotFound(f"There is no dead letter at {place}; `isthmus dead list` shows where they lie.")


def _system_of(place: str) -> str:
    """Tell from a place whose dead letter lies there.

    Raises:
        Mistyped: it is no place of a dead letter.
    """
    found = PLACE.fullmatch(place)
    if found is None:
        raise Mistyped(f"{place} is no place of a dead letter; write it as `isthmus dead list` does: dead.alerts/0/12.")
    return found["system"]


async def _list(settings: KafkaSettings, wanted: Wanted) -> tuple[list[DeadLetter], frozenset[str]]:
    """Give the letters that are asked for, once the audit holds who asks, and the places of those replayed."""
    messages = await _read(settings, wanted.system)
    gone = frozenset(place for message in messages if (place := replay_of(message)))
    letters = _readable([message for message in messages if replay_of(message) is None])
    chosen = [letter for letter in letters if wanted.fits(letter)]
    # The topic stands in the entry as it was read, never as it was typed.
    topic = messages[0].topic if wanted.system and messages else None
    viewed = _entry(AuditAction.VIEWED, user_name(), "dead letters listed", topic=topic, count=len(chosen))
    await _record(settings, viewed)
    return chosen, gone


async def _show(settings: KafkaSettings, place: str) -> DeadLetter:
    letter = read_dead_letter(await _find(settings, place))
    await _record(settings, _entry_of(letter, AuditAction.VIEWED, user_name()))
    return letter


async def _record(settings: KafkaSettings, entry: AuditEntryV1) -> None:
    async with Producer(settings, OPERATOR, linger_ms=0) as producer:
        await Auditor(producer, OPERATOR).record([entry])


async def _replay(settings: KafkaSettings, place: str, user: str) -> tuple[str, int]:
    message = await _find(settings, place)
    letter = read_dead_letter(message)
    again = replayed(message)
    async with Producer(settings, OPERATOR, linger_ms=0) as producer:
        auditor = Auditor(producer, OPERATOR)
        marker = replay_marker(message, user=user, now=dt.datetime.now(dt.UTC))
        entries = [_entry_of(letter, AuditAction.REPLAYED, user)]
        await producer.send_all([*auditor.pages(entries), again, marker])
    return again.topic, nameless(message)


def _entry_of(letter: DeadLetter, action: AuditAction, user: str) -> AuditEntryV1:
    message = letter.message
    headers = dict(message.headers)
    return _entry(
        action,
        user,
        f"dead letter {letter.reason}"[:300],
        # Its headers may be what it was rejected for: a blank one tells nothing.
        flow=_text(headers, "correlationid") or message.place,
        event=_text(headers, "ce_id") or None,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
    )


def _text(headers: Mapping[str, bytes], name: str) -> str:
    return (headers.get(name) or b"").decode(errors="replace").strip()[:300]


def _entry(action: AuditAction, user: str, detail: str, **about: Any) -> AuditEntryV1:
    """Tell what a person did with dead letters; `about` are the entry's other fields, which it checks itself."""
    fields = {"flow": current_trace().flow, **about}
    return AuditEntryV1(
        entry=uuid4(),
        at=dt.datetime.now(dt.UTC),
        service=OPERATOR,
        actor=user,
        action=action,
        detail=detail,
        **fields,
    )
