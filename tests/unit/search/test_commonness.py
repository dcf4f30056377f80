"""How common names are is counted in the repository, not for every search, and told to nobody who may not see it."""

from dataclasses import replace

from contracts.identity import DocumentRef, PersonName
from contracts.query import Criteria
from search.candidates import Candidates, Page
from search.commonness import KEPT_S, MOST_KEPT, UNKNOWN, Commonness, Counted, repeats

ADA = Criteria(names=(PersonName(full="Ada Testova"),))
ANOTHER_ADA = Criteria(names=(PersonName(full="Ada Example"),))


class Clock:
    """Tells the time that it is set to."""

    def __init__(self):
        self.time = 0.0

    def __call__(self):
        return self.time


class CountingRepository:
    """Counts every word three times, and remembers what it was asked."""

    def __init__(self, total=1_000):
        self.total = total
        self.counted = []
        self.found = []

    async def search(self, body):
        self.counted.append([])
        return self.found

    async def search_counting(self, body, counted, name):
        words = list(counted["aggs"][name]["filters"]["filters"])
        self.counted.append(words)
        return self.found, Commonness(self.total, dict.fromkeys(words, 3))


async def test_only_words_that_were_not_counted_lately_are_counted():
    repository = CountingRepository()
    candidates = Candidates(repository)
    first = await candidates.find(ADA, None)
    second = await candidates.find(ANOTHER_ADA, None)
    third = await candidates.find(ADA, None)
    assert repository.counted == [["ada", "testova"], ["example"], []]
    assert first[1] == third[1] == Commonness(1_000, {"ada": 3, "testova": 3})
    assert second[1] == Commonness(1_000, {"ada": 3, "example": 3})


async def test_a_search_without_a_name_counts_nothing():
    repository = CountingRepository()
    found = await Candidates(repository).find(Criteria(documents=(DocumentRef(number="X0000001"),)), None)
    assert found == (Page([]), UNKNOWN)
    assert repository.counted == [[]]


async def test_what_one_may_see_is_never_told_to_another():
    repository = CountingRepository()
    candidates = Candidates(repository)
    for systems in (None, ["alerts"], ["alerts", "asylum"], ["asylum", "alerts"]):
        await candidates.find(ADA, systems)
    assert repository.counted == [["ada", "testova"]] * 3 + [[]]


def test_a_count_is_good_for_some_minutes_and_then_taken_anew():
    clock = Clock()
    counted = Counted(clock)
    counted.keep(None, Commonness(1_000, {"ada": 3}))
    clock.time = KEPT_S / 2
    counted.keep(None, Commonness(1_001, {"testova": 1}))
    assert counted.lacking(None, ["ada", "testova", "example"]) == ["example"]
    clock.time = KEPT_S
    assert counted.lacking(None, ["ada", "testova"]) == ["ada"]
    clock.time = KEPT_S * 1.5
    assert counted.lacking(None, ["ada", "testova"]) == ["ada", "testova"]


def test_an_empty_repository_tells_nothing_of_the_one_that_it_becomes():
    counted = Counted()
    counted.keep(None, Commonness(0, {"ada": 0}))
    assert counted.lacking(None, ["ada"]) == ["ada"]
    assert counted.commonness(None, ["ada"]) == UNKNOWN


def test_the_oldest_counts_make_room_for_new_ones():
    counted = Counted()
    counted.keep(None, Commonness(9, dict.fromkeys(map(str, range(MOST_KEPT)), 1)))
    counted.keep(None, Commonness(9, {"ada": 1, "0": 1}))
    assert counted.lacking(None, ["ada", "0", "1", "2"]) == ["1"]


def test_the_share_of_a_word_is_kept_while_the_repository_grows():
    counted = Counted()
    counted.keep(None, Commonness(1_000, {"ali": 30}))
    counted.keep(None, Commonness(100_000, {"ada": 1}))
    assert counted.commonness(None, ["ali"]) == Commonness(100_000, {"ali": 3_000})


def source(system, contract, *names):
    """Give what the repository holds of somebody, as far as it counts."""
    return {"contract": contract, "name": list(names), "payload": {"system": system}}


def test_the_records_of_one_woman_do_not_make_her_name_common():
    hers = [
        source("alerts", "alert", "ada testova"),
        source("visa", "person", "ada testowa"),
        source("permits", "person", "ada testova", "adele testova"),
        source("permits", "border-crossing", "ada testova"),
        source("alerts", "alert", "ada example"),
        {"contract": "fingerprint", "payload": {"system": "visa"}},
    ]
    again = repeats(hers, ADA)
    assert again == {"ada testova": 2}
    counted = Commonness(8, {"ada": 3, "testova": 3})
    assert counted.rarity(("ada", "testova")) < 0 < replace(counted, repeats=again).rarity(("testova", "ada"))


def test_strangers_whose_short_names_are_a_letter_apart_are_not_one_person():
    li_wu = Criteria(names=(PersonName(full="Li Wu"),))
    strangers = [source(system, "person", f"{word} wu") for system in ("a", "b") for word in ("lu", "xi", "ma")]
    assert repeats(strangers, li_wu) == {}
    assert repeats([*strangers, source("a", "person", "li wu"), source("b", "person", "li wu")], li_wu) == {"li wu": 1}


def test_those_whom_one_system_tells_apart_are_as_many_persons():
    found = [source("visa", "person", "ada testova")] * 3 + [source("alerts", "alert", "ada testova")] * 2
    assert repeats(found, ADA) == {"ada testova": 2}
    assert repeats([], ADA) == {}


async def test_what_is_counted_goes_with_what_the_candidates_tell():
    repository = CountingRepository()
    repository.found = [source("visa", "person", "ada testova"), source("alerts", "alert", "ada testova")]
    _, known = await Candidates(repository).find(ADA, None)
    assert known.repeats == {"ada testova": 1}
