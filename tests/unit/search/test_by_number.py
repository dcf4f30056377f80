"""Who is found only by the number of a document that another issued: shown with all near them, and never stopped."""

import pytest

from contracts.identity import PersonName
from contracts.query import Criteria
from search.commonness import Commonness
from search.document import documents_of, identity_of
from search.findings import findings
from search.found import Found, Origin
from search.gathering import Gathering
from search.linkage.rules import rules_of_the_package
from search.persons import persons, to_show
from search.score import THRESHOLD, Scorer
from tests.unit.search.desk import Desk
from tests.unit.search.people import TODAY, alert, passport, person

ASKED = {"number": "N1234567", "issuer": "FRA"}
ADA = person("1", documents=(passport("N1234567"), passport("M7654321")))
BEA = {"full": "Bea Other", "born": "1990-01-01"}
OTHER = person("2", documents=(passport("M7654321"),), **BEA)
ALERT = alert(about=BEA).model_copy(update={"subject": "alerts:alerts:9"})
BEARER = person("9", "alerts", documents=(passport("M7654321"),), subject="alerts:alerts:9", **BEA)


def told(*records, issuer="FRA", names=(), most=20):
    """Give who is shown, with the severity and the text of what is found of each."""
    scorer = Scorer(Criteria(names=names, documents=(passport("N1234567", issuer),)))
    found = [Found(each, scorer.score(identity_of(each), documents_of(each)), {Origin.REPOSITORY}) for each in records]
    shown, _ = to_show(persons(found, (), rules_of_the_package()).all, THRESHOLD, most)
    return {
        min(each.subjects): [(one.severity, one.kind, one.text) for one in findings(each, None, TODAY, whole=True)]
        for each in shown
    }


def severities(*records, **asked):
    return {subject: [severity for severity, *_ in found] for subject, found in told(*records, **asked).items()}


@pytest.mark.parametrize(("issuer", "severity"), [("UTO", "stop"), (None, "stop"), ("FRA", "check")])
async def test_the_alert_of_another_bearer_of_a_second_document_is_told_whichever_issuer_was_given(
    tmp_path, issuer, severity
):
    desk = Desk(tmp_path, found=[ADA], linked=[BEARER, ALERT])
    answer = (await desk.ask(document=ASKED | {"issuer": issuer})).json()
    kinds = {
        person["subjects"][0]: {finding["kind"]: finding["severity"] for finding in person["findings"]}
        for person in answer["persons"]
    }
    assert kinds == {
        ADA.subject: {"may-be-another": "check"},
        ALERT.subject: {"active-alert": severity, "may-be-another": "check"},
    }
    assert all(len(person["links"]) == 1 for person in answer["persons"])
    assert answer["complete"]


def test_what_is_found_of_one_who_is_tied_to_a_number_of_another_issuer_says_so():
    found = told(ADA, BEARER, ALERT)
    assert all("by a document with the same number" in text for *_, text in found[ADA.subject])
    assert all("by a tie to one who bears a document with the same number" in text for *_, text in found[ALERT.subject])
    assert not any(
        "same number" in text for each in told(ADA, BEARER, ALERT, issuer="UTO").values() for *_, text in each
    )


def test_who_is_tied_to_one_who_is_tied_is_to_be_checked_too():
    between = person("3", full="Cleo Third", born="1970-01-01", documents=(passport("M7654321"), passport("K1")))
    bearer = BEARER.model_copy(update={"documents": (passport("K1"),)})
    assert severities(ADA, between, bearer, ALERT)[ALERT.subject] == ["check", "check"]
    assert severities(ADA, between, bearer, ALERT, issuer="UTO")[ALERT.subject] == ["stop", "check"]


def test_nobody_is_doubted_who_is_tied_to_one_who_fits_by_more():
    """The number adds to what is known of one who would be shown without it, and takes nothing from an alert."""
    named = (PersonName(full="Cleo Third"),)
    fits = person("3", full="Cleo Third", born="1970-01-01", documents=(passport("M7654321"),))
    everybody = severities(ADA, BEARER, ALERT, fits, names=named)
    assert everybody[ALERT.subject] == ["stop", "check"]
    own = alert("2", documents=(passport("N1234567"),))
    assert severities(ADA, own, fits, names=named)[own.subject] == ["stop", "check"]
    assert severities(ADA, own, names=named)[own.subject] == ["check"]


def test_where_not_all_have_room_those_who_fit_by_more_come_first():
    named = (PersonName(full="Cleo Third"),)
    fits = person("3", full="Cleo Third", born="1970-01-01")
    assert list(severities(ADA, OTHER, fits, names=named, most=1)) == [fits.subject]
    assert list(severities(ADA, OTHER, fits, names=named, most=2)) == [fits.subject, ADA.subject]


@pytest.mark.parametrize("issuers", [["FRA"], ["UTO"], ["FRA", "UTO"]], ids=["another issuer", "the very", "each"])
@pytest.mark.parametrize("about", [{}, BEA], ids=["as before", "under another name"])
@pytest.mark.parametrize("order", [1, -1], ids=["older first", "newer first"])
def test_who_bore_the_document_fits_though_a_newer_version_is_without_it(issuers, about, order):
    """By the name alone, which many bear, the newer one stands as high or higher, and does not fit."""
    asked = Criteria(names=(PersonName(full="Ada Testova"),), documents=(passport("N1234567", "UTO"),))
    gathering = Gathering(asked, 0.9)
    gathering.learn(Commonness(50_000, {"ada": 9_000, "testova": 9_000}))
    older = [(person(documents=(passport("N1234567", issuer),), **about), Origin.REPOSITORY) for issuer in issuers]
    for version, origin in [*older, (person(), Origin.LIVE)][::order]:
        gathering.add((version,), origin)
    (found,) = gathering.found
    assert found.score.is_meant(0.9) is ("UTO" in issuers)
