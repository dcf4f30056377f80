"""What was found leads on: to the other records of a person, and to who bears its documents."""

import asyncio
import time

import pytest

from search.gathering import MAX_FOLLOWED, MAX_NUMBERS
from search.query_body import LINKED
from tests.unit.search.people import crossing, listed, passport, person
from tests.unit.search.single import question, records, single, subjects
from tests.unit.search.sources import FakeLive, FakeRepository


@pytest.fixture
def impatient(monkeypatch):
    """The repository waits for nobody before it looks up what was brought."""
    monkeypatch.setattr("search.single_search.PATIENCE_S", 0.0)


@pytest.mark.usefixtures("impatient")
async def test_a_look_up_that_hangs_after_a_live_answer_is_cut_and_said():
    class Hanging(FakeRepository):
        async def search(self, body):
            if "must" not in body["query"]["bool"]:
                await asyncio.Event().wait()
            return []

    live = FakeLive({"alerts": (), "entry-exit": (person(),)}, delays={"entry-exit": 0.02})
    began = time.monotonic()
    gathered = await single(Hanging(), live).ask(question())
    assert gathered.gathering.is_cut
    assert not gathered.is_complete
    assert time.monotonic() - began < 10


async def test_what_the_repository_and_live_systems_bring_is_looked_up_in_one_call():
    live = FakeLive({"alerts": (person("2", system="alerts"),), "entry-exit": (person(),)}, delays={"entry-exit": 0.01})
    repository = FakeRepository([person("3", system="asylum")])
    await single(repository, live).ask(question())
    assert [subjects(body) for body in repository.asked] == [
        set(),
        {"alerts:persons:2", "entry-exit:persons:1", "asylum:persons:3"},
    ]


async def test_what_a_slow_system_brings_is_looked_up_when_it_comes(monkeypatch):
    monkeypatch.setattr("search.single_search.PATIENCE_S", 0.01)
    live = FakeLive({"alerts": (person("2", system="alerts"),), "entry-exit": (person(),)}, delays={"entry-exit": 0.05})
    repository = FakeRepository()
    gathered = await single(repository, live).ask(question())
    assert [subjects(body) for body in repository.asked] == [set(), {"alerts:persons:2"}, {"entry-exit:persons:1"}]
    assert gathered.is_complete


async def test_a_page_of_candidates_whose_last_still_fit_is_truncated():
    crowd = [person(str(number), born=None) for number in range(49)]
    stranger = person("99", full="Ada Romanova")
    asked = question(names=("Ada Testova",))
    assert not (await single(FakeRepository([*crowd, stranger])).ask(asked)).is_complete


async def test_a_full_page_whose_last_do_not_fit_is_whole():
    crowd = [person(str(number), full="Ada Romanova") for number in range(49)]
    assert (await single(FakeRepository([person("99"), *crowd])).ask(question())).is_complete


async def test_more_persons_than_are_followed_are_said_to_be_left_out():
    crowd = [person(str(number)) for number in range(MAX_FOLLOWED + 1)]
    assert not (await single(FakeRepository(crowd)).ask(question())).is_complete


async def test_more_documents_than_are_followed_are_said_to_be_left_out():
    papers = [passport(f"X{number:07}") for number in range(MAX_NUMBERS + 1)]
    bearers = [person("1", documents=tuple(papers[:50])), person("2", documents=tuple(papers[50:]))]
    assert not (await single(FakeRepository(bearers)).ask(question())).is_complete


async def test_more_records_than_are_looked_up_after_a_live_answer_are_said_to_be_left_out():
    live = FakeLive({"alerts": (), "entry-exit": (person(),)})
    many = [crossing(str(number)) for number in range(LINKED)]
    assert not (await single(FakeRepository([], many), live).ask(question())).is_complete


async def test_the_other_records_of_who_bears_the_same_document_are_looked_up():
    bearer = person("2", full="Bea Other", documents=(passport(), passport("X0000002")))
    trip = crossing("7", subject=bearer.subject, full="Bea Other")
    repository = FakeRepository([person(documents=(passport(),))], [bearer, trip, listed(number="X0000002")])
    gathered = await single(repository).ask(question())
    assert {bearer.record, trip.record, "blacklist:documents:1"} <= set(records(gathered))
    assert gathered.is_complete


async def test_a_chain_of_documents_without_end_is_cut_and_said():
    chain = [
        person(f"{number}", full="Bea Other", documents=(passport(f"X{number:07}"), passport(f"X{number + 1:07}")))
        for number in range(2, 40)
    ]
    repository = FakeRepository([person(documents=(passport("X0000002"),))], chain)
    gathered = await single(repository).ask(question())
    assert not gathered.is_complete
    assert len(repository.asked) < 10


@pytest.mark.usefixtures("impatient")
async def test_an_unforeseen_error_of_a_look_up_is_said():
    class Broken(FakeRepository):
        async def search(self, body):
            if "must" not in body["query"]["bool"]:
                raise KeyError("hits")
            return []

    live = FakeLive({"alerts": (), "entry-exit": (person(),)}, delays={"entry-exit": 0.02})
    gathered = await single(Broken(), live).ask(question())
    assert gathered.gathering.is_cut
    assert set(records(gathered)) == {"entry-exit:persons:1"}
