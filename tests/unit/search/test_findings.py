"""Findings: what an officer must see, and what must stop nobody."""

import datetime as dt

import pytest

from contracts.dates import PartialDate
from contracts.identity import PersonName, Sex
from contracts.query import Criteria
from contracts.records import AlertAction, Direction, DocumentStatus
from search.findings import FindingKind, Severity, findings
from search.found import Found, Origin
from search.linkage.rules import rules_of_the_package
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
        # of a register that counts in Solar Hijri years: 15 June 2026 is 25 Khordad 1405
        ("1405-12-01", True),
        ("1405-03-25", True),
        ("1405-03-24", False),
        ("1405-02-31", False),
        ("1405-03", True),
        ("1405-02", False),
        ("1405", True),
        ("1404", False),
        # in Islamic years: it is 29 Dhu al-Hijja 1447, and a moon may be seen two days later
        ("1448", True),
        ("1447-12-28", True),
        ("1447-12-20", False),
        ("1447-11", False),
        ("1446", False),
        # in Buddhist years: it is 2569
        ("2569-06-15", True),
        ("2569-06-14", False),
        ("2569", True),
        ("2568-01-01", False),
        ("2567-02-29", False),
        # no alert ended in 1957: it has no end
        ("2500-12-31", True),
        ("9999-12-31", True),
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


def test_a_stolen_document_is_said_of_who_bears_it_by_another_code_of_its_issuer():
    bearer = person("1", documents=(passport(issuer="RKS"),), nationality="RKS")
    told = kinds_of_all((bearer, FIT), (listed(issuer="XKX"), Score(0.0)))
    assert FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON in told[bearer.record]


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


def test_the_overstay_of_one_who_may_be_the_same_person_is_said_of_that_one_alone():
    came = entered(100, TODAY - dt.timedelta(days=10))
    other = person("2", full="Bea Other", documents=(passport(),))
    assert kinds_of_all((came, FIT), (other, FIT)) == {
        came.subject: [FindingKind.OVERSTAY, FindingKind.MAY_BE_ANOTHER],
        other.subject: [FindingKind.MAY_BE_ANOTHER],
    }
