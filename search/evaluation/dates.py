"""This module reads the birth dates of tables, in the forms that say which part is the day. It is pure."""

import re
import unicodedata
from collections.abc import Iterable

from contracts.dates import PartialDate
from search.linkage.persons import plain

_BETWEEN = r"\s*[-./\s]\s*"
_YEAR_FIRST = re.compile(rf"(\d{{4}})(?:{_BETWEEN}(\d{{1,2}})(?:{_BETWEEN}(\d{{1,2}}))?)?", re.ASCII)
_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})({_BETWEEN})(\d{{1,2}}){_BETWEEN}(\d{{4}})", re.ASCII)
_SIGNS = re.compile(r"[\s./-]")
_MONTHS = 12
_AGREEING = 0.95
"""Of the dates of a column that tell the order: some have slips."""

NOT_READ = "a birth date is in no form that is known, such as 1960-08-11, or no calendar holds it"
ORDER_NOT_TOLD = "a birth date does not tell the day from the month; write 1960-08-11"


class OrderNotTold(ValueError):
    """A date may have its day or its month first; `year` is what is certain of it."""

    def __init__(self, year: PartialDate) -> None:
        super().__init__(ORDER_NOT_TOLD)
        self.year = year


def month_comes_first(texts: Iterable[str]) -> bool | None:
    """Tell by the dates of one column whether the month comes before the day, where the year is last.

    Those count that tell it themselves, as `13/8/1960` and `8/13/1960` do; None where nineteen of twenty do not agree.
    """
    found = [_YEAR_LAST.fullmatch(_with_our_digits(text).strip()) for text in texts]
    pairs = [(int(each[1]), int(each[3])) for each in found if each and "." not in each[2]]
    month_first = sum(0 < first <= _MONTHS < second for first, second in pairs)
    day_first = sum(0 < second <= _MONTHS < first for first, second in pairs)
    if max(month_first, day_first) < _AGREEING * (month_first + day_first) or month_first == day_first:
        return None
    return month_first > day_first


def read_date(text: str, month_first: bool | None = None) -> PartialDate:
    """Read `1960`, `1960-08`, `1960-8-11`, `19600811`, `11.8.1960`, and `13/8/1960`; 00 is a part that is not known.

    Parts may be separated by hyphens, points, slashes or spaces. With points the day comes first, as it does wherever
    dates are so written; with other signs where the parts tell it, for one is greater than 12 or both are the same;
    else as `month_first` says.

    Raises:
        OrderNotTold: day and month may be either.
        ValueError: it has another form, or no calendar holds it.
    """
    parts = _parts(text, month_first)
    if parts is None:
        raise ValueError(NOT_READ)
    year, month, day = parts
    return PartialDate(year, month or None, day or None)


def date_text(text: str, month_first: bool | None = None) -> str:
    """Give a date as linkage compares it: its digits from the year on; what is none as it is written, without signs.

    Raises:
        OrderNotTold: day and month may be either.
    """
    parts = _parts(text, month_first)
    if parts is None:
        return plain(_SIGNS.sub("", _with_our_digits(text)))
    year, *others = parts
    while others and not others[-1]:
        others.pop()
    return "".join([f"{year:04}", *(f"{part:02}" for part in others)])


def _parts(text: str, month_first: bool | None) -> tuple[int, int, int] | None:
    """Part a date into year, month and day, 0 for what is not told; nothing where it has another form."""
    text = _with_our_digits(text).strip()
    if found := _YEAR_FIRST.fullmatch(text) or _TOGETHER.fullmatch(text):
        year, month, day = (int(part or 0) for part in found.groups())
        return year, month, day
    if not (found := _YEAR_LAST.fullmatch(text)):
        return None
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    dotted = "." in found[2]
    if year and not dotted and 0 < first <= _MONTHS and 0 < second <= _MONTHS and first != second:
        if month_first is None:
            raise OrderNotTold(PartialDate(year))
        return (year, first, second) if month_first else (year, second, first)
    # A part that is not known is the day: nobody knows that without the month.
    day_last = second > _MONTHS or (second == 0 and first <= _MONTHS)
    return (year, first, second) if day_last else (year, second, first)


def _with_our_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
