"""This module tells what becomes of a row that makes no sense: it is set aside with a reason, and the rest flows on."""

import asyncio
from dataclasses import replace

from contracts import topics
from contracts.records import DocumentStatus
from deploy.demo.legacy.changes import list_rows, unlist
from deploy.demo.legacy.rows import blacklist_row
from deploy.demo.population.holdings import ListedDocument
from deploy.demo.story.border_guard import found_in
from deploy.demo.story.commands import PURPOSE, run, search
from deploy.demo.story.stage import GUARD, Stage
from deploy.demo.story.telling import until
from deploy.operator import OPERATOR, operator_kafka
from hub.dead_letters import DeadLetter, read_dead_letter
from hub.log_reader import LogReader
from hub.settings import KafkaSettings
from search.answer import SearchAnswer
from search.findings import FindingKind

SENSELESS, SOUND = "X0000098", "X0000099"
IMPOSSIBLE = "31/02/2026"  # no calendar has this day
PATIENCE_S = 45.0


def poison_row(stage: Stage) -> None:
    """Tell the story."""
    telling = stage.telling
    passport = stage.population.cast.reported.person.passport
    rows = [
        blacklist_row(
            ListedDocument(replace(passport, number=number), DocumentStatus.LOST, stage.population.today, None)
        )
        for number in (SENSELESS, SOUND)
    ]
    telling.say(f"A clerk of the ministry lists two lost passports, and one as lost on the {IMPOSSIBLE}.")
    known = {letter.message.place for letter in _letters(stage)}
    list_rows(stage.agencies, [rows[0] | {"DEPUIS": IMPOSSIBLE}, rows[1]])
    letter, seconds = until(
        lambda: next((letter for letter in _letters(stage) if letter.message.place not in known), None),
        PATIENCE_S,
        "The senseless row did not become a dead letter: look into the log of adapter-blacklist.",
    )
    run(telling, "dead", "list", "--system", "blacklist")
    telling.proved(
        f"Set aside within {seconds:.1f} seconds: {letter.reason}, field {letter.field}.",
        if_="DEPUIS" in (letter.field or ""),
        otherwise="The dead letter does not say what is wrong.",
    )
    run(telling, "dead", "show", letter.message.place)
    _must_be_listed(stage, SOUND, "The sound row beside it went its way.")
    telling.say("The clerk mends the row.")
    unlist(stage.agencies, SENSELESS)
    list_rows(stage.agencies, [rows[0]])
    _must_be_listed(stage, SENSELESS, "The mended row is found, too.")


def _letters(stage: Stage) -> list[DeadLetter]:
    return asyncio.run(_read(operator_kafka(stage.stack)))


async def _read(settings: KafkaSettings) -> list[DeadLetter]:
    reader = LogReader(settings, OPERATOR)
    try:
        await reader.open(lambda topic: topic == topics.dead("blacklist"))
        return [read_dead_letter(message) async for batch in reader.read_to(await reader.ends()) for message in batch]
    finally:
        await reader.close()


def _must_be_listed(stage: Stage, number: str, told: str) -> None:
    def is_listed(answer: SearchAnswer) -> bool:
        return FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON in {finding.kind for finding in found_in(answer)}

    def listed() -> bool | None:
        return is_listed(stage.search(GUARD, purpose=PURPOSE, document={"number": number})) or None

    failure = f"The listed document {number} is not found: look into the log of adapter-blacklist."
    until(listed, PATIENCE_S, failure)
    answer = search(stage.telling, GUARD, "--document", number)
    stage.telling.proved(told, if_=is_listed(answer), otherwise=failure)
