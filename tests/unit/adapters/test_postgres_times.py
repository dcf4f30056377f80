"""Times of PostgreSQL that Python cannot hold: one of them costs its own row at most."""

import datetime as dt
from zoneinfo import ZoneInfo

import psycopg
import pytest
from psycopg.adapt import AdaptersMap, Transformer
from psycopg.pq import Format

from adapters.clock import UNKNOWN, micros
from adapters.databases import connect
from adapters.declaration import Clock
from adapters.postgres_times import hand_over_as_text


class Context:
    """A connection as far as the driver's loaders ask for one."""

    connection = None

    def __init__(self):
        self.adapters = AdaptersMap(psycopg.adapters)
        hand_over_as_text(self.adapters)


def loaded(kind, written):
    context = Context()
    return Transformer(context).get_loader(context.adapters.types[kind].oid, Format.TEXT).load(written.encode())


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        *((kind, text) for kind in ("date", "timestamp", "timestamptz") for text in ("infinity", "-infinity")),
        ("date", "0044-03-15 BC"),
        ("date", "10000-01-01"),
        ("timestamp", "0044-03-15 12:00:00 BC"),
        ("timestamptz", "10000-01-01 00:00:00+00"),
        ("time", "24:00:00"),
    ],
)
def test_a_time_that_python_cannot_hold_is_given_as_it_is_written_and_is_an_unknown_time_of_change(kind, written):
    assert loaded(kind, written) == written
    assert micros(written, Clock.TIMESTAMP, ZoneInfo("UTC")) == UNKNOWN


def test_all_others_are_times_as_ever():
    assert loaded("date", "2026-03-01") == dt.date(2026, 3, 1)
    assert loaded("timestamp", "2026-03-01 12:00:00.5") == dt.datetime(2026, 3, 1, 12, 0, 0, 500_000)  # noqa: DTZ001
    assert loaded("timestamptz", "2026-03-01 12:00:00+02") == dt.datetime(2026, 3, 1, 10, tzinfo=dt.UTC)


@pytest.mark.parametrize("live", [False, True])
def test_every_connection_to_postgresql_does_so_and_questions_are_no_exception(live):
    engine = connect("postgresql://reader@127.0.0.1:1/nowhere", live=live)
    context = Context()
    context.adapters = AdaptersMap(psycopg.adapters)
    # As the pool does once a connection is made.
    for listener in engine.pool.dispatch.connect:
        if listener.__module__ == "adapters.databases":
            listener(context, None)
    oid = context.adapters.types["timestamp"].oid
    assert Transformer(context).get_loader(oid, Format.TEXT).load(b"infinity") == "infinity"
