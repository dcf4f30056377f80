"""Tables in SQLite with bytes that are no UTF-8: one bad value costs one row."""

import sqlite3
from zoneinfo import ZoneInfo

import pytest

from adapters.conformance.recorder import Recorder
from adapters.declaration import Adapter, Clock, Ended, Lookup, NameColumns, Sql, Stream, Surrogate
from adapters.keys import key_maker
from adapters.live import LiveStream
from adapters.publisher import Publisher, Tally
from adapters.snapshot_reader import SnapshotReader, WholeTable
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource, connect
from adapters.state import StreamState
from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from contracts.records import PersonV1
from hub.audit import Auditor


def person(row):
    return PersonV1(**row.own, subject=row.record, identity=IdentityData(names=(PersonName(full=row["name"]),)))


def parts(folder, updated):
    source = Sql("person", updated, Clock.EPOCH_S, ended=Ended("gone"), settle_s=0, compare_s=0)
    lookup = Lookup(names=(NameColumns(full="town"),))
    stream = Stream("person", PersonV1, source, Surrogate("id"), person, lookup=lookup)
    adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
    kafka = Recorder()
    state = StreamState(folder / "state.sqlite")
    publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
    table = SqlSource(connect(f"sqlite:///{folder / 'legacy.sqlite'}"), source, ("id",), ZoneInfo("UTC"))
    return adapter, stream, kafka, state, publisher, table, key_maker(stream.key, stream.name, b"")


@pytest.fixture
def legacy(tmp_path):
    database = sqlite3.connect(tmp_path / "legacy.sqlite", isolation_level=None)
    database.execute("CREATE TABLE person (id TEXT, name TEXT, town TEXT, gone TEXT, at INTEGER)")
    rows = "INSERT INTO person VALUES (CAST(? AS TEXT), CAST(? AS TEXT), 'NORTH', ?, ?)"
    good = [(b"1", b"Ada Testova", None, 1), (b"2", b"Test\xffova", None, 2), (b"3", b"Bo Testov", None, 3)]
    bad = [(b"5", b"Test\xffova", "yes", 5), (b"9\xff", b"Cy Testov", None, 6)]
    database.executemany(rows, [*good, *bad])
    yield database
    database.close()


def told(kafka):
    return sorted((letter["dead_reason"], letter["dead_field"]) for letter in kafka.dead_letters())


async def test_a_row_that_cannot_be_decoded_is_poison_and_names_the_field(tmp_path, legacy):
    _, _, kafka, state, publisher, table, key = parts(tmp_path, "at")
    reader = SqlReader(table, state, publisher, key)
    assert await reader.poll() == Tally(published=2, ended=1, poison=2)
    assert sorted(kafka.held()) == ["invented:person:1", "invented:person:3"]
    assert told(kafka) == [(b"unreadable", b"column id"), (b"unreadable", b"column name")]
    assert (await reader.poll()).changed == 0
    legacy.execute("UPDATE person SET at = 7 WHERE at = 6")
    assert (await reader.compare()).poison == 1
    legacy.execute("UPDATE person SET name = 'Di Testova', at = 8 WHERE at = 2")
    assert (await reader.poll()).published == 1


async def test_so_it_is_in_a_table_without_a_time_of_change(tmp_path, legacy):
    _, stream, kafka, state, publisher, table, key = parts(tmp_path, None)
    await SnapshotReader(stream, WholeTable(table), state, publisher, key).poll()
    assert sorted(kafka.held()) == ["invented:person:1", "invented:person:3"]


def test_a_live_answer_without_such_a_row_is_not_whole(tmp_path, legacy):
    adapter, stream, _, _, _, table, key = parts(tmp_path, "at")
    found = LiveStream(adapter, stream, table, key).find(Criteria(names=(PersonName(full="north"),)), 5)
    assert len(found.records) == 2
    assert found.incomplete
