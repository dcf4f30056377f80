"""Samples of every format over HTTP: which finger of a record is meant, and what is told of each."""

import base64
from dataclasses import replace

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.samples import SampleReader, read_template
from biometrics.wire import Sample as SentSample
from contracts.records import TemplateFormat
from tests.unit.biometrics.fakes import FakeEngine, Stand
from tests.unit.biometrics.formats.made import (
    an2k,
    bir,
    cbeff,
    encoded,
    finger,
    fir_2005,
    fir_2011,
    many,
    ramp,
    ridges,
    type_9,
    type_14,
)

SUBJECT = "registration:person:p1"
FIR = fir_2005((7, encoded(ridges(), "JPEG2000")), size=(240, 260))
TWO_IMAGES = fir_2011((7, encoded(ridges(), "JPEG2000")), (2, encoded(ridges(11.0), "JPEG2000")), size=(240, 260))
TWO_TEMPLATES = write_minutiae([finger(), finger(position=Position.RIGHT_INDEX)], MinutiaeFormat.ISO_2005)


@pytest.fixture
def stand(tmp_path):
    stand = Stand(FakeEngine(), tmp_path)
    yield stand
    stand.threads.stop()


def sample(kind, data, **more):
    return {"format": kind, "data": base64.b64encode(data).decode(), **more}


async def extracted(stand, sent):
    async with stand.client() as client:
        answer = await client.post("/v1/extract", json={"samples": [sent]})
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (sample("png", encoded(ridges(), "PNG", dpi=(569, 569))), (None, 569, "file")),
        (sample("bmp", encoded(ridges(), "BMP"), dpi=500), (None, 500, "caller")),
        (sample("tiff", encoded(ridges(), "TIFF"), dpi=512), (None, 512, "caller")),
        (sample("jpeg2000", encoded(ridges(), "JPEG2000"), dpi=500), (None, 500, "caller")),
        (sample("iso-19794-4", FIR), (7, 500, "record")),
        (sample("an2k", an2k(type_14(ridges().tobytes(), size=(240, 260)))), (2, 500, "record")),
        (sample("cbeff", cbeff(bir(FIR))), (7, 500, "record")),
        (sample("ansi-378", write_minutiae([finger()], MinutiaeFormat.ANSI_2009)), (7, None, None)),
    ],
)
async def test_every_format_is_taken_and_what_it_tells_is_answered(stand, sent, told):
    status, answer = await extracted(stand, sent)
    (result,) = answer["results"]
    assert status == 200
    assert result["template"]["data"]
    assert (result["position"], result["dpi"], result["resolution"]) == told


async def test_a_resolution_that_nobody_tells_is_asked_for_or_estimated(stand):
    data = encoded(ridges(), "PNG")
    assert (await extracted(stand, sample("png", data)))[1]["code"] == "unknown-resolution"
    _, answer = await extracted(stand, sample("png", data, estimate=True))
    (result,) = answer["results"]
    assert result["resolution"] == "estimate"
    assert result["dpi"] == pytest.approx(500, abs=25)
    assert "estimate" in result["notes"][0]


async def test_a_contradiction_is_answered(stand):
    _, answer = await extracted(stand, sample("png", encoded(ridges(), "PNG", dpi=(1000, 1000)), dpi=500))
    assert answer["results"][0]["notes"] == ["the file tells 1000 dpi; the caller's 500 counts"]


@pytest.mark.parametrize("sent", [sample("iso-19794-4", TWO_IMAGES), sample("iso-19794-2", TWO_TEMPLATES)])
async def test_of_a_record_of_several_fingers_one_is_named(stand, sent):
    status, refused = await extracted(stand, sent)
    assert (status, refused["code"]) == (422, "several-fingers")
    assert "left index, right index" in refused["detail"]
    assert (await extracted(stand, sent | {"finger": 2}))[1]["results"][0]["position"] == 2
    assert (await extracted(stand, sent | {"finger": 9}))[1]["code"] == "no-finger"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (sample("png", FIR), "wrong-format"),
        (sample("iso-19794-2", encoded(ramp(), "PNG")), "wrong-format"),
        (sample("iso-19794-4", FIR[:-1]), "unreadable-record"),
        (sample("an2k", b"1.001:99"), "unreadable-record"),
        (sample("cbeff", b"<BIR><BDB>"), "unreadable-record"),
        (sample("bmp", encoded(ridges(), "BMP")), "impossible-resolution"),
        (sample("iso-19794-2", write_minutiae([many(101)], MinutiaeFormat.ISO_2005)), "too-many-minutiae"),
        (sample("ansi-378", write_minutiae([many(200)], MinutiaeFormat.ANSI_2004)), "too-many-minutiae"),
        (
            sample("iso-19794-2", write_minutiae([replace(finger(), minutiae=())], MinutiaeFormat.ISO_2011)),
            "no-minutiae",
        ),
        (sample("iso-19794-4", fir_2005((13, encoded(ramp(), "JPEG2000")))), "several-fingers"),
    ],
)
async def test_each_fault_has_a_code_of_its_own(stand, sent, code):
    status, refused = await extracted(stand, sent)
    assert (status, refused["code"]) == (422, code)
    assert refused["detail"].endswith(".")


async def enrolled(stand, *samples, **more):
    async with stand.client() as client:
        answer = await client.post("/v1/enrol", json={"subject": SUBJECT, "samples": samples, "key": "k1", **more})
    return answer.status_code, answer.json()


async def test_the_finger_that_a_record_tells_is_enrolled_as_that(stand):
    status, _ = await enrolled(stand, sample("iso-19794-4", FIR))
    assert status == 201
    held, _ = stand.gallery.find("registration:finger:k1")
    assert held.position == 7


@pytest.mark.parametrize("said", [2, 8])
async def test_a_record_of_another_finger_than_the_request_says_is_refused(stand, said):
    status, refused = await enrolled(stand, sample("iso-19794-4", FIR), position=said)
    assert (status, refused["code"]) == (422, "finger-contradicts")
    assert "left index" in refused["detail"]
    assert not stand.hub.log


async def test_what_is_one_of_several_fingers_is_enrolled_as_none_but_these(stand):
    either = sample("an2k", an2k(type_14(ridges().tobytes(), "7\x1e8", size=(240, 260))))
    status, refused = await enrolled(stand, either, position=2)
    assert (status, refused["code"]) == (422, "finger-contradicts")
    assert (await enrolled(stand, sample("iso-19794-4", TWO_IMAGES, finger=2), either))[0] == 422
    assert not stand.hub.log
    assert (await enrolled(stand, either, position=8))[0] == 201


def of(*codes, **more):
    """A print that is one of several fingers."""
    image = type_14(ridges().tobytes(), "\x1e".join(map(str, codes)), size=(240, 260))
    return sample("an2k", an2k(image), **more)


PRINT = sample("png", encoded(ridges(), "PNG"), dpi=500)


@pytest.mark.parametrize(
    ("samples", "position"),
    [
        ([of(7, 8), of(8, 9)], 8),
        ([of(7, 8, finger=8)], 8),
        ([of(7, 8), PRINT | {"finger": 7}], 7),
        ([of(7, 8), of(7)], 7),
        ([PRINT | {"finger": 7}, PRINT], 7),
        ([PRINT, PRINT], 0),
    ],
    ids=["left", "said", "said-of-another", "told", "said-of-an-image", "nobody-tells"],
)
async def test_the_one_finger_that_samples_leave_open_together_is_enrolled(stand, samples, position):
    assert (await enrolled(stand, *samples))[0] == 201
    assert stand.gallery.find("registration:finger:k1")[0].position == position


@pytest.mark.parametrize(
    ("samples", "code"),
    [
        ([of(7, 8), of(2, 3)], "finger-contradicts"),
        ([of(7, 8), of(8, 9), of(7, 9)], "finger-contradicts"),
        ([PRINT | {"finger": 7}, PRINT | {"finger": 2}], "finger-contradicts"),
        ([of(7, 8), PRINT | {"finger": 2}], "finger-contradicts"),
        ([of(7, 8), PRINT], "several-fingers"),
        ([of(7, 8, 9), of(7, 8)], "several-fingers"),
    ],
)
async def test_what_leaves_no_finger_open_or_several_is_refused(stand, samples, code):
    status, refused = await enrolled(stand, *samples)
    assert (status, refused["code"]) == (422, code)
    assert code != "several-fingers" or "left index, left middle); say its position" in refused["detail"]
    assert not stand.hub.log


async def test_what_is_held_says_which_of_several_fingers_is_added(stand):
    assert (await enrolled(stand, of(7)))[0] == 201
    assert (await enrolled(stand, of(7, 8), add=True))[0] == 201
    assert stand.gallery.find("registration:finger:k1")[0].position == 7
    assert (await enrolled(stand, of(8, 9), add=True))[1]["code"] == "finger-contradicts"


async def test_minutiae_of_one_of_several_fingers_are_extracted(stand):
    status, _ = await extracted(stand, sample("an2k", an2k(type_9([(1, 100, 14, 45, 1, 60)], f134="7\x1e8"))))
    assert status == 200


async def test_samples_of_two_fingers_are_not_one_finger(stand):
    other = fir_2005((2, encoded(ridges(), "JPEG2000")), size=(240, 260))
    status, refused = await enrolled(stand, sample("iso-19794-4", FIR), sample("iso-19794-4", other))
    assert (status, refused["code"]) == (422, "finger-contradicts")


async def test_the_engine_is_given_a_record_of_the_one_finger_alone(stand):
    given = []
    stand.engine.import_standard = lambda data: given.append(data) or [b"FAKEx"]
    await extracted(stand, sample("iso-19794-2", TWO_TEMPLATES, finger=2))
    assert given == [write_minutiae([finger(position=Position.RIGHT_INDEX)], MinutiaeFormat.ISO_2005)]


def test_a_probe_is_not_written_down_for_no_event_carries_it():
    engine = FakeEngine()
    print_of = SentSample.model_validate(PRINT)
    written = SampleReader(engine).read(print_of)
    assert [each.engine for each in written.carried] == [engine.name]
    engine.to_bytes = None  # it would be called for nothing
    probe = SampleReader(engine).read(print_of, probe=True)
    assert (probe.carried, probe.views.plain) == ((), written.views.plain)


def test_a_template_of_the_log_may_be_of_another_format_than_the_event_says():
    native = b"FAKE" + b"gversionk3.18.1-java"
    assert read_template(FakeEngine(), TemplateFormat.ISO_19794_2, native) == native
