"""What the gallery holds and cannot compare: a search says so."""

import pytest

from biometrics.comparing import Views
from biometrics.gallery import Enrolled, Enrolment
from contracts.records import FingerPosition
from tests.unit.biometrics.test_biometrics_api import identification, sample


def bare(number):
    return Enrolment(
        Enrolled(f"asylum:finger:{number}", "asylum:person:1", "asylum", FingerPosition.UNKNOWN, 1, "e"), ()
    )


async def test_a_verification_names_the_records_of_the_person_that_it_could_not_compare(stand):
    stand.gallery.apply([bare(1), bare(2)])
    asked = {"probe": sample(), "purpose": "border-check"}
    for named in ({"subject": "asylum:person:1"}, {"record": "asylum:finger:1"}):
        refused = await stand.post("verify", **asked, **named)
        assert (refused.status_code, refused.json()["code"]) == (404, "unknown-fingerprint")
        assert "no template of this that can be read" in refused.json()["detail"]
    whole = Enrolled("asylum:finger:3", "asylum:person:1", "asylum", FingerPosition.UNKNOWN, 1, "e")
    stand.gallery.apply([Enrolment(whole, (Views(b"FAKEfinger-b"),))])
    answer = await stand.ask("verify", **asked, subject="asylum:person:1")
    assert (answer["match"], answer["comparisons"]) == (False, 1)
    assert answer["unread"] == ["asylum:finger:1", "asylum:finger:2"]
    assert (await stand.ask("verify", **asked, record="asylum:finger:3"))["unread"] == []


@pytest.mark.parametrize(("records", "complete"), [(2, True), (3, False)])
async def test_a_search_names_the_records_that_it_could_not_compare(stand, monkeypatch, records, complete):
    monkeypatch.setattr("biometrics.answers.MOST_UNREAD", 2)
    held = [
        Enrolled(f"asylum:finger:{n}", f"asylum:person:{n}", "asylum", FingerPosition.UNKNOWN, 1, "e")
        for n in range(records)
    ]
    stand.gallery.apply([Enrolment(each, ()) for each in held])
    async with stand.client() as client:
        answer = (await client.post("/v1/identify", json=identification(b"finger-a"))).json()
        other = (await client.post("/v1/identify", json=identification(b"finger-a", systems=["registration"]))).json()
    assert (answer["complete"], answer["unread"]) == (complete, [each.record for each in held[:2]])
    assert (other["complete"], other["unread"]) == (True, [])
