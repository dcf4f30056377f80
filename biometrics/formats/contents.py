"""This module is what a file of any format holds: images and templates of fingers, and which fingers are missing."""

from dataclasses import dataclass, field

from biometrics.formats.kinds import SampleFormat
from biometrics.formats.minutiae import NOTHING_TOLD, Capture, FingerMinutiae, MinutiaeFormat
from biometrics.formats.positions import Missing, Position
from biometrics.formats.resolution import Dpi, ResolutionSource
from biometrics.gray import GrayImage
from hub.errors import Rejected


@dataclass(frozen=True, slots=True)
class ImageSample:
    """An image, decoded; `notes` say what was odd about it."""

    image: GrayImage
    source: ResolutionSource
    capture: Capture = NOTHING_TOLD
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateSample:
    """The minutiae of one finger, read of a record of `format`."""

    finger: FingerMinutiae
    format: MinutiaeFormat
    notes: tuple[str, ...] = ()

    @property
    def capture(self) -> Capture:
        """Which finger it is, and how it was taken."""
        return self.finger.capture


@dataclass(frozen=True, slots=True)
class NativeSample:
    """A template in the engine's own format, which only the engine reads; `maker` is the version that wrote it."""

    data: bytes
    maker: str | None
    capture: Capture = NOTHING_TOLD
    notes: tuple[str, ...] = ()


Sample = ImageSample | TemplateSample | NativeSample


@dataclass(frozen=True, slots=True)
class MissingFinger:
    """A finger that could not be taken."""

    position: Position
    reason: Missing


@dataclass(frozen=True, slots=True)
class Contents:
    """What a file holds, in its order.

    Attributes:
        format: what the file is.
        samples: of fingers.
        missing: fingers that it says cannot be taken.
        notes: what of the file as a whole was odd, or passed over.
    """

    format: SampleFormat
    samples: tuple[Sample, ...]
    missing: tuple[MissingFinger, ...] = ()
    notes: tuple[str, ...] = ()

    def notes_of(self, sample: Sample) -> tuple[str, ...]:
        """Give what is to be told of a sample: what was odd about its file, and about itself, each once."""
        return tuple(dict.fromkeys((*self.notes, *sample.notes)))


@dataclass(frozen=True, slots=True)
class ImagePart:
    """An image of a record that was not decoded yet.

    Attributes:
        data: a file of an image format; raw pixels, one byte each, where `raw` gives their width and height.
        capture: what the record tells of it.
        dpi: the resolution that the record tells.
        declared: width and height that the record tells.
        raw: whether the pixels are not compressed.
        crop: left, top, right and bottom of what is one finger of the image.
        notes: what is odd about what the record tells.
    """

    data: bytes
    capture: Capture
    dpi: Dpi | None
    declared: tuple[int, int]
    raw: bool = False
    crop: tuple[int, int, int, int] | None = None
    notes: tuple[str, ...] = ()


Part = ImagePart | TemplateSample


@dataclass(frozen=True, slots=True)
class Unread:
    """What of a record cannot be read, which is a refusal only where it is wanted.

    Attributes:
        capture: which finger it is of, as far as that is told.
        fault: what is wrong with it.
    """

    capture: Capture
    fault: Rejected


@dataclass(frozen=True, slots=True)
class Parts:
    """What a record holds before its images are decoded."""

    parts: tuple[Part, ...]
    missing: tuple[MissingFinger, ...] = ()
    notes: tuple[str, ...] = field(default=())
    unread: tuple[Unread, ...] = ()
