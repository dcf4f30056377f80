"""A rule of what has ended may change, by a corrected declaration or by new code: rows that stand are decided anew."""

import os
import time
from zoneinfo import ZoneInfo

import pytest

from adapters.change import same
from adapters.conformance.recorder import Recorder
from adapters.databases import connect
from adapters.declaration import Adapter, Clock, Ended, File, Sql, Stream, Surrogate
from adapters.digest import row_digest
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.snapshot_reader import Drops, SnapshotReader, WholeTable
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource
from adapters.state import Known, StreamState
from contracts.records import PersonV1
from hub.audit import Auditor
from tests.unit.adapters.person_table import person, persons

MARKED = {"id": "1", "name": "Ada Testova", "gone": "0"}


def some_persons(row):
    return None if row["name"] == "Nobody" else person(row)


class Lists:
    """Lists of one row, each read by an adapter that was started anew."""

    def __init__(self, folder, kafka=None):
        self.folder, self.kafka, self.number = folder, kafka or Recorder(), 0

    def state(self):
        return StreamState(self.folder / "state.sqlite")

    async def read(self, line, *values):
        self.number += 1
        path = self.folder / f"{self.number}.csv"
        path.write_text(f"id,name,gone\n{line}\n")
        os.utime(path, (time.time() - 100 + self.number,) * 2)
        source = File("*.csv", ended=Ended("gone", values), settle_s=0)
        stream = Stream("person", PersonV1, source, Surrogate("id"), some_persons)
        adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
        with self.state() as state:
            publisher = Publisher(adapter, stream, state, self.kafka, Auditor(self.kafka, "test"))
            drops = Drops(FileSource(self.folder, source, stream.needed))
            reader = SnapshotReader(stream, drops, state, publisher, key_maker(stream.key, "person", b""))
            return await reader.poll()


async def test_a_corrected_rule_brings_back_what_it_had_ended_and_ends_what_it_had_not(tmp_path):
    lists = Lists(tmp_path)
    assert (await lists.read("1,Ada Testova,active")).ended == 1
    assert (await lists.read("1,Ada Testova,active")).unchanged == 1
    assert (await lists.read("1,Ada Testova,active", "W")).published == 1
    assert (await lists.read("1,Ada Testova,active", "W")).unchanged == 1
    assert (await lists.read("1,Ada Testova,active", "active")).ended == 1


@pytest.mark.parametrize(("values", "became"), [(("W",), "published"), (("0",), "unchanged")])
async def test_an_earlier_memory_of_a_marked_row_is_decided_anew_only_where_it_is_not_marked_now(
    tmp_path, values, became
):
    lists = Lists(tmp_path)
    with lists.state() as state:
        state.commit([("1", row_digest(MARKED), 5, False)])
    assert getattr(await lists.read("1,Ada Testova,0", *values), became) == 1
    assert (await lists.read("1,Ada Testova,0", *values)).unchanged == 1


async def test_an_earlier_memory_of_a_row_of_which_the_mapping_makes_nothing_sends_nothing(tmp_path):
    lists = Lists(tmp_path)
    with lists.state() as state:
        state.commit([("1", row_digest({**MARKED, "name": "Nobody"}), 5, False)])
    for _ in range(2):
        assert (await lists.read("1,Nobody,0")).unchanged == 1
    assert not lists.kafka.versions()
    assert (await lists.read("1,Ada Testova,0")).published == 1
    assert (await lists.read("1,Nobody,0")).ended == 1
    assert (await lists.read("1,Nobody,0")).unchanged == 1


async def test_a_row_at_fault_that_was_ended_before_is_one_dead_letter(tmp_path):
    lists = Lists(tmp_path)
    assert (await lists.read("1,Ada Testova,1")).ended == 1
    assert (await lists.read("1,,0")).poison == 1
    assert (await lists.read("1,,0")).unchanged == 1
    assert (await lists.read("1,,1")).ended == 1


async def test_a_marked_line_whose_key_stands_twice_is_one_dead_letter(tmp_path):
    lists = Lists(tmp_path)
    assert (await lists.read("1,Ada Testova,0\n1,Bo Testov,1")).poison == 1
    assert (await lists.read("1,Ada Testova,0\n1,Bo Testov,1")).unchanged == 2


@pytest.mark.parametrize("updated", [None, "at"], ids=["no time of change", "an unreadable one"])
async def test_a_table_without_times_follows_a_corrected_rule_too(tmp_path, updated):
    kafka, became = Recorder(), []
    with persons(tmp_path, 1) as database, StreamState(tmp_path / "state.sqlite") as state:
        database.execute("UPDATE person SET gone = 'active', at = NULL")
        for values in ((), ("W",), ("W",), ("active",)):
            source = Sql("person", updated, Clock.EPOCH_S, ended=Ended("gone", values), settle_s=0, compare_s=0)
            stream = Stream("person", PersonV1, source, Surrogate("id"), person)
            adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
            table = SqlSource(connect(f"sqlite:///{tmp_path / 'legacy.sqlite'}"), source, ("id",), ZoneInfo("UTC"))
            publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
            key = key_maker(stream.key, "person", b"")
            reader = (
                SqlReader(table, state, publisher, key)
                if updated
                else SnapshotReader(stream, WholeTable(table), state, publisher, key)
            )
            tally = await reader.poll()
            became.append((tally.ended, tally.published))
    assert became == [(1, 0), (0, 1), (0, 0), (1, 0)]


def test_a_row_that_was_ended_and_is_not_marked_now_is_another_one():
    assert not same(Known(5, 5, live=False), 5)
    assert same(Known(5, 5, live=True), 5)
    assert same(Known(5, 0, live=False), 5)
    assert same(Known("5-none", 5, live=False), 5)
    assert not same(Known("5-ended", 5, live=True), "5-ended")
