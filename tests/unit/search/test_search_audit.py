"""What is on record of a search before anything of it is shown, and where nothing is."""

import asyncio

import pytest

from contracts.audit import AuditAction, AuditOutcome
from hub.audit import AuditUnavailable
from search.fingers import BiometricsUnavailable as FingersAway
from search.fingers import FingerMatch, FingerRefused
from tests.unit.search.desk import Desk, bearer
from tests.unit.search.people import alert, listed, passport, person
from tests.unit.search.sources import FakeAudit, FakeBiometrics, FakeLive


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path, found=[person(documents=(passport(),))], linked=[listed()])


@pytest.mark.parametrize("basis", ["", "  "])
async def test_a_legal_basis_that_was_left_empty_is_none(desk, basis):
    await desk.ask(name="Ada Testova", legal_basis=basis)
    await desk.ask(name="?", legal_basis=basis)
    assert {entry.outcome for entry in desk.audit.entries} >= {"refused"}
    assert {entry.legal_basis for entry in desk.audit.entries} == {None}


async def test_the_search_and_every_record_shown_are_on_record(desk):
    answer = (await desk.ask(name="Ada Testova", birth_date="1984-05-06")).json()

    searched, asked, *viewed = desk.audit.entries
    assert searched.action is AuditAction.SEARCHED
    assert (searched.actor, searched.purpose, searched.count) == ("guard-1", "border-check", 1)
    assert str(searched.entry) == answer["query"]
    assert (asked.action, asked.system, asked.cause) == (AuditAction.ASKED, "entry-exit", answer["query"])
    assert asked.event != answer["query"]  # what one system is asked no other can answer
    assert {entry.record for entry in viewed} == {"entry-exit:persons:1", "blacklist:documents:1"}
    assert {entry.action for entry in viewed} == {AuditAction.VIEWED}
    assert {entry.cause for entry in viewed} == {answer["query"]}
    assert {entry.flow for entry in desk.audit.entries} == {answer["flow"]}
    written = "".join(entry.model_dump_json() for entry in desk.audit.entries)
    assert "Testova" not in written
    assert "1984" not in written
    assert "X0000001" not in written


async def test_a_record_that_a_finding_tells_of_is_on_record_though_its_person_has_no_room(tmp_path):
    letters = "bdfgklmnprstvz"
    named = [
        alert(
            f"{one}{other}",
            documents=(passport(),),
            about={"full": f"{one}a{one}i{one}o {other}u{other}e{other}a", "born": None},
        )
        for one, other in zip(letters * 2, letters[3:] + letters[:3] + letters[5:] + letters[:5], strict=True)
    ]
    desk = Desk(tmp_path, found=[person(documents=(passport(),))], linked=named)
    persons = (await desk.ask(name="Ada Testova")).json()["persons"]
    told = {ref for each in persons for finding in each["findings"] for ref in finding["records"]}
    assert told - {record["record"] for each in persons for record in each["records"]}
    viewed = [entry.record for entry in desk.audit.entries if entry.action is AuditAction.VIEWED]
    assert told <= set(viewed)
    assert len(viewed) == len(set(viewed))


async def test_an_incomplete_search_is_recorded_as_one(tmp_path):
    desk = Desk(tmp_path, live=FakeLive())
    assert (await desk.ask(name="Ada")).json()["complete"] is False
    assert desk.audit.entries[0].outcome is AuditOutcome.INCOMPLETE


def outcomes(desk):
    return [(entry.action, entry.outcome, entry.detail) for entry in desk.audit.entries]


async def test_what_was_asked_before_a_finger_was_refused_is_on_record(tmp_path):
    live = FakeLive({"entry-exit": ()}, delays={"entry-exit": 0.04})
    refused = FingerRefused("The image shows no finger; take it again.", code="blank-image", field="finger")
    desk = Desk(tmp_path, live=live, biometrics=FakeBiometrics(failure=refused, delay_s=0.01))
    allowed = bearer(scopes=("search", "biometrics:identify"))
    assert (await desk.ask(allowed, name="Ada Testova", finger={"data": "aW1hZ2U="})).status_code == 422
    assert outcomes(desk) == [
        (AuditAction.SEARCHED, AuditOutcome.REFUSED, "blank-image finger"),
        (AuditAction.ASKED, AuditOutcome.INCOMPLETE, "given-up"),
    ]
    searched, asked = desk.audit.entries
    assert (asked.event, asked.system) == (str(live.asked[0].query), "entry-exit")
    assert asked.cause == str(searched.entry)


@pytest.mark.parametrize(
    ("error", "detail"),
    [(KeyError("Testova"), "KeyError"), (FingersAway("Away."), "biometrics-unavailable")],
    ids=["unforeseen", "of our own"],
)
async def test_a_search_that_fails_after_systems_were_asked_is_on_record_with_what_was_asked(
    tmp_path, monkeypatch, error, detail
):
    def failing(*_):
        raise error

    desk = Desk(tmp_path, found=[person()])
    monkeypatch.setattr("search.handler.persons_in_steps", failing)
    answer = await desk.ask(name="Ada Testova")
    assert answer.status_code == (503 if detail == "biometrics-unavailable" else 500)
    assert "Testova" not in answer.text
    assert outcomes(desk) == [
        (AuditAction.SEARCHED, AuditOutcome.FAILED, detail),
        (AuditAction.ASKED, AuditOutcome.INCOMPLETE, "given-up"),
    ]


async def test_a_search_that_nobody_waits_for_any_more_is_on_record_with_what_was_asked(tmp_path):
    desk = Desk(tmp_path, live=FakeLive())
    asking = asyncio.create_task(desk.ask(name="Ada Testova"))
    await asyncio.sleep(0.02)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert [(action, outcome) for action, outcome, _ in outcomes(desk)] == [
        (AuditAction.SEARCHED, AuditOutcome.FAILED),
        (AuditAction.ASKED, AuditOutcome.INCOMPLETE),
    ]


async def test_nothing_is_answered_that_cannot_be_recorded(tmp_path):
    desk = Desk(tmp_path, found=[person()], audit=FakeAudit(AuditUnavailable("The audit cannot be written.")))
    answer = await desk.ask(name="Ada Testova")
    assert answer.status_code == 503
    assert answer.json()["code"] == "audit-unavailable"
    assert "Testova" not in answer.text


async def test_the_finger_of_another_names_only_records_that_were_found_and_each_is_on_record(tmp_path):
    named, owner = person(documents=(passport(),)), person("9", system="asylum", full="Bea Other", born="1990-01-01")
    match = FingerMatch(owner.subject, "asylum", "asylum:fingers:9", 80.0)
    allowed = bearer(scopes=("search", "biometrics:identify"))
    for linked, expected in ((), []), ([owner], [("finger-of-another", "stop", [owner.record])]):
        desk = Desk(tmp_path, found=[named], linked=linked, biometrics=FakeBiometrics([match]))
        persons = (await desk.ask(allowed, name="Ada Testova", finger={"data": "aW1hZ2U="})).json()["persons"]
        told = [(each["kind"], each["severity"], each["records"]) for person in persons for each in person["findings"]]
        assert told == expected
        viewed = {entry.record for entry in desk.audit.entries if entry.action is AuditAction.VIEWED}
        assert viewed == {named.record, *(each.record for each in linked)}
