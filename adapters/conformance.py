"""This module is the conformance kit: an adapter inherits it by one test line, and has then shown that it is sound.

A suite names a stream and gives rows as the legacy system would hold them. The kit puts them into an SQLite database or
a drop folder, reads them as the process would, and breaks things on the way. It compares what a store would hold.
"""

import csv
import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

from adapters.declaration import Adapter, File, Sql, Stream
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.legacy_table import LegacyTable
from adapters.publisher import Publisher, Tally
from adapters.recorder import Broken, Recorder, StandIn
from adapters.row import Row
from adapters.snapshot_reader import Drops, SnapshotReader
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource
from adapters.state import StreamState
from contracts.references import record_ref
from hub.audit import Auditor

ROWS, PAGE = 23, 7
SECRET = b"conformance"
Columns = dict[str, Any]
HOUR_S = 3_600


class Suite:
    """What both kits have in common. A subclass names `adapter` and `stream`, and makes rows."""

    adapter: ClassVar[Adapter]
    stream: ClassVar[str]

    def row(self, number: int) -> Columns:
        """Give the row `number`: its key differs from that of every other number; the kit sets its time of change."""
        raise NotImplementedError

    @property
    def declared(self) -> Stream:
        """The stream as it is declared, without waiting for rows to settle."""
        stream = self.adapter.stream(self.stream)
        return replace(stream, source=replace(stream.source, settle_s=0))

    def reference(self, number: int) -> str:
        """Give the reference of the record that row `number` becomes."""
        stream = self.declared
        key = key_maker(stream.key, stream.name, SECRET)([self.row(number)[name] for name in stream.key.columns])
        return record_ref(self.adapter.system, stream.name, key)

    def references(self, numbers: range) -> set[str]:
        """Give the references of several rows."""
        return {self.reference(number) for number in numbers}

    def spoilt(self, numbers: set[int]) -> Stream:
        """Give the stream with a mapping that fails on some rows."""
        stream = self.declared
        poison = {self.reference(number) for number in numbers}

        def mapping(row: Row) -> Any:
            if row.record in poison:
                raise ValueError("spoilt by the kit")
            return stream.map(row)

        return replace(stream, map=mapping)

    def publisher(self, stream: Stream, state: StreamState, kafka: Recorder) -> Publisher:
        """Put a publisher together."""
        templates = StandIn(stream.images) if stream.images else None
        return Publisher(self.adapter, stream, state, kafka, Auditor(kafka, "conformance"), templates)


class SqlConformance(Suite):
    """The kit for a table with a time of change."""

    def _reader(self, table: LegacyTable, kafka: Recorder, stream: Stream | None = None) -> SqlReader:
        """Start as a process would: with what the file of an earlier run remembers."""
        stream = stream or self.declared
        assert isinstance(stream.source, Sql)
        state = StreamState(table.folder / "state.sqlite")
        source = SqlSource(table.engine, stream.source, stream.key.columns, self.adapter.time_zone)
        key = key_maker(stream.key, stream.name, SECRET)
        return SqlReader(source, state, self.publisher(stream, state, kafka), key)

    def _table(self, folder: Path, *, ties: bool = False) -> LegacyTable:
        """Fill a table: one row a second, an hour ago; or all at the same time."""
        stream = self.declared
        table = LegacyTable(folder, stream, self.adapter.time_zone, self.row(0))
        for number in range(ROWS):
            table.put(self.row(number), second=0 if ties else number)
        return table

    async def test_every_row_becomes_one_valid_event_with_an_audit_entry(self, tmp_path: Path) -> None:
        """Keys are unique; nothing is a dead letter; each event has its entry."""
        kafka = Recorder()
        tally = await self._reader(self._table(tmp_path), kafka).poll()
        assert tally == Tally(published=ROWS)
        assert kafka.held().keys() == self.references(range(ROWS))
        assert sorted(kafka.audited()) == sorted(kafka.event_ids())

    async def test_a_second_read_publishes_nothing_and_a_lost_memory_publishes_the_same(self, tmp_path: Path) -> None:
        """Two reads are equal, down to the ids."""
        table, kafka, again = self._table(tmp_path), Recorder(), Recorder()
        await self._reader(table, kafka).poll()
        assert (await self._reader(table, Recorder()).poll()).changed == 0
        (tmp_path / "state.sqlite").unlink()
        await self._reader(table, again).poll()
        assert again.event_ids() == kafka.event_ids()

    async def test_a_crash_at_any_page_loses_nothing(self, tmp_path: Path) -> None:
        """A process that ended in the middle of a page goes on; what is sent twice has the same id."""
        for broken in range(1, ROWS // PAGE + 2):
            table, kafka = self._table(tmp_path / str(broken)), Recorder(fail_at=broken)
            try:
                await self._reader(table, kafka).read_changes(page=PAGE)
            except Broken:
                await self._reader(table, kafka).read_changes(page=PAGE)
            assert kafka.held().keys() == self.references(range(ROWS))
            assert len(set(kafka.event_ids())) == ROWS

    async def test_rows_with_equal_times_are_all_read_though_pages_part_them(self, tmp_path: Path) -> None:
        """The cursor is a time and a key."""
        table, kafka = self._table(tmp_path, ties=True), Recorder(fail_at=2)
        try:
            await self._reader(table, kafka).read_changes(page=PAGE)
        except Broken:
            await self._reader(table, kafka).read_changes(page=PAGE)
        assert kafka.held().keys() == self.references(range(ROWS))

    async def test_a_row_that_is_committed_late_is_found(self, tmp_path: Path) -> None:
        """A row whose time of change we had passed when it became visible."""
        table, kafka = self._table(tmp_path), Recorder()
        reader = self._reader(table, kafka)
        await reader.poll()
        table.put(self.row(ROWS), second=3)
        assert (await reader.read_changes()).changed == 0
        assert (await reader.compare()).published == 1
        table.put(self.row(ROWS + 1), second=HOUR_S - 5)
        await reader.read_changes()
        table.put(self.row(ROWS + 2), second=HOUR_S - 9)
        assert (await reader.look_again()).published == 1
        assert kafka.held().keys() == self.references(range(ROWS + 3))

    async def test_a_row_that_changes_between_two_pages_is_published_as_it_is_last(self, tmp_path: Path) -> None:
        """The later version counts, and it is higher."""
        table, kafka = self._table(tmp_path), Recorder()
        kafka.between = lambda: table.put(self.row(ROWS - 1), second=HOUR_S - 30)
        reader = self._reader(table, kafka)
        await reader.read_changes(page=PAGE)
        await reader.read_changes(page=PAGE)
        assert kafka.held().keys() == self.references(range(ROWS))
        assert kafka.versions()[self.reference(ROWS - 1)] == table.micros(HOUR_S - 30)

    async def test_a_deleted_row_is_erased_and_one_that_comes_back_is_published_again(self, tmp_path: Path) -> None:
        """Versions rise from event to erasure to event, even where the row comes back with its old time of change."""
        table, kafka = self._table(tmp_path), Recorder()
        reader = self._reader(table, kafka)
        await reader.poll()
        table.delete(self.row(4))
        assert (await reader.compare()).ended == 1
        assert kafka.held().keys() == self.references(range(ROWS)) - {self.reference(4)}
        assert (await reader.compare()).changed == 0
        table.put(self.row(4), second=4)
        await reader.compare()
        assert kafka.held().keys() == self.references(range(ROWS))

    async def test_a_row_that_says_that_it_ended_is_erased(self, tmp_path: Path) -> None:
        """Soft deletes, where the stream declares them."""
        ended = self.declared.source.ended
        if ended is None:
            return
        table, kafka = self._table(tmp_path), Recorder()
        reader = self._reader(table, kafka)
        await reader.poll()
        mark = ended.values[0] if ended.values else table.raw(100)
        table.put({**self.row(4), ended.column: mark}, second=100)
        await reader.poll()
        assert kafka.held().keys() == self.references(range(ROWS)) - {self.reference(4)}
        table.put(self.row(4), second=101)
        await reader.poll()
        assert self.reference(4) in kafka.held()

    async def test_a_poison_row_is_a_dead_letter_the_rest_flows_and_mended_it_is_published(
        self, tmp_path: Path
    ) -> None:
        """A poison row is said once, and looked at again when it changes."""
        table, kafka = self._table(tmp_path), Recorder()
        reader = self._reader(table, kafka, self.spoilt({3}))
        await reader.poll()
        await reader.compare()
        assert [letter["dead_reason"] for letter in kafka.dead_letters()] == [b"unmapped"]
        assert kafka.held().keys() == self.references(range(ROWS)) - {self.reference(3)}
        table.put(self.row(3), second=100)
        await self._reader(table, kafka).poll()
        assert kafka.held().keys() == self.references(range(ROWS))


class FileConformance(Suite):
    """The kit for whole lists that are dropped as CSV files."""

    def _reader(self, folder: Path, kafka: Recorder, stream: Stream | None = None) -> SnapshotReader:
        stream = stream or self.declared
        assert isinstance(stream.source, File)
        source = replace(stream.source, pattern="*.csv")
        state = StreamState(folder / "state.sqlite")
        key = key_maker(stream.key, stream.name, SECRET)
        publisher = self.publisher(stream, state, kafka)
        return SnapshotReader(stream, Drops(FileSource(folder, source)), state, publisher, key)

    def _drop(self, folder: Path, name: str, rows: list[Columns], cut: int | None = None) -> None:
        source = self.declared.source
        assert isinstance(source, File)
        folder.mkdir(exist_ok=True)
        path = folder / f"{name}.csv"
        with path.open("w", encoding=source.encoding, newline="") as file:
            writer = csv.DictWriter(file, list(self.row(0)), delimiter=source.delimiter)
            writer.writeheader()
            writer.writerows(rows)
        os.utime(path, ns=(self._stamp(), self._stamp()))
        assert cut is None or path.write_bytes(path.read_bytes()[:cut]) is not None

    _dropped = 0

    def _stamp(self) -> int:
        self._dropped += 1
        return time.time_ns() - HOUR_S * 10**9 + self._dropped * 10**9

    def _rows(self, numbers: range) -> list[Columns]:
        return [self.row(number) for number in numbers]

    async def test_every_row_of_a_list_becomes_one_event_and_the_same_list_again_none(self, tmp_path: Path) -> None:
        """The same rows under another name and time are no change."""
        kafka = Recorder()
        self._drop(tmp_path, "a", self._rows(range(ROWS)))
        reader = self._reader(tmp_path, kafka)
        assert await reader.poll() == Tally(published=ROWS)
        self._drop(tmp_path, "b", self._rows(range(ROWS)))
        assert (await self._reader(tmp_path, kafka).poll()).changed == 0
        assert kafka.held().keys() == self.references(range(ROWS))
        assert sorted(kafka.audited()) == sorted(kafka.event_ids())

    async def test_a_crash_in_a_list_loses_nothing(self, tmp_path: Path) -> None:
        """The list is read again from its beginning, with the same ids."""
        kafka = Recorder(fail_at=1)
        self._drop(tmp_path, "a", self._rows(range(ROWS)))
        try:
            await self._reader(tmp_path, kafka).poll()
        except Broken:
            await self._reader(tmp_path, kafka).poll()
        assert kafka.held().keys() == self.references(range(ROWS))
        assert len(set(kafka.event_ids())) == ROWS

    async def test_a_row_that_is_no_longer_listed_is_erased_and_comes_back(self, tmp_path: Path) -> None:
        """Versions rise from list to list."""
        kafka = Recorder()
        for name, numbers in (("a", range(ROWS)), ("b", range(5)), ("c", range(ROWS))):
            self._drop(tmp_path, name, self._rows(numbers))
            await self._reader(tmp_path, kafka).poll()
            assert kafka.held().keys() == self.references(numbers)

    async def test_spoilt_and_repeated_rows_are_dead_letters_and_the_rest_flows(self, tmp_path: Path) -> None:
        """One letter each; what was published under a key that is now poison stays."""
        kafka = Recorder()
        self._drop(tmp_path, "a", [*self._rows(range(ROWS)), self.row(2)])
        await self._reader(tmp_path, kafka, self.spoilt({3})).poll()
        reasons = [letter["dead_reason"] for letter in kafka.dead_letters()]
        assert sorted(reasons) == [b"duplicate-key", b"unmapped"]
        assert kafka.held().keys() == self.references(range(ROWS)) - {self.reference(3)}
