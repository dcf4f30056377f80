"""More share a name, or a day, than a page of candidates has places: nobody is lost for that, or it is said."""

import pytest

from contracts.identity import Sex
from search.query_body import CANDIDATES
from search.settings import Deadlines
from tests.unit.search.people import alert, person
from tests.unit.search.ranked import Ranked
from tests.unit.search.single import question, records, single, states
from tests.unit.search.sources import FakeRepository

BORN = "1984-05-06"
PATIENT = Deadlines(repository_ms=60_000, live_ms=60_000, biometrics_ms=60_000)
"""The repository of these tests is slow, and is not what they are about."""


def namesakes(count, born="1950-01-31"):
    return [person(f"n{at}", born=born) for at in range(count)]


def of_that_day(count):
    """People who share a word of the name and the birth date, and fit as little as anybody."""
    return [person(f"n{at}", full=f"Ada Other{at}", born=BORN) for at in range(count)]


ENDINGS = ("ek", "ana", "ost", "ilde", "umo", "ari", "enz", "ovits", "uli", "adel")
OF_ANOTHER_YEAR = [f"{year}-05-06" for year in range(1920, 1980)]


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"full": "Ada Testowa"},
        {"full": "Ада Тестова"},
        {"full": "Ада Тестова", "born": "1984-05-16"},
        {"full": "Ada Testowa", "born": "1984"},
        {"born": None},
        {"full": "Ada Testowa", "born": None},
        {"born": "1950-01-31"},
    ],
)
@pytest.mark.parametrize(
    "days",
    [[BORN] * 60, OF_ANOTHER_YEAR, ["1984-05-16"] * 60, [None] * 60],
    ids=["day", "month-day", "month", "not-held"],
)
async def test_whoever_shares_a_word_and_a_birth_date_that_does_not_contradict_keeps_nobody_from_being_found(
    days, wanted
):
    crowd = [person(f"n{at}", full=f"Ada Other{at}", born=born) for at, born in enumerate(days)]
    gathered = await single(Ranked([*crowd, alert(about=wanted)]), deadlines=PATIENT).ask(question(born=BORN))
    assert "alerts:alerts:1" in records(gathered)
    assert gathered.is_complete


@pytest.mark.parametrize("spelt", ["Mohamed Testali", "Muhammad Testaly", "محمد تستالي"])
async def test_who_bears_the_very_name_and_was_born_otherwise_keeps_nobody_from_being_found_whose_date_is_not_held(
    spelt,
):
    crowd = [person(f"n{at}", full="Mohamed Testali", born=f"19{at + 10}-11-30") for at in range(60)]
    wanted = alert(about={"full": spelt, "born": None})
    gathered = await single(Ranked([*crowd, wanted]), deadlines=PATIENT).ask(
        question(names=("Mohamed Testali",), born=BORN)
    )
    assert set(records(gathered)) == {"alerts:alerts:1"}


@pytest.mark.parametrize("spelt", ["محمد علي تستوف", "Mohammed Aly Testoff", "Muhammad Testoff", "Mohamed Testoff"])
@pytest.mark.parametrize(("held", "asked"), [("1984-05-16", BORN), (BORN, None), (None, BORN)])
async def test_who_shares_two_words_of_three_keeps_nobody_from_being_found_who_bears_the_rare_one(spelt, held, asked):
    families = [f"{first}{second}" for first in ("Gar", "Bel", "Kor", "Dun", "Pav", "Lim") for second in ENDINGS]
    days = [None if held is None else f"19{20 + at}-05-06" for at in range(60)]
    crowd = [
        person(f"n{at}", full=f"Mohamed Ali {family}", born=day)
        for at, (family, day) in enumerate(zip(families, days, strict=True))
    ]
    wanted = alert(about={"full": spelt, "born": held})
    gathered = await single(Ranked([*crowd, wanted]), deadlines=PATIENT).ask(
        question(names=("Mohamed Ali Testov",), born=asked)
    )
    assert "alerts:alerts:1" in records(gathered)


@pytest.mark.parametrize("born", ["1984-08", "1985-08", "1983-01"])
async def test_whose_day_of_birth_is_not_known_and_year_is_near_is_found_behind_whose_is_known_and_is_another(born):
    crowd = [
        person(f"n{at}", full="Mohamed Testali", born=f"1984-{7 + at % 6:02d}-{1 + at // 6:02d}") for at in range(60)
    ]
    wanted = alert(about={"full": "Mohamed Testali", "born": born})
    gathered = await single(Ranked([*crowd, wanted]), deadlines=PATIENT).ask(
        question(names=("Mohamed Testali",), born=BORN)
    )
    assert "alerts:alerts:1" in records(gathered)


@pytest.mark.parametrize("born", ["1985-03-04", "1983", "1984-12-30"])
async def test_where_the_year_alone_is_asked_for_who_may_be_born_in_it_or_near_it_is_found(born):
    crowd = [person(f"n{at}", full=f"Ada Other{at}", born=f"1984-{at % 12 + 1:02d}-11") for at in range(60)]
    crowd += [person(f"m{at}", born=f"19{at + 10}-11-30") for at in range(60)]
    gathered = await single(
        Ranked([*crowd, alert(about={"full": "Ada Testowa", "born": born})]), deadlines=PATIENT
    ).ask(question(born="1984"))
    assert "alerts:alerts:1" in records(gathered)


async def test_where_one_of_those_who_fit_may_have_had_no_room_it_is_said():
    """Of the year that is asked for there are more than have room, and they are the last of a page."""
    alike = [person(f"n{at}", born="1984", sex=Sex.MALE) for at in range(30)]
    alike += [person(f"m{at}", born="1984") for at in range(46)]
    gathered = await single(Ranked(alike), deadlines=PATIENT).ask(question(born="1984"))
    assert len(records(gathered)) == len(alike) or not gathered.is_complete


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
