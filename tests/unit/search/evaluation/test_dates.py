"""Birth dates and countries of tables: one reader for all commands."""

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from search.evaluation.countries import THREE_LETTERS
from search.evaluation.dates import OrderNotTold, date_text, month_comes_first, read_date
from search.mrz.codes import kind_of_code


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1960", "1960"),
        ("1960-08", "1960-08"),
        ("1960-8-11", "1960-08-11"),
        ("19600811", "1960-08-11"),
        ("1960/08/11", "1960-08-11"),
        ("11.8.1960", "1960-08-11"),
        ("11. 8. 1960", "1960-08-11"),
        ("13/08/1960", "1960-08-13"),
        ("08/13/1960", "1960-08-13"),
        ("8-8-1960", "1960-08-08"),
        ("1960-08-00", "1960-08"),
        ("1960-00-00", "1960"),
        ("19600000", "1960"),
        ("00/08/1960", "1960-08"),
        ("00.00.1960", "1960"),
        ("١٩٨٤/٠٥/٠٦", "1984-05-06"),  # noqa: RUF001  the digits of Arabic
    ],
)
def test_dates_are_read_in_the_forms_that_say_which_part_is_the_day(written, read):
    assert str(read_date(written)) == read
    assert date_text(written) == read.replace("-", "")


@pytest.mark.parametrize("written", ["6/5/1984", "11/08/1960", "06-05-1984", "6 5 1984"])
def test_a_date_that_does_not_tell_the_day_from_the_month_keeps_its_year(written):
    with pytest.raises(OrderNotTold) as told:
        read_date(written)
    assert str(told.value.year) == written[-4:]


@pytest.mark.parametrize(
    ("column", "month_first"),
    [
        (["6/5/1984", "13/8/1960"], False),
        (["6/5/1984", "8/13/1960"], True),
        (["6/5/1984", "8-8-1960", "1984-05-26", "26.5.1984"], None),
        (["8/13/1960", "13/8/1960"], None),
        (["8/13/1960"] * 19 + ["13/8/1960"], True),
        (["8/13/1960"] * 18 + ["13/8/1960"], None),
        ([], None),
    ],
)
def test_other_dates_of_a_column_may_tell_the_order(column, month_first):
    assert month_comes_first(column) is month_first
    if month_first is not None:
        assert str(read_date("6/5/1984", month_first)) == ("1984-06-05" if month_first else "1984-05-06")
        assert str(read_date("26/5/1984", month_first)) == str(read_date("5/26/1984", month_first)) == "1984-05-26"
        assert str(read_date("6.5.1984", month_first)) == "1984-05-06"


@pytest.mark.parametrize(
    "written", ["", "11/08/60", "1960-13-01", "1960-02-30", "31.02.1960", "1960-00-11", "l9840506", "August 1960"]
)
def test_what_is_no_date_is_refused(written):
    with pytest.raises(ValueError, match=r"\w"):
        read_date(written)


@pytest.mark.parametrize(("written", "compared"), [("31.02.1960", "19600231"), ("l984-05-06", "l9840506"), ("", "")])
def test_what_no_calendar_holds_is_compared_as_it_is_written(written, compared):
    assert date_text(written) == compared


@given(
    st.dates(dt.date(1900, 1, 1)),
    st.sampled_from(["{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0:%d.%m.%Y}", "{0.year}/{0.month}/{0.day}"]),
)
def test_every_day_is_read_in_every_form(day, form):
    assert read_date(form.format(day)) == PartialDate.of(day)


@given(st.text("0123456789-./ x", max_size=14))
@example("6/5/0000")
def test_no_text_breaks_the_reading(text):
    with suppress(OrderNotTold):
        compared = date_text(text)
        with suppress(ValueError):
            assert compared == str(read_date(text)).replace("-", "")


def test_every_country_of_two_letters_is_known_by_three():
    assert len(THREE_LETTERS) == len(set(THREE_LETTERS.values())) == 249  # as ISO 3166-1 has
    assert [code for code in THREE_LETTERS.values() if kind_of_code(code) is None] == []
