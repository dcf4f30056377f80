"""The engine on a real JVM: what it tells apart, what it reads, what it refuses."""

import json

import jpype
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from biometrics.calibration import CALIBRATION
from biometrics.comparing import Comparing, Views
from biometrics.enhancement.views import enhance
from biometrics.formats.contents import ImageSample
from biometrics.formats.images import Decoding, decode_image
from biometrics.formats.kinds import maker
from biometrics.formats.native import is_as_written
from biometrics.formats.resolution import ResolutionSource
from biometrics.fusion import agreed
from biometrics.gallery import Enrolled, Enrolment, Gallery, Removal
from biometrics.gray import GrayImage
from biometrics.rejections import (
    BlankImage,
    EngineOverloaded,
    NoMinutiae,
    TooManyMinutiae,
    UndecodableImage,
    UnreadableTemplate,
)
from biometrics.samples import read_template, views_of
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import BOOTH, press
from contracts.records import FingerPosition, TemplateFormat
from hub.errors import Rejected
from tests.integration.real_engine import real_engine, real_prints

pytestmark = pytest.mark.jvm
FINGERS, IMPRESSIONS = 8, 3


def sample_of(image):
    return ImageSample(image, ResolutionSource.CALLER)


@pytest.fixture(scope="module")
def engine():
    return real_engine()


@pytest.fixture(scope="module")
def templates(engine):
    fingers = [make_finger(seed) for seed in range(FINGERS)]
    return [
        [engine.extract(press(f, n, BOOTH) if n == 2 else press(f, n)) for n in range(IMPRESSIONS)] for f in fingers
    ]


def row_of(engine, templates):
    flat = [template for finger in templates for template in finger]
    return flat, engine.new_scan(len(flat), flat)


def test_invented_fingers_are_told_apart(engine, templates):
    flat, row = row_of(engine, templates)
    scores = np.array([engine.scan(probe, row, len(flat)) for probe in flat])
    whose = np.arange(len(flat)) // IMPRESSIONS
    same = whose[:, None] == whose[None, :]
    assert scores[same].min() > 40
    assert scores[~same].max() < 40


def test_a_scan_gives_exactly_the_scores_of_pairs(engine, templates):
    flat, row = row_of(engine, templates)
    for probe in flat[::5]:
        assert engine.scan(probe, row, len(flat)).tolist() == [engine.score(probe, each) for each in flat]


def test_several_rows_are_summed_place_by_place(engine, templates):
    rows = [engine.new_scan(FINGERS, [finger[n] for finger in templates]) for n in range(IMPRESSIONS)]
    probes = templates[2]
    expected = [engine.scan(probe, row, FINGERS) for probe, row in zip(probes, rows, strict=True)]
    assert np.allclose(engine.scan_views(probes, rows, FINGERS), sum(expected), rtol=1e-12)
    assert engine.scan_views(probes[:1], rows[:1], FINGERS).tolist() == expected[0].tolist()


def test_positions_are_those_of_the_template(engine, templates):
    found = engine.positions(templates[0][0])
    assert len(found) == engine.minutiae(templates[0][0])
    assert (found[:, :2] >= 0).all()
    assert (found[:, 0] < 288).all()
    assert (found[:, 1] < 352).all()
    assert ((found[:, 2] >= 0) & (found[:, 2] < 2 * np.pi)).all()


def test_views_of_a_finger_agree_on_most_minutiae(engine):
    image = press(make_finger(3), 0)
    views = [engine.positions(engine.extract(view)) for view in (image, *enhance(image))]
    assert agreed(views) > len(views[0]) / 2


def test_by_views_other_fingers_stay_low_and_the_same_finger_gains(engine):
    images = [[press(make_finger(seed), n, care=BOOTH) for n in range(2)] for seed in range(4)]
    first, second = zip(*([views_of(sample_of(image), engine) for image in pair] for pair in images), strict=True)
    comparing = Comparing(engine, CALIBRATION)
    rows = comparing.new_rows(len(second), second)
    counts = np.array([each.agreed for each in second], dtype=np.float64)
    scores = np.array([comparing.scan(probe, rows, counts, len(second)) for probe in first])
    assert scores.diagonal().min() > 40
    assert scores[~np.eye(len(first), dtype=bool)].max() < 40
    assert [scores[n, n] for n in range(4)] == [comparing.scores(first[n], [second[n]])[0] for n in range(4)]


def test_some_places_score_what_they_score_among_all(engine, templates):
    comparing = Comparing(engine, CALIBRATION)
    held = [Views(plain, drawn, 30) for plain, drawn, _ in templates]
    rows, counts = comparing.new_rows(len(held), held), np.full(len(held), 30.0)
    places = np.array([0, 3, 6], dtype=np.int32)
    for probe in (held[3], Views(held[3].plain)):
        whole = comparing.scan(probe, rows, counts, len(held))
        assert comparing.scan_some(probe, rows, counts, places).tolist() == whole[places].tolist()


def test_a_template_without_a_view_scores_as_the_engine_alone(engine, templates):
    comparing = Comparing(engine, CALIBRATION)
    probe, lone = views_of(sample_of(press(make_finger(0), 0)), engine), Views(templates[0][1])
    assert comparing.scores(probe, [lone])[0] == engine.score(probe.plain, lone.plain)
    assert comparing.scores(lone, [probe])[0] == engine.score(lone.plain, probe.plain)


def test_a_freed_place_scores_nothing_and_an_enlarged_row_keeps_its_places(engine, templates):
    flat, row = row_of(engine, templates)
    engine.put(row, 0, None)
    wider = engine.enlarge(row, 100)
    scores = engine.scan(flat[0], wider, 100)
    assert scores[0] == 0
    assert scores[1] == engine.score(flat[0], flat[1])
    assert not scores[len(flat) :].any()


def test_native_templates_survive_writing_and_reading(engine, templates):
    first, second, _ = templates[0]
    data = engine.to_bytes(first)
    assert engine.score(engine.from_bytes(data), second) == engine.score(first, second)
    assert maker(data) == engine.name


@pytest.mark.parametrize("template_format", [TemplateFormat.ISO_19794_2, TemplateFormat.ANSI_378])
def test_standard_templates_are_read_and_still_tell_fingers_apart(engine, templates, template_format):
    (imported,) = engine.import_standard(engine.export(templates[0][0], template_format))
    assert engine.score(imported, templates[0][1]) > 40
    assert engine.score(imported, templates[1][1]) < 40


def test_the_version_number_that_devices_write_is_understood(engine, templates):
    data = engine.export(templates[0][0], TemplateFormat.ANSI_378)
    assert data[4:8] == b" 20\0"
    imported = read_template(engine, TemplateFormat.ANSI_378, data[:4] + b"020\0" + data[8:])
    assert engine.score(imported, templates[0][1]) > 40


def test_truncated_templates_are_refused(engine, templates):
    native = engine.to_bytes(templates[0][0])
    iso = engine.export(templates[0][0], TemplateFormat.ISO_19794_2)
    for length in (0, 1, 10, 30, len(native) // 2, len(native) - 1):
        with pytest.raises(UnreadableTemplate):
            engine.from_bytes(native[:length])
    for length in (0, 4, 10, 24, 30, len(iso) // 2, len(iso) - 3):
        with pytest.raises(UnreadableTemplate):
            engine.import_standard(iso[:length])


def test_an_image_without_ridges_is_refused(engine):
    with pytest.raises(BlankImage):
        engine.extract(GrayImage(200, 250, bytes(range(200)) * 250))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_nonsense_never_harms_the_engine(engine, nonsense):
    for read in (
        engine.from_bytes,
        engine.import_standard,
        lambda data: engine.import_standard(b"FMR\0 20\0" + data),
        lambda data: decode_image(b"\xff\xa0" + data, Decoding(engine.decode_wsq, 500)),
    ):
        try:
            read(nonsense)
        except Rejected:
            continue


def test_the_gallery_on_the_engine_forgets_what_is_removed(engine, templates):
    gallery = Gallery(engine)
    owner = [
        Enrolled(f"asylum:finger:{n}", f"asylum:person:{n}", "asylum", FingerPosition.UNKNOWN, 1, engine.name)
        for n in range(FINGERS)
    ]
    gallery.apply(Enrolment(owner[n], (Views(templates[n][0]),)) for n in range(FINGERS))
    with gallery.search() as seen:
        assert int(np.argmax(gallery.scan(Views(templates[3][1]), seen))) == 3
    gallery.apply([Removal("asylum:finger:3", 2)])
    with gallery.search() as seen:
        assert gallery.scan(Views(templates[3][1]), seen).max() < 40


@pytest.mark.data
def test_a_real_wsq_image_is_decoded_to_what_others_decode_it_to(engine):
    found = real_prints("sourceafis_test_resources", "wsq-original.wsq")
    if not found:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    image = decode_image(found[0].read_bytes(), Decoding(engine.decode_wsq)).image
    shown = np.frombuffer(image.pixels, np.uint8)
    assert shown.std() > 20
    assert engine.minutiae(engine.extract(image)) > 20


@pytest.mark.data
def test_truncated_wsq_images_are_refused_or_decoded_but_never_hang(engine):
    found = real_prints("sourceafis_test_resources", "*.wsq")
    if not found:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    whole = found[0].read_bytes()
    refused = 0
    for length in range(2, len(whole), len(whole) // 25):
        try:
            decode_image(whole[:length], Decoding(engine.decode_wsq, 500))
        except UndecodableImage:
            refused += 1
    assert refused >= 20


@pytest.mark.data
def test_another_vendors_templates_match_real_images(engine):
    records = real_prints("templates/iso19794_2_2005", "**/*.iso")
    if not records:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    for record in records[::40]:
        (template,) = engine.import_standard(record.read_bytes())
        assert engine.minutiae(template) > 5


@pytest.mark.data
def test_gray_values_reach_the_engine_as_the_scanner_gave_them(engine):
    found = real_prints("fvc2002_db1_b", "101_1.png")
    if not found:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    with Image.open(found[0]) as opened:
        decoded = decode_image(found[0].read_bytes(), Decoding(engine.decode_wsq, 500))
        assert decoded.image.pixels == opened.convert("L").tobytes()


def test_what_the_engine_throws_at_an_image_refuses_it_and_the_engine_goes_on(engine, templates):
    with pytest.raises(UndecodableImage):
        engine.extract(GrayImage(10, 10, bytes(range(100)), 5))
    assert engine.minutiae(templates[0][0]) > 0


def test_a_full_heap_asks_to_try_again_and_the_engine_goes_on(engine, templates):
    with pytest.raises(EngineOverloaded):
        engine.new_scan(2_000_000_000)
    assert engine.score(templates[0][0], templates[0][1]) > 0


def test_a_print_is_known_turned_and_inverted_but_not_mirrored(engine, templates):
    image = press(make_finger(0), 0)
    gray = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)

    def score(changed):
        rows, columns = changed.shape
        return engine.score(engine.extract(GrayImage(columns, rows, changed.tobytes())), templates[0][1])

    assert min(score(np.rot90(gray, turns)) for turns in (1, 2, 3)) > 40
    assert score(255 - gray) > 40
    assert score(gray[:, ::-1]) < 40


@pytest.mark.parametrize("seed", range(4))
def test_a_template_in_a_mirror_is_that_of_the_image_in_a_mirror(engine, seed):
    image = press(make_finger(seed), 0)
    gray = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    template = engine.extract(image)
    mirrored = engine.extract(GrayImage(image.width, image.height, gray[:, ::-1].tobytes()))
    assert engine.score(engine.mirrored(template), mirrored) > 100
    assert engine.score(template, mirrored) < 40
    again = engine.mirrored(engine.mirrored(template))
    assert engine.positions(again) == pytest.approx(engine.positions(template))


@pytest.mark.parametrize("width", [1, 16_384, 32_767])
def test_a_template_whose_width_is_told_wrong_has_a_mirror_image_too(engine, width):
    template = engine.extract(press(make_finger(3), 0))
    odd = engine.from_bytes(rewritten(engine, template, lambda told: told.update(width=width)))
    assert engine.score(engine.mirrored(odd), engine.mirrored(template)) > 100


def rewritten(engine, template, change):
    """Write a template of the engine anew, with other content."""
    told = engine._read_cbor(engine.to_bytes(template))
    change(told)
    text = jpype.JClass("com.fasterxml.jackson.databind.ObjectMapper")()
    tree = text.readTree(jpype.JString(json.dumps(told)))
    return bytes(engine._cbor.writeValueAsBytes(tree))


def repeated(told, times):
    for part in ("types", "positionsX", "positionsY", "directions"):
        told[part] = told[part] * times if isinstance(told[part], list) else told[part]
    if isinstance(told["types"], str):
        told["types"] *= times


def shifted(told):
    told["positionsX"] = [x - 10_000 for x in told["positionsX"]]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (lambda told: repeated(told, 0), NoMinutiae),
        (lambda told: repeated(told, 30), TooManyMinutiae),
        (shifted, UnreadableTemplate),
    ],
)
def test_a_template_that_somebody_sends_is_looked_at_before_it_is_compared(engine, change, refusal):
    template = engine.extract(press(make_finger(3), 0))
    assert engine.score(template, engine.from_stranger(engine.to_bytes(template))) > 100
    with pytest.raises(refusal):
        engine.from_stranger(rewritten(engine, template, change))


@pytest.mark.parametrize(
    "call",
    [
        lambda engine, template: engine.minutiae(template),
        lambda engine, template: engine.positions(template),
        lambda engine, template: engine.export(template, TemplateFormat.ANSI_378),
    ],
    ids=["minutiae", "positions", "export"],
)
def test_what_java_throws_at_a_template_of_an_event_is_a_refusal(engine, call):
    odd = engine.from_bytes(rewritten(engine, engine.extract(press(make_finger(3), 0)), shifted))
    with pytest.raises(UnreadableTemplate):
        call(engine, odd)


def written_as_texts(told):
    told["width"] = str(told["width"])
    told["positionsX"] = [str(x) for x in told["positionsX"]]


def test_a_template_is_judged_by_what_the_engine_understands_of_it(engine):
    template = engine.extract(press(make_finger(3), 0))
    odd = engine.from_stranger(rewritten(engine, template, written_as_texts))
    assert engine.to_bytes(odd) == engine.to_bytes(template)

    def outside(told):
        shifted(told)
        written_as_texts(told)

    with pytest.raises(UnreadableTemplate, match="outside"):
        engine.from_stranger(rewritten(engine, template, outside))


def test_what_the_engine_writes_has_the_form_that_needs_no_second_look(engine, templates):
    assert all(is_as_written(engine.to_bytes(template)) for finger in templates for template in finger)


def crammed(told, count):
    """Put so many minutiae into a small corner, where each takes few bytes."""
    told |= {"width": 24, "height": 24, "types": "E" * count, "directions": [0.0] * count}
    told |= {"positionsX": [n % 24 for n in range(count)], "positionsY": [n // 24 for n in range(count)]}


@pytest.mark.parametrize("count", [101, 300])
def test_a_template_of_an_event_that_would_keep_the_engine_busy_is_refused_however_short(engine, count):
    template = engine.extract(press(make_finger(3), 0))
    whole, crowded = (rewritten(engine, template, lambda told, n=n: crammed(told, n)) for n in (100, count))
    assert engine.minutiae(read_template(engine, TemplateFormat.SOURCEAFIS, whole)) == 100
    with pytest.raises(TooManyMinutiae):
        read_template(engine, TemplateFormat.SOURCEAFIS, crowded)


def test_a_template_of_an_event_with_minutiae_outside_of_all_images_is_refused(engine):
    odd = rewritten(engine, engine.extract(press(make_finger(3), 0)), shifted)
    with pytest.raises(UnreadableTemplate, match="outside"):
        read_template(engine, TemplateFormat.SOURCEAFIS, odd)
