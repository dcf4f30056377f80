"""Findings of fingers: whose a finger is, and whose it is not, where that is certain."""

import pytest

from contracts.identity import PersonName
from contracts.records import FingerPosition
from search.findings import FindingKind, findings, finger_check
from search.fingers import FingerMatch
from search.found import EnrolledFinger, Found, Origin
from search.linkage.rules import MOST_NAMES
from search.score import Score
from tests.unit.search.people import TODAY, alert, passport, person
from tests.unit.search.test_findings import FIT, joined, people


def match(subject="asylum:persons:9"):
    return FingerMatch(subject=subject, system="asylum", record="asylum:fingers:9", score=90.0)


def test_the_finger_of_another_than_the_named_person_stops():
    holder = person("1", documents=(passport(),))
    owner = person("9", system="asylum", full="Bea Other", born="1990-01-01")
    everybody = joined(
        [Found(holder, FIT, {Origin.REPOSITORY}), Found(owner, Score(0.0), {Origin.REPOSITORY})], (match(),)
    )
    check = finger_check(everybody, [match()], named=True, whole=True)
    told = {
        each.records[0].record.record: [f.kind for f in findings(each, check, TODAY, whole=True)] for each in everybody
    }
    assert told == {"entry-exit:persons:1": [FindingKind.FINGER_OF_ANOTHER], "asylum:persons:9": []}
    in_part = finger_check(everybody, [match()], named=True, whole=False)
    assert all(findings(each, in_part, TODAY, whole=True) == () for each in everybody)


def test_the_finger_of_one_of_whom_nothing_was_found_stops_nobody():
    named = person("1", documents=(passport(),))
    everybody = people(named, fingers=(match(),))
    check = finger_check(everybody, [match()], named=True, whole=True)
    assert findings(everybody[0], check, TODAY, whole=True) == ()
    owner = person("9", system="asylum", full="Bea Other", born="1990-01-01")
    one_of_two = [match(), match("asylum:persons:8")]
    everybody = joined([Found(named, FIT, set()), Found(owner, Score(0.0), set())], one_of_two)
    check = finger_check(everybody, one_of_two, named=True, whole=True)
    assert all(findings(each, check, TODAY, whole=True) == () for each in everybody)


@pytest.mark.parametrize(
    ("finger", "told"),
    [
        ([], "asylum:persons:9"),
        ([EnrolledFinger(system="asylum", record="asylum:fingers:9", subject="asylum:persons:9")], "asylum:fingers:9"),
    ],
    ids=["the finger's record was not found", "it was"],
)
def test_of_the_owner_of_a_finger_a_record_that_was_found_is_named(finger, told):
    owner = person("9", system="asylum", full="Bea Other", born="1990-01-01")
    everybody = joined(
        [
            Found(person("1", documents=(passport(),)), FIT, set()),
            *(Found(each, Score(0.0), set()) for each in (owner, *finger)),
        ],
        (match(),),
    )
    check = finger_check(everybody, [match()], named=True, whole=True)
    (finding,) = [finding for each in everybody for finding in findings(each, check, TODAY, whole=True)]
    assert (finding.kind, finding.records) == (FindingKind.FINGER_OF_ANOTHER, (told,))


def test_a_namesake_is_not_accused_when_the_finger_fits_the_one_who_was_named():
    named, namesake = person("9", system="asylum"), person("1", born="1970-01-01")
    everybody = people(named, namesake, fingers=(match(),))
    check = finger_check(everybody, [match()], named=True, whole=True)
    assert all(findings(each, check, TODAY, whole=True) == () for each in everybody)


def told_of_fingers_on_record(*enrolled, **asked):
    held = [
        EnrolledFinger(system="asylum", record=f"asylum:fingers:{at}", subject="asylum:persons:1", position=position)
        for at, position in enumerate(enrolled)
    ]
    everybody = people(person("1", system="asylum"), *held)
    return findings(everybody[0], finger_check(everybody, [], named=True, whole=True, **asked), TODAY, whole=True)


@pytest.mark.parametrize(
    ("enrolled", "asked", "told"),
    [
        ([1], 1, [0]),
        ([7, 1, 0], 1, [1]),
        ([0], 1, []),
        ([1], 0, []),
        ([1], 7, []),
        ([0] * 10, 0, []),
        (range(1, 11), 0, range(10)),
        (range(1, 10), 0, []),
    ],
    ids=[
        "the same finger",
        "the same beside others",
        "one of unknown place",
        "asked without a place",
        "another finger",
        "ten of unknown places",
        "asked without a place, all ten on record",
        "asked without a place, nine on record",
    ],
)
def test_a_finger_contradicts_the_record_of_that_very_finger_alone(enrolled, asked, told):
    found = told_of_fingers_on_record(*enrolled, position=FingerPosition(asked))
    assert [finding.kind for finding in found] == [FindingKind.FINGER_NOT_ON_RECORD] * bool(told)
    assert {record for finding in found for record in finding.records} == {f"asylum:fingers:{at}" for at in told}


def test_a_finger_that_could_not_be_compared_accuses_nobody():
    index, unread = FingerPosition.RIGHT_INDEX, {"asylum:fingers:1"}
    assert told_of_fingers_on_record(1, 2, position=index, unread=unread) == ()
    (finding,) = told_of_fingers_on_record(2, 2, position=index, unread=unread)
    assert finding.records == ("asylum:fingers:0",)
    assert told_of_fingers_on_record(*range(1, 11), unread=unread) == ()


def test_where_the_gallery_does_not_hold_every_finger_nobody_is_accused_of_having_another():
    assert told_of_fingers_on_record(1, position=FingerPosition.RIGHT_THUMB, compared=False) == ()


def test_a_finger_alone_accuses_nobody():
    everybody = people(person("9", system="asylum"), fingers=(match(),))
    assert findings(everybody[0], finger_check(everybody, [match()], named=False, whole=True), TODAY, whole=True) == ()


def test_one_finger_under_two_names_is_told():
    one = person("1", system="asylum")
    other = person("2", system="asylum", full="Bea Other", born="1990-01-01")
    matches = (match("asylum:persons:1"), match("asylum:persons:2"))
    (whole,) = people(one, other, fingers=matches)
    check = finger_check([whole], matches, named=False, whole=True)
    assert [finding.kind for finding in findings(whole, check, TODAY, whole=True)] == [FindingKind.SEVERAL_IDENTITIES]


def test_one_finger_under_the_name_of_an_alert_and_another_is_told():
    named = alert(about={"full": "Bea Other", "born": "1990-01-01"})
    matches = (match("asylum:persons:1"), match(named.subject))
    (whole,) = people(person("1", system="asylum"), named, fingers=matches)
    told = findings(whole, finger_check([whole], matches, named=False, whole=True), TODAY, whole=True)
    (finding,) = [each for each in told if each.kind is FindingKind.SEVERAL_IDENTITIES]
    assert set(finding.records) == {"asylum:persons:1", named.record}


def test_one_finger_under_a_name_that_another_record_of_its_owner_bears_too_is_not():
    one, other = person("1", system="asylum"), person("2", system="asylum", full="Bea Other")
    alias = person("3", system="asylum", subject=other.subject)
    matches = (match(one.subject), match(other.subject))
    (whole,) = people(one, other, alias, fingers=matches)
    assert findings(whole, finger_check([whole], matches, named=False, whole=True), TODAY, whole=True) == ()


def test_one_finger_under_two_spellings_of_a_name_is_not():
    one, other = person("1", system="asylum"), person("2", system="asylum", full="Ada Testowa")
    matches = (match("asylum:persons:1"), match("asylum:persons:2"))
    (whole,) = people(one, other, fingers=matches)
    assert findings(whole, finger_check([whole], matches, named=False, whole=True), TODAY, whole=True) == ()


def test_names_are_compared_with_bounded_effort_and_one_that_both_bear_is_found_among_all(monkeypatch):
    def with_names(key, *more):
        names = tuple(
            PersonName(full=f"{chr(97 + at % 26) * 3}{key} {chr(97 + at // 26) * 4}{key}") for at in range(190)
        )
        held = person(key, system="asylum")
        return held.model_copy(update={"identity": held.identity.model_copy(update={"names": (*names, *more)})})

    compared = []
    monkeypatch.setattr("search.findings.likeness", lambda *names: compared.append(names) or 0.0)
    matches = (match("asylum:persons:1"), match("asylum:persons:2"))
    shared = PersonName(full="Ada Testova")
    for more, told in ((), [FindingKind.SEVERAL_IDENTITIES]), ((shared,), []):
        (whole,) = people(with_names("1", *more), with_names("2", *more), fingers=matches)
        check = finger_check([whole], matches, named=False, whole=True)
        assert [finding.kind for finding in findings(whole, check, TODAY, whole=True)] == told
    assert len(compared) == MOST_NAMES**2


def test_the_finger_of_one_who_may_be_the_named_person_accuses_nobody():
    named = person("1")
    owner = person("9", system="asylum", nationality=None)
    everybody = joined([Found(named, FIT, set()), Found(owner, Score(0.0), set())], (match(),))
    assert len(everybody) == 2
    check = finger_check(everybody, [match()], named=True, whole=True)
    told = [finding.kind for each in everybody for finding in findings(each, check, TODAY, whole=True)]
    assert told == [FindingKind.MAY_BE_ANOTHER, FindingKind.MAY_BE_ANOTHER]


def test_the_finger_of_one_who_is_only_like_the_named_person_still_stops():
    named = person("1", documents=(passport(),))
    owner = person("9", system="asylum", full="Ada Testowa", born="1984-05-07")
    everybody = joined([Found(named, FIT, set()), Found(owner, Score(0.0), set())], (match(),))
    check = finger_check(everybody, [match()], named=True, whole=True)
    told = {
        each.records[0].record.record: [finding.kind for finding in findings(each, check, TODAY, whole=True)]
        for each in everybody
    }
    assert told[named.record] == [FindingKind.FINGER_OF_ANOTHER, FindingKind.MAY_BE_ANOTHER]
