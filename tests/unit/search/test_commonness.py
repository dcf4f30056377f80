"""How common names are is counted in the repository, not for every search, and told to nobody who may not see it."""

from contracts.identity import DocumentRef, PersonName
from contracts.query import Criteria
from search.candidates import Candidates
from search.commonness import FEW_BEARERS, KEPT_S, MOST_KEPT, UNKNOWN, Commonness, Counted, repeated
from search.query_body import BEARERS

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

    async def search(self, body):
        self.counted.append([])
        return []

    async def search_counting(self, body, counting):
        words = list(counting.words["aggs"][BEARERS]["filters"]["filters"]) if counting.words else []
        self.counted.append(words + list(counting.names))
        total = self.total if counting.words else 0
        return [], Commonness(total, dict.fromkeys(words, 3), dict.fromkeys(counting.names, 1))


async def test_only_words_that_were_not_counted_lately_are_counted():
    repository = CountingRepository()
    candidates = Candidates(repository)
    first = await candidates.find(ADA, None)
    second = await candidates.find(ANOTHER_ADA, None)
    third = await candidates.find(ADA, None)
    assert repository.counted == [["ada", "testova", "ada testova"], ["example", "ada example"], []]
    assert first[1] == third[1] == Commonness(1_000, {"ada": 3, "testova": 3}, {"ada testova": 1})
    assert second[1] == Commonness(1_000, {"ada": 3, "example": 3}, {"ada example": 1})


async def test_a_search_without_a_name_counts_nothing():
    repository = CountingRepository()
    found = await Candidates(repository).find(Criteria(documents=(DocumentRef(number="X0000001"),)), None)
    assert found == ([], UNKNOWN)
    assert repository.counted == [[]]


async def test_what_one_may_see_is_never_told_to_another():
    repository = CountingRepository()
    candidates = Candidates(repository)
    for systems in (None, ["alerts"], ["alerts", "asylum"], ["asylum", "alerts"]):
        await candidates.find(ADA, systems)
    assert repository.counted == [["ada", "testova", "ada testova"]] * 3 + [[]]


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


async def test_a_name_is_counted_anew_though_its_words_were_counted_lately():
    repository = CountingRepository()
    candidates = Candidates(repository)
    for name in ("Ada Testova", "Zoe Example", "Zoe Testova"):
        await candidates.find(Criteria(names=(PersonName(full=name),)), None)
    assert repository.counted[-1] == ["testova zoe"]


def test_a_name_whose_words_many_bear_is_not_counted_itself():
    counted = Counted()
    assert counted.lacking_names(None, ["ada testova"]) == ["ada testova"]
    counted.keep(None, Commonness(50_000, {"ada": 9_000, "testova": 9_000, "zoe": FEW_BEARERS}))
    assert counted.lacking_names(None, ["ada testova", "ada zoe"]) == ["ada zoe"]
    counted.keep(None, Commonness(0, {}, {"ada zoe": 2}))
    assert counted.lacking_names(None, ["ada zoe"]) == []
    assert counted.commonness(None, ["ada"], ["ada zoe"]) == Commonness(50_000, {"ada": 9_000}, {"ada zoe": 2})


def test_the_records_of_one_woman_do_not_make_her_name_common():
    # an alert, a visa and a permit, of three systems, in a repository that holds hardly anybody else
    records = {"ada": 3, "testova": 3}
    assert Commonness(8, records).rarity(("ada", "testova")) < 0
    one_person = {"ada testova": repeated(3, [1, 1, 1])}
    assert (
        Commonness(8, records, one_person).rarity(("testova", "ada")) == Commonness(8, {"ada": 1}).rarity(("ada",)) + 3
    )


def test_those_who_share_a_name_are_so_many_as_the_system_tells_apart_that_knows_most():
    assert repeated(5, [2, 3]) == 2
    assert repeated(4, [4]) == 0
    assert repeated(0, []) == 0
    assert repeated(4_000, [4_001]) == 0
