"""What the search does before anybody waits."""

import subprocess
import sys

import pytest

from search.warm_up import TIMES, warm_up
from tests.unit.search.people import person
from tests.unit.search.sources import FakeRepository


async def test_the_repository_is_asked_for_candidates_and_for_linked_records():
    repository = FakeRepository([person()])
    await warm_up(repository)
    assert ["must" in body["query"]["bool"] for body in repository.asked] == [True, False] * TIMES


@pytest.mark.parametrize("repository", [FakeRepository(away=True), FakeRepository(delay_s=3_600)])
async def test_a_repository_that_is_away_or_silent_keeps_nobody_from_starting(repository):
    await warm_up(repository, 0.1)
    assert len(repository.asked) == 1


def test_the_tables_of_names_are_read():
    """In a process of its own: this one has read them long since."""
    code = """
import asyncio
from search.names import data
from search.warm_up import warm_up
from tests.unit.search.sources import FakeRepository
asyncio.run(warm_up(FakeRepository()))
print(*(table.cache_info().currsize for table in (data._japanese, data._learned, data._cantonese, data.nicknames)))
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.split() == ["1"] * 4
