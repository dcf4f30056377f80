"""This module holds dates of which only a part may be known, as birth dates often are."""

import datetime as dt
import re
from calendar import isleap
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

PATTERN = r"^\d{4}(-\d{2}(-\d{2})?)?$"
_SHAPE = re.compile(PATTERN, re.ASCII)
SOLAR_HIJRI = range(1270, 1430)
"""Years of birth of people who live or lived lately, written in that calendar (Iran, Afghanistan): 1891 to 2051."""
ISLAMIC = range(1300, 1475)
BUDDHIST = range(2440, 2600)
"""Such years in the calendar of Thailand, whose months and leap days are ours."""
BUDDHIST_YEARS = 543
_MONTHS, _LONG_MONTHS = range(1, 13), range(1, 7)
_DAYS, _DAYS_OF_LONG = range(1, 31), range(1, 32)
"""Of the Solar Hijri calendar; no month of the Islamic one is longer than 30 days."""


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A date known to the year, the month or the day; written `1960`, `1960-08`, `1960-08-11` (ISO 8601-1, 5.2.2).

    A year alone is not the first of January, and never becomes it. A register of Kabul or Bangkok may hold dates of its
    own calendar: where the year is of one, so may be month and day, as in `1362-02-31` and `2567-02-29`.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no calendar holds.

        Raises:
            ValueError: the parts are no date of the Gregorian calendar nor of another one whose year it may be, or a
                day stands without its month.
        """
        if self.day is not None and self.month is None:
            raise ValueError("a day needs its month")
        month, day = 1 if self.month is None else self.month, 1 if self.day is None else self.day
        if not _is_of_another_calendar(self.year, month, day):
            dt.date(self.year, month, day)

    @classmethod
    def parse(cls, text: str) -> "PartialDate":
        """Read the ISO form.

        Raises:
            ValueError: `text` is not one of the three forms or is no date.
        """
        return _parsed(text)

    @classmethod
    def of(cls, day: dt.date) -> "PartialDate":
        """Take a whole calendar date."""
        return cls(day.year, day.month, day.day)

    def __str__(self) -> str:
        """Write the ISO form."""
        if self.day is not None:
            return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"
        return f"{self.year:04d}" if self.month is None else f"{self.year:04d}-{self.month:02d}"

    def agrees_with(self, other: "PartialDate") -> bool:
        """Tell whether the two may be the same day: all parts that both know are equal."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(mine == theirs for mine, theirs in pairs if mine is not None and theirs is not None)

    @classmethod
    def _accept(cls, value: Any) -> "PartialDate":
        """Take a date as it is, or its text."""
        if isinstance(value, cls):
            return value
        if not isinstance(value, str):
            raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")  # noqa: TRY004  pydantic reports ValueError alone
        return cls.parse(value)

    @property
    def is_whole(self) -> bool:
        """Whether the day is known."""
        return self.day is not None

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: GetCoreSchemaHandler) -> CoreSchema:
        """Validate from the ISO text, serialise to it."""
        from_text = core_schema.no_info_after_validator_function(cls.parse, core_schema.str_schema(pattern=PATTERN))
        return core_schema.json_or_python_schema(
            json_schema=from_text,
            python_schema=core_schema.no_info_plain_validator_function(cls._accept),
            serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, _schema: CoreSchema, _handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Show the text form in JSON Schema."""
        return {"type": "string", "pattern": PATTERN}


def _is_of_another_calendar(year: int, month: int, day: int) -> bool:
    """Tell whether a date may be one of a calendar that is not ours."""
    if year in BUDDHIST:
        return month == 2 and day == 29 and isleap(year - BUDDHIST_YEARS)  # noqa: PLR2004  else as ours
    if year in SOLAR_HIJRI and month in _LONG_MONTHS:
        return day in _DAYS_OF_LONG
    return (year in SOLAR_HIJRI or year in ISLAMIC) and month in _MONTHS and day in _DAYS


@lru_cache(maxsize=65_536)
def _parsed(text: str) -> PartialDate:
    """Read the ISO form; kept, because a record is read many times on its way, and people share their birthdays."""
    if not _SHAPE.match(text):
        raise ValueError("a date is YYYY, YYYY-MM or YYYY-MM-DD")
    return PartialDate(*map(int, text.split("-")))
