"""What the gallery holds and cannot compare: a search says so."""

import pytest

from biometrics.gallery import Enrolled, Enrolment
from contracts.records import FingerPosition
from tests.unit.biometrics.test_biometrics_api import identification


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
