"""This module is where on an image of an ANSI/NIST-ITL transaction its fingers are (14.021), and of which quality."""

from collections.abc import Iterator

from biometrics.formats.minutiae import Capture
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Position, position_of
from biometrics.formats.slaps import MOST_SEGMENTS, NOT_TOLD, Segment
from biometrics.rejections import UnreadableRecord

_SEGMENTS = 21


def segments_of(record: NistRecord) -> Iterator[Segment]:
    """Read where on an image of several fingers each is: 14.021, finger, left, right, top and bottom.

    Raises:
        UnreadableRecord: there are more than on any image, or one is not told, nor which finger it is.
    """
    told = record.field(_SEGMENTS)
    if len(told) > MOST_SEGMENTS:
        raise UnreadableRecord(f"An image of the transaction tells more than {MOST_SEGMENTS} fingers; send it again.")
    quality = quality_of(record)
    for item in told:
        numbers = [number for each in item[:5] if (number := as_number(each)) is not None]
        if len(numbers) == 5:  # noqa: PLR2004  the five of them
            code, left, right, top, bottom = numbers
            position = position_of(code)
            yield Segment(position, (left, top, right + 1, bottom + 1), quality.get(position.plain_or_rolled))
        elif any(each.strip() for each in item):
            which = as_number(item[0])
            if which is None or not position_of(which).finger:
                raise UnreadableRecord(NOT_TOLD)
            yield Segment(position_of(which), None)


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
