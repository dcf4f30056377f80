"""Records that cannot be judged, or not with all their names: none takes another with it, and the answer says so."""

import random

from structlog.testing import capture_logs

from contracts.identity import PersonName
from search.settings import Deadlines
from tests.unit.search.people import alert, identity, passport, person
from tests.unit.search.single import question, records, single, states
from tests.unit.search.sources import FakeLive, FakeRepository

BORN = "1984-05-06"


def unforeseen(_asked, held, _effort):
    if held.text == "Ada Testova X":
        raise IndexError
    return 1.0


async def test_a_record_that_cannot_be_judged_takes_no_other_with_it_and_is_said_to_be_missing(monkeypatch):
    monkeypatch.setattr("search.score.likeness_of_names", unforeseen)
    repository = FakeRepository([person(), person("2", full="Ada Testova X")])
    live = FakeLive({"alerts": (alert(about={}),), "entry-exit": (person("3", full="Ada Testova X"),)})
    with capture_logs() as told:
        gathered = await single(repository, live).ask(question())
    assert set(records(gathered)) == {"entry-exit:persons:1", "alerts:alerts:1"}
    failed = {(line["record"], line["reason"]) for line in told if line["event"] == "record not judged"}
    assert failed == {("entry-exit:persons:2", "IndexError"), ("entry-exit:persons:3", "IndexError")}
    assert states(gathered) == {"repository": None, "entry-exit": None, "alerts": None}
    assert not gathered.is_complete


async def test_a_record_that_contradicts_and_is_judged_late_for_its_ties_takes_no_other_with_it_either(monkeypatch):
    monkeypatch.setattr("search.score.likeness_of_names", unforeseen)
    tied = alert(about={"full": "Ada Testova X", "born": "1950-01-31"}, documents=(passport(),))
    repository = FakeRepository([person(documents=(passport(),), born=BORN)])
    gathered = await single(repository, FakeLive({"alerts": (tied,), "entry-exit": ()})).ask(question(born=BORN))
    assert {"entry-exit:persons:1", tied.record} == set(records(gathered))
    assert all(found.score.reasons is not None for found in gathered.gathering.found)


async def test_what_fits_as_it_is_stored_stays_where_its_live_version_cannot_be_judged(monkeypatch):
    monkeypatch.setattr("search.score.likeness_of_names", unforeseen)
    live = FakeLive({"alerts": (), "entry-exit": (person(full="Ada Testova X"),)}, delays={"entry-exit": 0.02})
    gathered = await single(FakeRepository([person()]), live).ask(question())
    assert set(records(gathered)) == {"entry-exit:persons:1"}


async def test_that_names_were_too_many_to_compare_is_said_of_a_record_that_does_not_fit():
    chance = random.Random(5)

    def name(words):
        return " ".join(
            "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(4)) for _ in range(words)
        )

    aliases = tuple(PersonName(full=each) for each in (*(name(11) for _ in range(199)), "Omar Testani"))
    held = person().model_copy(update={"identity": identity().model_copy(update={"names": aliases})})
    asked = question(names=("Umar Testani", *(name(11) for _ in range(9))))
    patient = Deadlines(repository_ms=20_000, live_ms=20_000, biometrics_ms=20_000)
    gathered = await single(FakeRepository([held]), deadlines=patient).ask(asked)
    assert records(gathered) == {}
    assert states(gathered)["repository"] is None
    assert not gathered.is_complete
