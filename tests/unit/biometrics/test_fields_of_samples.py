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


RAW = {"format": "raw", "data": "AAAA"}
VIEWED = SPOILT | {"view": "AAAA"}


@pytest.mark.parametrize(
    ("route", "body", "told"),
    [
        ("extract", {"samples": [GOOD | {"dpi": 7}]}, "samples.0.dpi"),
        ("extract", {"samples": []}, "samples"),
        ("extract", {"samples": [RAW]}, "samples.0 (raw pixels need width and height)"),
        ("verify", {"probe": GOOD, **PURPOSE}, "body (name exactly one of record, subject and candidate)"),
        (
            "extract",
            {"samples": [SPOILT | {"view": "AAAA"}]},
            "samples.0 (a view goes with a sourceafis template alone)",
        ),
    ],
    ids=["item", "none", "raw", "target", "view"],
)
async def test_what_is_wrong_with_a_request_is_said_in_words_and_alone(stand, route, body, told):
    answer = await stand.post(route, **body)
    assert answer.status_code == 422
    assert answer.json()["detail"] == f"The request is not as the contract says; look at {told}."
    assert len(answer.json()["faults"]) == 1


async def test_an_empty_sample_is_refused_in_its_place(stand):
    empty = {"format": "png", "data": ""}
    first, second = (await stand.ask("extract", samples=[empty, GOOD]))["results"]
    assert first["fault"] == {"code": "unknown-format", "detail": "The file is empty; send it again."}
    assert second["template"]
