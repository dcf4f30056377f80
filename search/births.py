"""This module knows how birth dates are held and mistaken: in part, by a slip, or by another calendar. It is pure.

The same code makes the keys of a record and those of a question. Of a date with an impossible year the calendars that
may be meant count too: Solar Hijri (Iran, Afghanistan), Islamic, Buddhist (Thailand).
"""

import datetime as dt
from calendar import isleap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA

from contracts.dates import BUDDHIST, BUDDHIST_YEARS, ISLAMIC, SOLAR_HIJRI, PartialDate

_SOLAR_CYCLE = 33
_ISLAMIC_EPOCH = 227_014  # days before 1 Muharram 1, on 16 July 622 of the Julian calendar
CALENDAR_DAYS = 2
"""By so much a calculated calendar may differ from the one that was seen in the sky, or counted elsewhere."""
NEAR_YEARS = 1
REGISTERS = 1990
"""The year since when what ends is kept in registers that are still asked."""
PARTS = 3
"""Year, month and day."""
NEW_YEAR = (1, 1)
"""What registers write where only the year is known; see `PartialDate`, which has a form for that."""


class Birth(StrEnum):
    """How two birth dates compare."""

    SAME = "same"
    AGREES = "agrees"
    SWAPPED = "swapped"
    CALENDAR = "calendar"
    SLIP = "slip"
    NEAR = "near"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class BirthForms:
    """The keys of a birth date: the whole date, what is known of it when one part is wrong, and the year alone."""

    whole: str | None
    parts: tuple[str, ...]
    year: str


_NO_DAY = "{:04d}-~"
NOT_HELD = "?"
"""The key of records that name a person and no birth date: they contradict none."""


def keys_of_births(dates: Iterable[PartialDate]) -> tuple[str, ...]:
    """Give all keys of a record's birth dates; where it has none, the key that says so."""
    return tuple(dict.fromkeys(key for date in dates for key in keys_of_birth(date))) or (NOT_HELD,)


def keys_of_birth(date: PartialDate) -> tuple[str, ...]:
    """Give all keys under which a record with this birth date is found, of each reading."""
    keys = [key for reading in readings(date) for key in (*_keys(forms(reading)), *_month_alone(reading))]
    return tuple(dict.fromkeys([*keys, *_months_near(date)]))


def keys_of_agreement(date: PartialDate) -> frozenset[str]:
    """Give the keys of which whoever may be born on a date has one: two parts of it, or the year where no day is known.

    Whoever was born in that year, on another day of another month, was not, unless of the date that is asked for the
    day is not known, or of the one that is held not the month; the year may then be near. Whose date is not held may be
    anybody.
    """
    keys = {NOT_HELD, *_months_near(date)}
    for reading in readings(date):
        written = forms(reading)
        keys |= {*written.parts, *(_year_alone(f"{year:04d}") for year in _years_near(reading))}
        keys |= {_NO_DAY.format(year) for year in _years_near(reading)}
        keys |= {str(other) for other in (swapped(reading),) if other}
        known = written.whole if _is_known(reading) else None
        keys |= {known} if known else {f"{year:04d}" for year in _years_near(reading)}
    return frozenset(keys)


def keys_of_sameness(date: PartialDate) -> frozenset[str]:
    """Give the keys of which who is born on that very date has one, though day and month may be exchanged."""
    keys: set[str] = set()
    for reading in readings(date):
        written = forms(reading)
        keys |= {str(other) for other in (swapped(reading),) if other}
        keys |= {written.whole} if written.whole else set(written.parts)
    return frozenset(keys)


def forms(date: PartialDate) -> BirthForms:
    """Write `1960-08-11` also as `1960-08`, `--08-11` (as ISO 8601:1988 truncates), `1960-*-11`, and `1960`.

    A year alone is `1960-?` as well, and so is its first day.
    """
    year = f"{date.year:04d}"
    if date.month is None:
        return BirthForms(None, (_year_alone(year),), year)
    month = f"{date.month:02d}"
    if date.day is None:
        return BirthForms(None, (f"{year}-{month}",), year)
    day = f"{date.day:02d}"
    alone = (_year_alone(year),) if is_placeholder(date) else ()
    return BirthForms(str(date), (f"{year}-{month}", f"--{month}-{day}", f"{year}-*-{day}", *alone), year)


def _months_near(date: PartialDate) -> tuple[str, ...]:
    """Give the months in which a converted date may lie: counted elsewhere it may be on the other side of their end."""
    days = [day for reading in readings(date)[1:] if (day := _ordinal(reading)) is not None]
    near = (dt.date.fromordinal(day + step) for day in days for step in (-CALENDAR_DAYS, CALENDAR_DAYS))
    return tuple(dict.fromkeys(f"{each.year:04d}-{each.month:02d}" for each in near))


def _month_alone(date: PartialDate) -> tuple[str, ...]:
    """Give the key of a date whose month is known and not its day: such a one may be near."""
    return (_NO_DAY.format(date.year),) if date.month is not None and date.day is None else ()


def _is_known(date: PartialDate) -> bool:
    return date.is_whole and not is_placeholder(date)


def _years_near(date: PartialDate) -> range:
    return range(date.year - NEAR_YEARS, date.year + NEAR_YEARS + 1)


def _year_alone(year: str) -> str:
    return f"{year}-?"


@lru_cache(maxsize=16_384)
def readings(date: PartialDate) -> tuple[PartialDate, ...]:
    """Give a date, and what it is in Gregorian terms if its year is of another calendar."""
    return (date, *_converted(date))


def swapped(date: PartialDate) -> PartialDate | None:
    """Give a date with day and month exchanged, where that is another date."""
    if date.month is None or date.day is None or date.day == date.month:
        return None
    try:
        return PartialDate(date.year, date.day, date.month)
    except ValueError:
        return None


def compare(asked: PartialDate, held: Sequence[PartialDate], worth: Mapping[Birth, float]) -> tuple[Birth, PartialDate]:
    """Compare with each that is held; give the comparison that is worth most and the date that gave it.

    Raises:
        ValueError: none is held.
    """
    return max(((compared(asked, date), date) for date in held), key=lambda found: worth[found[0]])


def compared(one: PartialDate, other: PartialDate) -> Birth:
    """Compare two birth dates, in whichever order: the one place where that is decided."""
    if _are_far_apart(one, other):
        return Birth.OTHER
    if one == other and one.is_whole and not is_placeholder(one):
        return Birth.SAME
    return next((birth for birth, is_so in _RULES if is_so(one, other)), Birth.OTHER)


def _are_far_apart(one: PartialDate, other: PartialDate) -> bool:
    """Tell quickly of most pairs that no rule holds: other years of our calendar, and another day."""
    return (
        abs(one.year - other.year) > NEAR_YEARS
        and (one.month != other.month or one.day != other.day)
        and not (_is_of_another_calendar(one.year) or _is_of_another_calendar(other.year))
    )


def _is_of_another_calendar(year: int) -> bool:
    return year in SOLAR_HIJRI or year in ISLAMIC or year in BUDDHIST


def _agree(one: PartialDate, other: PartialDate) -> bool:
    same_year = one.year == other.year
    return one.agrees_with(other) or (same_year and (is_placeholder(one) or is_placeholder(other)))


def _are_swapped(one: PartialDate, other: PartialDate) -> bool:
    same_year = one.year == other.year
    return same_year and one.is_whole and (one.month, one.day) == (other.day, other.month) and one.day != one.month


def _is_slip(one: PartialDate, other: PartialDate) -> bool:
    """Tell whether one digit differs, or two neighbours are exchanged; of days that nobody knew it tells nothing."""
    return not (is_placeholder(one) or is_placeholder(other)) and _is_one_digit_off(one, other)


def _is_one_digit_off(one: PartialDate, other: PartialDate) -> bool:
    if (one.year == other.year) + (one.month == other.month) + (one.day == other.day) < PARTS - 1:
        return False
    return one.is_whole and other.is_whole and OSA.distance(str(one), str(other), score_cutoff=1) <= 1


def is_placeholder(date: PartialDate) -> bool:
    """Tell whether a date may stand for its year alone."""
    return (date.month, date.day) == NEW_YEAR


def _is_near(one: PartialDate, other: PartialDate) -> bool:
    """Tell whether year or day differ a little: ages are often told by guess, and days of two parts agree by slip."""
    if abs(one.year - other.year) <= NEAR_YEARS:
        known = all(map(_is_known, (one, other)))
        return not known or (one.month, one.day) == (other.month, other.day)
    return False


def _agree_by_calendar(one: PartialDate, other: PartialDate) -> bool:
    for mine in readings(one):
        for theirs in readings(other):
            if (mine, theirs) == (one, other):
                continue
            if mine.agrees_with(theirs) or _days_apart(mine, theirs) <= CALENDAR_DAYS:
                return True
    return False


def _days_apart(one: PartialDate, other: PartialDate) -> int:
    days = [day for date in (one, other) if (day := _ordinal(date)) is not None]
    return abs(days[0] - days[1]) if len(days) == len((one, other)) else CALENDAR_DAYS + 1


def _ordinal(date: PartialDate) -> int | None:
    """Give the day as a number; nothing where it is not known, or is one of another calendar alone."""
    try:
        return dt.date(date.year, date.month or 0, date.day or 0).toordinal()
    except ValueError:
        return None


def _converted(date: PartialDate) -> Iterator[PartialDate]:
    if date.year in BUDDHIST:
        yield PartialDate(date.year - BUDDHIST_YEARS, date.month, _day(date))
    for years, ordinal in ((SOLAR_HIJRI, solar_hijri), (ISLAMIC, islamic)):
        if date.year not in years:
            continue
        if date.month is None or date.day is None:
            first = dt.date.fromordinal(ordinal(date.year, date.month or 1, 1))
            # The year begins within one of ours and ends in the next: most of it lies in the later part.
            yield PartialDate(first.year)
            yield PartialDate(first.year + 1)
        else:
            yield PartialDate.of(dt.date.fromordinal(ordinal(date.year, date.month, date.day)))


def _day(date: PartialDate) -> int | None:
    """Give the day of a Buddhist date, which is ours but for a leap day of its year alone."""
    is_leap_day = (date.month, date.day) == (2, 29)
    return None if is_leap_day and not isleap(date.year - BUDDHIST_YEARS) else date.day


def solar_hijri(year: int, month: int, day: int) -> int:
    """Give the proleptic Gregorian ordinal of a date of the Solar Hijri calendar, by the cycle of 33 years.

    By that cycle the equinox is right for 1244 to 1531 (cf. Borkowski, The Persian calendar for 3000 years, 1996).
    """
    since = year + 1595
    leap_days = since // _SOLAR_CYCLE * 8 + (since % _SOLAR_CYCLE + 3) // 4
    before = (month - 1) * 31 if month <= 7 else (month - 7) * 30 + 186  # noqa: PLR2004  six long months
    return 365 * since + leap_days + before + day - 356_033


def islamic(year: int, month: int, day: int) -> int:
    """Give the proleptic Gregorian ordinal of a date of the tabular Islamic calendar (Reingold and Dershowitz, 7.1)."""
    months = (29 * 2 + 1) * (month - 1)
    return (year - 1) * 354 + (3 + 11 * year) // 30 + -(-months // 2) + day + _ISLAMIC_EPOCH


def last_day(date: PartialDate) -> dt.date:
    """Give the day of our calendar up to which a date reaches; one that our calendar does not hold ends its month.

    A year of another calendar is one of that, for nothing that is still held ended in our 1405 or lasts until 2568. Of
    two calendars the later day counts: what is still in force must not be missed. A Buddhist year before 2533 would
    have ended before `REGISTERS`: it is one of ours, as is written of what has no end (`2500-12-31`).
    """
    is_buddhist = date.year in BUDDHIST and date.year - BUDDHIST_YEARS >= REGISTERS
    days = [_last_of_ours(date.year - BUDDHIST_YEARS, date.month, date.day)] if is_buddhist else []
    for years, ordinal, late in ((SOLAR_HIJRI, solar_hijri, 0), (ISLAMIC, islamic, CALENDAR_DAYS)):
        if date.year in years:
            days.append(dt.date.fromordinal(_last_ordinal(date, ordinal) + late))
    return max(days, default=None) or _last_of_ours(date.year, date.month, date.day)


def _last_ordinal(date: PartialDate, ordinal: Callable[[int, int, int], int]) -> int:
    if date.month is not None and date.day is not None:
        return ordinal(date.year, date.month, date.day)
    year, month = (date.year, 12) if date.month is None else (date.year, date.month)
    return ordinal(year + month // 12, month % 12 + 1, 1) - 1


def _last_of_ours(year: int, month: int | None, day: int | None) -> dt.date:
    if month is not None and day is not None:
        with suppress(ValueError):
            return dt.date(year, month, day)
    month = month or 12
    following = dt.date(year + month // 12, month % 12 + 1, 1) if year < dt.MAXYEAR else dt.date.max
    return following - dt.timedelta(days=1)


def _keys(form: BirthForms) -> tuple[str, ...]:
    return (form.year, *form.parts, *((form.whole,) if form.whole else ()))


_RULES: tuple[tuple[Birth, Callable[[PartialDate, PartialDate], bool]], ...] = (
    (Birth.AGREES, _agree),
    (Birth.SWAPPED, _are_swapped),
    (Birth.CALENDAR, _agree_by_calendar),
    (Birth.SLIP, _is_slip),
    (Birth.NEAR, _is_near),
)
"""The first that holds counts."""
