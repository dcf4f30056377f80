"""Views through the service: enrolled, carried by the event, compared, and read from the log again."""

import base64

import numpy as np
import pytest

from biometrics.calibration import CALIBRATION
from biometrics.events import read_event
from biometrics.formats.pictures import write_png
from biometrics.gallery import Gallery
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.records import FingerprintV1, FingerTemplate
from hub.errors import Rejected
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.test_reader import message

SUBJECT = "registration:person:p1"
FINGER = press(make_finger(3), 0)
PLAIN, DRAWN = "sourceafis-0.0-fake", "sourceafis-0.0-fake+soft-1"
OTHER_VIEW = "sourceafis-0.0-fake+soft"


@pytest.fixture(params=[CALIBRATION, None], ids=["views", "plain"])
def calibration(request):
    return request.param


def png(image=FINGER):
    return {"format": "png", "data": base64.b64encode(write_png(image)).decode()}


def carried(stand):
    return [template.engine for template in FingerprintV1.model_validate_json(stand.hub.log[-1].value).templates]


async def test_an_event_carries_the_view_after_the_image_it_is_of(stand):
    await stand.ask("enrol", subject=SUBJECT, samples=[png(), png()])
    assert carried(stand) == ([PLAIN, DRAWN] * 2 if stand.gallery.comparing.by_views else [PLAIN, PLAIN])
    assert stand.gallery.templates == 2


async def test_the_record_tells_whether_a_view_is_compared(stand):
    answer = await stand.ask("enrol", subject=SUBJECT, samples=[png()])
    assert answer["engine"] == (DRAWN if stand.gallery.comparing.by_views else PLAIN)


async def test_an_image_is_found_and_verified_by_all_that_is_compared(stand):
    await stand.ask("enrol", subject=SUBJECT, samples=[png()])
    verified = await stand.ask("verify", probe=png(), subject=SUBJECT, purpose="border-check")
    found = await stand.ask("identify", probes=[png()], purpose="border-check")
    assert verified["match"]
    (candidate,) = found["candidates"]
    assert (candidate["subject"], candidate["match"]) == (SUBJECT, True)
    assert verified["threshold"] <= verified["score"] <= candidate["score"], "a verification ends once it is certain"


async def test_a_gallery_that_is_read_from_the_log_again_gives_the_same_scores(stand):
    await stand.ask("enrol", subject=SUBJECT, samples=[png(), png()])
    engine, by_views = stand.engine, stand.gallery.comparing.by_views
    again = Gallery(engine, CALIBRATION if by_views else None)
    again.apply(read_event(message, engine, by_views=by_views).change for message in stand.hub.log)
    ((_, (probe, _)),) = stand.gallery.find_subject(SUBJECT)
    with stand.gallery.search() as held, again.search() as read:
        scores = [stand.gallery.scan(probe, held), again.scan(probe, read)]
    assert np.array_equal(*scores)


async def test_extract_gives_the_view_beside_the_template(stand):
    (result,) = (await stand.ask("extract", samples=[png()]))["results"]
    assert result["template"]["engine"] == PLAIN
    assert [each["engine"] for each in result["views"]] == ([DRAWN] if stand.gallery.comparing.by_views else [])


@pytest.mark.parametrize("views", [[DRAWN], [OTHER_VIEW], [DRAWN, OTHER_VIEW]])
async def test_what_is_added_to_keeps_its_views_whether_they_are_compared_or_not(stand, views):
    data = b"FAKE" + bytes(each & 0xC0 for each in FINGER.pixels[:8])
    held = tuple(FingerTemplate(engine=name, data=data, agreed=8 if "+" in name else None) for name in (PLAIN, *views))
    await deliver(stand, held)
    for _ in range(2):
        await stand.ask("enrol", subject=SUBJECT, key="k1", samples=[png()], add=True)
    own = [PLAIN, DRAWN] if stand.gallery.comparing.by_views else [PLAIN]
    assert carried(stand) == [PLAIN, *views, *own, *own]
    assert FingerprintV1.model_validate_json(stand.hub.log[-1].value).templates[: len(held)] == held


@pytest.mark.parametrize("calibration", [None], ids=["plain"])
async def test_of_more_than_an_event_carries_images_go_with_their_views(stand):
    data = b"FAKE" + bytes(each & 0xC0 for each in FINGER.pixels[:8])
    await deliver(stand, [FingerTemplate(engine=name, data=data) for name in [PLAIN, DRAWN] * 4])
    await stand.ask("enrol", subject=SUBJECT, key="k1", samples=[png()], add=True)
    assert carried(stand) == [*[PLAIN, DRAWN] * 3, PLAIN]


async def deliver(stand, templates):
    said = FingerprintV1(
        system="registration", record="registration:finger:k1", subject=SUBJECT, templates=tuple(templates)
    )
    stand.hub.log.append(message(1, said.model_dump_json().encode()))
    await stand.hub.deliver()


def test_of_records_that_nobody_adds_to_nothing_is_kept_that_is_not_compared():
    event = read_event(fingerprint((PLAIN, b"FAKEa"), (OTHER_VIEW, b"FAKEa")), FakeEngine(), by_views=True)
    assert [image.beside for image in event.change.images] == [()]


def test_a_finger_of_another_systems_person_is_refused():
    said = fingerprint((PLAIN, b"FAKEa"))
    claimed = said._replace(value=said.value.replace(b'"subject":"asylum:', b'"subject":"registration:'))
    with pytest.raises(Rejected) as refused:
        read_event(claimed, FakeEngine())
    assert refused.value.field == "subject: foreign_subject"


def fingerprint(*templates):
    return fingerprint_of([FingerTemplate(engine=engine, data=data) for engine, data in templates])


def fingerprint_of(templates):
    said = FingerprintV1(
        system="asylum", record="asylum:finger:1", subject="asylum:person:1", templates=tuple(templates)
    )
    return message(1, said.model_dump_json().encode())


@pytest.mark.parametrize(
    ("templates", "images", "unreadable"),
    [
        ([(PLAIN, b"FAKEa"), (DRAWN, b"FAKEa")], [(b"FAKEa", b"FAKEa")], 0),
        ([(PLAIN, b"FAKEa"), (PLAIN, b"FAKEb"), (DRAWN, b"FAKEb")], [(b"FAKEa", None), (b"FAKEb", b"FAKEb")], 0),
        ([(PLAIN, b"FAKEa"), (DRAWN, b"broken")], [(b"FAKEa", None)], 1),
        ([(PLAIN, b"broken"), (DRAWN, b"FAKEb"), (PLAIN, b"FAKEc")], [(b"FAKEc", None)], 1),
        ([(DRAWN, b"FAKEb")], [], 0),
        ([(PLAIN, b"FAKEa"), (DRAWN, b"FAKEa"), (DRAWN, b"FAKEc")], [(b"FAKEa", b"FAKEa")], 0),
        ([(PLAIN, b"FAKEa"), (DRAWN, b"FAKEz")], [(b"FAKEa", None)], 1),
        ([(PLAIN, b"FAKEa"), (OTHER_VIEW, b"FAKEa")], [(b"FAKEa", None)], 0),
    ],
    ids=[
        "whole",
        "second-only",
        "broken-view",
        "broken-image",
        "view-alone",
        "two-views",
        "view-of-another-print",
        "view-of-another-version",
    ],
)
def test_a_view_belongs_to_the_image_before_it_and_is_nothing_without(templates, images, unreadable):
    event = read_event(fingerprint(*templates), FakeEngine(), by_views=True)
    assert [(each.plain, each.drawn) for each in event.change.images] == images
    assert event.unreadable == unreadable


def test_the_plain_engine_does_not_even_read_views():
    event = read_event(fingerprint((PLAIN, b"FAKEa"), (DRAWN, b"broken")), FakeEngine())
    assert [(each.plain, each.drawn) for each in event.change.images] == [(b"FAKEa", None)]
    assert event.unreadable == 0


def test_a_record_whose_view_is_of_another_version_names_the_engine_of_its_image():
    event = read_event(fingerprint((PLAIN, b"FAKEa"), (OTHER_VIEW, b"FAKEa")), FakeEngine(), by_views=True)
    assert event.change.finger.engine == PLAIN


@pytest.mark.parametrize("told", [0, 3, 255, None])
def test_what_image_and_view_agree_on_is_counted_whatever_the_event_tells(told):
    data = b"FAKE" + bytes(range(1, 13))
    templates = [FingerTemplate(engine=PLAIN, data=data), FingerTemplate(engine=DRAWN, data=data, agreed=told)]
    event = read_event(fingerprint_of(templates), FakeEngine(), by_views=True)
    assert [image.agreed for image in event.change.images] == [12]


async def test_what_was_extracted_is_enrolled_and_compared_as_its_image_is(stand):
    (made,) = (await stand.ask("extract", samples=[png()]))["results"]
    sent = {"format": "sourceafis", "data": made["template"]["data"]}
    if stand.gallery.comparing.by_views:
        sent["view"] = made["views"][0]["data"]
    await stand.ask("enrol", subject=SUBJECT, samples=[sent])
    both = [await stand.ask("verify", probe=each, subject=SUBJECT, purpose="border-check") for each in (sent, png())]
    assert both[0] == both[1]
    ((_, (image,)),) = stand.gallery.find_subject(SUBJECT)
    assert (image.drawn is not None) == stand.gallery.comparing.by_views


async def test_a_view_goes_with_a_template_alone(stand):
    async with stand.client() as client:
        answer = await client.post("/v1/extract", json={"samples": [png() | {"view": "RkFLRQ=="}]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


@pytest.mark.parametrize("calibration", [CALIBRATION], ids=["views"])
async def test_a_view_of_another_print_is_refused_and_one_of_another_version_passed_over(stand):
    plain, view = (base64.b64encode(each).decode() for each in (b"FAKEfinger-a", b"FAKEzzzzzzzz"))
    sent = {"format": "sourceafis", "data": plain, "view": view}
    async with stand.client() as client:
        refused = await client.post("/v1/extract", json={"samples": [sent]})
    assert (refused.status_code, refused.json()["code"]) == (422, "view-differs")
    (made,) = (await stand.ask("extract", samples=[sent | {"view_engine": OTHER_VIEW}]))["results"]
    assert made["views"] == []


@pytest.mark.parametrize("calibration", [CALIBRATION], ids=["views"])
async def test_of_a_view_that_agrees_on_ten_minutiae_of_thirty_the_template_alone_is_taken(stand):
    plain, view = (b"FAKE" + bytes(each) for each in (range(30), (*range(10), *range(100, 120))))
    sent = {key: base64.b64encode(each).decode() for key, each in (("data", plain), ("view", view))}
    (made,) = (await stand.ask("extract", samples=[{"format": "sourceafis"} | sent]))["results"]
    assert (made["template"]["engine"], made["views"]) == (PLAIN, [])
    answer = await stand.ask("enrol", subject=SUBJECT, samples=[{"format": "sourceafis"} | sent])
    assert answer["engine"] == PLAIN
    event = read_event(fingerprint((PLAIN, plain), (DRAWN, view)), FakeEngine(), by_views=True)
    assert event.change.images[0].drawn == view, "the gallery keeps what was drawn of a bad image"
