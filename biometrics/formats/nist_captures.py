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
    if all(each.fingers for each in told):
        told = {Position(finger) for finger in among} if len(told) > 1 else told
    # Of several that all show no finger each tells as much; with a palm beside it a finger is only what it may be.
    is_told = len(told) == 1 or not (among or any(each.is_open for each in told))
    position = min(told, default=Position.UNKNOWN) if is_told else Position.UNKNOWN
    how = Impression.UNKNOWN if impression is None else impression_of(impression)
    return Capture(position, how, among=frozenset[FingerPosition]() if position else among)


def fingers_of(positions: Sequence[Position]) -> frozenset[FingerPosition]:
    """Give the fingers that positions show, or may be; none where one of them leaves open which."""
    if any(position.is_open for position in positions):
        return frozenset()
    return frozenset[FingerPosition]().union(*(position.fingers for position in positions))
