"""This module reads minutiae of type 9 records that are in the fields of INCITS 378 (ANSI/NIST-ITL 1-2011, 8.9)."""

from biometrics.formats.contents import TemplateSample
from biometrics.formats.impressions import Impression, impression_of
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind, per_cm
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Position, position_of
from biometrics.rejections import UnreadableRecord

_IMPRESSION = 3
_WIDTH, _HEIGHT, _SCALE, _ACROSS, _DOWN, _VIEW, _POSITION, _QUALITY, _COUNT, _MINUTIAE = range(128, 138)
"""9.128 HLL, 9.129 VLL, 9.130 SLC, 9.131 THPS, 9.132 TVPS, 9.133 FVW, 9.134 FGP, 9.135 FQD, 9.136 NOM, 9.137 FMD."""
_INCHES = 1
_BEST = 100
_ANGLE_UNIT = MinutiaeFormat.ANSI_2009.angle_unit
_KINDS = {kind.value: kind for kind in MinutiaKind}


def minutiae_of(record: NistRecord) -> TemplateSample | None:
    """Read the minutiae; nothing where they are in other fields, whose meaning is their maker's.

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
        _quality(record.number(_QUALITY)),
        record.number(_VIEW) or 0,
    )
    size = record.number(_WIDTH) or 0, record.number(_HEIGHT) or 0
    scale = record.number(_SCALE)
    pixels = [
        per_cm(number) if scale == _INCHES else number
        for number in (record.number(_ACROSS) or 0, record.number(_DOWN) or 0)
    ]
    return TemplateSample(FingerMinutiae(capture, *size, pixels[0], pixels[1], minutiae), MinutiaeFormat.ANSI_2009)


def _minutia(item: tuple[str, ...]) -> Minutia:
    """Read a minutia: its number, x, y, angle in steps of two degrees, kind and quality."""
    numbers = [as_number(each.strip()) for each in item]
    if len(numbers) < 4 or None in numbers[1:4]:  # noqa: PLR2004  what no minutia lacks
        raise UnreadableRecord("A minutia of the transaction lacks its place or its angle; send it again.")
    _, x, y, angle, kind, quality = (*numbers, None, None)[:6]
    return Minutia(
        _KINDS.get(kind or 0, MinutiaKind.OTHER),
        x or 0,
        y or 0,
        (angle or 0) * _ANGLE_UNIT % 360,
        _quality(quality) or None,
    )


def _quality(value: int | None) -> int | None:
    return value if value is not None and value <= _BEST else None
