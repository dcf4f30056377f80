"""This module is the load: clients that ask one question after the other, in a process of their own."""

import asyncio
import datetime as dt
import json
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp
import uvloop

from deploy.bench.figures import MeasurementFailed
from hub.settings import ElasticsearchSettings
from search.mapping import READ_ALIAS
from search.query_body import candidates_body
from search.repository import connect
from search.request import SearchRequest

WARM_UP = 600  # questions before the clock counts, for both sides: Java compiles what runs often while it runs
TIMEOUT_S = 30.0

Ask = Callable[[bytes], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Searching:
    """Where to search, and as whom."""

    url: str
    token: str


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer: how long the client waited, and what the service says of it."""

    ms: float
    body: bytes

    def content(self) -> dict[str, Any]:
        """Read the answer; done after the clock, as it costs time."""
        read: dict[str, Any] = json.loads(self.body)
        return read


def search(target: Searching, questions: Sequence[bytes], clients: int) -> list[Answered]:
    """Put all questions to the search service, so many at a time; the first ones warm it up and are not given."""
    return uvloop.run(_search(target, questions, clients))


def query_bare(
    elasticsearch: ElasticsearchSettings, systems: tuple[str, ...], questions: Sequence[bytes], clients: int
) -> list[float]:
    """Put the candidate query of each question to Elasticsearch, so many at a time; give the milliseconds of each."""
    return uvloop.run(_query_bare(elasticsearch, systems, questions, clients))


async def _search(target: Searching, questions: Sequence[bytes], clients: int) -> list[Answered]:
    headers = {"Authorization": f"Bearer {target.token}", "Content-Type": "application/json"}
    timeout = aiohttp.ClientTimeout(TIMEOUT_S)
    async with aiohttp.ClientSession(target.url, headers=headers, timeout=timeout) as client:

        async def ask(question: bytes) -> bytes:
            async with client.post("/v1/search", data=question) as answer:
                if not answer.ok:
                    raise MeasurementFailed(f"The search answered with status {answer.status}; look into its log.")
                return await answer.read()

        return await _asked(ask, questions, clients)


async def _query_bare(
    elasticsearch: ElasticsearchSettings, systems: tuple[str, ...], questions: Sequence[bytes], clients: int
) -> list[float]:
    client = connect(elasticsearch)
    year = dt.datetime.now(dt.UTC).year
    bodies = {
        question: candidates_body(SearchRequest.model_validate(json.loads(question)).criteria(year), systems)
        for question in questions
    }

    async def ask(question: bytes) -> bytes:
        await client.search(index=READ_ALIAS, body=bodies[question])
        return b""

    try:
        return [answered.ms for answered in await _asked(ask, questions, clients)]
    finally:
        await client.close()


async def _asked(ask: Ask, questions: Sequence[bytes], clients: int) -> list[Answered]:
    await _share(ask, iter(questions[:WARM_UP]), clients)
    return await _share(ask, iter(questions[WARM_UP:]), clients)


async def _share(ask: Ask, questions: Iterator[bytes], clients: int) -> list[Answered]:
    """Let every client take the next question as soon as its last one is answered."""
    answers: list[Answered] = []

    async def client() -> None:
        for question in questions:
            began = time.perf_counter()
            body = await ask(question)
            answers.append(Answered((time.perf_counter() - began) * 1000, body))

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return answers
