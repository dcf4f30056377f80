"""This module keeps what was rejected: the raw message in a dead letter topic, and beside it why, whence and when."""

import datetime as dt
import hashlib
import re
import struct
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from contracts import topics
from contracts.envelope import NO_TEXT, Headers
from contracts.references import SYSTEM_PATTERN, system_of
from hub.audit import Auditor, rejected_entry
from hub.errors import Rejected
from hub.kafka_records import UNREADABLE
from hub.message import MAX_ENVELOPE_BYTES, Message, Outgoing, Rejection, envelope_bytes

PREFIX = "dead_"
MAX_LETTER_BYTES = 4 << 20  # what a dead letter topic takes in one batch, as Kafka counts it (`max.message.bytes`)
MAX_KEPT_BYTES = 3_500_000  # of a value, so that key, headers and notes fit beside it
MAX_NOTE = 1_000  # characters of one note; a field's name, for instance, is as long as whoever sent it likes
_LENGTH = struct.Struct(">i")
HUB = "hub"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A rejected message with what is known of its rejection.

    `origin` is the place that it came from: in the log or, where `is_row`, in its source. `cut` names what was too
    large to be kept whole: `value`, `key`, `headers`.
    """

    message: Message
    reason: str
    field: str | None
    detail: str
    origin: str
    is_row: bool
    service: str
    at: dt.datetime
    sha256: str
    attempts: int
    cut: tuple[str, ...] = ()


def dead_letter(
    rejection: Rejection, *, service: str, now: dt.datetime, attempts: int = 1, row: str | None = None
) -> Outgoing:
    """Wrap a rejected message for its system's dead letter topic: raw bytes and headers unchanged, ours added.

    Whatever was rejected, its letter fits its topic: a value over 3.5 MB is cut, as is a key over 32 kB, and headers
    that do not fit into 32 kB are left out; size and digest are kept, of value and key as they were and of the headers
    that are left out. `row` says where a row stands in its source that was rejected before it became a message: it has
    no place in the log.
    """
    message, error = rejection.message, rejection.error
    raw, key = message.value or b"", message.key or b""
    kept, left_out = _fitting(original_headers(message.headers))
    place = {"topic": message.topic, "partition": str(message.partition), "offset": str(message.offset)}
    notes = {
        "reason": error.reason,
        "field": error.field or "",
        "detail": str(error),
        **(place if row is None else {"row": row}),
        "timestamp": str(message.timestamp_ms),
        "service": service,
        "at": now.isoformat(),
        "attempts": str(attempts),
        "tombstone": "1" if message.value is None else "0",
        **_measured("", raw),
        **(_measured("key_", key) if len(key) > MAX_ENVELOPE_BYTES else {}),
        **(_measured("headers_", _packed(left_out)) if left_out else {}),
    }
    ours = [(PREFIX + name, value[:MAX_NOTE].encode()) for name, value in notes.items()]
    kept_key = None if message.key is None else key[:MAX_ENVELOPE_BYTES]
    return Outgoing(topics.dead(_system(message)), kept_key, raw[:MAX_KEPT_BYTES], (*kept, *ours))


def _measured(what: str, whole: bytes) -> dict[str, str]:
    return {f"{what}bytes": str(len(whole)), f"{what}sha256": hashlib.sha256(whole).hexdigest()}


def _fitting(headers: Headers) -> tuple[Headers, Headers]:
    """Part headers into those that are kept, as many as fit, and those that are left out."""
    kept, left_out, room = [], [], MAX_ENVELOPE_BYTES
    for header in headers:
        size = envelope_bytes(None, (header,))
        if size <= room:
            room -= size
            kept.append(header)
        else:
            left_out.append(header)
    return kept, left_out


def _packed(headers: Headers) -> bytes:
    """Give names and values in a row, each after its length in four bytes (big-endian), for a digest of them."""
    parts = (part for name, value in headers for part in (name.encode(), value or b""))
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def dead_letters(
    rejections: Iterable[Rejection], *, service: str, now: dt.datetime, attempts: int = 1
) -> list[Outgoing]:
    """Wrap several; see `dead_letter`."""
    return [dead_letter(rejection, service=service, now=now, attempts=attempts) for rejection in rejections]


def burial(rejections: Sequence[Rejection], auditor: Auditor, now: dt.datetime) -> list[Outgoing]:
    """Give what is to be sent of refusals: the dead letters and, with them, the audit's entries."""
    # A page that the ledger itself wrote and cannot take leaves its letter alone: an entry about it would be such a
    # page again, and so on without end.
    told = [rejection for rejection in rejections if rejection.message.topic != topics.audit(auditor.service)]
    entries = [rejected_entry(rejection, auditor.service, now) for rejection in told]
    return [*dead_letters(rejections, service=auditor.service, now=now), *auditor.pages(entries)]


def read_dead_letter(message: Message) -> DeadLetter:
    """Read a dead letter back.

    Raises:
        Rejected: the message was not written by `dead_letter`.
    """
    notes = {
        name.removeprefix(PREFIX): (value or b"").decode(errors="replace")
        for name, value in message.headers
        if name.startswith(PREFIX)
    }
    row = notes.get("row")
    try:
        return DeadLetter(
            message=message,
            reason=notes["reason"],
            field=notes["field"] or None,
            detail=notes.get("detail", ""),
            origin=row or f"{notes['topic']}/{notes['partition']}/{notes['offset']}",
            is_row=row is not None,
            service=notes["service"],
            at=dt.datetime.fromisoformat(notes["at"]),
            sha256=notes["sha256"],
            attempts=int(notes["attempts"]),
            cut=_cut(notes, message),
        )
    except (KeyError, ValueError):
        raise Rejected(f"The message {message.place} is no dead letter.", code="no-dead-letter") from None


def _cut(notes: Mapping[str, str], message: Message) -> tuple[str, ...]:
    value = ("value",) if int(notes["bytes"]) != len(message.value or b"") else ()
    return (*value, *(what for what in ("key", "headers") if f"{what}_bytes" in notes))


def replayed(message: Message) -> Outgoing:
    """Give the original message back, for the topic it came from, with its own headers alone.

    A header whose name was no text is left out: it says nothing to us, and the message would be refused for it again.

    Raises:
        Rejected: it is no dead letter, it holds a source's row instead of a message, or its message was not kept whole.
    """
    letter = read_dead_letter(message)
    if letter.is_row:
        raise Rejected(
            f"The row never reached the hub: mend it at its source ({letter.origin}), and the adapter reads it again.",
            code="row",
        )
    topic = letter.origin.split("/")[0]
    if topic.startswith(topics.query("")):
        raise Rejected("Nobody waits for an answer to this question any more; ask it anew.", code="question")
    if topics.dead(_owner(topic)) != message.topic:
        raise Rejected("The letter names a topic of another system; it was not written by the hub.", code="foreign")
    notes = dict(message.headers)
    if letter.cut:
        parts = ", ".join(letter.cut)
        raise Rejected(
            f"The message was too large to be kept whole (cut: {parts}); publish it again at its source.", code="cut"
        )
    if UNREADABLE in notes and message.key is None:
        raise Rejected(
            "The message could not be unpacked, so none is kept; publish it again at its source.", code="lost"
        )
    value = None if notes[f"{PREFIX}tombstone"] == b"1" else message.value
    kept = tuple((name, value) for name, value in original_headers(message.headers) if NO_TEXT not in name)
    return Outgoing(topic, message.key, value, kept)


def original_headers(headers: Headers) -> Headers:
    """Leave out what dead lettering added."""
    return tuple((name, value) for name, value in headers if not name.startswith(PREFIX))


def nameless(letter: Message) -> int:
    """Count the headers that a replay leaves out because their names are no text."""
    return sum(NO_TEXT in name for name, _ in original_headers(letter.headers))


def replay_marker(message: Message, *, user: str, now: dt.datetime) -> Outgoing:
    """Say beside a dead letter, in its own topic, that it was replayed."""
    notes = {"replay_of": message.place, "replay_by": user, "replay_at": now.isoformat()}
    headers = tuple((PREFIX + name, value.encode()) for name, value in notes.items())
    return Outgoing(message.topic, message.key, b"", headers)


def replay_of(message: Message) -> str | None:
    """Tell which dead letter a marker speaks of; nothing where `message` is no marker."""
    value = dict(message.headers).get(f"{PREFIX}replay_of")
    return value.decode() if value is not None else None


def _owner(topic: str) -> str:
    """Tell whose incoming topic this is; the hub's own where it is none."""
    try:
        return topics.parse_incoming(topic).system
    except ValueError:
        return HUB


def _system(message: Message) -> str:
    """Tell whose dead letter it is: by its incoming topic, else by the record that is its key, else the hub's own."""
    with suppress(ValueError):
        return topics.parse_incoming(message.topic).system
    kind, _, system = message.topic.partition(".")
    if kind == "query":
        return system
    owner = system_of((message.key or b"").decode(errors="replace"))
    return owner if re.fullmatch(SYSTEM_PATTERN, owner) and message.topic.startswith("out.") else HUB
