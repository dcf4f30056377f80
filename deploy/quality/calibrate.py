"""This module calibrates the scorer on invented people: `isthmus evaluate calibrate`.

Half of the queries are about people who are held, half about others of the same cultures: what a score means is the
probability under that mixture. Weights are fitted on one half of the queries, by hash, and judged on the other.
"""

import asyncio
import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from deploy.bench.telling import Teller
from deploy.quality import invented
from deploy.quality.fit import Bin, Example, fitted, reliability
from deploy.quality.searches import people_named
from deploy.quality.truth import is_held_out
from hub.settings import ElasticsearchSettings
from search.candidates import Candidates
from search.document import documents_of, identity_of
from search.evaluation.asking import at_once, fill, temporary_repository
from search.evaluation.people import People, Query
from search.found import EnrolledFinger, held_record
from search.score import compare, judge
from search.weights import Weights, weights

SIZES = (2_000, 20_000)
"""Repositories of two sizes: how common a name is depends on it."""
QUERIES = 3_000
"""About people who are held in each, and as many about others."""
COMMAND = "isthmus evaluate calibrate"
SEED = 7


@dataclass(frozen=True, slots=True)
class Calibrated:
    """The new weights as their file holds them, and how true scores are on the half that was not fitted on."""

    content: dict[str, Any]
    before: list[Bin]
    after: list[Bin]


def calibrate(settings: ElasticsearchSettings, teller: Teller) -> Calibrated:
    """Fit the weights anew."""
    fitting: list[Example] = []
    judging: list[Example] = []
    for number, size in enumerate(SIZES):
        people, queries = _world(size, SEED + number)
        for query, examples in zip(queries, asyncio.run(_examples(settings, people, queries, teller)), strict=True):
            assert query.criteria is not None
            (judging if is_held_out(query.criteria.names[0].text) else fitting).extend(examples)
    teller.say(f"Fitting to {len(fitting):,} candidates")
    before = weights()
    content = {
        "version": f"{dt.datetime.now(dt.UTC).date()}",
        "fitted_by": COMMAND,
        "document": before.document,
        **fitted(fitting, before),
    }
    return Calibrated(content, _reliability(judging, before), _reliability(judging, Weights.of(content)))


def _world(size: int, seed: int) -> tuple[People, list[Query]]:
    rng = random.Random(seed)  # noqa: S311  the same choice each time
    persons = invented.people(size, seed)
    people = people_named((str(person.number), invented.held(person, rng)) for person in persons)
    count = min(QUERIES, size)
    strangers = invented.people(count, seed + 1_000)
    queries = [*invented.asked(rng.sample(persons, count), rng, True), *invented.asked(strangers, rng, False)]
    return people, queries


async def _examples(
    settings: ElasticsearchSettings, people: People, queries: Sequence[Query], teller: Teller
) -> list[list[Example]]:
    async with temporary_repository(settings) as repository:
        with teller.counting("persons stored", len(people.events)) as tell:
            await fill(repository, people.events, tell)
        with teller.counting("queries", len(queries)) as tell:
            candidates = Candidates(repository)
            found = await at_once(lambda query: _compared(candidates, query, people.ids), queries, tell)
            return [examples or [] for examples in found]  # of a query that stays refused there are none


async def _compared(candidates: Candidates, query: Query, ids: dict[str, str]) -> list[Example]:
    assert query.criteria is not None
    sources, commonness = await candidates.every(query.criteria, None)
    records = [record for source in sources if (record := held_record(source)) is not None]
    return [
        Example(
            compare(query.criteria, identity_of(record), documents_of(record), commonness),
            ids[record.record] in query.expected,
        )
        for record in records
        if not isinstance(record, EnrolledFinger)
    ]


def _reliability(examples: Sequence[Example], by: Weights) -> list[Bin]:
    return reliability((judge(example.compared, by), example.is_right) for example in examples)
