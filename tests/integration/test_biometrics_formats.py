"""Every format on the real engine: what is converted is read by it, and WSQ by two decoders alike."""

import io
from pathlib import Path

import numpy as np
import pytest
import wsq  # noqa: F401  lets Pillow write WSQ
from PIL import Image

from biometrics.conversion import Target, convert
from biometrics.formats.contents import ImageSample, TemplateSample
from biometrics.formats.images import Decoding
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.pictures import write_png
from biometrics.formats.positions import Position
from biometrics.formats.reading import read_file
from biometrics.formats.resampling import at_standard, legible
from biometrics.gray import GrayImage
from biometrics.rejections import Rejected, UndecodableImage
from biometrics.samples import imported, read_template, template_of
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.records import TemplateFormat
from deploy.quality.formats import made_of, returns, round_trip
from tests.integration.real_engine import real_engine, real_prints
from tests.unit.biometrics.formats.made import an2k, fir_2005, type_9, type_14

pytestmark = pytest.mark.jvm
STANDARDS = [target for target in Target if target not in {Target.SOURCEAFIS, Target.PNG}]
every_edition = pytest.mark.parametrize("edition", MinutiaeFormat)


@pytest.fixture(scope="module")
def engine():
    return real_engine()


@pytest.fixture(scope="module")
def image():
    return press(make_finger(3), 0)


@pytest.fixture(scope="module")
def other(engine):
    return engine.extract(press(make_finger(3), 1))


def read(engine, data, dpi=None):
    return read_file(data, Decoding(engine.decode_wsq, dpi))


def wsq_of(image):
    out = io.BytesIO()
    Image.frombytes("L", (image.width, image.height), image.pixels).save(out, "WSQ")
    return out.getvalue()


def test_a_wsq_image_is_decoded_to_what_another_decoder_makes_of_it(engine, image):
    data = wsq_of(image)
    (sample,) = read(engine, data, 500).samples
    with Image.open(io.BytesIO(data)) as opened:
        theirs = np.asarray(opened.convert("L"), int)
    ours = np.frombuffer(sample.image.pixels, np.uint8).reshape(theirs.shape).astype(int)
    assert np.abs(ours - theirs).max() <= 1


def test_a_wsq_image_that_is_cut_short_or_spoilt_is_refused_or_read_and_the_engine_goes_on(engine, image):
    whole = wsq_of(image)
    for length in range(2, len(whole), len(whole) // 20):
        with pytest.raises(UndecodableImage):
            read(engine, whole[:length], 500)
    random = np.random.default_rng(1)
    for _ in range(60):
        spoilt = bytearray(whole)
        for at in random.integers(2, len(whole), 4):
            spoilt[at] = random.integers(256)
        try:
            read(engine, bytes(spoilt), 500)
        except Rejected:
            continue
    assert read(engine, whole, 500).samples


@pytest.mark.parametrize("target", STANDARDS)
def test_an_image_becomes_a_template_that_tells_the_finger_as_the_record_did(engine, image, other, target):
    png = write_png(image)
    record = fir_2005((7, png), size=(image.width, image.height), compression=5)
    (made,) = convert(read(engine, record), target, lambda: engine)
    (finger,) = read_minutiae(made.data).fingers
    assert (finger.capture.position, finger.capture.quality) == (Position.LEFT_INDEX, 80)
    template = read_template(engine, TemplateFormat.ISO_19794_2, made.data)
    assert engine.score(template, other) > 40


@every_edition
@pytest.mark.parametrize("seed", range(4))
def test_minutiae_come_back_through_our_reader_and_the_engines_own(engine, edition, seed):
    template = engine.extract(press(make_finger(seed), 0))
    (finger,) = read_minutiae(engine.export(template, edition)).fingers
    assert returns(finger, edition, engine)
    assert all(returns(finger, another, engine) for another in MinutiaeFormat)


def test_a_native_template_is_converted_and_passed_on_as_it_is(engine, image, other):
    native = engine.to_bytes(engine.extract(image))
    contents = read(engine, native)
    (same,) = convert(contents, Target.SOURCEAFIS, lambda: engine)
    assert same.data == native
    (made,) = convert(contents, Target.ISO_2011, lambda: engine)
    assert engine.score(read_template(engine, TemplateFormat.ISO_19794_2, made.data), other) > 40


def test_a_standard_template_becomes_a_native_one(engine, image, other):
    exported = engine.export(engine.extract(image), MinutiaeFormat.ANSI_2009_AM1)
    (made,) = convert(read(engine, exported), Target.SOURCEAFIS, lambda: engine)
    assert engine.score(engine.from_bytes(made.data), other) > 40
    assert engine.minutiae(imported(read(engine, exported).samples[0], engine)) == engine.minutiae(
        engine.extract(image)
    )


@pytest.mark.parametrize("dpi", [250, 350, 569, 1000])
def test_an_image_at_another_resolution_is_still_the_finger(engine, image, other, dpi):
    picture = Image.frombytes("L", (image.width, image.height), image.pixels)
    size = (round(image.width * dpi / 500), round(image.height * dpi / 500))
    scaled = GrayImage(*size, picture.resize(size, Image.Resampling.BICUBIC).tobytes(), dpi)
    (sample,) = read(engine, write_png(scaled)).samples
    assert engine.score(template_of(sample, engine), other) > 40
    assert engine.score(engine.extract(at_standard(scaled)), other) > 40
    assert (legible(scaled) is scaled) == (dpi > 300)


def test_a_transaction_is_converted_finger_by_finger(engine, image):
    held = [type_14(image.pixels, position=str(n), size=(image.width, image.height)) for n in (1, 7)]
    contents = read(engine, an2k(*held))
    (whole,) = convert(contents, Target.ISO_2005, lambda: engine)
    assert [each.capture.position for each in read_minutiae(whole.data).fingers] == [1, 7]
    parted = convert(contents, Target.ISO_2005, lambda: engine, apart=True)
    assert [len(read_minutiae(each.data).fingers) for each in parted] == [1, 1]


def test_what_the_measurement_makes_of_an_image_is_all_read(engine, image):
    for kept in made_of(image):
        contents = read_file(kept.data, Decoding(engine.decode_wsq, kept.dpi), said=kept.said, size=kept.size)
        assert contents.samples, kept.name


@pytest.mark.data
def test_some_of_the_real_files_come_back(engine):
    files = real_prints("records", "**/*.iso") + real_prints("fingerjetfx_samples", "a00*")
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    assert round_trip(Path("started"), files) == (1.0, [])


def test_minutiae_of_the_iafis_are_those_of_the_image_beside_them(engine):
    files = real_prints("records", "an2k/*iafis*")
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    samples = read_file(files[0].read_bytes(), Decoding(engine.decode_wsq)).samples
    (minutiae,) = (each for each in samples if isinstance(each, TemplateSample))
    (image,) = (each for each in samples if isinstance(each, ImageSample))
    assert engine.score(imported(minutiae, engine), engine.extract(image.image)) > 40


@pytest.mark.parametrize("target", [*STANDARDS, Target.SOURCEAFIS])
def test_of_an_image_and_a_record_of_no_minutiae_the_image_is_converted(engine, image, target):
    card = an2k(type_14(image.pixels, "7", (image.width, image.height)), type_9([], f136="0", f137=""))
    contents = read(engine, card)
    assert len(convert(contents, target, lambda: engine)) == 1
    assert "holds no minutiae" in contents.notes[0]
