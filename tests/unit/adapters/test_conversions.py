"""Dates as columns hold them, times of change, positions, keys."""

import datetime as dt
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.clock import UNKNOWN, instant, is_day, micros
from adapters.conversions import dates
from adapters.declaration import Clock, Natural, Surrogate
from adapters.keys import key_maker, key_secret
from adapters.position import Position

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(("text", "date"), [("19600811", "1960-08-11"), ("19600800", "1960-08"), ("19600000", "1960")])
def test_digits_with_zeros_are_dates_known_in_part(text, date):
    assert str(dates.digits(text)) == date


@pytest.mark.parametrize(
    ("text", "date"), [("11.08.1960", "1960-08-11"), ("00.08.1960", "1960-08"), ("00.00.1960", "1960")]
)
def test_day_first_dates_with_zeros_are_known_in_part(text, date):
    assert str(dates.day_first(text, ".")) == date


@pytest.mark.parametrize("text", ["1960", "1960081", "19601340", "196O0811"])
def test_digits_that_are_no_date_are_refused(text):
    with pytest.raises(ValueError, match=r"date|day|month"):
        dates.digits(text)


def test_a_time_without_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        dates.utc(dt.datetime(2026, 3, 1))  # noqa: DTZ001  the missing zone is what is tested


def test_a_time_without_zone_is_read_in_the_zone_of_the_adapter():
    assert instant(micros("2026-07-01 12:00:00", Clock.TEXT, BERLIN)) == dt.datetime(2026, 7, 1, 10, tzinfo=dt.UTC)
    assert instant(micros("2026-01-01 12:00:00", Clock.TEXT, BERLIN)) == dt.datetime(2026, 1, 1, 11, tzinfo=dt.UTC)


def test_a_day_is_told_from_a_time():
    days = [dt.date(2026, 3, 1), "2026-03-01", "20260301"]
    assert all(is_day(raw, Clock.TEXT) for raw in days)
    times = [dt.datetime(2026, 3, 1), "2026-03-01 00:00", "soon", None, 20260301]  # noqa: DTZ001
    assert not any(is_day(raw, Clock.TEXT) for raw in times)
    assert not is_day("20260301", Clock.EPOCH_S)


@pytest.mark.parametrize("raw", [None, "", "yesterday", -5, 10**30])
def test_a_time_that_has_no_sense_is_unknown_and_breaks_nothing(raw):
    assert micros(raw, Clock.EPOCH_S, BERLIN) == UNKNOWN
    assert micros(raw if not isinstance(raw, int) else None, Clock.TIMESTAMP, BERLIN) == UNKNOWN


def test_epochs_are_read_in_their_units():
    assert micros(7, Clock.EPOCH_S, BERLIN) == 7_000_000
    assert micros(7, Clock.EPOCH_MS, BERLIN) == 7_000


VALUES = st.one_of(
    st.integers(),
    st.text(),
    st.uuids(),
    st.binary(),
    st.dates(),
    st.datetimes(timezones=st.just(dt.UTC)),
    st.decimals(allow_nan=False, allow_infinity=False),
    st.none(),
)


@given(VALUES, st.lists(VALUES, min_size=1, max_size=3))
def test_a_position_is_read_as_it_was_written(updated, key):
    position = Position(updated, tuple(key))
    assert Position.from_text(position.to_text()) == position


def test_a_surrogate_is_the_key_as_it_is_unless_it_does_not_fit():
    make = key_maker(Surrogate("id"), "person", b"secret")
    assert make([7]) == "7"
    assert make([UUID(int=7)]) == str(UUID(int=7))
    assert make([Decimal(7)]) == "7"
    assert make(["a/b"]).startswith("~")


def test_a_natural_key_tells_nothing_and_depends_on_the_secret():
    one, other = (key_maker(Natural("number", "issuer"), "document", secret) for secret in (b"one", b"other"))
    assert one(["X0000001", "UTO"]) == one(["X0000001", "UTO"])
    assert "X0000001" not in one(["X0000001", "UTO"])
    assert one(["X0000001", "UTO"]) != other(["X0000001", "UTO"])
    assert one(["ab", "c"]) != one(["a", "bc"])


def test_the_secret_is_made_once_and_is_readable_by_its_owner_alone(tmp_path):
    assert key_secret(tmp_path) == key_secret(tmp_path)
    assert (tmp_path / "key-secret").stat().st_mode & 0o077 == 0
