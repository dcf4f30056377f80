"""This module reads minutiae of type 9 records that are in the fields of the FBI's IAFIS (EBTS, 9.013 to 9.030).

Places are hundredths of a millimetre from the upper left, directions degrees counterclockwise from the right: so NIST's
sample tells them, in which minutiae and image of one finger are together (`type-9-4-iafis.an2`).
"""

import re

from biometrics.formats.contents import TemplateSample
from biometrics.formats.impressions import Impression, impression_of
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind, per_cm
from biometrics.formats.nist_records import NistRecord
from biometrics.formats.positions import Position, position_of
from biometrics.gray import STANDARD_DPI
from biometrics.rejections import UnreadableRecord

_IMPRESSION, _POSITION, _COUNT, _MINUTIAE = 3, 14, 15, 23
_PLACE = re.compile(r"^\d{11}$", re.ASCII)
_PER_CM = per_cm(STANDARD_DPI)
_HUNDREDTHS_OF_A_CM = 1000
# Beyond the outermost minutia, so that none lies on an edge: 1 mm.
_MARGIN = _PER_CM // 10
_KINDS = {"A": MinutiaKind.ENDING, "B": MinutiaKind.BIFURCATION}
"""Compound minutiae (C) and those whose type is not determined (D) are others."""


def iafis_minutiae_of(record: NistRecord) -> TemplateSample | None:
    """Read the minutiae, at 500 dpi; nothing where there are none of these fields.

    Raises:
        UnreadableRecord: the fields are not what they must be.
    """
    items = record.fields.get(_MINUTIAE)
    if items is None:
        return None
    minutiae = tuple(_minutia(item) for item in items)
    if record.number(_COUNT) not in {None, len(minutiae)}:
        raise UnreadableRecord(
            "A template of the transaction holds another number of minutiae than it announces; send it again."
        )
    position, impression = record.number(_POSITION), record.number(_IMPRESSION)
    capture = Capture(
        Position.UNKNOWN if position is None else position_of(position),
        Impression.UNKNOWN if impression is None else impression_of(impression),
    )
    width, height = (max(side) + 1 + _MARGIN for side in ([m.x for m in minutiae], [m.y for m in minutiae]))
    finger = FingerMinutiae(capture, width, height, _PER_CM, _PER_CM, minutiae)
    return TemplateSample(finger, MinutiaeFormat.ANSI_2009)


def _minutia(item: tuple[str, ...]) -> Minutia:
    """Read a minutia: its number, x, y and direction in one (four digits, four, three), quality, type, ridge counts.

    The quality is a maker's own, and not told further.
    """
    place = item[1].strip() if len(item) > 1 else ""
    if not _PLACE.match(place):
        raise UnreadableRecord("A minutia of the transaction lacks its place or its angle; send it again.")
    x, y, direction = (int(part) for part in (place[:4], place[4:8], place[8:]))
    kind = item[3].strip() if len(item) > 3 else ""  # noqa: PLR2004  the type is the fourth
    return Minutia(_KINDS.get(kind, MinutiaKind.OTHER), _pixels(x), _pixels(y), float(direction % 360))


def _pixels(hundredths: int) -> int:
    return round(hundredths * _PER_CM / _HUNDREDTHS_OF_A_CM)
