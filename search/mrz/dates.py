"""This module reads and writes the dates of machine readable zones: YYMMDD (ICAO Doc 9303-3, 4.8)."""

from contracts.dates import PartialDate
from search.mrz.check_digits import FILLER

_LEAP_YEAR = 2000  # in which every month and day may be
_UNKNOWN = ("<<", "00")  # fillers by the rule; some states write zeros


class NoDate(Exception):
    """The characters are no date; `at` is the first of the two that are wrong, from 0."""

    def __init__(self, at: int) -> None:
        super().__init__("no date")
        self.at = at


def read_date(field: str, latest_year: int) -> PartialDate | None:
    """Read six digits, of which fillers stand for what is unknown; the latest century that is possible.

    Returns:
        None where not even the year is known; month and day say nothing without it.

    Raises:
        NoDate: a year is written in half, or a month or a day is none.
    """
    parts = [field[0:2], field[2:4], field[4:6]]
    is_known = parts[0] != FILLER * 2
    if is_known and not parts[0].isdigit():
        raise NoDate(0)
    full = latest_year // 100 * 100 + int(parts[0]) if is_known else _LEAP_YEAR
    full -= 100 if full > latest_year else 0
    month = _known(parts[1], 2)
    day = _known(parts[2], 4) if month is not None else None
    try:
        PartialDate(full, month)
    except ValueError:
        raise NoDate(2) from None
    try:
        date = PartialDate(full, month, day)
    except ValueError:
        raise NoDate(4) from None
    return date if is_known else None


def write_date(date: PartialDate | None) -> str:
    """Write six digits, fillers for what is unknown."""
    if date is None:
        return FILLER * 6
    parts = (date.year % 100, date.month, date.day)
    return "".join(FILLER * 2 if part is None else f"{part:02d}" for part in parts)


def _known(part: str, at: int) -> int | None:
    if part in _UNKNOWN:
        return None
    if not part.isdigit():
        raise NoDate(at)
    return int(part)
