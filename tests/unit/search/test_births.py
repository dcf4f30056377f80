"""Birth dates: known in part, slipped, swapped, of another calendar."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from contracts.dates import PartialDate
from search import births
from search.births import (
    NOT_HELD,
    Birth,
    islamic,
    keys_of_agreement,
    keys_of_birth,
    keys_of_births,
    solar_hijri,
    swapped,
)
from search.births import compare as compare_worth
from search.weights import weights

DATES = st.builds(PartialDate.of, st.dates(dt.date(1200, 1, 1), dt.date(2600, 12, 31))) | st.builds(
    PartialDate, st.integers(1270, 1429), st.integers(1, 6), st.integers(29, 31)
)


def compare(asked, held):
    return compare_worth(asked, held, weights().birth)


def compared(one, other):
    return compare(PartialDate.parse(one), [PartialDate.parse(other)])[0]


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("1984-05-06", "1984-05-06", Birth.SAME),
        ("1984-05", "1984-05-06", Birth.AGREES),
        ("1984", "1984", Birth.AGREES),
        ("1984-01-01", "1984-05-06", Birth.AGREES),
        ("1984-01-01", "1984-01-01", Birth.AGREES),
        ("1984-06-05", "1984-05-06", Birth.SWAPPED),
        ("1984-05-07", "1984-05-06", Birth.SLIP),
        ("1948-05-06", "1984-05-06", Birth.SLIP),
        ("1365-05-12", "1986-08-03", Birth.CALENDAR),
        ("1400-01-01", "1979-11-21", Birth.CALENDAR),
        ("2529-08-03", "1986-08-03", Birth.CALENDAR),
        ("1365", "1986-08-03", Birth.CALENDAR),
        # days that our calendar does not have
        ("1362-02-31", "1983-05-21", Birth.CALENDAR),
        ("1362-06-31", "1983-09-22", Birth.CALENDAR),
        ("2567-02-29", "2024-02-29", Birth.CALENDAR),
        ("1362-02-31", "1362-02-31", Birth.SAME),
        ("1985", "1984-05-06", Birth.NEAR),
        # the first of January stands for a day that nobody knew: another year is no slip of the same day
        ("1985-01-01", "1984-01-01", Birth.NEAR),
        ("1985-01-01", "1984-05-06", Birth.NEAR),
        ("1994-01-01", "1984-01-01", Birth.OTHER),
        ("1985-09-17", "1984-05-06", Birth.OTHER),
        ("1961-02-03", "1984-05-06", Birth.OTHER),
    ],
)
def test_how_two_birth_dates_compare(one, other, found):
    assert compared(one, other) is compared(other, one) is found


def test_of_several_the_one_that_is_worth_most_is_taken_and_named():
    held = [PartialDate(1961), PartialDate(1984, 5), PartialDate(1984, 5, 7)]
    of_slips = weights().birth | {Birth.SLIP: 9.0}
    assert compare_worth(PartialDate(1984, 5, 6), held, of_slips) == (Birth.SLIP, PartialDate(1984, 5, 7))
    of_parts = weights().birth | {Birth.AGREES: 9.0}
    assert compare_worth(PartialDate(1984, 5, 6), held, of_parts) == (Birth.AGREES, PartialDate(1984, 5))


@pytest.mark.parametrize(
    ("year", "month", "day", "ours"),
    [
        (1400, 1, 1, "2021-03-21"),
        (1357, 11, 22, "1979-02-11"),
        (1399, 12, 30, "2021-03-20"),
        (1404, 1, 1, "2025-03-21"),
    ],
)
def test_solar_hijri_days_are_those_of_the_official_calendar(year, month, day, ours):
    assert dt.date.fromordinal(solar_hijri(year, month, day)).isoformat() == ours


@pytest.mark.parametrize(("year", "ours"), [(1445, "2023-07-19"), (1400, "1979-11-21")])
def test_islamic_years_begin_as_the_tables_say(year, ours):
    assert dt.date.fromordinal(islamic(year, 1, 1)).isoformat() == ours


@given(DATES)
def test_a_date_shares_all_its_keys_with_itself_and_most_with_a_date_that_differs_in_one_part(date):
    keys = set(keys_of_birth(date))
    assert {str(date), f"{date.year:04d}"} <= keys
    other = PartialDate(date.year, date.month, date.day % 28 + 1)
    assert keys & set(keys_of_birth(other))


def test_whose_birth_date_is_not_held_may_be_anybody_and_a_year_alone_may_be_near():
    asked = keys_of_agreement(PartialDate(1984, 5, 6))
    assert keys_of_births([]) == (NOT_HELD,)
    assert not asked.isdisjoint(keys_of_births([]))
    for year, is_near in ((1982, False), (1983, True), (1984, True), (1985, True), (1986, False)):
        assert asked.isdisjoint(keys_of_births([PartialDate(year)])) is not is_near


NEIGHBOURS = st.builds(PartialDate, st.integers(1958, 1963), st.none() | st.integers(1, 12)) | st.builds(
    PartialDate, st.integers(1958, 1963), st.integers(1, 12), st.integers(1, 12)
)


@given(NEIGHBOURS, NEIGHBOURS)
def test_dates_that_agree_swapped_or_but_for_a_slip_find_each_other_and_a_common_year_is_not_enough(asked, held):
    shared = keys_of_agreement(asked) & set(keys_of_birth(held))
    found = compare(asked, [held])[0]
    if found in {Birth.SAME, Birth.AGREES, Birth.SWAPPED, Birth.SLIP}:
        assert shared
    same = [getattr(asked, part) == getattr(held, part) for part in ("year", "month", "day")]
    if asked.is_whole and held.is_whole and found is Birth.OTHER:
        assert bool(shared) is (sum(same) == 2)


@given(DATES, DATES)
def test_comparing_is_symmetric_and_a_date_is_itself(one, other):
    assert compare(one, [other])[0] is compare(other, [one])[0]
    assert compare(one, [one])[0] in {Birth.SAME, Birth.AGREES}


@given(DATES)
def test_swapping_twice_gives_the_date_again(date):
    other = swapped(date)
    assert other is None or swapped(other) == date


NEAR = st.builds(PartialDate, st.integers(1975, 1990), st.integers(1, 12), st.integers(1, 28))
IN_PART = st.builds(PartialDate, st.integers(1975, 1990), st.none() | st.integers(1, 12))


@given(st.one_of(NEAR, IN_PART), st.one_of(NEAR, IN_PART))
def test_whoever_may_be_born_on_a_date_shares_a_key_of_agreement(asked, held):
    shared = keys_of_agreement(asked) & set(keys_of_birth(held))
    assert shared or compare(asked, [held])[0] is Birth.OTHER


@given(st.one_of(DATES, NEAR, IN_PART), st.one_of(DATES, NEAR, IN_PART))
def test_dates_that_are_refused_by_one_look_hold_no_rule(one, other):
    rules = {birth for birth, is_so in births._RULES if is_so(one, other)}
    is_same = one == other and one.is_whole and (one.month, one.day) != births.NEW_YEAR
    if births._are_far_apart(one, other):
        assert not rules
        assert not is_same
    assert births._are_swapped(one, other) == (swapped(one) == other or swapped(other) == one)
    assert births._is_one_digit_off(one, other) == (
        one.is_whole and other.is_whole and OSA.distance(str(one), str(other)) <= 1
    )


@given(st.integers(1310, 1400), st.integers(1, 12), st.integers(1, 29), st.integers(-2, 2))
def test_a_converted_date_finds_what_was_counted_elsewhere_across_the_end_of_a_month(year, month, day, off):
    converted = PartialDate(year, month, day)
    ours = PartialDate.of(dt.date.fromordinal(births.solar_hijri(year, month, day) + off))
    assert births.keys_of_agreement(converted) & set(births.keys_of_birth(ours))
    assert births.keys_of_agreement(ours) & set(births.keys_of_birth(converted))
