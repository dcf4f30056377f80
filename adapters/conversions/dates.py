"""This module reads dates as legacy systems write them, whole or in part."""

import datetime as dt
import re

from contracts.dates import PartialDate


def digits(text: str | None) -> PartialDate | None:
    """Read `YYYYMMDD`, with `00` for a part that is not known.

    Raises:
        ValueError: it is no such date.
    """
    if not text:
        return None
    if not re.fullmatch(r"\d{8}", text, re.ASCII):
        raise ValueError("a date is YYYYMMDD")
    return parts(int(text[:4]), int(text[4:6]), int(text[6:]))


def day_first(text: str | None, separator: str) -> PartialDate | None:
    """Read `DD.MM.YYYY` with any separator and `00` for a part that is not known.

    Raises:
        ValueError: it is no such date.
    """
    if not text or not text.strip():
        return None
    day, month, year = text.strip().split(separator)
    return parts(int(year), int(month), int(day))


def parts(year: int | None, month: int | None, day: int | None) -> PartialDate | None:
    """Make a date of three columns; empty and 0 stand for not known.

    Raises:
        ValueError: the parts are no date.
    """
    return PartialDate(year, month or None, day or None) if year else None


def utc(time: dt.datetime) -> dt.datetime:
    """Bring a time with a zone to UTC.

    Raises:
        ValueError: it has none.
    """
    if time.tzinfo is None:
        raise ValueError("a time needs its zone")
    return time.astimezone(dt.UTC)


def whole(day: dt.date | None) -> PartialDate | None:
    """Make a partial date of a calendar date."""
    return PartialDate.of(day) if day else None


def some(*dates: PartialDate | None) -> tuple[PartialDate, ...]:
    """Leave out what is not known."""
    return tuple(date for date in dates if date is not None)
