"""This module brings dates as records have them to `search.births`, which alone compares birth dates.

What is no date is compared by its letters: a slip may be all that is wrong with it.
"""

import datetime as dt
from collections.abc import Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from contracts.dates import PartialDate
from search import births
from search.births import CALENDAR_DAYS, Birth

YEAR, _MONTH, _WHOLE = 4, 6, 8
"""Digits of a year, of a year and its month, and of a whole date; a slip in a year alone would be another year."""


@lru_cache(maxsize=65_536)
def date_of(text: str) -> PartialDate | None:
    """Read four, six or eight digits; nothing where they are no date."""
    if len(text) not in {YEAR, _MONTH, _WHOLE} or not (text.isascii() and text.isdigit()):
        return None
    parts = (text[:YEAR], text[YEAR:_MONTH], text[_MONTH:])
    try:
        return PartialDate(*(int(part) for part in parts if part))
    except ValueError:
        return None


@lru_cache(maxsize=65_536)
def compared(one: str, other: str) -> Birth:
    """Tell how two dates compare."""
    mine, theirs = date_of(one), date_of(other)
    if mine is not None and theirs is not None:
        return births.compared(mine, theirs)
    if one == other:
        return Birth.SAME if _may_say_a_day(one) else Birth.AGREES
    is_slip = min(len(one), len(other)) > YEAR and OSA.distance(one, other, score_cutoff=1) <= 1
    return Birth.SLIP if is_slip else Birth.OTHER


def _may_say_a_day(text: str) -> bool:
    """Tell of what is no date whether it says more than a year: more digits, and neither month nor day is 00."""
    digits = sum(letter.isdigit() for letter in text)
    return len(text) >= _WHOLE and digits > YEAR and "00" not in {text[YEAR:_MONTH], text[_MONTH:_WHOLE]}


@lru_cache(maxsize=65_536)
def keys(text: str) -> frozenset[str]:
    """Give the keys of a date: its year and its day of the year, in each calendar that may be meant.

    Whatever two dates of one year, or that `search.births` calls the same, agreeing, swapped, of two calendars or
    slipped, share one.
    """
    date = date_of(text)
    if date is None:
        return frozenset({text[:YEAR], f"-{text[YEAR:]}"} - {"", "-"})
    return frozenset(_keys(date))


def _keys(date: PartialDate) -> Iterator[str]:
    as_written, *converted = births.readings(date)
    yield f"{as_written.year:04d}"
    if as_written.day is not None and not births.is_placeholder(as_written):
        yield f"-{as_written.month:02d}{as_written.day:02d}"
    for reading in converted:
        yield f"{reading.year:04d}"
        yield from (f"{year:04d}" for year in _years_around(reading))


def _years_around(date: PartialDate) -> Iterator[int]:
    """Give the years in which the day may lie that another count of the same calendar gives."""
    if date.month is not None and date.day is not None:
        day = dt.date(date.year, date.month, date.day)
        yield from ((day + dt.timedelta(days=apart)).year for apart in (-CALENDAR_DAYS, CALENDAR_DAYS))
