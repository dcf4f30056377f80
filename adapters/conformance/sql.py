"""This module is the conformance kit for tables with a time of change: `class TestMine(SqlConformance)`."""

from contextlib import suppress
from pathlib import Path

from adapters.conformance.legacy_table import LegacyTable
from adapters.conformance.recorder import Broken, Recorder
from adapters.conformance.suite import HOUR_S, ROWS, SECRET, Suite
from adapters.declaration import Sql, Stream
from adapters.keys import key_maker
from adapters.publisher import Tally
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource
from adapters.state import StreamState

PAGE = 7


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

    async def test_a_row_that_vanishes_after_a_crash_in_the_middle_of_its_page_is_erased(self, tmp_path: Path) -> None:
        """What may have been published is remembered before it is sent."""
        table, kafka = self._table(tmp_path), Recorder(fail_at=1)
        with suppress(Broken):
            await self._reader(table, kafka).poll()
        for number in range(ROWS):
            table.delete(self.row(number))
        await self._reader(table, kafka).poll()
        await self._reader(table, kafka).compare()
        assert kafka.held() == {}

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

    async def test_a_mark_that_is_set_or_lifted_without_a_new_time_of_change_is_found(self, tmp_path: Path) -> None:
        """Not every system touches the time of change when it marks a row; the comparison sees it."""
        ended = self.declared.source.ended
        if ended is None:
            return
        table, kafka = self._table(tmp_path), Recorder()
        reader = self._reader(table, kafka)
        await reader.poll()
        mark = ended.values[0] if ended.values else table.raw(100)
        table.put({**self.row(4), ended.column: mark}, second=4)
        assert (await reader.compare()).ended == 1
        assert kafka.held().keys() == self.references(range(ROWS)) - {self.reference(4)}
        assert (await reader.compare()).changed == 0
        table.put(self.row(4), second=4)
        assert (await reader.compare()).published == 1
        assert kafka.held().keys() == self.references(range(ROWS))

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
