"""More share a name, or a day, than a page of candidates has places: nobody is lost for that, or it is said."""

import pytest

from search.commonness import Commonness
from search.query_body import CANDIDATES
from tests.unit.search.people import alert, person
from tests.unit.search.single import question, records, single, states
from tests.unit.search.sources import FakeRepository

BORN = "1984-05-06"


def namesakes(count, born="1950-01-31"):
    return [person(f"n{at}", born=born) for at in range(count)]


def of_that_day(count):
    """People who share a word of the name and the birth date, and fit as little as anybody."""
    return [person(f"n{at}", full=f"Ada Other{at}", born=BORN) for at in range(count)]


@pytest.mark.parametrize(
    ("page", "wanted"),
    [(0, {"full": "Ada Testowa"}), (1, {"full": "Ada Testowa", "born": "1984"}), (2, {"born": "1950-01-31"})],
)
async def test_whoever_shares_a_word_and_the_birth_date_keeps_nobody_from_being_found(page, wanted):
    apart = [(), (), ()]
    apart[page] = (alert(about=wanted),)
    repository = FakeRepository(of_that_day(CANDIDATES), apart=apart)
    repository.commonness = Commonness(50_000, {"ada": 9, "testova": 1})
    gathered = await single(repository).ask(question(born=BORN))
    assert set(records(gathered)) == {"alerts:alerts:1"}
    assert gathered.is_complete


@pytest.mark.parametrize("page", [0, 1, 2])
async def test_more_than_have_room_where_the_last_still_fits_are_said_to_be_more(page):
    apart = [(), (), ()]
    apart[page] = namesakes(CANDIDATES, BORN)
    gathered = await single(FakeRepository(of_that_day(CANDIDATES), apart=apart)).ask(question(born=BORN))
    assert not gathered.is_complete


async def test_namesakes_of_that_day_who_all_have_room_on_a_page_of_their_own_are_not_said_to_be_more():
    found = [*of_that_day(CANDIDATES - 1), person(born="1984")]
    gathered = await single(FakeRepository(found, apart=[(), (), ()])).ask(question(born=BORN))
    assert set(records(gathered)) == {"entry-exit:persons:1"}
    assert gathered.is_complete


async def test_those_on_the_first_page_are_found_though_the_others_cannot_be_asked_for():
    repository = FakeRepository([*of_that_day(CANDIDATES - 1), person(born=BORN)])
    repository.apart_away = True
    gathered = await single(repository).ask(question(born=BORN))
    assert set(records(gathered)) == {"entry-exit:persons:1"}
    assert states(gathered)["repository"] is None
    assert not gathered.is_complete


@pytest.mark.parametrize(
    ("found", "born"),
    [
        (namesakes(CANDIDATES - 1, BORN), BORN),
        (namesakes(CANDIDATES, BORN), None),
        ([*namesakes(CANDIDATES - 1, BORN), person("last", born="1950-01-31")], BORN),
    ],
)
async def test_nobody_is_asked_for_twice_where_all_have_room_whose_birth_date_agrees(found, born):
    repository = FakeRepository(found)
    await single(repository).ask(question(born=born))
    assert sum("must" in body["query"]["bool"] for body in repository.asked) == 1
