"""Dates of linkage: compared by the one comparison of birth dates, and found by keys that no link goes without."""

import datetime as dt

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from search import births
from search.births import Birth
from search.linkage.dates import compared, date_of, keys
from search.linkage.rules import Verdict, judge, rules_of_the_package
from tests.unit.search.linkage.test_rules import person

RULES = rules_of_the_package()
YEARS = st.integers(1300, 1475) | st.integers(1955, 2010) | st.integers(2500, 2550)
WHOLE = st.builds(PartialDate, YEARS, st.integers(1, 12), st.integers(1, 28))
IN_PART = st.builds(PartialDate, YEARS, st.none() | st.integers(1, 12))
DATES = WHOLE | IN_PART


def text(date):
    return str(date).replace("-", "")


@st.composite
def near(draw, date):
    """Give a date as it may be mistaken for: slipped, swapped, in part, in our calendar, or a few days off."""
    reading = draw(st.sampled_from(births.readings(date)))
    if reading.month is None or reading.day is None:
        return reading
    digits = list(text(reading))
    place = draw(st.integers(0, 7))
    digits[place] = draw(st.sampled_from("0123456789"))
    others = [reading, PartialDate(reading.year), PartialDate(reading.year, 1, 1), date_of("".join(digits))]
    try:
        day = dt.date(reading.year, reading.month, reading.day)
        others.append(PartialDate.of(day + dt.timedelta(days=draw(st.integers(-2, 2)))))
    except ValueError:
        pass  # a day of another calendar
    return draw(st.sampled_from([other for other in (*others, births.swapped(reading)) if other is not None]))


PAIRS = st.tuples(DATES, DATES) | DATES.flatmap(lambda date: st.tuples(st.just(date), near(date)))


@given(PAIRS)
@example((PartialDate(1363, 2, 16), PartialDate(1984, 5, 6)))
@example((PartialDate(1362, 10, 11), PartialDate(1983, 12, 31)))
@example((PartialDate(1981, 1, 12), PartialDate(1980, 11, 12)))
def test_dates_compare_as_births_do_and_whatever_may_link_shares_a_key(pair):
    one, other = pair
    assert compared(text(one), text(other)) is births.compared(one, other)
    verdict = judge(person(born=str(one)), person(born=str(other)), RULES).verdicts["birth_date"]
    if verdict is not Verdict.DIFFERENT:
        assert keys(text(one)) & keys(text(other))


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("l9840506", "19840506", Birth.SLIP),
        ("19841305", "19841305", Birth.SAME),
        ("198x", "1984", Birth.OTHER),
        ("unknown", "19840506", Birth.OTHER),
        # the same words that say no day do not make it the same day
        ("19840000", "19840000", Birth.AGREES),
        ("1984????", "1984????", Birth.AGREES),
        ("unknown", "unknown", Birth.AGREES),
        ("", "", Birth.AGREES),
    ],
)
def test_what_is_no_date_is_compared_by_its_letters(one, other, found):
    assert compared(one, other) is compared(other, one) is found


@given(st.text(), st.text())
def test_any_texts_compare_the_same_both_ways(one, other):
    assert compared(one, other) is compared(other, one)
    assert keys(one) >= set()
