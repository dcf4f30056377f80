"""This module reads what may follow an image of ISO/IEC 19794-4:2011: where its fingers are, and which are missing.

These are blocks, each of a code, a length that counts both, and what tables 12 and 13 say, in the layout in which MOSIP
writes and reads it (its bio-utils, `SegmentationBlock`, `AnnotationBlock`). A block that is broken refuses no image; of
whole ones a place that cannot be used refuses its own finger, and where none can the image stays whole.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from biometrics.formats.bytewise import Bytes
from biometrics.formats.contents import ImagePart, MissingFinger, Unread
from biometrics.formats.missing import fingers_of
from biometrics.formats.places import is_within
from biometrics.formats.positions import Missing, Position, position_of
from biometrics.formats.slaps import ALL_MISSING, MOST_SEGMENTS, Segment, each_finger, there
from biometrics.rejections import UnreadableRecord

_SEGMENTATION, _ANNOTATION = 1, 2
_HEADER = 4
_MOST_BLOCKS = 20
_LEAST_CORNERS = 2
_BEST = 100
_REASONS = {1: Missing.AMPUTATED, 2: Missing.BANDAGED}
"""Amputated, and of which no image can be used (table 13)."""
_NO_PLACES = "where the fingers of an image are is told in a way that is not read, and was passed over"
_EXCLUDED = "doubtful: an image tells where fingers are that its position excludes; it was left whole"
_NO_ANNOTATIONS = "which fingers are missing is told in a way that is not read, and was passed over"
_NO_FINGER = "an annotation of no finger, or with no reason that is known, was passed over"
_OTHER = "a comment, or what its maker adds to an image, was passed over"
_TOLD_ONCE = {
    _SEGMENTATION: "where the fingers of an image are is told once more, and the first counts",
    _ANNOTATION: "which fingers are missing is told once more of an image, and the first counts",
}


@dataclass(frozen=True, slots=True)
class Extension:
    """What follows an image; `notes` say what of it was passed over."""

    segments: tuple[Segment, ...] = ()
    missing: tuple[MissingFinger, ...] = ()
    notes: tuple[str, ...] = ()


def read_extension(data: bytes) -> Extension:
    """Read what follows an image."""
    whole = Bytes(data, UnreadableRecord("What follows an image of the record is cut short; send the whole record."))
    segments: list[Segment] = []
    missing: list[MissingFinger] = []
    notes: list[str] = []
    for _ in range(_MOST_BLOCKS):
        code, length = divmod(whole.next_number(_HEADER), 1 << 16)
        if not _HEADER <= length <= whole.left:
            break
        whole.take(_HEADER)
        block = whole.part(length - _HEADER)
        if code == _SEGMENTATION and not segments:
            segments = _segments(block, notes)
        elif code == _ANNOTATION and not missing:
            missing = _annotations(block, notes)
        else:
            notes.append(_TOLD_ONCE.get(code, _OTHER))
    if whole.left:
        notes.append(f"{whole.left} bytes behind an image were left out")
    return Extension(tuple(segments), tuple(missing), tuple(notes))


def in_fingers(
    whole: ImagePart, segments: Sequence[Segment], missing: Sequence[MissingFinger], notes: list[str]
) -> list[ImagePart | Unread]:
    """Give an image, or one for each finger where it tells where on it they are."""
    told = there(segments, missing)
    names_one = bool(whole.capture.position.finger)
    if segments and not told and not names_one and whole.capture.fingers <= fingers_of(missing):
        notes.append(ALL_MISSING)
        return []
    if not all(each.is_shown(whole.capture) for each in told):
        notes.append(_EXCLUDED)
        return [whole]
    usable = [each for each in told if not each.is_empty and each.place and is_within(each.place, whole.declared)]
    own = [each for each in usable if not names_one or each.position.finger == whole.capture.position.finger]
    if told and not own:
        notes.append(_NO_PLACES)
        return [whole]
    # The one finger of an image that names it fills the image, and is compared as it is.
    return list(each_finger(whole, told, missing)) if told and (len(told) > 1 or not names_one) else [whole]


def _segments(block: Bytes, notes: list[str]) -> list[Segment]:
    """Read where fingers are (table 12); none where that is broken."""
    try:
        block.take(9)  # what found them, how well, and what judged them
        count = block.number(1)
        found = [_segment(block) for _ in range(min(count, MOST_SEGMENTS))]
    except UnreadableRecord:
        notes.append(_NO_PLACES)
        return []
    if block.left or len(found) != count:
        notes.append(_NO_PLACES)
        return []
    return found


def _segment(block: Bytes) -> Segment:
    code, quality, corners = block.take(3)
    numbers = struct.unpack(f">{2 * corners}H", block.take(4 * corners))
    block.take(1)  # how it is turned
    if corners < _LEAST_CORNERS:
        raise UnreadableRecord(_NO_PLACES)
    across, down = numbers[::2], numbers[1::2]
    place = min(across), min(down), max(across) + 1, max(down) + 1
    return Segment(position_of(code), place, quality if quality <= _BEST else None)


def _annotations(block: Bytes, notes: list[str]) -> list[MissingFinger]:
    """Read which fingers are missing (table 13); none where that is broken."""
    told = block.take(block.left)
    if not told or len(told) != 1 + 2 * told[0] or told[0] > MOST_SEGMENTS:
        notes.append(_NO_ANNOTATIONS)
        return []
    missing: list[MissingFinger] = []
    for code, annotated in zip(told[1::2], told[2::2], strict=True):
        found = _missing(code, annotated)
        missing += found
        if not found:
            notes.append(_NO_FINGER)
    return missing


@cache
def _missing(code: int, annotated: int) -> tuple[MissingFinger, ...]:
    """Give the fingers of an annotation; each is a byte, so that there are few of them to keep."""
    reason = _REASONS.get(annotated)
    fingers = sorted(position_of(code).fingers) if reason else []
    return tuple(MissingFinger(Position(finger), reason) for finger in fingers if reason)
