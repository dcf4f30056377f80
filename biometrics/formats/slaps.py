"""This module parts an image of several fingers by what its record tells of their places (pure)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from biometrics.formats.contents import ImagePart, MissingFinger, Unread
from biometrics.formats.images import MIN_SIDE_INCHES
from biometrics.formats.minutiae import Capture
from biometrics.formats.missing import fingers_of
from biometrics.formats.places import Place, shared
from biometrics.formats.positions import Missing, Position
from biometrics.formats.resolution import LOWEST_DPI
from biometrics.rejections import UnreadableRecord

MOST_SEGMENTS = 20
"""Four fingers are on a slap, on a card ten; some have more."""
ALL_MISSING = "an image was passed over: all fingers whose places it tells are missing"
_DOUBTFUL, _ONE_PLACE = 0.5, 0.9
"""Of the smaller of two places, what lies in the other too: boxes around fingers that lean share less than a third."""
NOT_TOLD = "An image of the record does not tell where its fingers are; send it again."


@dataclass(frozen=True, slots=True)
class Segment:
    """A finger on an image.

    Attributes:
        position: which.
        place: where; nothing where that is not told whole.
        quality: 0 to 100, where it is told.
    """

    position: Position
    place: Place | None
    quality: int | None = None

    @property
    def is_empty(self) -> bool:
        """Whether the place shows nothing, as devices write it for a finger that is missing: blank, or zeros."""
        if self.place is None:
            return True
        left, top, right, bottom = self.place
        return right - left <= 1 or bottom - top <= 1

    def may_hide(self, other: "Segment") -> bool:
        """Tell whether both are fingers, and this one might be at the other's place: it is no speck."""
        if other is self or self.is_empty or self.place is None:
            return False
        if None in {self.position.finger, other.position.finger}:
            return False
        left, top, right, bottom = self.place
        is_speck = min(right - left, bottom - top) < MIN_SIDE_INCHES * LOWEST_DPI
        return not is_speck and not _is_same(self.position, other.position)

    def is_elsewhere(self, other: "Segment", share: float) -> bool:
        """Tell whether both are one finger, at places that share less than that."""
        if not self.place or not other.place or not _is_same(self.position, other.position):
            return False
        if self.is_empty or other.is_empty:
            return False
        return shared(self.place, other.place) < share

    def is_shown(self, capture: Capture) -> bool:
        """Tell whether the image may show it, of which that is told."""
        return not self.position.finger or capture.may_show(self.position.finger)


def there(segments: Sequence[Segment], missing: Iterable[MissingFinger]) -> list[Segment]:
    """Leave out the empty places of fingers that are missing."""
    gone = fingers_of(missing)
    return [each for each in segments if not (each.position.finger in gone and each.is_empty)]


def each_finger(
    whole: ImagePart, segments: Sequence[Segment], missing: Iterable[MissingFinger]
) -> Iterator[ImagePart | Unread]:
    """Give each finger of an image; which of several under one position is meant by its quality, nobody knows."""
    amputated = fingers_of(missing, Missing.AMPUTATED)
    told = Counter(each.position.plain_or_rolled for each in segments)
    for each in segments:
        position = each.position
        is_told_once = told[position.plain_or_rolled] == 1
        capture = replace(
            whole.capture,
            position=position,
            quality=each.quality if is_told_once else None,
            among=frozenset() if position else whole.capture.fingers,
        )
        # What is not there is at no place, whatever is told.
        others = [other for other in segments if other.position.finger not in amputated and other.may_hide(each)]
        try:
            notes = tuple(_doubts(each, others))
        except UnreadableRecord as fault:
            yield Unread(capture, fault)
            continue
        if not is_told_once and position:
            notes = (f"doubtful: several places of the image are the {position.said}", *notes)
        yield replace(whole, crop=each.place, capture=capture, notes=notes)


def _is_same(one: Position, other: Position) -> bool:
    """Tell whether two positions are surely one finger; of what is unknown nobody knows."""
    return bool(one) and one.plain_or_rolled is other.plain_or_rolled


def _doubts(segment: Segment, others: Sequence[Segment]) -> Iterator[str]:
    """Note which other fingers share much of a finger's place.

    Raises:
        UnreadableRecord: the place is not told, or is another finger's as well: the same ridges would be both.
    """
    if segment.place is None or segment.is_empty:
        raise UnreadableRecord(NOT_TOLD)
    for other in others:
        share = 0.0 if other.place is None else shared(segment.place, other.place)
        if share > _ONE_PLACE:
            raise UnreadableRecord(
                f"An image of the record tells two fingers at one place, {segment.position.said} and "
                f"{other.position.said}; correct it."
            )
        if share > _DOUBTFUL:
            yield f"doubtful: its place and that of the {other.position.said} share more than half of the smaller"
