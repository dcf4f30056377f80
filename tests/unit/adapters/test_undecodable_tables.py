"""Tables in SQLite with bytes that are no UTF-8: one bad value costs one row."""

import sqlite3

import pytest

from adapters.live import LiveStream
from adapters.publisher import Tally
from adapters.snapshot_reader import SnapshotReader, WholeTable
from adapters.sql_reader import SqlReader
from contracts.identity import PersonName
from contracts.query import Criteria
from tests.unit.adapters.person_table import parts


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
