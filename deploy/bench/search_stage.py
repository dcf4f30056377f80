"""This module measures the search stage by itself: names compared, persons keyed, candidates found, searches scored.

Where it measures in a process of its own, garbage is collected as in the services' own processes.
"""

import asyncio
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import uvloop

from deploy.bench.figures import percentile
from deploy.bench.telling import Teller
from deploy.quality import invented
from deploy.quality.searches import people_named
from hub.collector import collect_rarely
from hub.settings import ElasticsearchSettings
from search.candidates import Candidates
from search.document import keys_of_identity
from search.evaluation.asking import ask_all, fill, temporary_repository
from search.evaluation.likeness import compared, parsed
from search.evaluation.people import People, Query
from search.repository import Repository, connect

PAIRS, NAMES, SEED = 60_000, 6_000, 3
KEYED = 20_000
WARM, MEASURED, SCORED = 4_000, 1_000, 1_200
"""Queries that do not count, those that are timed one at a time, and those that each process scores. After 4,000 in all
Elasticsearch's JVM takes 15 ms of processor time for a query, as it compiles, after 8,000 six, after 12,000 four."""
CORES = 2
"""On which a searching process each runs, beside the servers, as many as the machine is meant to have."""
P95 = 0.95


def name_pairs_rate() -> float:
    """Give the pairs of parsed names that are compared in a second of processor time, each with its reasons."""
    collect_rarely()
    rng = random.Random(SEED)  # noqa: S311  the same pairs each time
    persons = invented.people(NAMES, SEED)
    names = [parsed(spelling.full) for person in persons for spelling in (person.native, *person.latin)]
    pairs = [(rng.choice(names), rng.choice(names)) for _ in range(PAIRS)]
    began = time.process_time()
    for one, other in pairs:
        compared(one, other)
    return PAIRS / (time.process_time() - began)


def persons_keyed_rate() -> float:
    """Give the persons whose keys are made in a second of processor time; each has one name or two."""
    collect_rarely()
    rng = random.Random(SEED)  # noqa: S311
    identities = [invented.held(person, rng) for person in invented.people(KEYED, SEED)]
    began = time.process_time()
    for identity in identities:
        keys_of_identity(identity)
    return KEYED / (time.process_time() - began)


def search_stage(settings: ElasticsearchSettings, persons: int, teller: Teller) -> tuple[float, float]:
    """Give the 95th percentile of the milliseconds of finding candidates, and the scored searches a second and core.

    `persons` are held; asked for are some of them, with one slip of the pen in many, and as many others.
    """
    people, queries = _world(persons)
    return asyncio.run(_search_stage(settings, people, queries, teller))


async def _search_stage(
    settings: ElasticsearchSettings, people: People, queries: Sequence[Query], teller: Teller
) -> tuple[float, float]:
    async with temporary_repository(settings) as repository:
        with teller.counting("persons stored", len(people.events)) as tell:
            await fill(repository, people.events, tell)
        teller.say("  candidates, one search at a time")
        candidates = Candidates(repository)
        await _timed(candidates, queries[:WARM])
        p95 = percentile(await _timed(candidates, queries[-MEASURED:]), P95)
        teller.say("  scored searches, as many as two cores can")
        return p95, await asyncio.to_thread(_scored_rate, settings, repository.read, queries, people.ids)


async def _timed(candidates: Candidates, queries: Sequence[Query]) -> list[float]:
    spent = []
    for query in queries:
        assert query.criteria is not None
        began = time.perf_counter()
        await candidates.every(query.criteria, None)
        spent.append((time.perf_counter() - began) * 1000)
    return spent


def _scored_rate(settings: ElasticsearchSettings, index: str, queries: Sequence[Query], ids: dict[str, str]) -> float:
    parts = [list(queries[core::CORES]) for core in range(CORES)]
    with ProcessPoolExecutor(max_workers=CORES, mp_context=get_context("spawn")) as pool:
        spans = list(pool.map(_scored, *zip(*((settings, index, part, ids) for part in parts), strict=True)))
    began, ended = min(span[0] for span in spans), max(span[1] for span in spans)
    return sum(len(part) - _warm(part) for part in parts) / (ended - began) / CORES


def _scored(
    settings: ElasticsearchSettings, index: str, queries: Sequence[Query], ids: dict[str, str]
) -> tuple[float, float]:
    """Search and score, in a process of its own; the first queries warm it up. Give the time of begin and end."""

    async def run() -> tuple[float, float]:
        async with Repository(connect(settings), read=index) as repository:
            warm = _warm(queries)
            await ask_all(repository, queries[:warm], ids, lambda _: None)
            began = time.monotonic()
            await ask_all(repository, queries[warm:], ids, lambda _: None)
            return began, time.monotonic()

    collect_rarely()
    return uvloop.run(run())


def _warm(queries: Sequence[Query]) -> int:
    """Give how many queries of a process do not count; of few persons there are fewer of both kinds."""
    return len(queries) * WARM // (WARM + SCORED)


def _world(size: int) -> tuple[People, list[Query]]:
    rng = random.Random(SEED)  # noqa: S311
    persons = invented.people(size, SEED)
    people = people_named((str(person.number), invented.held(person, rng)) for person in persons)
    half = min((WARM + SCORED) // 2 * CORES, size)
    strangers = invented.people(half, SEED + 1)
    queries = [*invented.asked(rng.sample(persons, half), rng, True), *invented.asked(strangers, rng, False)]
    rng.shuffle(queries)
    return people, queries
