"""This module reads the images of a set as the service does, and tells failures from what is no image."""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from biometrics.evaluation.impressions import Impression, NotMeasurable, read_name
from biometrics.formats.contents import ImageSample
from biometrics.formats.images import Decoding
from biometrics.formats.reading import one_finger, read_file
from biometrics.formats.resolution import ResolutionNote
from biometrics.gray import STANDARD_DPI, GrayImage
from biometrics.rejections import (
    BlankImage,
    ImageTooLarge,
    ImageTooSmall,
    ImpossibleResolution,
    UnknownResolution,
)
from hub.errors import Rejected

_NO_TEMPLATE = (BlankImage, ImageTooLarge, ImageTooSmall)
"""An image can be read, and is refused for what it shows: a failure, as where the engine finds nothing."""


@dataclass(frozen=True, slots=True)
class ReadSet:
    """The images of a set in the order of their files; what is told of a file begins with its name.

    Attributes:
        impressions: of each image, what its name tells.
        images: nothing in the place of one that the service refuses for what it shows: a failure.
        failures: why these were refused.
        faults: what is no image of one finger, or the same impression once more; they have no place.
        doubts: what contradicts the resolution of an image, or makes it doubtful.
    """

    impressions: list[Impression] = field(default_factory=list)
    images: list[GrayImage | None] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """Give what a person is to know of it: each failure and fault, and of doubts the first and how many."""
        told = [*self.faults, *(f"{failure} It counts as a failure." for failure in self.failures)]
        if self.doubts:
            count = f"{len(self.doubts):,} of {len(self.images):,}"
            told.append(f"The resolution of {count} images is in doubt: {self.doubts[0]}.")
        return told


def read_set(
    files: Iterable[Path], pattern: re.Pattern[str], decoding: Decoding, read_bytes: Callable[[Path], bytes]
) -> ReadSet:
    """Read the files whose names the expression fits.

    Raises:
        UnknownResolution: nothing possible tells that of the image which `field` names.
    """
    found, known = ReadSet(), set[tuple[object, ...]]()
    for file in files:
        impression = read_name(file.stem, pattern)
        if impression is None:
            continue
        try:
            if (which := (impression.whose, impression.impression)) in known:
                raise NotMeasurable("Another file is the same impression of the same finger; name each once.")
            sample = _image(read_bytes(file), decoding)
        except (UnknownResolution, ImpossibleResolution) as error:
            raise UnknownResolution(str(error), field=file.name) from None
        except _NO_TEMPLATE as error:
            sample = None
            found.failures.append(f"{file.name}: {error}")
        except Rejected as error:
            found.faults.append(f"{file.name}: {error}")
            continue
        known.add(which)
        found.impressions.append(impression)
        found.images.append(None if sample is None else sample.image)
        doubts = [note for note in sample.notes if isinstance(note, ResolutionNote)] if sample else []
        found.doubts.extend(f"{file.name}: {doubt}" for doubt in doubts[:1])
    return found


def _image(data: bytes, decoding: Decoding) -> ImageSample:
    try:
        return _decoded(data, decoding)
    except (UnknownResolution, ImpossibleResolution):
        # At any resolution it is an image of one finger, though perhaps too small or too large a one, or it is a fault.
        with suppress(*_NO_TEMPLATE):
            _decoded(data, replace(decoding, dpi=STANDARD_DPI))
        raise


def _decoded(data: bytes, decoding: Decoding) -> ImageSample:
    sample = one_finger(read_file(data, decoding))
    if not isinstance(sample, ImageSample):
        raise NotMeasurable("The file holds a template; images are compared here.")
    return sample
