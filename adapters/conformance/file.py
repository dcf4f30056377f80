"""This module is the conformance kit for whole lists, dropped as CSV files: `class TestMine(FileConformance)`."""

import csv
import os
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from adapters.conformance.recorder import Broken, Recorder
from adapters.conformance.suite import HOUR_S, ROWS, SECRET, Columns, Suite
from adapters.declaration import File, Stream
from adapters.failures import SourceUnavailable
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.publisher import Tally
from adapters.snapshot_reader import Drops, SnapshotReader
from adapters.state import StreamState


class FileConformance(Suite):
    """The kit for whole lists that are dropped as CSV files."""

    def _reader(
        self, folder: Path, kafka: Recorder, stream: Stream | None = None, *, max_ended_share: float = 1.0
    ) -> SnapshotReader:
        """Start as a process would; the kit drops short lists, which only their own test wants refused."""
        stream = stream or self.declared
        assert isinstance(stream.source, File)
        source = replace(stream.source, pattern="*.csv")
        stream = replace(stream, source=replace(source, max_ended_share=max_ended_share))
        state = StreamState(folder / "state.sqlite")
        key = key_maker(stream.key, stream.name, SECRET)
        publisher = self.publisher(stream, state, kafka)
        return SnapshotReader(stream, Drops(FileSource(folder, source, stream.needed)), state, publisher, key)

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

    async def test_a_row_that_leaves_the_list_after_a_crash_is_erased(self, tmp_path: Path) -> None:
        """What may have been published is remembered before it is sent."""
        kafka = Recorder(fail_at=1)
        self._drop(tmp_path, "a", self._rows(range(ROWS)))
        with suppress(Broken):
            await self._reader(tmp_path, kafka).poll()
        self._drop(tmp_path, "b", self._rows(range(1)))
        await self._reader(tmp_path, kafka).poll()
        assert kafka.held().keys() == self.references(range(1))

    async def test_a_row_that_is_no_longer_listed_is_erased_and_comes_back(self, tmp_path: Path) -> None:
        """Versions rise from list to list."""
        kafka = Recorder()
        for name, numbers in (("a", range(ROWS)), ("b", range(5)), ("c", range(ROWS))):
            self._drop(tmp_path, name, self._rows(numbers))
            await self._reader(tmp_path, kafka).poll()
            assert kafka.held().keys() == self.references(numbers)

    async def test_a_list_that_lost_most_of_its_rows_ends_none_until_it_is_confirmed(self, tmp_path: Path) -> None:
        """A list that was cut at the end of a line looks like a short one."""
        kafka = Recorder()
        self._drop(tmp_path, "a", self._rows(range(ROWS)))
        await self._reader(tmp_path, kafka).poll()
        self._drop(tmp_path, "b", self._rows(range(5)))
        reader = self._reader(tmp_path, kafka, max_ended_share=0.5)
        for _ in range(2):
            with suppress(SourceUnavailable):
                await reader.poll()
            assert kafka.held().keys() == self.references(range(ROWS))
        (tmp_path / "b.csv.confirmed").touch()
        await reader.poll()
        assert kafka.held().keys() == self.references(range(5))

    async def test_spoilt_and_repeated_rows_are_dead_letters_and_the_rest_flows(self, tmp_path: Path) -> None:
        """One letter each; what was published under a key that is now poison stays."""
        kafka = Recorder()
        self._drop(tmp_path, "a", [*self._rows(range(ROWS)), self.row(2)])
        await self._reader(tmp_path, kafka, self.spoilt({3})).poll()
        reasons = [letter["dead_reason"] for letter in kafka.dead_letters()]
        assert sorted(reasons) == [b"duplicate-key", b"unmapped"]
        assert kafka.held().keys() == self.references(range(ROWS)) - {self.reference(3)}
