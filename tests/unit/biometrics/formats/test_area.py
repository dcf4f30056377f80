"""What may be extracted is one fingertip: no larger image is, whatever it says that it is of."""

import numpy as np
import pytest

from biometrics.formats.images import Decoding
from biometrics.formats.kinds import SampleFormat
from biometrics.formats.reading import check_one_fingertip, one_finger, read_file
from biometrics.rejections import ImageTooLarge


def image(width, height, dpi):
    pixels = np.random.default_rng(1).integers(0, 256, width * height).astype(np.uint8).tobytes()
    return read_file(pixels, Decoding(lambda _: None, dpi), said=SampleFormat.RAW, size=(width, height))


@pytest.mark.parametrize(
    ("width", "height", "dpi"),
    [(800, 750, 500), (1600, 1500, 1000), (500, 1000, 500), (800, 768, 500)],
    ids=["rolled", "rolled-fine", "plain-thumb", "card"],
)
def test_the_largest_captures_of_a_finger_are_taken(width, height, dpi):
    assert one_finger(image(width, height, dpi)).image.width == width


@pytest.mark.parametrize(
    ("width", "height", "dpi"),
    [(1600, 1500, 500), (2000, 2000, 500), (400, 400, 100), (1600, 1000, 500)],
    ids=["slap", "most-pixels", "coarse", "two-thumbs"],
)
def test_what_shows_more_than_a_finger_is_refused_and_the_answer_says_what_to_send(width, height, dpi):
    for check in (one_finger, lambda contents: check_one_fingertip(contents.samples[0])):
        with pytest.raises(ImageTooLarge, match="each finger by itself"):
            check(image(width, height, dpi))
