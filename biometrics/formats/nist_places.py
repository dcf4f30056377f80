"""This module is where on an image of an ANSI/NIST-ITL transaction its fingers are (14.021), each to be cut out."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from biometrics.formats.contents import ImagePart, Unread
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.places import Place, shared
from biometrics.formats.positions import Position, position_of
from biometrics.rejections import UnreadableRecord
from contracts.records import FingerPosition

_SEGMENTS = 21
_MOST_SEGMENTS = 20
"""Four fingers are on a slap, on a card ten; some have more."""
Segment = tuple[Position, Place | None]
"""A finger, and its place; nothing where that is not told whole."""
_DOUBTFUL, _ONE_PLACE = 0.5, 0.9
"""Of the smaller of two places, what lies in the other too: boxes around fingers that lean share less than a third."""
_NOT_TOLD = "An image of the transaction does not tell where its fingers are; send it again."


def segments_of(record: NistRecord) -> Iterator[Segment]:
    """Read where on an image of several fingers each is: 14.021, finger, left, right, top and bottom.

    Raises:
        UnreadableRecord: there are more than on any image, or one is not told, nor which finger it is.
    """
    told = record.field(_SEGMENTS)
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


def is_empty(place: Place | None) -> bool:
    """Tell whether a place shows nothing, as devices write it for a finger that is missing: blank, or zeros."""
    if place is None:
        return True
    left, top, right, bottom = place
    return right - left <= 1 or bottom - top <= 1


def check_shown(shown: frozenset[FingerPosition], segments: list[Segment]) -> None:
    """Refuse an image that tells the place of a finger which it does not show, as it says: one of the two is wrong."""
    for position, _ in segments:
        if position.finger and shown and position.finger not in shown:
            raise UnreadableRecord(
                f"An image of the transaction tells where the {position.said} is, which its position excludes; correct "
                "one of them."
            )


def each_finger(
    whole: ImagePart, segments: list[Segment], quality: dict[Position, int]
) -> Iterator[ImagePart | Unread]:
    """Give each finger of an image; which of several under one position is meant by its quality, nobody knows."""
    told = Counter(position.plain_or_rolled for position, _ in segments)
    for number, (position, place) in enumerate(segments):
        is_told_once = told[position.plain_or_rolled] == 1
        capture = replace(
            whole.capture,
            position=position,
            quality=quality.get(position.plain_or_rolled) if is_told_once else None,
            among=frozenset() if position else whole.capture.among or whole.capture.position.fingers,
        )
        others = [each for each in segments[:number] + segments[number + 1 :] if not _is_same(each[0], position)]
        try:
            notes = tuple(_doubts(position, place, others))
        except UnreadableRecord as fault:
            yield Unread(capture, fault)
            continue
        if not is_told_once and position:
            notes = (f"doubtful: several places of the image are the {position.said}", *notes)
        yield replace(whole, crop=place, capture=capture, notes=notes)


def _is_same(one: Position, other: Position) -> bool:
    """Tell whether two positions are surely one finger; of what is unknown nobody knows."""
    return bool(one) and one.plain_or_rolled is other.plain_or_rolled


def _doubts(position: Position, place: Place | None, others: list[Segment]) -> Iterator[str]:
    """Note which other fingers share much of a finger's place.

    Raises:
        UnreadableRecord: the place is not told, or is another finger's as well: the same ridges would be both.
    """
    if place is None:
        raise UnreadableRecord(_NOT_TOLD)
    for other, another in others:
        share = 0.0 if another is None else shared(place, another)
        if share > _ONE_PLACE:
            raise UnreadableRecord(
                f"An image of the transaction tells two fingers at one place, {position.said} and {other.said}; "
                "correct it."
            )
        if share > _DOUBTFUL:
            yield f"doubtful: its place and that of the {other.said} share more than half of the smaller"
