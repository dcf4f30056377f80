"""Findings: what an officer must see, and what must stop nobody."""

import datetime as dt

import pytest

from contracts.dates import PartialDate
from contracts.identity import PersonName, Sex
from contracts.query import Criteria
from contracts.records import AlertAction, Direction, DocumentStatus, FingerPosition
from search.findings import FindingKind, Severity, findings, finger_check
from search.fingers import FingerMatch
from search.found import EnrolledFinger, Found, Origin
from search.linkage.rules import MOST_NAMES, rules_of_the_package
from search.persons import persons
from search.score import Score, score
from tests.unit.search.people import NOW, TODAY, alert, crossing, identity, listed, passport, person

FIT = Score(0.95)


def joined(found, fingers=()):
    return persons(found, fingers, rules_of_the_package()).all


def people(*records, fingers=()):
    return joined([Found(record, FIT, {Origin.REPOSITORY}) for record in records], fingers)


def kinds(*records, finger=None):
    (whole,) = people(*records)
    return [finding.kind for finding in findings(whole, finger, TODAY, whole=True)]


def test_an_active_alert_is_shown_with_what_to_do():
    (whole,) = people(alert(about={}))
    (finding,) = findings(whole, None, TODAY, whole=True)
    assert finding.kind is FindingKind.ACTIVE_ALERT
    assert finding.severity is Severity.STOP
    assert finding.records == ("alerts:alerts:1",)
    assert "refuse entry" in finding.text


@pytest.mark.parametrize(
    ("expires", "active"),
    [
        ("2026-06-15", True),
        ("2026-06-14", False),
        ("2026-06", True),
        ("2026-05", False),
        ("2026", True),
        ("2025", False),
    ],
)
def test_an_alert_ends_after_its_last_day(expires, active):
    assert (FindingKind.ACTIVE_ALERT in kinds(alert(about={}, expires=expires))) is active


def test_an_alert_holds_while_it_is_still_its_last_day_somewhere():
    (whole,) = people(alert(about={}, expires="2026-06-14"))
    yesterday = TODAY - dt.timedelta(days=1)
    assert [each.kind for each in findings(whole, None, TODAY, whole=True, still=yesterday)] == [
        FindingKind.ACTIVE_ALERT
    ]
    assert findings(whole, None, TODAY, whole=True, still=TODAY) == ()


def test_a_discreet_alert_does_not_stop():
    (whole,) = people(alert(about={}, action=AlertAction.REPORT_DISCREETLY))
    assert [finding.severity for finding in findings(whole, None, TODAY, whole=True)] == [Severity.CHECK]


@pytest.mark.parametrize("status", [DocumentStatus.STOLEN, DocumentStatus.LOST, DocumentStatus.REVOKED])
def test_a_document_that_is_not_to_be_relied_on_is_shown(status):
    assert kinds(person(documents=(passport(),)), listed(status=status)) == [FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON]


def test_a_valid_document_is_no_finding():
    assert kinds(person(documents=(passport(),)), listed(status=DocumentStatus.VALID)) == []


def entered(days_ago, stay_until, key="1", direction=Direction.ENTRY):
    return crossing(key, direction, NOW - dt.timedelta(days=days_ago), stay_until)


def test_a_stay_that_has_passed_without_an_exit_is_an_overstay():
    assert kinds(entered(100, TODAY - dt.timedelta(days=1))) == [FindingKind.OVERSTAY]


def test_where_not_all_was_seen_nobody_is_accused_of_an_overstay():
    (cut,) = people(entered(100, TODAY - dt.timedelta(days=1)))
    assert findings(cut, None, TODAY, whole=False) == ()


def test_the_last_day_of_a_stay_is_no_overstay():
    assert kinds(entered(100, TODAY)) == []


def test_an_exit_ends_the_stay_and_a_refusal_does_not():
    past = TODAY - dt.timedelta(days=10)
    assert kinds(entered(100, past), entered(20, None, "2", Direction.EXIT)) == []
    assert kinds(entered(100, past), entered(20, None, "2", Direction.REFUSAL)) == [FindingKind.OVERSTAY]


@pytest.mark.parametrize(("came", "left"), [("1", "2"), ("2", "1")])
def test_of_an_entry_and_an_exit_at_one_moment_the_exit_is_the_last_whatever_their_keys(came, left):
    entry = entered(100, TODAY - dt.timedelta(days=10), came)
    assert kinds(entry, entered(100, None, left, Direction.EXIT)) == []


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


def of_passport(name, born):
    criteria = Criteria(
        names=(PersonName(full=name),), birth_date=PartialDate.parse(born), documents=(passport(),), sex=Sex.MALE
    )
    record = person(documents=(passport(),))
    fit = score(criteria, record.identity, record.documents)
    (whole,) = joined([Found(record, fit, {Origin.REPOSITORY})])
    return findings(whole, None, TODAY, whole=True)


def test_a_document_in_the_hands_of_another_is_shown():
    (finding,) = of_passport("Zoe Other", "1961-02-03")
    assert (finding.kind, finding.severity) == (FindingKind.DOCUMENT_OF_ANOTHER, Severity.CHECK)
    assert "the names and the birth dates differ" in finding.text
    assert finding.records == ("entry-exit:persons:1",)


def test_a_document_in_the_hands_of_its_holder_is_no_finding():
    assert of_passport("Ada Testova", "1984-05-06") == ()


def kinds_of_all(*scored, finger=None):
    everybody = joined([Found(record, fit, {Origin.REPOSITORY}) for record, fit in scored])
    return {
        each.records[0].record.subject: [found.kind for found in findings(each, finger, TODAY, whole=True)]
        for each in everybody
    }


def test_two_identities_on_one_document_both_say_so():
    ada, bea = (
        person("1", documents=(passport(),)),
        person("2", full="Bea Other", born="1990-01-01", documents=(passport(),)),
    )
    (one, _) = people(ada, bea)
    (finding,) = findings(one, None, TODAY, whole=True)
    assert (finding.kind, finding.severity) == (FindingKind.MAY_BE_ANOTHER, Severity.CHECK)
    assert "another of this answer (same document, another identity or other fingers)" in finding.text
    assert finding.records == (ada.record, bea.record)
    assert kinds_of_all((ada, FIT), (bea, Score(0.0))) == {
        ada.record: [FindingKind.MAY_BE_ANOTHER],
        bea.record: [FindingKind.MAY_BE_ANOTHER],
    }


def test_several_others_by_one_rule_are_one_finding():
    named = [alert(str(key), about={"sex": Sex.UNKNOWN, "nationality": None}) for key in range(2)]
    told = [finding for each in people(person("1"), *named) for finding in findings(each, None, TODAY, whole=True)]
    assert any("May be one person with 2 others of this answer" in finding.text for finding in told)


def test_that_another_bears_the_document_that_is_asked_for_is_said_of_the_one_who_is_named():
    criteria = Criteria(names=(PersonName(full="Ada Testova"),), documents=(passport(),))
    records = (
        person("1", documents=(passport(),)),
        person("2", full="Bea Other", born="1990-01-01", documents=(passport(),)),
    )
    scored = [(record, score(criteria, record.identity, record.documents)) for record in records]
    told = kinds_of_all(*scored)
    assert all(FindingKind.DOCUMENT_OF_ANOTHER in kinds for kinds in told.values())


@pytest.mark.parametrize("issuer", ["UTO", None])
@pytest.mark.parametrize("holder", [None, identity(full="Bea Other", born="1990-01-01")])
def test_a_stolen_document_is_said_of_all_who_bear_it_whomever_it_was_stolen_from(holder, issuer):
    stolen = listed().model_copy(update={"holder": holder})
    bearer = person("1", documents=(passport(issuer=issuer),))
    told = kinds_of_all((bearer, FIT), (stolen, Score(0.0)))
    assert FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON in told[bearer.record]


def test_an_alert_that_names_the_document_is_said_of_all_who_bear_it():
    named = alert(documents=(passport(),), about={"full": "Bea Other", "born": "1990-01-01"})
    bearer = person("1", documents=(passport(),))
    assert FindingKind.ACTIVE_ALERT in kinds_of_all((bearer, FIT), (named, Score(0.0)))[bearer.record]


def test_an_alert_on_another_of_the_same_name_and_birth_date_is_said_of_that_one_alone():
    named = alert(about={"sex": Sex.UNKNOWN, "nationality": None})
    told = kinds_of_all((person("1"), FIT), (named, FIT))
    assert told["entry-exit:persons:1"] == [FindingKind.MAY_BE_ANOTHER]
    assert told["alerts:alerts:1"] == [FindingKind.ACTIVE_ALERT, FindingKind.MAY_BE_ANOTHER]


def test_an_exit_of_one_who_may_be_the_same_person_ends_the_stay():
    past = TODAY - dt.timedelta(days=10)
    came = entered(100, past)
    left = crossing("2", Direction.EXIT, NOW - dt.timedelta(days=20), subject="entry-exit:persons:2", full="Bea Other")
    assert kinds_of_all((came, FIT), (left, FIT)) == {
        came.subject: [FindingKind.MAY_BE_ANOTHER],
        left.subject: [FindingKind.MAY_BE_ANOTHER],
    }


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


def test_the_overstay_of_one_who_may_be_the_same_person_is_said_of_that_one_alone():
    came = entered(100, TODAY - dt.timedelta(days=10))
    other = person("2", full="Bea Other", documents=(passport(),))
    assert kinds_of_all((came, FIT), (other, FIT)) == {
        came.subject: [FindingKind.OVERSTAY, FindingKind.MAY_BE_ANOTHER],
        other.subject: [FindingKind.MAY_BE_ANOTHER],
    }
