"""How a finger was put down: told by an extraction, carried by events, and kept with what is enrolled."""

import base64
import json

import pytest

from biometrics.calibration import CALIBRATION
from biometrics.formats.impressions import Impression
from biometrics.formats.pictures import write_png
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.records import ImpressionType
from tests.unit.biometrics.formats.made import an2k, type_14

SUBJECT = "registration:person:p1"
IMAGE = press(make_finger(1), 0)
LATENT, ROLLED, SILENT = 4, 1, 29


@pytest.fixture(params=[CALIBRATION, None], ids=["views", "plain"])
def calibration(request):
    return request.param


def sample(code):
    """A left index finger whose record tells how it was put down."""
    size = (IMAGE.width, IMAGE.height)
    card = an2k(type_14(IMAGE.pixels, "7", size=size, f003=str(code)))
    return {"format": "an2k", "data": base64.b64encode(card).decode()}


PRINT = {"format": "png", "data": base64.b64encode(write_png(IMAGE)).decode()}


async def enrol(stand, *samples, **more):
    return await stand.ask("enrol", subject=SUBJECT, key="k1", samples=samples, **more)


def carried(stand):
    """What the last event says of each of its templates."""
    return [each.get("impression") for each in json.loads(stand.hub.log[-1].value)["templates"]]


def test_every_type_of_a_finger_has_the_standards_word():
    wordless = {each for each in Impression if each.word is None}
    assert wordless == {each for each in Impression if "PALM" in each.name} | {Impression.UNKNOWN}
    assert {each.word for each in Impression} - {None} == set(ImpressionType)
    assert Impression.LIVE_PLAIN.word == "live-scan-plain"


async def test_an_extraction_tells_it_and_the_template_carries_it(stand):
    latent, silent, image = (await stand.ask("extract", samples=[sample(LATENT), sample(SILENT), PRINT]))["results"]
    assert (latent["impression"], latent["template"]["impression"]) == ("latent-impression", "latent-impression")
    assert [each["impression"] for each in latent["views"]] == ["latent-impression"] * len(latent["views"])
    assert [silent["impression"], image["impression"], image["template"]["impression"]] == [None] * 3


async def test_it_is_kept_with_what_is_enrolled_and_told_of_candidates(stand):
    answer = await enrol(stand, sample(ROLLED), PRINT)
    assert answer["impressions"] == ["live-scan-rolled"]
    each = len(carried(stand)) // 2
    assert carried(stand) == ["live-scan-rolled"] * each + [None] * each
    found = await stand.ask("identify", probes=[PRINT], purpose="border-check")
    assert found["candidates"][0]["fingers"][0]["impressions"] == ["live-scan-rolled"]
    async with stand.client() as client:
        held = (await client.get("/v1/fingerprints/registration:finger:k1")).json()
    assert held["impressions"] == ["live-scan-rolled"]


async def test_what_is_added_leaves_it_to_each_image(stand):
    await enrol(stand, sample(ROLLED))
    answer = await enrol(stand, sample(LATENT), add=True)
    assert answer["impressions"] == ["live-scan-rolled", "latent-impression"]
    each = len(carried(stand)) // 2
    assert carried(stand) == ["live-scan-rolled"] * each + ["latent-impression"] * each
