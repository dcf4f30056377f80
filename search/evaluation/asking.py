"""This module asks a temporary repository: filled with persons of a table, searched as ever, gone at the end."""

import asyncio
import datetime as dt
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from itertools import islice
from typing import TypeVar
from uuid import uuid4

from contracts.envelope import Envelope
from contracts.records import PersonV1
from hub.errors import Retryable
from hub.settings import ElasticsearchSettings
from search.candidates import Candidates
from search.document import Document, document_of
from search.evaluation.people import SYSTEM, Query
from search.evaluation.retrieval import Answer, Ranked, unanswered
from search.found import Origin, held_record
from search.gathering import Gathering
from search.mapping import index_body
from search.repository import Repository, RepositoryUnavailable, connect, reached

PREFIX = "evaluation-"
BATCH = 2_000
AT_ONCE = 4
"""Queries that are under way at the same time."""
WAITS_S = (1.0, 5.0, 20.0)
MOST_REFUSED = 20
"""Queries that stay refused one after the other, from which on the repository is away, and not the fault of any."""

T = TypeVar("T")
Tell = Callable[[int], None]
"""Hears how many are done by now."""


@asynccontextmanager
async def temporary_repository(settings: ElasticsearchSettings) -> AsyncIterator[Repository]:
    """Give an empty repository with the product's own mapping; its index is removed at the end, however it ends.

    Raises:
        RepositoryUnavailable: Elasticsearch does not answer, or forbids it.
    """
    client = connect(settings)
    name = f"{PREFIX}{dt.datetime.now(dt.UTC):%Y%m%d-%H%M%S}-{uuid4().hex[:8]}"
    alias = f"{name}-alias"
    async with Repository(client, read=alias) as repository:
        try:
            with reached():
                await client.indices.create(index=name, aliases={alias: {}}, **index_body(refresh_interval="-1"))
            yield repository
        finally:
            with suppress(Retryable), reached():
                await client.options(request_timeout=10).indices.delete(index=name, ignore_unavailable=True)


async def fill(repository: Repository, events: Sequence[PersonV1], tell: Tell) -> None:
    """Store persons as the projector does, and make them findable.

    Raises:
        RepositoryUnavailable: not all could be stored.
    """
    done = 0
    for part in _parts(events, BATCH):
        refused = await repository.store([_document(event) for event in part], alias=repository.read)
        if refused:
            raise refused[0].error
        done += len(part)
        tell(done)
    await repository.refresh(alias=repository.read)


async def ask_all(repository: Repository, queries: Sequence[Query], ids: dict[str, str], tell: Tell) -> list[Answer]:
    """Ask all queries, some at a time; give the answers in their order. `ids` are the table's, by record.

    A query that stays refused found nobody, and its answer says so.

    Raises:
        RepositoryUnavailable: nothing is answered.
    """
    candidates = Candidates(repository)

    async def ask(query: Query) -> Answer:
        return await _answer(candidates, query, ids)

    answers = await at_once(ask, queries, tell)
    return [answer or unanswered(query) for query, answer in zip(queries, answers, strict=True)]


async def at_once(ask: Callable[[Query], Awaitable[T]], queries: Sequence[Query], tell: Tell) -> list[T | None]:
    """Ask all queries, some at a time; give what comes in their order, nothing for a query that stays refused.

    One that finds the repository away is asked again: a long run outlasts a server that is slow for a minute.

    Raises:
        RepositoryUnavailable: nothing is answered, from the first on or any more.
    """
    answers: dict[int, T | None] = {}
    waiting = iter(enumerate(queries))
    refused: list[RepositoryUnavailable] = []

    async def client() -> None:
        for place, query in waiting:
            try:
                answers[place] = await _patiently(ask, query)
                refused.clear()
            except RepositoryUnavailable as failure:
                answers[place] = None
                refused.append(failure)
                if len(refused) >= MOST_REFUSED:
                    raise
            tell(len(answers))

    clients = [asyncio.create_task(client()) for _ in range(AT_ONCE)]
    try:
        await asyncio.gather(*clients)
    finally:
        for each in clients:
            each.cancel()
    if refused and len(refused) == len(queries):
        raise refused[-1]
    return [answers[place] for place in range(len(queries))]


async def _patiently(ask: Callable[[Query], Awaitable[T]], query: Query) -> T:
    for wait_s in WAITS_S:
        try:
            return await ask(query)
        except RepositoryUnavailable:
            await asyncio.sleep(wait_s)
    return await ask(query)


async def _answer(candidates: Candidates, query: Query, ids: dict[str, str]) -> Answer:
    """Find candidates and score each."""
    if query.criteria is None:
        return Answer(query, (), 0.0)
    began = time.perf_counter()
    sources, commonness = await candidates.every(query.criteria, None)
    gathering = Gathering(query.criteria)
    gathering.learn(commonness)
    records = (record for source in sources if (record := held_record(source)))
    found = gathering.add(records, Origin.REPOSITORY)
    ranked = sorted(found, key=lambda item: item.score.standing, reverse=True)
    ms = (time.perf_counter() - began) * 1000
    return Answer(query, tuple(Ranked(ids[item.record.record], item.score) for item in ranked), ms)


def _document(event: PersonV1) -> Document:
    ident = str(uuid4())
    now = dt.datetime.now(dt.UTC)
    envelope = Envelope(ident, SYSTEM, "", event.record, "", now, ident, "")
    return document_of(envelope, 1, event, event.model_dump_json(exclude_none=True).encode())


def _parts(events: Iterable[PersonV1], size: int) -> Iterator[list[PersonV1]]:
    left = iter(events)
    while part := list(islice(left, size)):
        yield part
