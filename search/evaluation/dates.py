"""This module reads the birth dates of tables, in the forms that say which part is the day. It is pure."""

import re
import unicodedata

from contracts.dates import PartialDate
from search.linkage.persons import plain

_BETWEEN = r"\s*[-./\s]\s*"
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?:{_BETWEEN}(\d{{1,2}})(?:{_BETWEEN}(\d{{1,2}}))?)?", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})({_BETWEEN})(\d{{1,2}}){_BETWEEN}(\d{{4}})", re.ASCII)
_SIGNS = re.compile(r"[\s./-]")
_MONTHS = 12

NOT_READ = "a birth date is in no form that is known, such as 1960-08-11, or no calendar holds it"
ORDER_NOT_TOLD = "a birth date does not tell the day from the month; write 1960-08-11"


class OrderNotTold(ValueError):
    """A date may have its day or its month first; `year` is what is certain of it."""

    def __init__(self, year: PartialDate) -> None:
        super().__init__(ORDER_NOT_TOLD)
        self.year = year


def read_date(text: str) -> PartialDate:
    """Read `1960`, `1960-08`, `1960-8-11`, `19600811`, `11.8.1960`, and `13/8/1960`; 00 is a part that is not known.

    Parts may be separated by hyphens, points, slashes or spaces. With points the day comes first, as it does wherever
    dates are so written; with other signs only where the parts tell it: one is greater than 12, or both are the same.

    Raises:
        OrderNotTold: day and month may be either.
        ValueError: it has another form, or no calendar holds it.
    """
    parts = _parts(text)
    if parts is None:
        raise ValueError(NOT_READ)
    year, month, day = parts
    return PartialDate(year, month or None, day or None)


def date_text(text: str) -> str:
    """Give a date as linkage compares it: its digits from the year on; what is none as it is written, without signs.

    Raises:
        OrderNotTold: day and month may be either.
    """
    parts = _parts(text)
    if parts is None:
        return plain(_SIGNS.sub("", _with_our_digits(text)))
    year, *others = parts
    while others and not others[-1]:
        others.pop()
    return "".join([f"{year:04}", *(f"{part:02}" for part in others)])


def _parts(text: str) -> tuple[int, int, int] | None:
    """Part a date into year, month and day, 0 for what is not told; nothing where it has another form."""
    text = _with_our_digits(text).strip()
    if found := _YEAR_FIRST.fullmatch(text) or _TOGETHER.fullmatch(text):
        year, month, day = (int(part or 0) for part in found.groups())
        return year, month, day
    if not (found := _YEAR_LAST.fullmatch(text)):
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    if year and "." not in found[2] and 0 < first <= _MONTHS and 0 < second <= _MONTHS and first != second:
        raise OrderNotTold(PartialDate(year))
    # A part that is not known is the day: nobody knows that without the month.
    month_first = second > _MONTHS or (second == 0 and first <= _MONTHS)
    return (year, first, second) if month_first else (year, second, first)


def _with_our_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
