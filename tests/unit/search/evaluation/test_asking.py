"""Asking many queries: in their order, some at a time, patiently."""

import asyncio

import pytest

from search.evaluation import asking
from search.evaluation.people import queries_of
from search.evaluation.retrieval import Answer, best_of, faults_of_answers, figures_of
from search.evaluation.tables import Row
from search.repository import RepositoryUnavailable


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(asking, "WAITS_S", (0.0, 0.0))


async def test_answers_stand_in_the_order_of_their_queries_and_some_are_asked_at_a_time():
    under_way, most = 0, 0

    async def ask(query):
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        await asyncio.sleep(0.001 * (query % 3))
        under_way -= 1
        return -query

    told = []
    assert await asking.at_once(ask, range(20), told.append) == [-number for number in range(20)]
    assert (most, told[-1]) == (asking.AT_ONCE, 20)


async def test_a_repository_that_is_away_for_a_moment_is_asked_again():
    failures = [RepositoryUnavailable("away"), RepositoryUnavailable("away")]

    async def ask(query):
        if failures:
            raise failures.pop()
        return query

    assert await asking.at_once(ask, [1, 2, 3], lambda _: None) == [1, 2, 3]


async def test_one_query_that_stays_refused_costs_its_own_answer_alone():
    async def ask(query):
        if query == 500:
            raise RepositoryUnavailable("away")
        return query

    told = []
    answers = await asking.at_once(ask, range(1_000), told.append)
    assert answers == [query if query != 500 else None for query in range(1_000)]
    assert told[-1] == 1_000


async def test_the_last_query_may_be_the_refused_one():
    async def ask(query):
        if query == 2:
            raise RepositoryUnavailable("away")
        return query

    assert await asking.at_once(ask, range(3), lambda _: None) == [0, 1, None]


@pytest.mark.parametrize("count", [1, 3, 1_000])
async def test_a_repository_that_answers_nothing_ends_the_run_with_that_very_failure(count):
    asked = set()

    async def ask(query):
        asked.add(query)
        raise RepositoryUnavailable("away")

    with pytest.raises(RepositoryUnavailable):
        await asking.at_once(ask, range(count), lambda _: None)
    assert len(asked) <= asking.MOST_REFUSED + asking.AT_ONCE


async def test_a_repository_that_goes_away_for_good_ends_the_run():
    async def ask(query):
        if query >= 100:
            raise RepositoryUnavailable("away")
        return query

    with pytest.raises(RepositoryUnavailable):
        await asking.at_once(ask, range(1_000), lambda _: None)


async def test_a_refused_query_found_nobody_and_is_a_fault_of_its_line(monkeypatch):
    rows = [Row(2, {"name": "Ada Testova", "expected_id": "1"}), Row(3, {"name": "Bea Other", "expected_id": "2"})]
    queries = queries_of(rows, lambda _: ())

    async def answer(_, query, __):
        if query is queries[1]:
            raise RepositoryUnavailable("away")
        return Answer(query, (), 1.0)

    monkeypatch.setattr(asking, "_answer", answer)
    answers = await asking.ask_all(None, queries, {}, lambda _: None)
    assert [each.query.row.line for each in answers] == [2, 3]
    figures = figures_of(answers, 0.5)
    assert (figures["positives"], figures["refused"]) == (2, 1)
    (fault,) = faults_of_answers(answers, queries)
    assert fault.line == 3
    assert "Bea" not in fault.text
    assert best_of(answers[1])[2] == "the repository did not answer it"
