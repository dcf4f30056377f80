"""This module reads minutiae of type 9 records (ANSI/NIST-ITL 1-2011, 8.9).

They are in the fields of INCITS 378 (9.126 to 9.137), or in those of the FBI's IAFIS (EBTS, 9.013 to 9.030). There
places are hundredths of a millimetre from the upper left, directions degrees counterclockwise from the right: so NIST's
sample tells them, in which minutiae and image of one finger are together (`type-9-4-iafis.an2`).
"""

import re
from collections.abc import Callable
from dataclasses import replace

from biometrics.formats.contents import TemplateSample
from biometrics.formats.minutiae import Capture, FingerMinutiae, Minutia, MinutiaeFormat, MinutiaKind, per_cm
from biometrics.formats.nist_captures import capture_of, fingers_of, positions_of
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import said
from biometrics.formats.resolution import is_square, not_square
from biometrics.gray import STANDARD_DPI
from biometrics.rejections import UnreadableRecord

_IMPRESSION = 3
_WIDTH, _HEIGHT, _SCALE, _ACROSS, _DOWN, _VIEW, _POSITION, _QUALITY, _COUNT, _MINUTIAE = range(128, 138)
"""9.128 HLL, 9.129 VLL, 9.130 SLC, 9.131 THPS, 9.132 TVPS, 9.133 FVW, 9.134 FGP, 9.135 FQD, 9.136 NOM, 9.137 FMD."""
_INCHES, _CENTIMETRES = 1, 2
_BEST = 100
_ANGLE_UNIT = MinutiaeFormat.ANSI_2009.angle_unit
_KINDS = {kind.value: kind for kind in MinutiaKind}

_IAFIS_POSITION, _IAFIS_COUNT, _IAFIS_MINUTIAE = 14, 15, 23
_PLACE = re.compile(r"^\d{11}$", re.ASCII)
_PER_CM = per_cm(STANDARD_DPI)
_HUNDREDTHS_OF_A_CM = 1000
# Beyond the outermost minutia, so that none lies on an edge: 1 mm.
_MARGIN = _PER_CM // 10
_IAFIS_KINDS = {"A": MinutiaKind.ENDING, "B": MinutiaKind.BIFURCATION}
"""Compound minutiae (C) and those whose type is not determined (D) are others."""

_FORMAT = 4
"""9.004 FMT: the last field that is the same whatever form the minutiae have."""
_NOT_READ = {
    range(5, 13): "the older fields 9.005 to 9.012",
    range(_IAFIS_POSITION - 1, 31): "fields of the IAFIS (9.013 to 9.030), but not in 9.023",
    range(_WIDTH - 2, 151): "fields of INCITS 378 (9.126 to 9.150), but not in 9.137",
    range(300, 400): "the extended features, 9.300 on",
}
"""What is no maker's own (ITL 1-2011, 8.9)."""

_INCOMPLETE = "A minutia of the transaction lacks its place or its angle; send it again."


def minutiae_of(record: NistRecord) -> TemplateSample | None:
    """Read the minutiae of the fields that hold some; nothing where they are in others, whose meaning is their maker's.

    Raises:
        UnreadableRecord: the fields are not what they must be.
        UnknownResolution: they tell no more of the pixels than that they are not square.
    """
    finger = _incits(record)
    if finger is None or not finger.minutiae:
        finger = _iafis(record) or finger
    return None if finger is None else TemplateSample(finger, MinutiaeFormat.ANSI_2009, _doubts(record, finger))


def of_image(template: TemplateSample, image: Capture, notes: list[str]) -> TemplateSample:
    """Hold minutiae against what is told of the image of the same number: of which finger they are, or may be.

    Args:
        template: the minutiae.
        image: what is told of the one image that has their number.
        notes: to which is added that they are told to be of different fingers.
    """
    told = template.capture
    if not told.position and not told.among:
        shows_several = image.fingers and not image.position.finger
        position, among = (told.position, image.fingers) if shows_several else (image.position, image.among)
        capture = replace(told, position=position, among=among)
        return replace(template, finger=replace(template.finger, capture=capture))
    if told.fingers and not any(image.may_show(finger) for finger in told.fingers):
        shown = image.position.said if image.position else said(image.among)
        notes.append(f"doubtful: minutiae of the {said(told.fingers)} have the number of an image of the {shown}")
    return template


def elsewhere(record: NistRecord) -> str:
    """Say in which fields minutiae are that are not read."""
    names = dict.fromkeys(_named(number) for number in sorted(record.fields) if number > _FORMAT)
    return f"its minutiae are in {' and '.join(names)}" if names else "it holds no minutiae"


def _named(field: int) -> str:
    return next((name for fields, name in _NOT_READ.items() if field in fields), "fields of a maker's own")


def told_of(record: NistRecord) -> Capture:
    """Give which finger the minutiae are of, as far as that is told, though they cannot be read."""
    told = [*positions_of(record, _POSITION), *positions_of(record, _IAFIS_POSITION)]
    return capture_of([each for each in told if each], record.number(_IMPRESSION))


def _doubts(record: NistRecord, finger: FingerMinutiae) -> tuple[str, ...]:
    """Note where the fields of the other form tell another finger than those that the minutiae are read of."""
    counts = finger.capture.fingers
    told = [fingers_of(positions_of(record, field)) for field in (_POSITION, _IAFIS_POSITION)]
    others = [fingers for fingers in told if counts and fingers and not fingers & counts]
    return tuple(
        f"doubtful: other fields of the record tell the {said(each)}; the {said(counts)} counts" for each in others
    )


def _incits(record: NistRecord) -> FingerMinutiae | None:
    minutiae = _minutiae(record, _MINUTIAE, _COUNT, _incits_minutia)
    if minutiae is None:
        return None
    capture = replace(
        _capture(record, _POSITION, _IAFIS_POSITION),
        quality=_quality(record.number(_QUALITY)),
        view=record.number(_VIEW) or 0,
    )
    width, height, across, down = (record.number(each) or 0 for each in (_WIDTH, _HEIGHT, _ACROSS, _DOWN))
    scale = record.number(_SCALE)
    if scale == _INCHES:
        across, down = per_cm(across), per_cm(down)
    elif scale != _CENTIMETRES:
        if across and down and not is_square((across, down)):
            raise not_square("record")
        across = down = 0  # what is counted in is not told, and so no resolution
    return FingerMinutiae(capture, width, height, across, down, minutiae)


def _iafis(record: NistRecord) -> FingerMinutiae | None:
    """Read the minutiae, at 500 dpi."""
    minutiae = _minutiae(record, _IAFIS_MINUTIAE, _IAFIS_COUNT, _iafis_minutia)
    if minutiae is None:
        return None
    width, height = (max(side, default=0) + 1 + _MARGIN for side in ([m.x for m in minutiae], [m.y for m in minutiae]))
    return FingerMinutiae(_capture(record, _IAFIS_POSITION, _POSITION), width, height, _PER_CM, _PER_CM, minutiae)


def _minutiae(
    record: NistRecord, field: int, count: int, read: Callable[[tuple[str, ...]], Minutia]
) -> tuple[Minutia, ...] | None:
    """Read the minutiae of a field, which are as many as the field `count` announces; nothing where it is not there.

    Of none the field is there, and empty.
    """
    if field not in record.fields:
        return None
    minutiae = tuple(read(item) for item in record.field(field) if any(each.strip() for each in item))
    if record.number(count) not in {None, len(minutiae)}:
        raise UnreadableRecord(
            "A template of the transaction holds another number of minutiae than it announces; send it again."
        )
    return minutiae


def _capture(record: NistRecord, field: int, otherwise: int) -> Capture:
    """Read which finger a field tells, or where that tells nothing another one."""
    told = capture_of(positions_of(record, field), record.number(_IMPRESSION))
    return (
        told
        if told.fingers or told.position
        else capture_of(positions_of(record, otherwise), record.number(_IMPRESSION))
    )


def _incits_minutia(item: tuple[str, ...]) -> Minutia:
    """Read a minutia: its number, x, y, angle in steps of two degrees, kind and quality."""
    numbers = [as_number(each) for each in item]
    if len(numbers) < 4 or None in numbers[1:4]:  # noqa: PLR2004  what no minutia lacks
        raise UnreadableRecord(_INCOMPLETE)
    _, x, y, angle, kind, quality = (*numbers, None, None)[:6]
    return Minutia(
        _KINDS.get(kind or 0, MinutiaKind.OTHER),
        x or 0,
        y or 0,
        (angle or 0) * _ANGLE_UNIT % 360,
        _quality(quality) or None,
    )


def _iafis_minutia(item: tuple[str, ...]) -> Minutia:
    """Read a minutia: its number, x, y and direction in one (four digits, four, three), quality, type, ridge counts.

    The quality is a maker's own, and not told further.
    """
    place = item[1].strip() if len(item) > 1 else ""
    if not _PLACE.match(place):
        raise UnreadableRecord(_INCOMPLETE)
    x, y, direction = (int(part) for part in (place[:4], place[4:8], place[8:]))
    kind = item[3].strip() if len(item) > 3 else ""  # noqa: PLR2004  the type is the fourth
    return Minutia(_IAFIS_KINDS.get(kind, MinutiaKind.OTHER), _pixels(x), _pixels(y), float(direction % 360))


def _quality(value: int | None) -> int | None:
    return value if value is not None and value <= _BEST else None


def _pixels(hundredths: int) -> int:
    return round(hundredths * _PER_CM / _HUNDREDTHS_OF_A_CM)
