"""Quality over HTTP: measured and told, the gate at enrolment, and the score that stays with the template."""

import base64
import json

import numpy as np
import pytest

from biometrics.gray import GrayImage
from biometrics.quality.gate import Demand, Demands, Gate
from biometrics.quality.nfiq2 import Nfiq2
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.audit import AuditAction, AuditOutcome
from tests.unit.biometrics.fakes import FakeEngine, Stand
from tests.unit.biometrics.quality.prints import FakeMeter, beside, nfiq2, striped

SUBJECT = "registration:person:p1"
THUMB, INDEX, LITTLE = 1, 2, 5
TOLD = 3
"""A finger that is told to be upside down where it is."""
ANYTHING = {"purpose": "border-check"}


@pytest.fixture
def standing(tmp_path):
    """Make the service with a meter that says what it is told to say."""
    made = []

    def stand(*answers, of_width=None, gate=None):
        meter = FakeMeter(*answers, of_width=of_width) if answers or of_width else None
        made.append(Stand(FakeEngine(), tmp_path, meter=meter, gate=gate))
        return made[-1]

    yield stand
    for each in made:
        each.threads.stop()


def print_of_stripes(width=200, **more):
    """Give stripes that run across, as ridges do at a finger's joint: nothing tells that they are turned."""
    lying = striped(250, width, left=10, dark=60, light=200, **more)
    pixels = np.frombuffer(lying.pixels, np.uint8).reshape(lying.height, lying.width).T
    return raw(GrayImage(width, 250, pixels.tobytes()))


def raw(image):
    data = base64.b64encode(image.pixels).decode()
    return {"format": "raw", "data": data, "width": image.width, "height": image.height, "dpi": image.dpi}


def template(text=b"finger-a"):
    return {"format": "sourceafis", "data": base64.b64encode(b"FAKE" + text).decode()}


async def enrol(client, *samples, **more):
    body = {"subject": SUBJECT, "samples": samples or [print_of_stripes()], "position": INDEX, **more}
    return await client.post("/v1/enrol", json=body)


async def test_extraction_tells_the_quality_and_the_template_carries_it(standing):
    async with standing(nfiq2(55)).client() as client:
        body = {"samples": [print_of_stripes(), template()]}
        image, other = (await client.post("/v1/extract", json=body)).json()["results"]
    assert image["image_quality"] == {"nfiq2": 55, "verdict": "good", "least": 5, "wanted": 40, "advice": []}
    assert image["template"]["nfiq2"] == 55
    assert (other["image_quality"], other["template"]["nfiq2"]) == (None, None), "it is no image"


async def test_advice_goes_with_what_is_not_good(standing):
    async with standing(nfiq2(20)).client() as client:
        body = {"samples": [print_of_stripes(ridge=1.5)]}
        quality = (await client.post("/v1/extract", json=body)).json()["results"][0]["image_quality"]
    assert quality["verdict"] == "poor"
    assert [each["code"] for each in quality["advice"]] == ["too-dry"]
    assert quality["advice"][0]["text"].startswith("Moisten the finger")


@pytest.mark.parametrize(
    ("told", "least"),
    [
        ({"use": "verification"}, 0),
        ({"child": True}, 0),
        ({}, 5),
    ],
)
async def test_the_gate_is_asked_for_the_use_that_is_told(standing, told, least):
    async with standing(nfiq2(2)).client() as client:
        body = {"samples": [print_of_stripes()], **told}
        quality = (await client.post("/v1/extract", json=body)).json()["results"][0]["image_quality"]
    assert quality["least"] == least
    assert (quality["verdict"] == "refused") == (least > 0)


async def test_quality_can_be_left_out_and_may_not_be_measured_at_all(standing):
    unmeasured, measured = standing(), standing(nfiq2(55))
    for stand, told in ((measured, {"quality": False}), (unmeasured, {})):
        async with stand.client() as client:
            answer = await client.post("/v1/extract", json={"samples": [print_of_stripes()], **told})
            assert answer.json()["results"][0]["image_quality"] is None
    async with unmeasured.client() as client:
        assert (await enrol(client)).status_code == 201, "what is not measured is not refused"


async def test_what_is_enrolled_keeps_its_quality_in_event_gallery_and_candidates(standing):
    stand = standing(of_width={200: nfiq2(44), 220: nfiq2(61)})
    async with stand.client() as client:
        answer = (await enrol(client, print_of_stripes(200), print_of_stripes(220))).json()
        assert [each["nfiq2"] for each in answer["qualities"]] == [44, 61]
        assert answer["nfiq2"] == 61, "the best of its images"
        assert (await client.get(f"/v1/fingerprints/{answer['record']}")).json()["nfiq2"] == 61
        found = (await client.post("/v1/identify", json={"probes": [print_of_stripes()], **ANYTHING})).json()
    assert found["candidates"][0]["fingers"][0]["nfiq2"] == 61
    (message,) = stand.hub.log
    assert [each["nfiq2"] for each in json.loads(message.value)["templates"]] == [44, 61]


async def test_an_image_below_the_gate_is_not_enrolled_and_the_answer_says_what_to_do(standing):
    stand = standing(of_width={200: nfiq2(60), 220: nfiq2(3)})
    async with stand.client() as client:
        answer = await enrol(client, print_of_stripes(200), print_of_stripes(220))
    assert (answer.status_code, answer.json()["code"]) == (422, "quality-too-low")
    assert "3 of 100 by NFIQ 2" in answer.json()["detail"]
    assert answer.json()["faults"][0]["field"] == "samples.1"
    assert stand.hub.log == []
    (entry,) = stand.hub.entries
    assert (entry.action, entry.outcome) == (AuditAction.ENROLLED, AuditOutcome.REFUSED)


async def test_an_image_that_cannot_be_judged_is_not_enrolled(standing):
    async with standing(Nfiq2(None, {})).client() as client:
        answer = await enrol(client)
    assert answer.json()["code"] == "quality-too-low"
    assert "nothing that NFIQ 2 can judge" in answer.json()["detail"]


async def test_the_best_that_can_be_had_is_enrolled_and_the_audit_says_so(standing):
    stand = standing(nfiq2(3))
    async with stand.client() as client:
        answer = await enrol(client, best_available=True)
    assert answer.status_code == 201
    assert answer.json()["qualities"][0]["verdict"] == "refused"
    assert [entry.detail for entry in stand.hub.entries] == ["begun", "below-quality-gate"]


@pytest.mark.parametrize(
    ("score", "samples", "more", "detail"),
    [
        (60, [print_of_stripes()], {}, None),
        (60, [print_of_stripes()], {"child": True}, None),
        (3, [print_of_stripes()], {"child": True}, "gate-of-a-child"),
        (60, [template()], {}, "no-image"),
        (3, [print_of_stripes()], {"best_available": True}, "below-quality-gate"),
    ],
    ids=["good", "good-of-a-child", "poor-of-a-child", "template", "best-available"],
)
async def test_the_audit_says_what_let_a_finger_past_the_gate(standing, score, samples, more, detail):
    stand = standing(nfiq2(score))
    async with stand.client() as client:
        assert (await enrol(client, *samples, **more)).status_code == 201
    assert [(entry.actor, entry.detail) for entry in stand.hub.entries] == [("test", "begun"), ("test", detail)]


@pytest.mark.parametrize(
    ("samples", "least", "detail"),
    [
        ([print_of_stripes()], 5, "not-measured"),
        ([print_of_stripes(), template(b"\xc0" * 8)], 5, "no-image, not-measured"),
        ([print_of_stripes()], 0, None),
        ([template()], 0, None),
    ],
    ids=["image", "image-and-template", "image-of-which-nothing-is-asked", "template-of-which-nothing-is-asked"],
)
async def test_the_audit_says_what_was_not_measured_where_something_is_asked(standing, samples, least, detail):
    stand = standing(gate=Gate(enrolment=Demands(finger=Demand(least=least, wanted=least))))
    async with stand.client() as client:
        assert (await enrol(client, *samples)).status_code == 201
    assert [entry.detail for entry in stand.hub.entries] == ["begun", detail]


@pytest.mark.parametrize(
    ("position", "more", "status"), [(THUMB, {}, 422), (LITTLE, {}, 201), (THUMB, {"child": True}, 201)]
)
async def test_finger_and_age_decide_what_is_enough(standing, position, more, status):
    async with standing(nfiq2(4)).client() as client:
        assert (await enrol(client, position=position, **more)).status_code == status


async def test_comparing_is_measured_only_where_the_gate_asks_for_it(standing):
    asking = Gate(verification=Demands(finger=Demand(least=30, wanted=30)), identification=Demands())
    stand = standing(nfiq2(60), nfiq2(20), gate=asking)
    async with stand.client() as client:
        await enrol(client)
        measured = len(stand.meter.asked)
        body = {"probes": [print_of_stripes()], **ANYTHING}
        assert (await client.post("/v1/identify", json=body)).status_code == 200
        assert len(stand.meter.asked) == measured
        body = {"probe": print_of_stripes(), "subject": SUBJECT, **ANYTHING}
        refused = await client.post("/v1/verify", json=body)
    assert (refused.status_code, refused.json()["code"]) == (422, "quality-too-low")
    assert refused.json()["faults"][0]["field"] == "probe"


async def test_an_extraction_that_fails_is_told_whatever_the_quality(standing):
    blank = {**print_of_stripes(), "data": base64.b64encode(bytes([200]) * 50_000).decode()}
    async with standing(nfiq2(60)).client() as client:
        answer = await client.post("/v1/extract", json={"samples": [blank]})
    assert answer.json()["code"] == "blank-image"


def upside_down():
    image = press(make_finger(TOLD), 0)
    return raw(GrayImage(image.width, image.height, image.pixels[::-1]))


def inverted():
    image = press(make_finger(TOLD), 0)
    return raw(GrayImage(image.width, image.height, bytes(255 - each for each in image.pixels)))


def of_two():
    return raw(beside(press(make_finger(TOLD), 0), press(make_finger(TOLD + 1), 0), gap=40))


@pytest.mark.parametrize(
    ("sent", "code"), [(upside_down, "turned-image"), (inverted, "inverted-image"), (of_two, "several-fingers")]
)
async def test_an_image_that_is_not_faithful_is_not_enrolled_however_good(standing, sent, code):
    stand = standing(nfiq2(80))
    async with stand.client() as client:
        answer = await enrol(client, sent())
    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert "best_available" in answer.json()["detail"]
    assert answer.json()["faults"][0]["field"] == "samples.0"
    assert not stand.hub.log


@pytest.mark.parametrize(
    ("sent", "more", "detail", "advice"),
    [
        (upside_down, {"best_available": True}, "turned-image", "upside-down"),
        (inverted, {"best_available": True}, "inverted-image", "inverted"),
        (of_two, {"best_available": True}, "several-fingers", "several-fingers"),
        (upside_down, {"child": True}, "gate-of-a-child", "upside-down"),
    ],
)
async def test_who_lets_it_pass_all_the_same_is_on_record(standing, sent, more, detail, advice):
    stand = standing(nfiq2(80))
    async with stand.client() as client:
        answer = await enrol(client, sent(), **more)
    assert answer.status_code == 201
    assert [each["code"] for each in answer.json()["qualities"][0]["advice"]] == [advice]
    assert [entry.detail for entry in stand.hub.entries] == ["begun", detail]


async def test_a_turned_print_is_compared_as_it_is_and_extraction_tells_of_it(standing):
    async with standing(nfiq2(80)).client() as client:
        assert (await enrol(client, print_of_stripes())).status_code == 201
        assert (await client.post("/v1/identify", json={"probes": [upside_down()], **ANYTHING})).status_code == 200
        body = {"samples": [upside_down()], "use": "verification"}
        quality = (await client.post("/v1/extract", json=body)).json()["results"][0]["image_quality"]
    assert quality["verdict"] == "good"
    assert quality["advice"][0]["code"] == "upside-down"
