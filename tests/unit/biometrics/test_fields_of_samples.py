"""A refusal of one of several samples says which."""

import pytest

from biometrics.sent import refused_as
from hub.errors import FaultOfField, Rejected
from tests.unit.biometrics.test_biometrics_api import SUBJECT, sample

GOOD = sample()
SPOILT = {"format": "png", "data": "iVBORw0KGgo="}
PURPOSE = {"purpose": "border-check"}


@pytest.mark.parametrize(
    ("route", "body", "field"),
    [
        ("enrol", {"subject": SUBJECT, "samples": [GOOD, SPOILT, GOOD]}, "samples.1"),
        ("enrol", {"subject": SUBJECT, "samples": [GOOD, GOOD, SPOILT]}, "samples.2"),
        ("identify", {"probes": [GOOD, SPOILT, GOOD], **PURPOSE}, "probes.1"),
        ("identify", {"probes": [SPOILT], **PURPOSE}, "probes.0"),
        ("verify", {"probe": SPOILT, "subject": SUBJECT, **PURPOSE}, "probe"),
        ("verify", {"probe": GOOD, "candidate": SPOILT, **PURPOSE}, "candidate"),
    ],
    ids=["enrol", "last", "identify", "alone", "probe", "candidate"],
)
async def test_what_cannot_be_read_is_named(stand, route, body, field):
    async with stand.client() as client:
        answer = await client.post(f"/v1/{route}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "undecodable-image")
    assert [(each["field"], each["fault"]) for each in answer.json()["faults"]] == [(field, "undecodable-image")]


def test_a_field_that_was_named_before_stays():
    with pytest.raises(Rejected) as refused, refused_as("samples.1"):
        raise Rejected("It is wrong.", code="odd", field="inner")
    assert (refused.value.field, refused.value.faults) == ("inner", (FaultOfField("inner", "odd"),))
