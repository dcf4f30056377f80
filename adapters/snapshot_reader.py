"""This module follows a source that only shows its present whole: dropped lists, and tables without a time of change.

Each row is told from its earlier self by a digest; what is no longer there has ended.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from adapters.change import SourceRow, says_end
from adapters.declaration import File, Stream
from adapters.failures import SourceUnavailable
from adapters.file_source import FileRow, FileSource
from adapters.keys import KeyMaker
from adapters.pace import Pace
from adapters.publisher import Publisher, Tally
from adapters.sql_reader import in_thread
from adapters.sql_source import SqlSource
from adapters.state import StreamState
from adapters.whole_rows import WholeRows, table_row
from hub.logs import get_logger

FEW = 20  # records of which any number may end at once: shares of so few say nothing
REFUSED = (
    "The list would end too many records; drop it whole, correct its marks or what counts as one, "
    "or confirm it with a file of its name and `.confirmed`."
)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A present whole: what tells it from others, when it was made (microseconds), its pages of rows.

    `confirmed` tells whether a person said that it is right, `is_unchanged` whether it is still the one it was.
    """

    token: str
    at: int
    pages: Iterator[list[FileRow]]
    confirmed: Callable[[], bool] = lambda: False
    is_unchanged: Callable[[], bool] = lambda: True


class Whole(Protocol):
    """A source that shows its present whole."""

    def snapshot(self, last: str | None) -> Snapshot | None:
        """Give the whole, or nothing where it is the one with the token `last` or none is ready."""
        ...


class Drops:
    """The lists in a folder."""

    def __init__(self, source: FileSource) -> None:
        self._source = source

    def snapshot(self, last: str | None) -> Snapshot | None:
        """See `Whole`: a list is the same while name, time and size are."""
        drop = self._source.newest()
        if drop is None or drop.token == last:
            return None
        pages = self._source.pages(drop)
        return Snapshot(drop.token, drop.modified_ns // 1_000, pages, drop.confirmed, drop.is_unchanged)


class WholeTable:
    """A table without a time of change."""

    def __init__(self, source: SqlSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._source = source
        self._clock = clock
        self._pace = Pace(source.source.compare_s, clock)
        self._token: str | None = None
        self._took_s = 0.0

    def snapshot(self, last: str | None) -> Snapshot | None:
        """See `Whole`: the table is read again when its time has come, or at once where its last reading broke off."""
        if self._token is not None:
            noted = self._pace.went_through if last == self._token else self._pace.broke_off
            noted(self._took_s)
            self._token = None
        if not self._pace.is_due():
            return None
        now = self._source.now()
        self._token, self._took_s = str(now), 0.0
        return Snapshot(self._token, now, self._pages())

    def _pages(self) -> Iterator[list[FileRow]]:
        """Give all rows, and count how long the database takes: waiting for Kafka asks nothing of it."""
        pages = self._source.everything()
        while True:
            started = self._clock()
            try:
                page = next(pages, None)
            finally:
                self._took_s += self._clock() - started
            if page is None:
                return
            yield [table_row(row.columns) for row in page]


class SnapshotReader:
    """Reads a source of wholes. Its versions are the time of the whole: they rise even if the memory here is lost."""

    def __init__(self, stream: Stream, source: Whole, state: StreamState, publisher: Publisher, key: KeyMaker) -> None:
        self._stream = stream
        self._source = source
        self._state = state
        self._publisher = publisher
        self._whole = WholeRows(stream, publisher.changes, key)
        self._refused: str | None = None
        self._unsure = False

    async def poll(self) -> Tally:
        """Publish what differs from the last whole.

        Raises:
            Retryable: the source breaks off, would end too much, or Kafka is away; the whole is then read again from
                its beginning.
        """
        last = await asyncio.to_thread(self._state.position)
        snapshot = await asyncio.to_thread(self._source.snapshot, last)
        tally = Tally()
        if snapshot is None:
            return tally
        if snapshot.token == self._refused and not snapshot.confirmed():
            raise SourceUnavailable(REFUSED)
        await asyncio.to_thread(self._state.begin_comparison)
        self._unsure = False
        async for page in in_thread(snapshot.pages):
            rows = await self._rows(page, snapshot.at)
            tally += await self._publisher.publish(await self._hold_back(rows) if self._is_list else rows)
        if not await asyncio.to_thread(snapshot.is_unchanged):
            get_logger().warning("nothing ended: the list was written while it was read", stream=self._stream.name)
            return tally  # its position is not kept, so it is read again once it is at rest
        vanished_may_end = await self._may_end(snapshot)
        async for marked in in_thread(self._state.held_back()):
            tally += await self._publisher.end_marked(marked, snapshot.at)
        if vanished_may_end:
            async for gone in in_thread(self._state.vanished()):
                tally += await self._publisher.end(gone, snapshot.at)
        await asyncio.to_thread(self._state.commit, (), snapshot.token)
        return tally

    @property
    def _is_list(self) -> bool:
        return isinstance(self._stream.source, File)

    async def _hold_back(self, rows: Sequence[SourceRow]) -> list[SourceRow]:
        """Give the rows without those that mark a held record as ended: how many they are is known at the end."""
        marked = [(row.key, row.token) for row in rows if says_end(row.token)]
        held = await asyncio.to_thread(self._state.hold_back, marked) if marked else set()
        return [row for row in rows if row.key not in held]

    async def _may_end(self, snapshot: Snapshot) -> bool:
        """Tell whether what was not seen has ended; where a row was not understood, that cannot be known.

        Raises:
            SourceUnavailable: so much would end that a person has to confirm the list.
        """
        live, gone, marked = await asyncio.to_thread(self._state.count_ending)
        source = self._stream.source
        share = source.max_ended_share if isinstance(source, File) else 1.0
        ending = marked if self._unsure else marked + gone
        if live > FEW and ending > live * share and not snapshot.confirmed():
            self._refused = snapshot.token
            get_logger().error(
                "list refused: it would end too much", stream=self._stream.name, held=live, missing=gone, marked=marked
            )
            raise SourceUnavailable(REFUSED)
        if self._unsure and gone:
            get_logger().warning("nothing ended: rows without a sure key", stream=self._stream.name, missing=gone)
        return not self._unsure

    async def _rows(self, page: Sequence[FileRow], at: int) -> list[SourceRow]:
        """Give the rows of a page; the first row of a key stands, each further one is a poison row of its own."""
        rows = [self._whole.of(row, at) for row in page]
        self._unsure = self._unsure or not all(self._whole.has_sure_key(row) for row in page)
        first = await asyncio.to_thread(self._state.see, [row.key for row in rows])
        return [row if new else self._whole.again(row) for row, new in zip(rows, first, strict=True)]
