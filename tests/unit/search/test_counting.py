"""Counting in the repository: what comes back of words and of whole names."""

import json

import pytest

from search.commonness import Commonness, names_asked, words_asked
from search.query_body import candidates_body, counting
from search.repository import Repository, RepositoryUnavailable
from tests.unit.search.test_commonness import ADA


class Client:
    """Answers each query of a call in turn, and remembers the queries."""

    def __init__(self, *answers):
        self.answers = [{"timed_out": False, "_shards": {"failed": 0}, **answer} for answer in answers]
        self.asked = []

    async def msearch(self, *, index, searches, filter_path):
        assert index
        assert "aggregations" in filter_path
        self.asked = [json.loads(line) for line in searches[1::2]]
        return type("Answer", (), {"body": {"responses": self.answers}})


FOUND = {"hits": {"hits": [{"_source": {"name": "ada"}}]}}
WORDS = {
    "hits": {"total": {"value": 8}},
    "aggregations": {"bearers": {"buckets": {"ada": {"doc_count": 3}, "testova": {"doc_count": 4}}}},
}
NAMESAKES = {
    "hits": {"total": {"value": 3}},
    "aggregations": {"systems": {"buckets": [{"persons": {"value": 1}}, {"persons": {"value": 1}}]}},
}


def both():
    return counting(words_asked(ADA), names_asked(ADA), None)


async def test_words_and_names_are_counted_in_the_call_that_brings_the_candidates():
    client = Client(FOUND, WORDS, NAMESAKES)
    found, known = await Repository(client).search_counting(candidates_body(ADA, None), both())
    assert found == [{"name": "ada"}]
    assert known == Commonness(8, {"ada": 3, "testova": 4}, {"ada testova": 2})
    assert client.asked == [candidates_body(ADA, None), both().words, *both().names.values()]


async def test_a_name_is_counted_without_its_words_where_these_are_known():
    client = Client(FOUND, NAMESAKES)
    _, known = await Repository(client).search_counting(
        candidates_body(ADA, None), counting({}, names_asked(ADA), None)
    )
    assert known == Commonness(0, {}, {"ada testova": 2})


@pytest.mark.parametrize("failing", [0, 1, 2])
async def test_what_was_counted_in_part_is_no_count(failing):
    answers = [FOUND, WORDS, NAMESAKES]
    answers[failing] = {"error": "refused"}
    with pytest.raises(RepositoryUnavailable):
        await Repository(Client(*answers)).search_counting(candidates_body(ADA, None), both())
