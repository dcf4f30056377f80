"""Asking many queries: in their order, some at a time, patiently."""

import asyncio

import pytest

from search.evaluation import asking
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


async def test_one_that_stays_away_ends_the_run_with_that_very_failure():
    async def ask(query):
        raise RepositoryUnavailable("away")

    with pytest.raises(RepositoryUnavailable):
        await asking.at_once(ask, [1, 2, 3], lambda _: None)
