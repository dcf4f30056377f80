"""The fan-out: everything at once, each under its deadline, nothing hidden."""

import asyncio
import time
from dataclasses import replace

import pytest

from contracts.identity import Sex
from contracts.query import AnswerStatus, Purpose
from search.commonness import Commonness
from search.fingers import BiometricsUnavailable, Finger, FingerMatch, FingerRefused
from search.found import Origin
from search.live import SystemUnavailable
from search.score import THRESHOLD, Claim
from search.single_search import SingleSearch
from tests.unit.search.people import alert, crossing, erasure, fingerprint, listed, passport, person
from tests.unit.search.single import ANSWERING, DEADLINES, SYSTEMS, question, records, single, states
from tests.unit.search.sources import FakeBiometrics, FakeLive, FakeRepository, held

FINGER = Finger(data="aW1hZ2U=")


async def test_all_answer_and_nothing_is_missing():
    gathered = await single(FakeRepository([person()])).ask(question())
    assert gathered.is_complete
    assert states(gathered) == {"repository": None, "entry-exit": None, "alerts": None}
    assert records(gathered) == {"entry-exit:persons:1": {Origin.REPOSITORY}}


async def test_a_silent_system_is_said_to_have_timed_out_and_the_rest_is_there():
    gathered = await single(FakeRepository([person()]), FakeLive({"alerts": (alert(about={}),)})).ask(question())
    assert states(gathered)["entry-exit"] is AnswerStatus.TIMED_OUT
    assert not gathered.is_complete
    assert set(records(gathered)) == {"entry-exit:persons:1", "alerts:alerts:1"}


async def test_everything_is_asked_at_once():
    """Three sources of 40 ms each together stay far below the sum of their delays."""
    live = FakeLive(ANSWERING, delays={"entry-exit": 0.04, "alerts": 0.04})
    repository = FakeRepository(delay_s=0.04)
    running = asyncio.create_task(single(repository, live).ask(question()))
    await asyncio.sleep(0.02)
    assert (len(live.asked), len(repository.asked)) == (2, 1)
    assert (await running).is_complete


async def test_no_source_can_hold_the_answer_up():
    """Whatever hangs, the answer comes: the longest deadline is 100 ms, the limit of this test a hundred times it."""
    hanging = single(FakeRepository(delay_s=60), FakeLive(), FakeBiometrics(delay_s=60))
    async with asyncio.timeout(10):
        gathered = await hanging.ask(question(finger=FINGER))
    assert set(states(gathered).values()) == {AnswerStatus.TIMED_OUT}


@pytest.mark.parametrize("failure", [SystemUnavailable("no")])
async def test_a_system_that_cannot_be_asked_is_unavailable(failure):
    live = FakeLive({"alerts": ()}, failures={"entry-exit": failure})
    assert states(await single(live=live).ask(question()))["entry-exit"] is AnswerStatus.UNAVAILABLE


async def test_without_the_repository_live_systems_still_answer():
    live = FakeLive({"alerts": (), "entry-exit": (person(),)})
    gathered = await single(FakeRepository(away=True), live).ask(question())
    assert states(gathered)["repository"] is AnswerStatus.UNAVAILABLE
    assert records(gathered) == {"entry-exit:persons:1": {Origin.LIVE}}


async def test_without_live_systems_the_repository_still_answers():
    away = SystemUnavailable("no")
    gathered = await single(FakeRepository([person()]), FakeLive(failures=dict.fromkeys(SYSTEMS, away))).ask(question())
    assert set(records(gathered)) == {"entry-exit:persons:1"}
    assert not gathered.is_complete


async def test_a_record_of_both_is_one_and_the_live_one_counts():
    live = FakeLive({"alerts": (), "entry-exit": (person(full="Ada Testova Newname"),)})
    gathered = await single(FakeRepository([person()]), live).ask(question())
    (found,) = gathered.gathering.found
    assert found.origins == {Origin.LIVE, Origin.REPOSITORY}
    assert found.record.identity.names[0].full == "Ada Testova Newname"


async def test_systems_that_may_not_be_seen_are_neither_asked_nor_named():
    live, repository = FakeLive(ANSWERING), FakeRepository()
    gathered = await single(repository, live).ask(question(systems=("alerts",)))
    assert [query.system for query in live.asked] == ["alerts"]
    assert set(states(gathered)) == {"repository", "alerts"}
    assert repository.asked[0]["query"]["bool"]["filter"] == [{"terms": {"system": ["alerts"]}}]


async def test_other_records_of_whom_was_found_are_looked_up():
    repository = FakeRepository([person(documents=(passport(),))], [crossing(), listed()])
    assert set(records(await single(repository).ask(question()))) == {
        "entry-exit:persons:1",
        "entry-exit:crossings:1",
        "blacklist:documents:1",
    }


async def test_what_a_live_system_brings_is_looked_up_too():
    live = FakeLive({"alerts": (), "entry-exit": (person(documents=(passport(),)),)})
    gathered = await single(FakeRepository([], [listed()]), live).ask(question())
    assert "blacklist:documents:1" in records(gathered)


async def test_candidates_that_do_not_fit_are_not_shown_nor_followed():
    repository = FakeRepository([person("2", full="Bea Other", documents=(passport(),))], [listed()])
    assert records(await single(repository).ask(question())) == {}


async def test_a_stub_of_an_erased_record_is_nothing():
    assert records(await single(FakeRepository([erasure(person())])).ask(question())) == {}


@pytest.mark.parametrize("where", ["found", "linked"])
async def test_a_record_that_a_newer_version_wrote_and_this_one_cannot_read_is_said_to_be_left_out(where):
    newer = held(alert(about={}))
    newer["payload"]["category"] = "of-a-newer-version"
    newer["subject"] = newer["payload"]["subject"] = person().subject
    repository = FakeRepository([person()])
    getattr(repository, where).append(newer)
    gathered = await single(repository).ask(question())
    assert set(records(gathered)) == {"entry-exit:persons:1"}
    assert gathered.gathering.is_truncated
    assert not gathered.is_complete


async def test_a_finger_finds_its_owner_in_the_repository():
    owner = person("1", system="asylum", subject="asylum:applicants:1")
    match = FingerMatch("asylum:applicants:1", "asylum", "asylum:fingers:1", 80.0)
    repository = FakeRepository([], [owner, fingerprint()])
    gathered = await single(repository, biometrics=FakeBiometrics([match])).ask(question(names=(), finger=FINGER))
    assert states(gathered) == {"repository": None, "biometrics": None}
    assert set(records(gathered)) == {owner.record, "asylum:fingers:1"}


async def test_an_owner_of_a_finger_who_may_not_be_seen_is_not_even_hinted_at():
    match = FingerMatch("asylum:applicants:1", "asylum", "asylum:fingers:1", 80.0)
    asked = question(names=(), finger=FINGER, systems=("alerts",))
    gathered = await single(biometrics=FakeBiometrics([match])).ask(asked)
    assert gathered.gathering.fingers == []


async def test_a_finger_of_one_of_whom_nothing_is_found_makes_the_answer_incomplete():
    match = FingerMatch("asylum:applicants:1", "asylum", "asylum:fingers:1", 80.0)
    owner = person("1", system="asylum", subject=match.subject)
    for held_of_him, is_complete in (((), False), ((owner,), True)):
        search = single(FakeRepository([], held_of_him), biometrics=FakeBiometrics([match]))
        assert (await search.ask(question(names=(), finger=FINGER))).is_complete is is_complete


async def test_a_gallery_that_does_not_hold_all_fingers_makes_the_answer_incomplete():
    full = FakeBiometrics()
    full.complete = False
    gathered = await single(biometrics=full).ask(question(finger=FINGER))
    assert not gathered.is_complete
    assert [asked.truncated for asked in gathered.asked if asked.system == "biometrics"] == [True]


async def test_biometrics_away_or_not_set_up_is_said():
    away = FakeBiometrics(failure=BiometricsUnavailable("no"))
    for biometrics in (away, None):
        gathered = await single(biometrics=biometrics).ask(question(finger=FINGER))
        assert states(gathered)["biometrics"] is AnswerStatus.UNAVAILABLE


async def test_a_finger_that_cannot_be_used_is_the_askers_to_mend():
    with pytest.raises(FingerRefused):
        await single(biometrics=FakeBiometrics(failure=FingerRefused("blank"))).ask(question(finger=FINGER))


async def test_a_system_that_was_silent_three_times_is_left_alone_for_a_while():
    live = FakeLive({"alerts": ()})
    search = single(live=live)
    for _ in range(3):
        await search.ask(question())
    gathered = await search.ask(question())
    assert states(gathered)["entry-exit"] is AnswerStatus.UNAVAILABLE
    assert [query.system for query in live.asked].count("entry-exit") == 3


@pytest.mark.parametrize("broken", ["repository", "entry-exit", "biometrics"])
async def test_an_unforeseen_error_of_one_source_leaves_the_others_their_answers(broken):
    class Broken(FakeRepository):
        async def search(self, body):
            raise KeyError("hits")

    fault = KeyError("unforeseen")
    gathered = await single(
        Broken() if broken == "repository" else None,
        FakeLive(ANSWERING, failures={"entry-exit": fault} if broken == "entry-exit" else {}),
        FakeBiometrics(failure=fault if broken == "biometrics" else None),
    ).ask(question(finger=FINGER))
    assert {name for name, failure in states(gathered).items() if failure} == {broken}
    assert states(gathered)[broken] is AnswerStatus.UNAVAILABLE


async def test_who_fits_what_the_repository_holds_is_found_though_the_live_system_says_more_first():
    live = FakeLive({"alerts": (), "entry-exit": (person(full="Zoe Newname"),)})
    repository = FakeRepository([person()], delay_s=0.02)
    gathered = await single(repository, live).ask(question())
    (found,) = gathered.gathering.found
    assert found.record.identity.names[0].full == "Zoe Newname"
    assert found.score.fits(gathered.gathering.threshold)


async def test_who_asks_by_a_common_name_alone_hears_of_those_who_bear_it():
    common = FakeRepository([person("1"), person("2", born=None), person("3", full="Ada Testowa")])
    common.commonness = Commonness(50_000, {"ada": 9_000, "testova": 9_000})
    gathered = await single(common).ask(question())
    assert set(records(gathered)) == {"entry-exit:persons:1", "entry-exit:persons:2"}
    assert not gathered.is_complete, "of those with a name like it some were left out"


async def test_each_purpose_has_a_threshold_of_its_own():
    strict = SingleSearch(
        FakeRepository([person()]),
        FakeLive(ANSWERING),
        None,
        systems=SYSTEMS,
        deadlines=DEADLINES,
        instance="search-1",
        thresholds={Purpose.BORDER_CHECK: 0.99},
    )
    assert not (await strict.ask(question())).gathering.found
    assert (await single(FakeRepository([person()])).ask(question())).gathering.found


async def test_names_that_take_long_to_judge_are_cut_at_the_deadline_and_keep_nobody_waiting(monkeypatch):
    def slowly(*_about):
        time.sleep(0.02)
        return 0.9

    monkeypatch.setattr("search.score.judge", slowly)
    repository = FakeRepository([person(str(number), full=f"Ada Testova {number}") for number in range(30)])
    gathered = await single(repository).ask(question())
    assert states(gathered)["repository"] is AnswerStatus.TIMED_OUT
    assert 0 < len(records(gathered)) < 30
    assert not gathered.is_complete


async def test_names_of_records_that_are_shown_for_their_ties_are_compared_before_the_deadline_or_not_at_all(
    monkeypatch,
):
    compared = []

    def slowly(*_about):
        time.sleep(0.02)
        compared.append(True)
        return 0.0

    others = [person(f"t{at}", subject=person().subject, full=f"Ada Testova {at}", sex=Sex.MALE) for at in range(30)]
    repository = FakeRepository([person(documents=(passport(),))], others)
    asked = question(documents=(passport(),))
    asked = replace(asked, criteria=asked.criteria.model_copy(update={"sex": Sex.FEMALE}))
    monkeypatch.setattr("search.score.likeness_of_names", slowly)
    gathered = await single(repository).ask(asked)
    assert states(gathered)["repository"] is AnswerStatus.TIMED_OUT
    before = len(compared)
    assert all(found.score.standing for found in gathered.gathering.found)
    assert len(compared) == before


async def test_a_system_whose_records_take_long_to_judge_was_not_silent_and_is_asked_again(monkeypatch):
    def slowly(*_about):
        time.sleep(0.03)
        return 0.9

    monkeypatch.setattr("search.score.judge", slowly)
    many = tuple(person(str(number), full=f"Ada Testova {number}") for number in range(30))
    live = FakeLive({"alerts": (), "entry-exit": many})
    search = single(live=live)
    for _ in range(4):
        gathered = await search.ask(question())
        assert states(gathered)["entry-exit"] is AnswerStatus.TIMED_OUT
        assert gathered.gathering.is_truncated, "what belongs to those who were judged was not looked up"
    assert [query.system for query in live.asked].count("entry-exit") == 4


async def test_how_common_a_name_is_is_asked_beside_the_candidates_and_weighs_on_them():
    common, rare = FakeRepository([person()]), FakeRepository([person()])
    common.commonness = Commonness(50_000, {"ada": 9_000, "testova": 9_000})
    rare.commonness = Commonness(50_000, {"ada": 9, "testova": 1})
    scores = [(await single(each).ask(question())).gathering for each in (rare, common)]
    assert scores[0].found[0].score.value > 0.9
    assert scores[1].found[0].score.value < THRESHOLD
    assert scores[1].found[0].score.claim is Claim.NAME
