"""This module puts together what is known of an image's quality."""

from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from biometrics.formats.resampling import at_standard
from biometrics.formats.tone import Tone, tone_of
from biometrics.gray import GrayImage
from biometrics.quality.advice import Advice, advise
from biometrics.quality.gate import Demand, Verdict, judge
from biometrics.quality.nfiq2 import LARGEST, Nfiq2
from biometrics.quality.several import shows_several
from biometrics.quality.touch import MM, Touch, look_at
from biometrics.quality.upright import is_upside_down
from biometrics.rejections import InvertedImage, QualityTooLow, SeveralFingers, TurnedImage


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
        inverted: whether its tones are, as far as can be told.
        several: whether it shows several fingers, as far as can be told.
        upside_down: whether the print is, as far as can be told; of several nothing is told.
    """

    nfiq2: Nfiq2
    touch: Touch | None
    inverted: bool = False
    several: bool = False
    upside_down: bool = False

    @property
    def score(self) -> int | None:
        """The score of NFIQ 2, 0 to 100."""
        return self.nfiq2.score

    @property
    def advice(self) -> tuple[Advice, ...]:
        """What would make a better image; first, what would make a faithful one."""
        faults = (
            (Advice.INVERTED, self.inverted),
            (Advice.SEVERAL, self.several),
            (Advice.UPSIDE_DOWN, self.upside_down),
        )
        first = tuple(advice for advice, is_so in faults if is_so)
        if self.inverted:
            return first  # what else is measured is of the valleys, not of the ridges
        others = advise(self.nfiq2, self.touch)
        return first if first and others == (Advice.AGAIN,) else (*first, *others)

    @property
    def is_faithful(self) -> bool:
        """Whether it shows the finger as it is: ridges dark, alone, the tip on top."""
        return not (self.inverted or self.several or self.upside_down)

    def verdict(self, demand: Demand) -> Verdict:
        """Say whether the image is what is asked for."""
        is_refused = demand.faithful and not self.is_faithful
        return Verdict.REFUSED if is_refused else judge(self.score, demand)


def is_refused(quality: Quality | None, demand: Demand) -> bool:
    """Tell whether the gate refuses an image; it judges none whose quality was not measured."""
    return quality is not None and quality.verdict(demand) is Verdict.REFUSED


def check(quality: Quality | None, demand: Demand, field: str, but: str = "") -> None:
    """Hold the gate shut for an image that is not as it should be, or below what is asked at least.

    Args:
        quality: of the image; nothing where it was not measured.
        demand: what is asked.
        field: of the request, which sent the image.
        but: what whoever is sure that an image is as it should be can do.

    Raises:
        InvertedImage: its tones are the wrong way round.
        SeveralFingers: it shows more than one.
        TurnedImage: it is upside down.
        QualityTooLow: it is too poor; the text tells the person at the sensor what to do.
    """
    if quality is None:
        return
    if demand.faithful and quality.inverted:
        raise InvertedImage(Advice.INVERTED.text + but, field=field)
    if demand.faithful and quality.several:
        raise SeveralFingers(Advice.SEVERAL.text + but, field=field)
    if demand.faithful and quality.upside_down:
        raise TurnedImage(Advice.UPSIDE_DOWN.text + but, field=field)
    if judge(quality.score, demand) is Verdict.REFUSED:
        said = "nothing that NFIQ 2 can judge" if quality.score is None else f"{quality.score} of 100 by NFIQ 2"
        advice = advise(quality.nfiq2, quality.touch)[0].text
        raise QualityTooLow(
            f"The image's quality is {said}, and at least {demand.least} is asked: {advice[0].lower()}{advice[1:]}",
            field=field,
        )


class Measurement:
    """A quality that is being measured, while others work on the image."""

    def __init__(self, meter: Meter, image: GrayImage) -> None:
        self._image = at_standard(image)
        self._touch = look_at(self._image)
        self._found = meter.begin(_fitting(self._image, self._touch))

    def result(self) -> Quality:
        """Look whether the image is faithful, and wait for what is measured elsewhere."""
        inverted = tone_of(self._image) is Tone.INVERTED
        several = self._touch is not None and shows_several(self._image, self._touch.printed)
        upside_down = self._touch is not None and not several and is_upside_down(self._image)
        return Quality(self._found.result(), self._touch, inverted, several, upside_down)


def _fitting(image: GrayImage, touch: Touch | None) -> GrayImage:
    """Cut the print out of an image that is larger than NFIQ 2 takes, such as one of a sensor for four fingers."""
    if image.width <= LARGEST[0] and image.height <= LARGEST[1]:
        return image
    left, right, top, bottom = (0, 0, 0, 0) if touch is None else (round(margin / MM) for margin in touch.margins)
    x, width = _part(image.width, left, right, LARGEST[0])
    y, height = _part(image.height, top, bottom, LARGEST[1])
    rows = (image.pixels[row * image.width + x :][:width] for row in range(y, y + height))
    return GrayImage(width, height, b"".join(rows), image.dpi)


def _part(size: int, before: int, after: int, largest: int) -> tuple[int, int]:
    """Give where a print begins that has these margins, and how long it is; of one that is too long, the middle."""
    length = size - before - after
    return before + max(0, length - largest) // 2, min(length, largest)
