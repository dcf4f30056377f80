"""This module writes what was read of a file in another format: images become templates, templates other templates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from biometrics.engine import Template
from biometrics.formats.contents import Contents, ImageSample, NativeSample, Sample, TemplateSample
from biometrics.formats.minutiae import FingerMinutiae, MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.pictures import write_png
from biometrics.formats.reading import NO_MINUTIAE, check_one_fingertip
from biometrics.rejections import NoFinger, NoMinutiae, UnwritableTemplate
from biometrics.samples import Extractor, template_of


class Target(StrEnum):
    """What can be written."""

    ISO_2005 = MinutiaeFormat.ISO_2005.value
    ISO_2011 = MinutiaeFormat.ISO_2011.value
    ANSI_2004 = MinutiaeFormat.ANSI_2004.value
    ANSI_2009 = MinutiaeFormat.ANSI_2009.value
    ANSI_2009_AM1 = MinutiaeFormat.ANSI_2009_AM1.value
    SOURCEAFIS = "sourceafis"
    PNG = "png"

    @property
    def suffix(self) -> str:
        """How names of such files end."""
        return f".{self.partition('-')[0]}"


class Converter(Extractor, Protocol):
    """What converting needs of the engine."""

    def export(self, template: Template, template_format: MinutiaeFormat) -> bytes:
        """Write a template in a standard format."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what it was made of."""

    data: bytes
    samples: tuple[Sample, ...]


def convert(
    contents: Contents, target: Target, engine: Callable[[], Converter], *, apart: bool = False
) -> list[Written]:
    """Write the samples of a file in another format: in one record where that holds several, or each by itself.

    Between the standards minutiae are copied, and the engine is not asked. What it exports itself, and what it reads of
    standard templates, keeps position, impression and quality as the source told them.

    Args:
        contents: what was read.
        target: what is to be written.
        engine: gives the engine, once it is needed.
        apart: whether records of several fingers are parted.

    Raises:
        NoFinger: there is none in it.
        UnwritableTemplate: the target cannot say what the source holds.
        Rejected: the engine refuses a sample.
    """
    if not contents.samples:
        raise NoFinger("The file tells of missing fingers alone; there is nothing to convert.")
    if target is Target.PNG:
        return [Written(_png(sample), (sample,)) for sample in contents.samples]
    if target is Target.SOURCEAFIS:
        return [Written(_native(sample, engine), (sample,)) for sample in contents.samples]
    edition = MinutiaeFormat(target.value)
    groups = [[sample] for sample in contents.samples] if apart else [list(contents.samples)]
    return [_record(samples, edition, engine) for samples in groups]


def _record(samples: Sequence[Sample], edition: MinutiaeFormat, engine: Callable[[], Converter]) -> Written:
    fingers = [_minutiae(sample, edition, engine) for sample in samples]
    editions = {sample.format if isinstance(sample, TemplateSample) else None for sample in samples}
    data = write_minutiae(fingers, edition, extended_of=editions.pop() if len(editions) == 1 else None)
    return Written(data, tuple(samples))


def _minutiae(sample: Sample, edition: MinutiaeFormat, engine: Callable[[], Converter]) -> FingerMinutiae:
    if isinstance(sample, TemplateSample):
        if not sample.finger.minutiae:
            raise NoMinutiae(NO_MINUTIAE)
        return sample.finger
    check_one_fingertip(sample)
    exported = engine().export(template_of(sample, engine()), edition)
    (finger,) = read_minutiae(exported).fingers
    return replace(finger, capture=sample.capture)


def _native(sample: Sample, engine: Callable[[], Converter]) -> bytes:
    if isinstance(sample, NativeSample):
        return sample.data
    check_one_fingertip(sample)
    template = template_of(sample, engine())
    return engine().to_bytes(template)


def _png(sample: Sample) -> bytes:
    if not isinstance(sample, ImageSample):
        raise UnwritableTemplate("A template holds no image, and none can be made of it; name a format of templates.")
    return write_png(sample.image)
