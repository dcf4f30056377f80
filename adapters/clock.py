"""This module reads the times of change that sources keep: as microseconds since 1970, UTC."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from adapters.declaration import Clock

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_MICROSECOND = dt.timedelta(microseconds=1)
UNKNOWN = -1
"""Stands for a time of change that is empty or has no sense."""
LATEST = 253_402_300_799_000_000  # the last second of the year 9999


def micros(raw: Any, clock: Clock, zone: ZoneInfo) -> int:
    """Give the microseconds of a time as the source wrote it; `UNKNOWN` where it cannot be read.

    A time without zone is in `zone`; where a clock was turned back an hour, the first of the two readings is taken.
    """
    try:
        if clock is Clock.EPOCH_S:
            value = int(float(raw) * 1_000_000) if isinstance(raw, float) else int(raw) * 1_000_000
        elif clock is Clock.EPOCH_MS:
            value = int(raw) * 1_000
        else:
            value = _since_epoch(raw if isinstance(raw, dt.datetime) else dt.datetime.fromisoformat(raw), zone)
    except (TypeError, ValueError, OverflowError):
        return UNKNOWN
    return value if 0 <= value <= LATEST else UNKNOWN


def is_day(raw: Any, clock: Clock) -> bool:
    """Tell whether a time of change as the source wrote it is a day and no more."""
    if isinstance(raw, str) and clock in {Clock.TIMESTAMP, Clock.TEXT}:
        try:
            raw = dt.date.fromisoformat(raw)
        except ValueError:
            return False
    return isinstance(raw, dt.date) and not isinstance(raw, dt.datetime)


def instant(value: int) -> dt.datetime:
    """Give the time of `value` microseconds; an unknown one is the beginning of time."""
    return EPOCH + dt.timedelta(microseconds=max(value, 0))


def step(value: int) -> int:
    """Give how long the clock that showed `value` may have stood on it, in microseconds: the value itself tells.

    A whole second is what clocks of seconds show, a whole millisecond what those of milliseconds do. Of a clock of
    microseconds both are rare.
    """
    if value % 1_000_000 == 0:
        return 1_000_000
    return 1_000 if value % 1_000 == 0 else 0


def _since_epoch(time: dt.datetime, zone: ZoneInfo) -> int:
    aware = time if time.tzinfo is not None else time.replace(tzinfo=zone)
    return (aware - EPOCH) // _MICROSECOND
