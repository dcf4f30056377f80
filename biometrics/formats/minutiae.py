"""This module is the form in which the minutiae of a finger travel between the standards, and their five editions."""

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from biometrics.formats.impressions import Impression
from biometrics.formats.positions import Position
from contracts.records import FingerPosition

INCH_CM = 2.54


class MinutiaeFormat(StrEnum):
    """The editions of finger minutiae records, off card."""

    ISO_2005 = "iso-19794-2:2005"
    ISO_2011 = "iso-19794-2:2011"
    ANSI_2004 = "ansi-378:2004"
    ANSI_2009 = "ansi-378:2009"
    ANSI_2009_AM1 = "ansi-378:2009-am1"

    @property
    def angle_unit(self) -> float:
        """Degrees of one step of an angle: 256 to a circle in ISO/IEC 19794-2, 180 in ANSI 378."""
        return 360 / 256 if self in {MinutiaeFormat.ISO_2005, MinutiaeFormat.ISO_2011} else 2.0


class MinutiaKind(IntEnum):
    """What a ridge does there (ISO/IEC 19794-2:2005, 7.4.2.1)."""

    OTHER = 0
    ENDING = 1
    BIFURCATION = 2


@dataclass(frozen=True, slots=True)
class Minutia:
    """A ridge ending or fork.

    Attributes:
        kind: which of them.
        x: pixels from the left.
        y: pixels from the top.
        angle: degrees counterclockwise from the right, 0 to below 360.
        quality: 0 to 100, where it is told.
    """

    kind: MinutiaKind
    x: int
    y: int
    angle: float
    quality: int | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """What is told of how a finger was taken.

    `view` numbers several takes of one finger, from 0. Where nobody says which finger it is, it is one of `among`;
    of what shows several, these are all that are left of them.
    """

    position: Position = Position.UNKNOWN
    impression: Impression = Impression.UNKNOWN
    quality: int | None = None
    view: int = 0
    among: frozenset[FingerPosition] = frozenset()

    @property
    def fingers(self) -> frozenset[FingerPosition]:
        """The fingers of which one or each is shown; none where that is not told."""
        return self.among or self.position.fingers

    def may_show(self, finger: FingerPosition) -> bool:
        """Tell whether it shows the finger, or another one with it, as far as it tells."""
        return self.position.may_show(finger) if self.position or not self.among else finger in self.among

    def may_be(self, finger: FingerPosition) -> bool:
        """Tell whether it is the finger, as far as it tells."""
        if self.position:
            return self.position.finger == finger
        return not self.among or finger in self.among


NOTHING_TOLD = Capture()


@dataclass(frozen=True, slots=True)
class FingerMinutiae:
    """The minutiae of one finger.

    Attributes:
        capture: which finger, and how it was taken.
        width: pixels of the image across.
        height: pixels down.
        x_per_cm: pixels to a centimetre across, 197 at 500 dpi.
        y_per_cm: pixels to a centimetre down.
        minutiae: in the order of the record.
        extended: the extended data (ridge counts, cores, deltas) as the edition of the record writes it.
        on_ridge: whether an ending lies where the ridge's skeleton ends, not where the valley's forks.
    """

    capture: Capture
    width: int
    height: int
    x_per_cm: int
    y_per_cm: int
    minutiae: tuple[Minutia, ...]
    extended: bytes = b""
    on_ridge: bool = False


def per_cm(dpi: float) -> int:
    """Give pixels to a centimetre, as records count them."""
    return round(dpi / INCH_CM)


def dpi_of(pixels_per_cm: float) -> float:
    """Give pixels to an inch."""
    return pixels_per_cm * INCH_CM
