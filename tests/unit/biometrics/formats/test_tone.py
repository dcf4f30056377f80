"""An image whose tones are turned round is refused; what only looks like it is read, and doubted."""

import cv2
import numpy as np
import pytest
from PIL import Image

from biometrics.formats.images import Decoding, decode_image
from biometrics.formats.tone import Tone, tone_of
from biometrics.gray import GrayImage
from biometrics.rejections import InvertedImage
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


def painted_around(values):
    """Paint black over all that is no print, as programs do that cut prints out; of a finger that is rather dry."""
    values = cv2.dilate(values, np.ones((3, 3), np.uint8))
    near = cv2.dilate((values < 128).astype(np.uint8), np.ones((25, 25), np.uint8))
    return np.where(near > 0, values, 0).astype(np.uint8)


@pytest.mark.parametrize("image", PRINTS)
def test_an_image_with_white_ridges_on_black_is_refused(image):
    with pytest.raises(InvertedImage, match="black ridges on white"):
        decoded(255 - pixels(image))


@pytest.mark.parametrize("image", PRINTS)
def test_black_ridges_on_white_are_read_without_a_word(image):
    found = decoded(pixels(image))
    assert found.notes == ()
    assert found.image.pixels == image.pixels


@pytest.mark.parametrize("image", PRINTS)
def test_dark_bands_and_paint_around_a_print_are_no_reason_to_refuse_it(image):
    for changed, doubted in ((np.pad(pixels(image), 30), {True}), (painted_around(pixels(image)), {True, False})):
        found = decoded(changed)
        assert ("dark around" in "".join(found.notes)) in doubted
        assert found.image.pixels == changed.tobytes(), "what is in doubt is not changed"


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
