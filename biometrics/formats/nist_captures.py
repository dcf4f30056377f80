"""This module is which finger a record of an ANSI/NIST-ITL transaction tells, or of which several it is one."""

from collections.abc import Sequence

from biometrics.formats.impressions import Impression, impression_of
from biometrics.formats.minutiae import Capture
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Position, position_of
from contracts.records import FingerPosition


def positions_of(record: NistRecord, field: int) -> list[Position]:
    """List the positions of a field."""
    return [position_of(code) for item in record.field(field) if (code := as_number(item[0])) is not None]


def capture_of(positions: Sequence[Position], impression: int | None) -> Capture:
    """Give what a record tells: its position, or the fingers that several leave open; one alone is its position."""
    told, among = set(positions), fingers_of(positions)
    left = told if len(told) == 1 else {Position(finger) for finger in among}
    position = left.pop() if len(left) == 1 else Position.UNKNOWN
    how = Impression.UNKNOWN if impression is None else impression_of(impression)
    return Capture(position, how, among=frozenset[FingerPosition]() if position else among)


def fingers_of(positions: Sequence[Position]) -> frozenset[FingerPosition]:
    """Give the fingers that positions show, or may be; none where one of them does not tell them."""
    told = [position.fingers for position in positions]
    return frozenset[FingerPosition]().union(*told) if all(told) else frozenset()
