"""A list that marks most of what is held as ended is taken for a mistake until a person confirms it."""

import os
import time

import pytest

from adapters.conformance.recorder import Recorder
from adapters.declaration import Adapter, Ended, File, Stream, Surrogate
from adapters.failures import SourceUnavailable
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.snapshot_reader import Drops, SnapshotReader
from adapters.state import StreamState
from contracts.records import ErasureReason, PersonV1
from hub.audit import Auditor
from tests.unit.adapters.person_table import person


class Agency:
    """An agency whose lists say of each of their persons what stands in the column of ends."""

    def __init__(self, folder):
        self.folder, self.kafka, self.lists = folder, Recorder(), 0
        ended = Ended("gone", reason=ErasureReason.WITHDRAWN)
        self.stream = Stream("person", PersonV1, File("*.csv", ended=ended, settle_s=0), Surrogate("id"), person)
        self.state = StreamState(folder / "state.sqlite")
        self.start()

    def start(self):
        adapter = Adapter("invented", "Nobody", "identification", "none", (self.stream,))
        publisher = Publisher(adapter, self.stream, self.state, self.kafka, Auditor(self.kafka, "test"))
        drops = Drops(FileSource(self.folder, self.stream.source, self.stream.needed))
        self.reader = SnapshotReader(
            self.stream, drops, self.state, publisher, key_maker(self.stream.key, "person", b"")
        )

    def drop(self, marks):
        self.lists += 1
        path = self.folder / f"{self.lists}.csv"
        path.write_text("id,name,gone\n" + "".join(f"{key},Ada Testova,{mark}\n" for key, mark in marks.items()))
        os.utime(path, (time.time() - 100 + self.lists,) * 2)
        return path


@pytest.fixture
async def agency(tmp_path):
    made = Agency(tmp_path)
    made.drop(dict.fromkeys(range(30), ""))
    assert (await made.reader.poll()).published == 30
    return made


async def test_a_list_that_marks_most_records_ends_none_until_it_is_confirmed(agency):
    path = agency.drop({**dict.fromkeys(range(30), "never"), 30: "", 31: "never"})
    for _ in range(2):
        with pytest.raises(SourceUnavailable):
            await agency.reader.poll()
        assert len(agency.kafka.held()) == 31, "the new row is published"
        agency.start()
    path.with_name(path.name + ".confirmed").touch()
    assert (await agency.reader.poll()).ended == 30
    assert list(agency.kafka.held()) == ["invented:person:30"]


async def test_what_is_marked_and_what_vanished_count_together(agency):
    agency.drop({**dict.fromkeys(range(8), "x"), **dict.fromkeys(range(8, 22), "")})
    with pytest.raises(SourceUnavailable):
        await agency.reader.poll()
    assert len(agency.kafka.held()) == 30
    agency.drop({**dict.fromkeys(range(8), "x"), **dict.fromkeys(range(8, 23), "")})
    assert (await agency.reader.poll()).ended == 15
    assert (await agency.reader.poll()).changed == 0


async def test_what_had_ended_before_counts_no_more(agency):
    agency.drop({**dict.fromkeys(range(15), "x"), **dict.fromkeys(range(15, 30), "")})
    assert (await agency.reader.poll()).ended == 15
    agency.drop({**dict.fromkeys(range(16), "x"), **dict.fromkeys(range(16, 30), "")})
    tally = await agency.reader.poll()
    assert (tally.ended, tally.unchanged) == (1, 29)


async def test_where_a_row_has_no_sure_key_what_is_marked_ends_and_what_is_missing_does_not(agency):
    agency.drop({**dict.fromkeys(range(8), "x"), "": ""})
    assert (await agency.reader.poll()).ended == 8
    assert len(agency.kafka.held()) == 22
