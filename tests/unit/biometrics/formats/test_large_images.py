"""Four fingers at 1000 dpi are read, and brought to 500; what is larger, and what keeps a decoder busy, is refused."""

import time

import numpy as np
import pytest
from PIL import Image

from biometrics.formats.images import Decoding, decode_image, raw_image
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.opening import MAX_DECODED_PIXELS, MAX_PIXELS
from biometrics.formats.positions import Position
from biometrics.formats.reading import check_one_fingertip, one_finger
from biometrics.rejections import ImageTooLarge, SeveralFingers
from contracts.records import FingerPosition
from tests.unit.biometrics.formats.made import an2k, encoded, fir_2011, no_wsq, read, ridges, type_14

AT_1000 = Decoding(no_wsq, 1000)
SIZE = 3_200, 3_000
"""Four fingers at 1000 dpi (FBI EBTS, appendix F)."""
PRINT = ridges(18.0, 700, 1_900)
SLAP = Image.new("L", SIZE, 255)
for left in (0, 800, 1_600, 2_400):
    SLAP.paste(PRINT, (left, 0))
PLACES = "\x1e".join(
    f"{code}\x1f{800 * place}\x1f{800 * place + 699}\x1f0\x1f1899" for place, code in enumerate((2, 3, 4, 5))
)
NOTE = "brought to 500 dpi: it has more than 4000000 pixels"


@pytest.fixture(scope="module")
def slap():
    return encoded(SLAP, "PNG", dpi=(1000, 1000))


def record(data, compression="PNG", **more):
    return an2k(type_14(data, "13", SIZE, compression, f009=1000, f010=1000, **more))


@pytest.mark.parametrize("finger", [None, FingerPosition.RIGHT_MIDDLE])
def test_the_fingers_of_a_slap_at_1000_dpi_are_cut_out_of_it(slap, finger):
    samples = read(record(slap, f021=PLACES), finger=finger).samples
    assert len(samples) == (1 if finger else 4)
    expected = np.asarray(PRINT.resize((350, 950), Image.Resampling.LANCZOS)).astype(int)
    for sample in samples:
        assert (sample.image.width, sample.image.height, sample.image.dpi) == (350, 950, 500)
        assert sample.notes == (NOTE,)
        found = np.frombuffer(sample.image.pixels, np.uint8).reshape(950, 350)
        assert np.abs(found - expected)[10:-10, 10:-10].max() <= 3
    if finger:
        assert one_finger(read(record(slap, f021=PLACES), finger=finger)).capture.position is Position.RIGHT_MIDDLE


def test_a_slap_at_1000_dpi_that_tells_no_places_is_read_and_is_not_one_fingertip(slap):
    for data in (record(slap), fir_2011((13, slap), dpi=1000, size=SIZE, compression=6)):
        (sample,) = read(data).samples
        assert (sample.image.width, sample.image.height, sample.image.dpi) == (1_600, 1_500, 500)
        with pytest.raises(SeveralFingers):
            check_one_fingertip(sample)
    contents = read(slap)
    with pytest.raises(ImageTooLarge, match=r"3\.2 x 3\.0 inches"):
        one_finger(contents)


def test_raw_pixels_of_a_slap_at_1000_dpi_are_read():
    contents = read(SLAP.tobytes(), 1000, said=SampleFormat.RAW, size=SIZE)
    assert (contents.samples[0].image.width, contents.samples[0].notes) == (1_600, (NOTE,))


def test_an_image_of_as_many_pixels_as_are_kept_keeps_its_own():
    image = ridges(18.0, 2_000, 2_000)
    assert raw_image(image.tobytes(), 2_000, 2_000, AT_1000).image.pixels == image.tobytes()
    larger = raw_image(ridges(18.0, 2_001, 2_000).tobytes(), 2_001, 2_000, AT_1000)
    assert (larger.image.width, larger.image.height, larger.size) == (1_000, 1_000, (2_001, 2_000))


def test_more_is_refused_at_whatever_resolution():
    for dpi in (1000, 2000):
        with pytest.raises(ImageTooLarge, match=f"more than {MAX_DECODED_PIXELS}"):
            decode_image(encoded(Image.new("L", (4_001, 3_000)), "PNG"), Decoding(no_wsq, dpi))
    with pytest.raises(ImageTooLarge, match="larger than a hand"):
        decode_image(encoded(SLAP, "BMP"), Decoding(no_wsq, 700))


def test_of_colours_that_each_take_long_less_is_decoded():
    for mode in ("RGB", "LA"):
        with pytest.raises(ImageTooLarge, match=f"more than {MAX_PIXELS}"):
            decode_image(encoded(Image.new(mode, SIZE), "JPEG2000"), AT_1000)


def test_images_that_are_brought_to_fewer_pixels_count_for_what_was_decoded():
    """Each kept three quarters of a million, but took as long as the largest."""
    image = encoded(ridges(36.0, 4_000, 3_000), "PNG", compress_level=1)
    many = fir_2011(*[(place, bytes(image)) for place in range(1, 12)], dpi=2000, size=(4_000, 3_000), compression=6)
    with pytest.raises(ImageTooLarge, match="record"):
        read(many)


@pytest.mark.parametrize("kind", ["JPEG", "JPEG2000"])
def test_the_largest_images_take_no_longer_than_seconds(kind):
    noise = Image.fromarray(np.random.default_rng(1).integers(0, 256, SIZE[::-1]).astype(np.uint8))
    data = encoded(noise, kind)
    began = time.process_time()
    assert decode_image(data, AT_1000).image.dpi == 500
    assert time.process_time() - began < 5
