"""This module is where on an image of an ANSI/NIST-ITL transaction its fingers are, and of which quality they are."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product

from biometrics.formats.minutiae import Capture
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.places import Place
from biometrics.formats.positions import Position, position_of
from biometrics.formats.slaps import MOST_SEGMENTS, NOT_TOLD, Segment
from biometrics.rejections import UnreadableRecord

_BOXES, _POLYGONS = 21, 25
_LEAST_POINTS = 3
_AGREED = 0.5
"""Of the smaller of two places of one finger, what has to lie in the other: a polygon fills most of its box."""


def segments_of(record: NistRecord) -> list[Segment]:
    """Read where on an image of several fingers each is: 14.021, or else 14.025, around whose points a box is drawn.

    Raises:
        UnreadableRecord: there are more than on any image, or one is not told, nor which finger it is, or the two
            fields tell of a finger two places.
    """
    boxes = list(_segments(record, _BOXES, _box))
    if not boxes:
        return list(_segments(record, _POLYGONS, _around))
    try:
        polygons = list(_segments(record, _POLYGONS, _around))
    except UnreadableRecord:  # they are not needed
        return boxes
    for box, other in product(boxes, polygons):
        if other.is_elsewhere(box, _AGREED):
            raise UnreadableRecord(
                f"An image of the transaction tells the {box.position.said} at two places; correct one of them."
            )
    return boxes


def _segments(
    record: NistRecord, field: int, place_of: Callable[[Sequence[int | None]], Place | None]
) -> Iterator[Segment]:
    told = record.field(field)
    if len(told) > MOST_SEGMENTS:
        raise UnreadableRecord(f"An image of the transaction tells more than {MOST_SEGMENTS} fingers; send it again.")
    quality = quality_of(record)
    for item in told:
        if not any(each.strip() for each in item):
            continue
        which, *numbers = (as_number(each) for each in item)
        position, place = position_of(which or 0), place_of(numbers)
        if which is None or (place is None and not position.finger):
            raise UnreadableRecord(NOT_TOLD)
        yield Segment(position, place, None if place is None else quality.get(position.plain_or_rolled))


def _box(numbers: Sequence[int | None]) -> Place | None:
    """Read left, right, top and bottom."""
    left, right, top, bottom = (*numbers, None, None, None, None)[:4]
    if left is None or right is None or top is None or bottom is None:
        return None
    return left, top, right + 1, bottom + 1


def _around(numbers: Sequence[int | None]) -> Place | None:
    """Read how many points there are, and of each how far right and down it is."""
    count, *points = (*numbers,) or (None,)
    told = [each for each in points if each is not None]
    if count is None or count < _LEAST_POINTS or len(points) != 2 * count or len(told) != len(points):
        return None
    across, down = told[::2], told[1::2]
    return min(across), min(down), max(across) + 1, max(down) + 1


def check_shown(shown: Capture, segments: list[Segment]) -> None:
    """Refuse an image that tells the place of a finger which it does not show, as it says: one of the two is wrong."""
    for each in segments:
        if not each.is_shown(shown):
            raise UnreadableRecord(
                f"An image of the transaction tells where the {each.position.said} is, which its position excludes; "
                "correct one of them."
            )


def quality_of(record: NistRecord) -> dict[Position, int]:
    """Read the quality of fingers, 0 to 100: 14.024, or what judged the segments, 14.023; 1 to 5 (14.022) is not it."""
    found: dict[Position, int] = {}
    for field in (23, 24):
        for item in record.field(field):
            position, score = (as_number(each) for each in (*item, "", "")[:2])
            if position is not None and score is not None and score <= 100:  # noqa: PLR2004  254 and 255: none
                found[position_of(position).plain_or_rolled] = score
    return found
