"""This module finds the fingers of an ANSI/NIST-ITL transaction: images of types 3, 4 and 14, minutiae of type 9."""

import re
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from biometrics.formats.contents import ImagePart, MissingFinger, Part, Parts, TemplateSample, Unread
from biometrics.formats.minutiae import Capture
from biometrics.formats.missing import fingers_of as missing_fingers
from biometrics.formats.missing import strongest, without_amputated
from biometrics.formats.nist_captures import capture_of, fingers_of, positions_of
from biometrics.formats.nist_minutiae import elsewhere, minutiae_of, of_image, told_of
from biometrics.formats.nist_missing import missing_of, not_read
from biometrics.formats.nist_places import check_shown, quality_of, segments_of
from biometrics.formats.nist_records import NistRecord, read_transaction
from biometrics.formats.positions import Position, position_of, said
from biometrics.formats.resolution import Dpi, is_square, not_square
from biometrics.formats.slaps import ALL_MISSING, Segment, each_finger, there
from biometrics.rejections import NoFinger, UnknownResolution, UnreadableRecord
from contracts.records import FingerPosition

_MILLIMETRES = 25.4
_LOW, _HIGH, _ANY, _MINUTIAE = 3, 4, 14, 9
_LEAST = {_LOW: 9.84, _HIGH: 19.69}
"""Pixels to a millimetre, where a record says that it has the least that its type allows (ITL 1-2007, 9 and 10)."""
_IMAGE_AND_MINUTIAE = 2
_HEADER = struct.Struct(">IBB6sBHHB")
_POSITIONS, _MOST_POSITIONS = slice(6, 12), 6
"""Where in it they are, and how many."""
_IS_LEAST, _AS_SCANNED = 0, 1
"""Whether the resolution is the least that the type allows, or what the transaction was scanned at (ISR)."""
_NO_POSITION = 255
_NOT_COMPRESSED = 0
_UNIT_INCH, _UNIT_CM = 1, 2
_PLAIN = re.compile(r"\d{1,9}(?:\.\d{1,20})?", re.ASCII)
_PASSED_OVER = {
    5: "type 5 (low-resolution binary images)",
    6: "type 6 (high-resolution binary images)",
    7: "type 7 (user-defined images)",
    13: "type 13 (latent images)",
    15: "type 15 (palms)",
    16: "type 16 (user-defined test images)",
    19: "type 19 (soles)",
}
_OF_RIDGES = frozenset({*_LEAST, _ANY, _MINUTIAE, *_PASSED_OVER})


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
    missing = strongest((each for record in records for each in missing_of(record)), notes)
    notes += [note for record in records for note in not_read(record)]
    images = _by_number(records)
    for record in records[1:]:
        if record.type in _LEAST:
            held.append(_fixed_image(record, scanned))
        elif record.type == _ANY and not record.data:
            notes += _not_there(record, missing_fingers(missing))
        elif record.type == _ANY:
            found = _images(record, missing)
            held += found
            if not found:
                notes.append(ALL_MISSING)
        elif record.type == _MINUTIAE:
            held += _minutiae(record, images.get(record.idc), notes)
        elif record.type in _PASSED_OVER:
            notes.append(f"{_PASSED_OVER[record.type]} was passed over")
    if not held and not missing:
        told = f" ({'; '.join(dict.fromkeys(notes))})" if notes else ""
        raise NoFinger(f"The transaction holds no finger of types 3, 4, 9 or 14{told}; send one that does.")
    left = list(without_amputated(held, missing, notes))
    return Parts(
        tuple(each for each in left if not isinstance(each, Unread)),
        missing,
        tuple(dict.fromkeys(notes)),
        tuple(each for each in left if isinstance(each, Unread)),
    )


def _by_number(records: Sequence[NistRecord]) -> dict[int | None, Capture]:
    """Give what is told of each image that shares its number (IDC) with the minutiae of one record, and nothing else.

    Some number all records alike: there it tells nothing.
    """
    images = [record for record in records if record.type in {*_LEAST, _ANY}]
    counts = Counter(record.idc for record in records if record.type in _OF_RIDGES)
    return {
        record.idc: _told_of_image(record)
        for record in images
        if record.idc is not None and counts[record.idc] == _IMAGE_AND_MINUTIAE
    }


def _told_of_image(record: NistRecord) -> Capture:
    if record.type == _ANY:
        return capture_of(positions_of(record, 13), None)
    positions = record.data[_POSITIONS]
    return capture_of(_told(positions) if len(positions) == _MOST_POSITIONS else [], None)


def _minutiae(record: NistRecord, image: Capture | None, notes: list[str]) -> list[TemplateSample | Unread]:
    """Read a record of type 9; `image` is what is told of the one that has its number."""
    try:
        template = minutiae_of(record)
    except (UnreadableRecord, UnknownResolution) as fault:
        return [Unread(told_of(record), fault)]
    if template is None:
        notes.append(f"type 9 was passed over: {elsewhere(record)}")
        return []
    return [template if image is None else of_image(template, image, notes)]


def _fixed_image(record: NistRecord, scanned: float | None) -> ImagePart | Unread:
    """Read a record of type 3 or 4, whose fields have fixed places (ITL 1-2007, tables 13 and 14).

    `scanned` are the pixels to a millimetre that the transaction tells, in field 1.011; nothing where it tells none.
    """
    if len(record.data) < _HEADER.size:
        return Unread(
            _told_of_image(record),
            UnreadableRecord("An image of the transaction ends within its header; send it again."),
        )
    _, _, impression, positions, native, width, height, compression = _HEADER.unpack_from(record.data)
    per_millimetre = {_IS_LEAST: _LEAST[record.type], _AS_SCANNED: scanned}.get(native)
    dpi = None if per_millimetre is None else (per_millimetre * _MILLIMETRES, per_millimetre * _MILLIMETRES)
    data, raw = record.data[_HEADER.size :], compression == _NOT_COMPRESSED
    return ImagePart(data, capture_of(_told(positions), impression), dpi, (width, height), raw)


def _told(positions: bytes) -> list[Position]:
    """Give the positions of a record of type 3 or 4."""
    # Some fill up with 0, not with 255: that it may be any other finger, too, would take back what was told before.
    codes = positions if _NO_POSITION in positions else positions.rstrip(b"\0") or b"\0"
    return [position_of(code) for code in codes if code != _NO_POSITION]


def _per_millimetre(text: str | None) -> float | None:
    """Read a plain decimal number; nothing where it is none."""
    return float(text) if text and _PLAIN.fullmatch(text) else None


def _not_there(record: NistRecord, missing: frozenset[FingerPosition]) -> list[str]:
    """Note an image that a type 14 record announces and does not hold, unless its fingers are told to be missing."""
    positions = positions_of(record, 13)
    fingers = fingers_of(positions)
    if (fingers and fingers <= missing) or (not fingers and any(missing_of(record))):
        return []
    capture = capture_of(positions, None)
    name = capture.position.said if capture.position else said(capture.among)
    return [f"an image{f' of the {name}' if name else ''} was announced and is not there"]


def _images(record: NistRecord, missing: Sequence[MissingFinger]) -> list[ImagePart | Unread]:
    """Read a record of type 14, as far as that can be done: another record may hold the finger that is wanted."""
    positions = positions_of(record, 13)
    capture = capture_of(positions, record.number(3))
    try:
        told = segments_of(record)
        segments = there(told, missing)
        if told and not segments and not capture.position.finger and fingers_of(positions) <= missing_fingers(missing):
            return []  # of fingers that are all missing
        return list(_fingers(record, capture, segments, missing))
    except (UnreadableRecord, UnknownResolution) as fault:
        return [Unread(capture, fault)]


def _fingers(
    record: NistRecord, capture: Capture, segments: list[Segment], missing: Sequence[MissingFinger]
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
    check_shown(capture, segments)
    # The one finger of an image that names it fills the image, and is compared as it is.
    if segments and (len(segments) > 1 or not capture.position.finger):
        yield from each_finger(whole, segments, missing)
    else:
        yield replace(whole, capture=replace(capture, quality=quality_of(record).get(capture.position.plain_or_rolled)))


def _dpi(record: NistRecord) -> Dpi | None:
    """Read the scale (14.008) and the pixels to it, across and down (14.009, 14.010); nothing where it is a ratio.

    Raises:
        UnknownResolution: it is one of pixels that are not square, of which one number cannot be said.
    """
    unit, across, down = record.number(8), record.number(9), record.number(10)
    if not across or not down:
        return None
    if unit not in {_UNIT_INCH, _UNIT_CM}:
        if not is_square((across, down)):
            raise not_square("record")
        return None
    return (across * 2.54, down * 2.54) if unit == _UNIT_CM else (float(across), float(down))
