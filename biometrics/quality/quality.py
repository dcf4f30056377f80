"""This module puts together what is known of an image's quality."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from biometrics.formats.resampling import at_standard
from biometrics.gray import GrayImage
from biometrics.quality.advice import Advice, advise
from biometrics.quality.gate import Demand, Verdict, judge
from biometrics.quality.nfiq2 import LARGEST, Nfiq2
from biometrics.quality.touch import MM, Touch, look_at
from biometrics.rejections import QualityTooLow


class Meter(Protocol):
    """What measures NFIQ 2."""

    def begin(self, image: GrayImage) -> "Future[Nfiq2]":
        """Begin to measure an image at 500 dpi."""
        ...


@dataclass(frozen=True, slots=True)
class Quality:
    """The quality of an image.

    Attributes:
        nfiq2: what NFIQ 2 says of it.
        touch: how the finger was put on the sensor; nothing where there is none.
    """

    nfiq2: Nfiq2
    touch: Touch | None

    @property
    def score(self) -> int | None:
        """The score of NFIQ 2, 0 to 100."""
        return self.nfiq2.score

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What would make a better image."""
        return advise(self.nfiq2, self.touch)


def is_refused(quality: Quality | None, demand: Demand) -> bool:
    """Tell whether the gate refuses an image; it judges none whose quality was not measured."""
    return quality is not None and judge(quality.score, demand) is Verdict.REFUSED


def check(quality: Quality | None, demand: Demand, field: str) -> None:
    """Hold the gate shut for an image that is below what is asked at least.

    Raises:
        QualityTooLow: it is; the text tells the person at the sensor what to do.
    """
    if quality is None or not is_refused(quality, demand):
        return
    said = "nothing that NFIQ 2 can judge" if quality.score is None else f"{quality.score} of 100 by NFIQ 2"
    advice = quality.advice[0].text
    raise QualityTooLow(
        f"The image's quality is {said}, and at least {demand.least} is asked: {advice[0].lower()}{advice[1:]}",
        field=field,
    )


class Measurement:
    """A quality that is being measured, while others work on the image."""

    def __init__(self, meter: Meter, image: GrayImage) -> None:
        standard = at_standard(image)
        self._touch = look_at(standard)
        self._found = meter.begin(_fitting(standard, self._touch))

    def result(self) -> Quality:
        """Wait for it."""
        return Quality(self._found.result(), self._touch)


def _fitting(image: GrayImage, touch: Touch | None) -> GrayImage:
    """Cut the print out of an image that is larger than NFIQ 2 takes, such as one of a sensor for four fingers."""
    width, height = min(image.width, LARGEST[0]), min(image.height, LARGEST[1])
    if (width, height) == (image.width, image.height):
        return image
    margins = (0.0, 0.0, 0.0, 0.0) if touch is None else touch.margins
    left, right, top, bottom = (round(margin / MM) for margin in margins)
    x = _start(image.width, width, left, right)
    y = _start(image.height, height, top, bottom)
    rows = (image.pixels[row * image.width + x :][:width] for row in range(y, y + height))
    return GrayImage(width, height, b"".join(rows), image.dpi)


def _start(size: int, wanted: int, before: int, after: int) -> int:
    """Say where to begin, so that the middle between two margins becomes the middle of what is left."""
    return max(0, min((size + before - after - wanted) // 2, size - wanted))
