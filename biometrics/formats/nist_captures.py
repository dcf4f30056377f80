"""This module is which finger a record of an ANSI/NIST-ITL transaction tells, or of which several it is one."""

from collections.abc import Sequence
from dataclasses import replace

from biometrics.formats.impressions import Impression, impression_of
from biometrics.formats.minutiae import Capture
from biometrics.formats.nist_records import NistRecord, as_number
from biometrics.formats.positions import Position, position_of
from contracts.records import FingerPosition


def positions_of(record: NistRecord, field: int) -> list[Position]:
    """List the positions of a field."""
    return [position_of(code) for item in record.field(field) if (code := as_number(item[0])) is not None]


def capture_of(positions: Sequence[Position], impression: int | None) -> Capture:
    """Give what a record tells: its one position, or the fingers that several leave open."""
    how = Impression.UNKNOWN if impression is None else impression_of(impression)
    told = set(positions)
    return Capture(told.pop(), how) if len(told) == 1 else narrowed(Capture(impression=how), fingers_of(positions))


def narrowed(capture: Capture, among: frozenset[FingerPosition]) -> Capture:
    """Give what is told of one of several fingers; of one that is the only one, that it is that."""
    if len(among) != 1:
        return replace(capture, among=among)
    (finger,) = among
    return replace(capture, position=Position(finger), among=frozenset())


def fingers_of(positions: Sequence[Position]) -> frozenset[FingerPosition]:
    """Give the fingers that positions show, or may be; none where one of them does not tell them."""
    told = [position.fingers for position in positions]
    return frozenset[FingerPosition]().union(*told) if all(told) else frozenset()
