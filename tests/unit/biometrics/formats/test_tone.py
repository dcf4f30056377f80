"""An image whose tones are turned round is told; what only looks like it is doubted."""

import cv2
import numpy as np
import pytest
from PIL import Image

from biometrics.formats.images import Decoding, decode_image
from biometrics.formats.tone import Tone, tone_of
from biometrics.gray import GrayImage
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from tests.integration.real_engine import real_prints
from tests.unit.biometrics.formats.made import encoded, no_wsq

PRINTS = [press(make_finger(seed), seed % 4) for seed in range(12)]


def pixels(image):
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)


def gray(values):
    return GrayImage(values.shape[1], values.shape[0], np.ascontiguousarray(values).tobytes())


def decoded(values):
    return decode_image(encoded(Image.fromarray(np.ascontiguousarray(values)), "PNG"), Decoding(no_wsq, 500))


def framed(values, light=0):
    """Put a dark frame around an image, of which so many pixels at each side are light."""
    frame = np.pad(values, 30, constant_values=15)
    rng = np.random.default_rng(1)
    for edge in (frame[3], frame[-4], frame[:, 3], frame[:, -4]):
        edge[rng.integers(0, edge.size, light)] = 230
    return frame


def shaded(values):
    """Give a print that reaches two edges, on a wide sensor whose light fades to its corners."""
    wide = np.pad(values, ((0, 0), (80, 80)), constant_values=240)[: values.shape[0] * 3 // 4, 70:]
    down, across = np.indices(wide.shape)
    away = np.hypot(down / wide.shape[0] - 0.5, across / wide.shape[1] - 0.5)
    return ((60 + 0.5 * wide) * (1 - 0.4 * away)).astype(np.uint8)


def wet(values, by=3):
    return cv2.erode(values, np.ones((by, by), np.uint8))


@pytest.mark.parametrize("image", PRINTS)
def test_white_ridges_on_black_are_told_and_nothing_is_changed(image):
    inverted = 255 - pixels(image)
    assert tone_of(gray(inverted)) is Tone.INVERTED
    found = decoded(inverted)
    assert "white ridges on black" in "".join(found.notes)
    assert found.image.pixels == inverted.tobytes()


@pytest.mark.parametrize("image", PRINTS)
def test_black_ridges_on_white_are_read_without_a_word(image):
    found = decoded(pixels(image))
    assert found.notes == ()
    assert found.image.pixels == image.pixels


@pytest.mark.parametrize("light", [0, 1, 4])
@pytest.mark.parametrize("image", PRINTS)
def test_a_dark_frame_around_a_print_is_doubted_and_no_more_however_wet_the_finger(image, light):
    for values in (pixels(image), wet(pixels(image))):
        assert tone_of(gray(framed(values, light))) is Tone.DOUBTFUL
    assert "dark around" in "".join(decoded(framed(pixels(image), light)).notes)


@pytest.mark.parametrize("image", PRINTS)
def test_a_print_that_fills_its_image_tells_nothing_however_wet(image):
    inside = pixels(image)[120:260, 100:230]
    for changed in (inside, wet(inside), wet(inside, 5), 255 - inside):
        assert tone_of(gray(changed)) is Tone.DARK_RIDGES


@pytest.mark.parametrize("image", PRINTS)
def test_white_ridges_on_a_ground_that_is_not_black_are_told_where_the_print_reaches_the_edges(image):
    assert tone_of(gray(255 - shaded(pixels(image)))) is Tone.INVERTED


@pytest.mark.parametrize("by", [1, 3, 5])
@pytest.mark.parametrize("image", PRINTS)
def test_black_ridges_on_a_ground_that_is_not_white_are_read_however_wet(image, by):
    values = wet(shaded(pixels(image)), by)
    for changed in (values, cv2.flip(values, -1), values[60:-60], values[:, 60:-60]):
        assert tone_of(gray(changed)) is Tone.DARK_RIDGES


@pytest.mark.parametrize("image", PRINTS)
def test_a_part_of_a_wet_finger_whose_valleys_are_closed_tells_nothing(image):
    inside = pixels(image)[60:290, 40:250]
    open_at = np.clip(np.linspace(-1, 3, inside.shape[1]), 0, 1)
    closing = 40 + (wet(inside) - 40.0) * open_at
    for changed in (closing, closing.T, closing[:, ::-1]):
        assert tone_of(gray(changed.clip(0, 255).astype(np.uint8))) is Tone.DARK_RIDGES


def test_what_is_hardly_a_print_is_doubted_not_refused():
    values = np.zeros((200, 200), np.uint8)
    values[90:110, 90:110] = 200
    assert tone_of(gray(values)) is Tone.DOUBTFUL
    values[:] = 100
    values[0, 0] = 0
    assert tone_of(gray(values)) is Tone.DOUBTFUL, "nothing of it is light"


@pytest.mark.data
def test_no_real_print_is_told_to_be_inverted_however_wet_and_three_of_four_that_are_inverted_are():
    files = real_prints("", "**/*.png")
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    images = [np.asarray(Image.open(path).convert("L")) for path in files]
    prints = [values for values in images if np.ptp(values) > 0]  # one of them is blank
    assert len(prints) > 250
    for values in prints:
        for by in (1, 3, 5):
            changed = wet(values, by)
            rows, columns = (side // 4 for side in changed.shape)
            for shown in (changed, framed(changed), changed[rows:-rows, columns:-columns]):
                assert tone_of(gray(shown)) is not Tone.INVERTED
    assert sum(tone_of(gray(255 - values)) is Tone.INVERTED for values in prints) > 0.75 * len(prints)
