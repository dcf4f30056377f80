"""Fingers that cannot be taken: every answer tells of them, and nobody is missed for one."""

import base64

import pytest

from biometrics.calibration import CALIBRATION
from biometrics.formats.pictures import write_png
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from tests.unit.biometrics.formats.independent import transaction
from tests.unit.biometrics.formats.made import encoded, ridges

SUBJECT = "registration:person:p1"
BANDAGED = {"position": 10, "reason": "bandaged"}
FINGER = base64.b64encode(write_png(press(make_finger(1), 0))).decode()
PRINT = {"format": "png", "data": FINGER}


@pytest.fixture(params=[CALIBRATION, None], ids=["views", "plain"])
def calibration(request):
    return request.param


def record(image=None):
    """A transaction with a left index finger, or none, that says that the left little finger is bandaged."""
    data = transaction(image, subfields=[(18, [(10, "UP")])], **({} if image else {"CGA": "NONE"}))
    return {"format": "an2k", "data": base64.b64encode(data).decode()}


WHOLE = record(encoded(ridges(), "PNG"))


async def test_an_extraction_and_an_enrolment_tell_of_them(stand):
    extracted = (await stand.post("extract", samples=[WHOLE, record()])).json()["results"]
    assert [each["missing"] for each in extracted] == [[BANDAGED], [BANDAGED]]
    assert (extracted[0]["fault"], extracted[1]["fault"]["code"]) == (None, "no-finger")
    enrolled = (await stand.post("enrol", subject=SUBJECT, samples=[WHOLE, WHOLE])).json()
    assert enrolled["missing"] == [BANDAGED]


async def test_a_finger_that_its_record_calls_amputated_is_not_enrolled_though_an_image_shows_it(stand):
    """Whatever the image is of, it is not that finger."""
    data = transaction(encoded(ridges(), "PNG"), FGP=4, subfields=[(18, [(4, "XX")])])
    sent = {"format": "an2k", "data": base64.b64encode(data).decode()}
    for answer in (
        await stand.post("extract", samples=[sent]),
        await stand.post("enrol", subject=SUBJECT, samples=[sent]),
        await stand.post("enrol", subject=SUBJECT, samples=[sent], position=4),
        await stand.post("identify", probes=[sent], purpose="border-check"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "no-finger")
        assert "right ring is amputated" in answer.json()["detail"]
    assert stand.gallery.fingers == 0


@pytest.mark.parametrize("position", [0, 4])
async def test_a_finger_of_which_nobody_says_which_is_not_enrolled_as_one_that_is_amputated(stand, position):
    """What is held under the key, or the request, says that it is the finger which the record calls amputated."""
    data = transaction(encoded(ridges(), "PNG"), FGP=0, subfields=[(18, [(4, "XX")])])
    sent = {"format": "an2k", "data": base64.b64encode(data).decode()}
    more = {"position": position} if position else {"add": True}
    await stand.ask("enrol", subject=SUBJECT, key="k1", samples=[PRINT], position=4)
    refused = await stand.post("enrol", subject=SUBJECT, key="k1", samples=[sent], **more)
    assert (refused.status_code, refused.json()["code"]) == (422, "no-finger")
    assert "right ring is amputated" in refused.json()["detail"]
    assert (await stand.post("enrol", subject=SUBJECT, samples=[sent], position=3)).status_code == 201


async def test_a_search_passes_a_missing_finger_over_and_asks_no_more_for_it(stand):
    await stand.post("enrol", subject=SUBJECT, samples=[PRINT])
    alone = (await stand.post("identify", probes=[PRINT], purpose="border-check")).json()
    found = (await stand.post("identify", probes=[record(), PRINT], purpose="border-check")).json()
    assert found["missing"] == [BANDAGED]
    assert found["threshold"] == alone["threshold"]
    assert found["positions"] == [0, *alone["positions"]]
    (candidate,) = found["candidates"]
    assert (candidate["match"], candidate["score"]) == (True, alone["candidates"][0]["score"])
    assert candidate["fingers"][0]["probe"] == 1, "probes keep the numbers that they were sent under"


async def test_a_search_for_missing_fingers_alone_is_refused(stand):
    answer = await stand.post("identify", probes=[record(), record()], purpose="border-check")
    assert (answer.status_code, answer.json()["code"]) == (422, "no-finger")


async def test_what_is_wrong_with_another_probe_is_still_told(stand):
    broken = {"format": "png", "data": "AAAA"}
    answer = await stand.post("identify", probes=[record(), PRINT, broken], purpose="border-check")
    assert answer.status_code == 422
    assert answer.json()["code"] != "no-finger"


async def test_a_probe_whose_record_does_not_hold_its_finger_is_refused_not_passed_over(stand):
    """Nothing says that it is missing: whoever asks has sent the wrong record."""
    other = WHOLE | {"finger": 3}
    answer = await stand.post("identify", probes=[PRINT, other], purpose="border-check")
    assert (answer.status_code, answer.json()["code"]) == (422, "no-finger")
    assert "does not hold the right middle" in answer.json()["detail"]
