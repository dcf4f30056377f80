"""This module is the one list of codes for what of a hand is shown, and for fingers that cannot be shown."""

from collections.abc import Iterable
from enum import IntEnum, StrEnum

from contracts.records import FingerPosition


class Position(IntEnum):
    """Friction ridge positions (ISO/IEC 19794-2:2005, table 2; 19794-2:2011, table 6; ANSI/NIST-ITL 1-2011, table 8).

    The standards share the numbers; where an edition lacks one, it has no other meaning there. Of what only
    ANSI/NIST-ITL has, and nobody compares here, all feet are one position, and all later codes of palms and wrists.
    """

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10
    PLAIN_RIGHT_THUMB = 11
    PLAIN_LEFT_THUMB = 12
    RIGHT_FOUR = 13
    LEFT_FOUR = 14
    BOTH_THUMBS = 15
    RIGHT_EXTRA = 16
    LEFT_EXTRA = 17
    UNKNOWN_RIDGES = 18
    JOINT_OR_TIP = 19
    PALM = 20
    RIGHT_PALM = 21
    RIGHT_WRITERS_PALM = 22
    LEFT_PALM = 23
    LEFT_WRITERS_PALM = 24
    RIGHT_LOWER_PALM = 25
    RIGHT_UPPER_PALM = 26
    LEFT_LOWER_PALM = 27
    LEFT_UPPER_PALM = 28
    RIGHT_OTHER = 29
    LEFT_OTHER = 30
    RIGHT_INTERDIGITAL = 31
    RIGHT_THENAR = 32
    RIGHT_HYPOTHENAR = 33
    LEFT_INTERDIGITAL = 34
    LEFT_THENAR = 35
    LEFT_HYPOTHENAR = 36
    RIGHT_GRASP = 37
    LEFT_GRASP = 38
    RIGHT_INDEX_MIDDLE = 40
    RIGHT_MIDDLE_RING = 41
    RIGHT_RING_LITTLE = 42
    LEFT_INDEX_MIDDLE = 43
    LEFT_MIDDLE_RING = 44
    LEFT_RING_LITTLE = 45
    BOTH_INDEXES = 46
    RIGHT_INDEX_TO_RING = 47
    RIGHT_MIDDLE_TO_LITTLE = 48
    LEFT_INDEX_TO_RING = 49
    LEFT_MIDDLE_TO_LITTLE = 50
    SOLE_OR_TOE = 60
    PALM_OR_WRIST = 81

    @property
    def finger(self) -> FingerPosition | None:
        """The one finger that is shown, `UNKNOWN` where nobody said which; nothing where it is not one fingertip."""
        if self <= Position.LEFT_LITTLE:
            return FingerPosition(self.value)
        return _PLAIN_THUMBS.get(self)

    @property
    def plain_or_rolled(self) -> "Position":
        """The position of the same finger, however it was put down: of a plain thumb that of the thumb."""
        return Position(self.finger) if self.finger else self

    @property
    def fingers(self) -> frozenset[FingerPosition]:
        """The fingers of which one or each is shown, where that tells which."""
        return frozenset({self.finger}) if self.finger else _SHOWN_TOGETHER.get(self, frozenset())

    @property
    def is_open(self) -> bool:
        """Whether any finger may be shown."""
        return self in _OPEN

    def may_show(self, finger: FingerPosition) -> bool:
        """Tell whether a finger may be shown."""
        return self.is_open or finger in self.fingers

    @property
    def said(self) -> str:
        """The position in words, such as `left index`."""
        return self.name.lower().replace("_", " ")


_PLAIN_THUMBS = {
    Position.PLAIN_RIGHT_THUMB: FingerPosition.RIGHT_THUMB,
    Position.PLAIN_LEFT_THUMB: FingerPosition.LEFT_THUMB,
}
_SHOWN_TOGETHER = {
    position: frozenset(FingerPosition(code) for code in codes)
    for position, codes in {
        Position.RIGHT_FOUR: (2, 3, 4, 5),
        Position.LEFT_FOUR: (7, 8, 9, 10),
        Position.BOTH_THUMBS: (1, 6),
        Position.RIGHT_INDEX_MIDDLE: (2, 3),
        Position.RIGHT_MIDDLE_RING: (3, 4),
        Position.RIGHT_RING_LITTLE: (4, 5),
        Position.LEFT_INDEX_MIDDLE: (7, 8),
        Position.LEFT_MIDDLE_RING: (8, 9),
        Position.LEFT_RING_LITTLE: (9, 10),
        Position.BOTH_INDEXES: (2, 7),
        Position.RIGHT_INDEX_TO_RING: (2, 3, 4),
        Position.RIGHT_MIDDLE_TO_LITTLE: (3, 4, 5),
        Position.LEFT_INDEX_TO_RING: (7, 8, 9),
        Position.LEFT_MIDDLE_TO_LITTLE: (8, 9, 10),
    }.items()
}
_OPEN = frozenset({Position.UNKNOWN, Position.UNKNOWN_RIDGES, Position.JOINT_OR_TIP})
_FEET, _PALMS_AND_WRISTS = range(60, 80), range(81, 87)
"""ANSI/NIST-ITL 1-2011, update of 2015, table 8."""
_CODES = (
    dict.fromkeys(_FEET, Position.SOLE_OR_TOE)
    | dict.fromkeys(_PALMS_AND_WRISTS, Position.PALM_OR_WRIST)
    | {position.value: position for position in Position}
)


def position_of(code: int) -> Position:
    """Give the position of a code; a reserved one says nothing, and is `UNKNOWN`."""
    return _CODES.get(code, Position.UNKNOWN)


def said(fingers: Iterable[FingerPosition], between: str = " or ") -> str:
    """Name fingers in their order, such as those of which one is shown: `left index or left middle`."""
    return between.join(Position(finger).said for finger in sorted(fingers))


class Missing(StrEnum):
    """Why a finger is not shown (ANSI/NIST-ITL 1-2011, table 37, field 14.018)."""

    AMPUTATED = "amputated"
    BANDAGED = "bandaged"
    UNKNOWN = "unknown"
