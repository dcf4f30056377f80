"""This module reads the images of a set as the service does, and tells failures from what is no image."""

import re
from collections.abc import Callable, Iterable, Sequence
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
        names: the file of each image.
        images: nothing in the place of one that the service refuses for what it shows: a failure.
        failures: why these were refused.
        faults: what is no image of one finger, or the same impression once more; they have no place.
        doubts: what contradicts the resolution of an image, or makes it doubtful.
        notes: what else was odd about a file, or passed over in it.
    """

    impressions: list[Impression] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    images: list[GrayImage | None] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def told(self) -> list[str]:
        """Give what a person is to know of it: failures and faults, and of doubts and notes the first and how many."""
        told = [*self.faults, *map(counted, self.failures)]
        if self.doubts:
            told.append(f"The resolution of {self._count(self.doubts)} is in doubt: {self.doubts[0]}.")
        if self.notes:
            # Where a note has the words of a refusal it is a sentence already.
            told.append(f"Something is to be noted of {self._count(self.notes)}: {self.notes[0].removesuffix('.')}.")
        return told

    def _count(self, told: Sequence[str]) -> str:
        return f"{len(told):,} of {len(self.images):,} images"


def counted(failure: str) -> str:
    """Say what a failure does to the figures."""
    return f"{failure} It counts as a failure."


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
            image, odd = _image(read_bytes(file), decoding)
        except (UnknownResolution, ImpossibleResolution) as error:
            raise UnknownResolution(str(error), field=file.name) from None
        except _NO_TEMPLATE as error:
            image, odd = None, ()
            found.failures.append(f"{file.name}: {error}")
        except Rejected as error:
            found.faults.append(f"{file.name}: {error}")
            continue
        known.add(which)
        found.impressions.append(impression)
        found.names.append(file.name)
        found.images.append(image)
        doubts = [note for note in odd if isinstance(note, ResolutionNote)]
        notes = [note for note in odd if not isinstance(note, ResolutionNote)]
        found.doubts.extend(f"{file.name}: {doubt}" for doubt in doubts[:1])
        found.notes.extend(f"{file.name}: {note}" for note in notes[:1])
    return found


def _image(data: bytes, decoding: Decoding) -> tuple[GrayImage, tuple[str, ...]]:
    """Give the image of a file, and what is odd about it."""
    try:
        return _decoded(data, decoding)
    except (UnknownResolution, ImpossibleResolution):
        # At any resolution it is an image of one finger, though perhaps too small or too large a one, or it is a fault.
        with suppress(*_NO_TEMPLATE):
            _decoded(data, replace(decoding, dpi=STANDARD_DPI))
        raise


def _decoded(data: bytes, decoding: Decoding) -> tuple[GrayImage, tuple[str, ...]]:
    contents = read_file(data, decoding)
    sample = one_finger(contents)
    if not isinstance(sample, ImageSample):
        raise NotMeasurable("The file holds a template; images are compared here.")
    return sample.image, contents.notes_of(sample)
