"""Evaluations on a real Elasticsearch: what is found, and that nothing is left of them."""

import httpx
import pytest

from deploy.evaluating import elasticsearch_of
from search.commonness import Commonness, words_asked
from search.evaluation.asking import PREFIX, ask_all, fill, temporary_repository
from search.evaluation.people import people_of, queries_of
from search.evaluation.retrieval import figures_of
from search.evaluation.tables import Row
from search.query_body import BEARERS, candidates_body, commonness_body

pytestmark = pytest.mark.servers

RECORDS = [
    {"id": "1", "name": "Ada Testova", "birth_date": "1984-05-06", "document": "X0000001"},
    {"id": "2", "name": "Boris Romanov", "birth_date": "1365-05-12"},
    {"id": "3", "name": "|".join(["Cora Crowded", *(f"Alias{number} Crowded" for number in range(120))])},
    {"id": "4", "name": "Cora Crowder"},
]
QUERIES = [
    {"name": "Ada Testowa", "birth_date": "1984-06-05", "expected_id": "1"},
    {"name": "Zoe Other", "document": "x 000-0001", "expected_id": "1"},
    {"name": "Boris Romanov", "birth_date": "1986-08-03", "expected_id": "2"},
    {"name": "Cora Crowded", "expected_id": "3"},
    {"name": "Boris Romanov", "birth_date": "1986-02-30", "expected_id": "2"},
    {"name": "Somebody Else", "birth_date": "1950", "expected_id": ""},
]


def rows(cells):
    return [Row(line, each) for line, each in enumerate(cells, 2)]


def left(settings):
    found = httpx.get(f"{settings.url}/{PREFIX}*", auth=settings.basic_auth)
    return found.json()


async def test_everybody_is_found_through_slips_swaps_calendars_and_many_aliases_and_a_bad_query_stops_nothing(stack):
    settings = elasticsearch_of(stack)
    people = people_of(rows(RECORDS), lambda _: ())
    async with temporary_repository(settings) as repository:
        await fill(repository, people.events, lambda _: None)
        asked = queries_of(rows(QUERIES), lambda _: ())
        answers = await ask_all(repository, asked, people.ids, lambda _: None)
        criteria = asked[3].criteria
        _, counted = await repository.search_counting(
            candidates_body(criteria, None), commonness_body(words_asked(criteria), None), BEARERS
        )
    assert [answer.rank() for answer in answers] == [1, 1, 1, 1, None, None]
    assert figures_of(answers, 0.3)["alerts_per_negative"] == 0
    assert counted == Commonness(4, {"cora": 2, "crowded": 2})
    assert left(settings) == {}


async def test_the_index_is_removed_when_what_is_measured_fails(stack):
    settings = elasticsearch_of(stack)

    async def fails():
        async with temporary_repository(settings):
            assert left(settings)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fails()
    assert left(settings) == {}
