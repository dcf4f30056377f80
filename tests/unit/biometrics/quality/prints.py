"""This module makes prints of stripes, put on a sensor in known ways, and what NFIQ 2 could say of them."""

from concurrent.futures import Future

import numpy as np

from biometrics.gray import GrayImage
from biometrics.quality.nfiq2 import Nfiq2
from biometrics.quality.touch import Touch

PERIOD = 9


def striped(width=320, height=400, *, ridge=4.5, dark=40, light=240, left=0, right=0, top=0, bottom=0):
    """Give stripes of `ridge` dark pixels of nine, with so many pixels of empty sensor at each side."""
    gray = np.full((height, width), 240, np.uint8)
    x = np.arange(width)
    wave = np.where(x % PERIOD < ridge, dark, light).astype(np.uint8)
    gray[top : height - bottom, left : width - right] = wave[left : width - right]
    return GrayImage(width, height, gray.tobytes())


def touch(*, area=200.0, contrast=150.0, ridge_share=0.45, margins=(1.0, 1.0, 1.0, 1.0)):
    return Touch(area, contrast, ridge_share, margins, np.ones((24, 20), bool))


def beside(left, right, *, gap=0, lower=0):
    """Lay two prints of one size on one sensor, `gap` pixels apart, the right one `lower` by so many."""
    width = left.width + gap + right.width
    gray = np.full((left.height + lower, width), 240, np.uint8)
    for image, top, start in ((left, 0, 0), (right, lower, left.width + gap)):
        pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
        gray[top : top + image.height, start : start + image.width] = pixels
    return GrayImage(width, left.height + lower, gray.tobytes())


def nfiq2(score=60, **measures):
    good = {
        "SufficientFingerprintForeground": 80_000.0,
        "FingerprintImageWithMinutiae": 45.0,
        "OCL_Bin10_Mean": 0.75,
    }
    return Nfiq2(score, good | measures)


class FakeMeter:
    """Says of every image what it was told to say: in turn, or by its width where images are measured side by side."""

    name = "nfiq2"

    def __init__(self, *answers, of_width=None):
        self.answers = list(answers) or [nfiq2()]
        self.of_width = of_width or {}
        self.asked = []

    def begin(self, image):
        self.asked.append(image)
        found: Future[Nfiq2] = Future()
        found.set_result(self.of_width.get(image.width) or self._next())
        return found

    def _next(self):
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
