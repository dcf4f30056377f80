"""Partly known dates."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from contracts.dates import PartialDate

ADAPTER = TypeAdapter(PartialDate)


def partial_dates():
    def cut(day: dt.date, parts: int) -> PartialDate:
        return PartialDate(*(day.year, day.month, day.day)[:parts])

    return st.builds(cut, st.dates(), st.integers(min_value=1, max_value=3))


@given(partial_dates())
def test_a_date_is_read_back_as_it_was_written(date):
    assert PartialDate.parse(str(date)) == date
    assert ADAPTER.validate_json(ADAPTER.dump_json(date)) == date


@given(partial_dates())
def test_a_date_agrees_with_each_coarser_form_of_itself(date):
    assert date.agrees_with(date)
    assert date.agrees_with(PartialDate(date.year))
    assert not date.agrees_with(PartialDate(date.year % 9999 + 1))


@pytest.mark.parametrize(
    "text", ["", "60", "1960-13", "1960-02-30", "1960-1-1", "0000", "1960-00", "11.8.1960", "१९६०"]
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(text)


def test_a_year_alone_is_not_the_first_of_january():
    assert str(PartialDate.parse("1960")) == "1960"
    assert not PartialDate.parse("1960").is_whole


@pytest.mark.parametrize("text", ["1362-02-31", "1362-06-31", "1399-12-30", "1403-04-31", "1400-02-30", "2567-02-29"])
def test_a_date_of_another_calendar_is_a_date_where_its_year_is_of_that_calendar(text):
    assert str(ADAPTER.validate_python(text)) == text


@pytest.mark.parametrize(
    "text",
    ["1362-11-31", "1362-13-01", "1362-02-32", "1450-02-31", "2568-02-30", "2566-02-29", "2567-02-30", "1984-02-30"],
)
def test_a_day_that_no_calendar_holds_is_none(text):
    with pytest.raises(ValidationError):
        ADAPTER.validate_python(text)
