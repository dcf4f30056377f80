"""This module finds the fingers of an ANSI/NIST-ITL transaction: images of types 3, 4 and 14, minutiae of type 9."""

import re
import struct
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

from biometrics.formats.contents import ImagePart, MissingFinger, Part, Parts, TemplateSample, Unread
from biometrics.formats.minutiae import Capture
from biometrics.formats.nist_captures import capture_of, fingers_of, positions_of
from biometrics.formats.nist_minutiae import elsewhere, minutiae_of, told_of
from biometrics.formats.nist_records import NistRecord, as_number, read_transaction
from biometrics.formats.positions import Missing, Position, position_of
from biometrics.formats.resolution import Dpi
from biometrics.rejections import NoFinger, UnreadableRecord
from contracts.records import FingerPosition

_MILLIMETRES = 25.4
_LOW, _HIGH, _ANY, _MINUTIAE = 3, 4, 14, 9
_LEAST = {_LOW: 9.84, _HIGH: 19.69}
"""Pixels to a millimetre, where a record says that it has the least that its type allows (ITL 1-2007, 9 and 10)."""
_HEADER = struct.Struct(">IBB6sBHHB")
_NO_POSITION = 255
_NOT_COMPRESSED = 0
_UNIT_INCH, _UNIT_CM = 1, 2
_RATIO = re.compile(r"^\d{1,3}(?:\.\d{1,4})?$")
_MISSING = {"XX": Missing.AMPUTATED, "UP": Missing.BANDAGED}
"""Amputated, and unable to print (field 14.018; ITL 1-2011, table 37)."""
_AMPUTATED = "what shows the {} was passed over: the transaction says that it is amputated"
_BY_STRENGTH = (Missing.AMPUTATED, Missing.BANDAGED, Missing.UNKNOWN)
_MOST_SEGMENTS = 20
"""Four fingers are on a slap, on a card ten; some have more."""
Segment = tuple[Position, tuple[int, int, int, int] | None]
"""A finger, and its left, top, right and bottom on the image; nothing where they are not told whole."""
_NOT_TOLD = "An image of the transaction does not tell where its fingers are; send it again."
_PASSED_OVER = {
    5: "type 5 (low-resolution binary images)",
    6: "type 6 (high-resolution binary images)",
    7: "type 7 (user-defined images)",
    13: "type 13 (latent images)",
    15: "type 15 (palms)",
    16: "type 16 (user-defined test images)",
    19: "type 19 (soles)",
}


def read_nist(data: bytes) -> Parts:
    """Read a transaction: its fingers, not decoded yet, and which are missing.

    Records of other things than fingers are passed over, and the notes say so of those that show ridges.

    Raises:
        UnreadableRecord: it is none, or is cut short.
        NoFinger: it is whole, but holds no finger that is read.
    """
    records = read_transaction(data)
    scanned = _per_millimetre(records[0].text(11))
    held: list[Part | Unread] = []
    notes: list[str] = []
    # All of them first: a record may tell of a finger whose place is in another.
    missing = _strongest((each for record in records if record.type == _ANY for each in _missing(record)), notes)
    gone = frozenset(position.finger for position in missing if position.finger)
    for record in records[1:]:
        if record.type in _LEAST:
            held.append(_fixed_image(record, scanned))
        elif record.type == _ANY:
            found = _images(record, gone)
            held += found
            if record.data and not found:
                notes.append("an image was passed over: all fingers whose places it tells are missing")
        elif record.type == _MINUTIAE:
            template = _minutiae(record)
            if template is None:
                notes.append(f"type 9 was passed over: {elsewhere(record)}")
            else:
                held.append(template)
        elif record.type in _PASSED_OVER:
            notes.append(f"{_PASSED_OVER[record.type]} was passed over")
    if not held and not missing:
        told = f" ({'; '.join(notes)})" if notes else ""
        raise NoFinger(f"The transaction holds no finger of types 3, 4, 9 or 14{told}; send one that does.")
    left = list(_left(held, missing, gone, notes))
    return Parts(
        tuple(each for each in left if not isinstance(each, Unread)),
        tuple(MissingFinger(position, reason) for position, reason in missing.items()),
        tuple(notes),
        tuple(each for each in left if isinstance(each, Unread)),
    )


def _strongest(told: Iterable[tuple[Position, Missing]], notes: list[str]) -> dict[Position, Missing]:
    """Give the reason for which each finger is missing, of several the strongest, and note that there are several."""
    reasons: dict[Position, set[Missing]] = {}
    for position, reason in told:
        reasons.setdefault(position.plain_or_rolled, set()).add(reason)
    missing: dict[Position, Missing] = {}
    for position, several in reasons.items():
        missing[position] = next(reason for reason in _BY_STRENGTH if reason in several)
        if len(several) > 1:
            others = " and ".join(reason for reason in _BY_STRENGTH if reason in several - {missing[position]})
            notes.append(
                f"the {position.said} is told to be missing as {missing[position]} and as {others}; the first counts"
            )
    return missing


def _left(
    held: list[Part | Unread], missing: dict[Position, Missing], gone: frozenset[FingerPosition], notes: list[str]
) -> Iterator[Part | Unread]:
    """Give what may show a finger that is not amputated, as none that is missing; and note the others."""
    amputated = gone & {position.finger for position, reason in missing.items() if reason is Missing.AMPUTATED}
    for each in held:
        fingers = each.capture.fingers
        # Another record may show what one could not; nothing shows a finger that is not there.
        if fingers and fingers <= amputated:
            notes.append(_AMPUTATED.format(" and the ".join(Position(finger).said for finger in sorted(fingers))))
        elif each.capture.among and not isinstance(each, Unread):
            yield _among(each, fingers - gone or fingers - amputated)
        else:
            yield each


def _minutiae(record: NistRecord) -> TemplateSample | Unread | None:
    try:
        return minutiae_of(record)
    except UnreadableRecord as fault:
        return Unread(told_of(record), fault)


def _among(part: Part, fingers: frozenset[FingerPosition]) -> Part:
    """Say of a part which fingers are left of those of which it is one."""
    capture = replace(part.capture, among=fingers)
    if isinstance(part, TemplateSample):
        return replace(part, finger=replace(part.finger, capture=capture))
    return replace(part, capture=capture)


def _fixed_image(record: NistRecord, scanned: float | None) -> ImagePart:
    """Read a record of type 3 or 4, whose fields have fixed places (ITL 1-2007, tables 13 and 14).

    `scanned` are the pixels to a millimetre that the transaction tells, in field 1.011.
    """
    if len(record.data) < _HEADER.size:
        raise UnreadableRecord("An image record of the transaction is cut short; send the whole transaction.")
    _, _, impression, positions, native, width, height, compression = _HEADER.unpack_from(record.data)
    # 1: the resolution is what the transaction was scanned at; else the least that the type allows.
    dpi = ((native and scanned) or _LEAST[record.type]) * _MILLIMETRES
    # Some fill up with 0, not with 255: that it may be any other finger, too, would take back what was told before.
    told = positions if _NO_POSITION in positions else positions.rstrip(b"\0") or b"\0"
    known = [position_of(code) for code in told if code != _NO_POSITION]
    capture = capture_of(known, impression)
    data, raw = record.data[_HEADER.size :], compression == _NOT_COMPRESSED
    return ImagePart(data, capture, (dpi, dpi), (width, height), raw)


def _per_millimetre(text: str | None) -> float | None:
    return float(text) if text and _RATIO.match(text) else None


def _images(record: NistRecord, missing: frozenset[FingerPosition]) -> list[ImagePart | Unread]:
    """Read a record of type 14, as far as that can be done: another record may hold the finger that is wanted."""
    if not record.data:
        return []  # of a finger that is missing
    positions = positions_of(record, 13)
    capture = capture_of(positions, record.number(3))
    try:
        told = list(_segments(record))
        segments = [each for each in told if not (each[0].finger in missing and _is_empty(each[1]))]
        if told and not segments and not capture.position.finger and fingers_of(positions) <= missing:
            return []  # of fingers that are all missing
        return list(_fingers(record, positions, capture, segments))
    except UnreadableRecord as fault:
        return [Unread(capture, fault)]


def _fingers(
    record: NistRecord, positions: list[Position], capture: Capture, segments: list[Segment]
) -> Iterator[ImagePart | Unread]:
    """Give the image, or one for each finger where the record tells where on it they are (8.14)."""
    width, height = record.number(6), record.number(7)
    if width is None or height is None:
        raise UnreadableRecord("An image of the transaction does not tell its size; send it again.")
    depth = record.number(12)
    raw = (record.text(11) or "NONE").upper() in {"NONE", "0"}
    if raw and depth not in {None, 8}:
        raise UnreadableRecord(f"An image of the transaction has pixels of {depth} bits; send 8.")
    whole = ImagePart(record.data, capture, _dpi(record), (width, height), raw)
    _check_shown(fingers_of(positions), segments)
    # The one finger of an image that names it fills the image, and is compared as it is.
    if segments and (len(segments) > 1 or not capture.position.finger):
        yield from _cut(whole, segments, _quality(record))
    else:
        yield replace(whole, capture=replace(capture, quality=_quality(record).get(capture.position.plain_or_rolled)))


def _check_shown(shown: frozenset[FingerPosition], segments: list[Segment]) -> None:
    """Refuse an image that tells the place of a finger which it does not show, as it says: one of the two is wrong."""
    for position, _ in segments:
        if position.finger and shown and position.finger not in shown:
            raise UnreadableRecord(
                f"An image of the transaction tells where the {position.said} is, which its position excludes; correct "
                "one of them."
            )


def _cut(whole: ImagePart, segments: list[Segment], quality: dict[Position, int]) -> Iterator[ImagePart | Unread]:
    """Give each finger of an image; which of several under one position is meant by its quality, nobody knows."""
    told = Counter(position.plain_or_rolled for position, _ in segments)
    for position, crop in segments:
        is_told_once = told[position.plain_or_rolled] == 1
        notes = (
            () if is_told_once or not position else (f"doubtful: several places of the image are the {position.said}",)
        )
        capture = replace(
            whole.capture,
            position=position,
            quality=quality.get(position.plain_or_rolled) if is_told_once else None,
            among=frozenset() if position else whole.capture.among or whole.capture.position.fingers,
        )
        if crop is None:
            yield Unread(capture, UnreadableRecord(_NOT_TOLD))
        else:
            yield replace(whole, crop=crop, capture=capture, notes=notes)


def _dpi(record: NistRecord) -> Dpi | None:
    """Read the scale (14.008) and the pixels to it, across and down (14.009, 14.010); nothing where it is a ratio."""
    unit, across, down = record.number(8), record.number(9), record.number(10)
    if unit not in {_UNIT_INCH, _UNIT_CM} or not across or not down:
        return None
    return (across * 2.54, down * 2.54) if unit == _UNIT_CM else (float(across), float(down))


def _quality(record: NistRecord) -> dict[Position, int]:
    """Read the quality of fingers, 0 to 100: 14.024, or what judged the segments, 14.023; 1 to 5 (14.022) is not it."""
    found: dict[Position, int] = {}
    for field in (23, 24):
        for item in record.field(field):
            position, score = (as_number(each) for each in (*item, "", "")[:2])
            if position is not None and score is not None and score <= 100:  # noqa: PLR2004  254 and 255: none
                found[position_of(position).plain_or_rolled] = score
    return found


def _segments(record: NistRecord) -> Iterator[Segment]:
    """Read where on an image of several fingers each is: 14.021, finger, left, right, top and bottom.

    Raises:
        UnreadableRecord: there are more than on any image, or one is not told, nor which finger it is.
    """
    told = record.field(21)
    if len(told) > _MOST_SEGMENTS:
        raise UnreadableRecord(f"An image of the transaction tells more than {_MOST_SEGMENTS} fingers; send it again.")
    for item in told:
        numbers = [number for each in item[:5] if (number := as_number(each)) is not None]
        if len(numbers) == 5:  # noqa: PLR2004  the five of them
            position, left, right, top, bottom = numbers
            yield position_of(position), (left, top, right + 1, bottom + 1)
        elif any(each.strip() for each in item):
            code = as_number(item[0])
            if code is None or not position_of(code).finger:
                raise UnreadableRecord(_NOT_TOLD)
            yield position_of(code), None


def _is_empty(place: tuple[int, int, int, int] | None) -> bool:
    """Tell whether a place shows nothing, as devices write it for a finger that is missing: blank, or zeros."""
    if place is None:
        return True
    left, top, right, bottom = place
    return right - left <= 1 or bottom - top <= 1


def _missing(record: NistRecord) -> Iterator[tuple[Position, Missing]]:
    """Read which fingers are amputated or bandaged: 14.018, finger and code."""
    for item in record.field(18):
        position = as_number(item[0])
        if position is not None:
            yield position_of(position), _MISSING.get(item[1].strip().upper() if len(item) > 1 else "", Missing.UNKNOWN)
