"""What was odd about a file, repaired or passed over: every answer tells of it, for every sample."""

import base64
from dataclasses import replace

import pytest

from biometrics.calibration import CALIBRATION
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from tests.unit.biometrics.formats.made import an2k, finger, read, text_record, type_14

SUBJECT = "registration:person:p1"
PURPOSE = {"purpose": "border-check"}
WHOLE = write_minutiae([finger()], MinutiaeFormat.ISO_2005)
REPAIRED = b"FMR\x00020\0" + WHOLE[8:] + b"more"
NOTES = ['the version number "020" was read as " 20"', "4 bytes behind the record's end were left out"]


@pytest.fixture(params=[CALIBRATION, None], ids=["views", "plain"])
def calibration(request):
    return request.param


def sample(data, kind="iso-19794-2", **more):
    return {"format": kind, "data": base64.b64encode(data).decode(), **more}


DEVICE, ODD_NOT = sample(REPAIRED), sample(WHOLE)


def test_the_notes_of_a_file_are_told_once_of_each_of_its_fingers():
    contents = read(REPAIRED)
    (sample,) = contents.samples
    assert contents.notes_of(replace(sample, notes=("a", NOTES[0]))) == (*NOTES, "a")


async def test_an_extraction_tells_what_was_repaired(stand):
    repaired, whole = (await stand.ask("extract", samples=[DEVICE, ODD_NOT]))["results"]
    assert (repaired["notes"], whole["notes"]) == (NOTES, [])


async def test_what_was_passed_over_is_told_beside_what_was_odd_about_the_image(stand):
    image = press(make_finger(1), 0)
    card = an2k(type_14(image.pixels, size=(image.width, image.height)), (13, text_record(13, {2: "02"})))
    (told,) = (await stand.ask("extract", samples=[sample(card, "an2k", dpi=569)]))["results"]
    assert "passed over" in told["notes"][0]
    assert told["notes"][1].endswith("the caller's 569 counts")


async def test_an_enrolment_tells_it_of_each_sample(stand):
    answer = await stand.ask("enrol", subject=SUBJECT, samples=[ODD_NOT, DEVICE])
    assert answer["notes"] == [[], NOTES]


async def test_a_search_tells_it_of_each_probe(stand):
    answer = await stand.ask("identify", probes=[DEVICE, ODD_NOT], **PURPOSE)
    assert answer["notes"] == [NOTES, []]


async def test_a_verification_tells_it_of_both_sides(stand):
    await stand.ask("enrol", subject=SUBJECT, samples=[ODD_NOT])
    held = await stand.ask("verify", probe=DEVICE, subject=SUBJECT, **PURPOSE)
    assert (held["match"], held["notes"], held["candidate_notes"]) == (True, NOTES, [])
    pair = await stand.ask("verify", probe=ODD_NOT, candidate=DEVICE, **PURPOSE)
    assert (pair["match"], pair["notes"], pair["candidate_notes"]) == (True, [], NOTES)
