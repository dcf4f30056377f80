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
    wet = cv2.erode(pixels(image), np.ones((3, 3), np.uint8))
    for values in (pixels(image), wet):
        assert tone_of(gray(framed(values, light))) is Tone.DOUBTFUL
    assert "dark around" in "".join(decoded(framed(pixels(image), light)).notes)


@pytest.mark.parametrize("image", PRINTS)
def test_a_print_that_fills_its_image_tells_nothing_however_wet(image):
    inside = pixels(image)[120:260, 100:230]
    for changed in (inside, cv2.erode(inside, np.ones((3, 3), np.uint8)), 255 - inside):
        assert tone_of(gray(changed)) is Tone.DARK_RIDGES


def test_what_is_hardly_a_print_is_doubted_not_refused():
    values = np.zeros((200, 200), np.uint8)
    values[90:110, 90:110] = 200
    assert tone_of(gray(values)) is Tone.DOUBTFUL
    values[:] = 100
    values[0, 0] = 0
    assert tone_of(gray(values)) is Tone.DOUBTFUL, "nothing of it is light"
