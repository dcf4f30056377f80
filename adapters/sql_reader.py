"""This module follows a table: new and changed rows at once, what slipped through and what vanished by comparison."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from adapters.change import SourceRow, row_token, same
from adapters.clock import UNKNOWN
from adapters.declaration import Sql
from adapters.digest import row_digest
from adapters.keys import KeyMaker
from adapters.mapping_faults import COLUMN
from adapters.pace import Pace
from adapters.position import Position, key_from_text, key_to_text
from adapters.publisher import Publisher, Tally
from adapters.row import UNDECODED, undecoded
from adapters.sql_source import ReadRow, SeenKey, SqlSource
from adapters.state import Known, StreamState
from hub.errors import Rejected

T = TypeVar("T")

LATE_LOOK_S = 5.0


class SqlReader:
    """Reads one table that keeps a time of change; `clock` counts seconds."""

    def __init__(
        self,
        source: SqlSource,
        state: StreamState,
        publisher: Publisher,
        key: KeyMaker,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._source = source
        self._state = state
        self._publisher = publisher
        self._key = key
        self._clock = clock
        self._publishing_s = 0.0
        self._next_late_look = 0.0
        self._pace = Pace(source.source.compare_s, clock)

    @property
    def _declared(self) -> Sql:
        return self._source.source

    async def poll(self) -> Tally:
        """Publish everything that is new since the last poll, and compare when it is time to.

        Raises:
            Retryable: the source, Kafka or biometrics is away; the next poll goes on where this one stopped.
        """
        tally = await self.read_changes()
        if self._pace.is_due():
            started = self._asking_s()
            try:
                tally += await self.compare()
            except Exception:
                self._pace.broke_off(self._asking_s() - started)
                raise
            self._pace.went_through(self._asking_s() - started)
            self._next_late_look = self._clock() + LATE_LOOK_S
        elif self._clock() >= self._next_late_look:
            tally += await self.look_again()
            self._next_late_look = self._clock() + LATE_LOOK_S
        return tally

    async def read_changes(self, *, page: int | None = None) -> Tally:
        """Publish the rows after the position that are settled now, page by page: an agency may write without pause."""
        text = await asyncio.to_thread(self._state.position)
        after = Position.from_text(text) if text else None
        if after is not None and self._source.micros(after.updated) == UNKNOWN:
            after = None  # earlier memories may stand at a time that nothing comes after
        newest = await asyncio.to_thread(self._source.settled)
        tally = Tally()
        read = self._source.changed(after, newest, page=page) if page else self._source.changed(after, newest)
        async for rows in in_thread(read):
            position = Position(rows[-1].updated, rows[-1].key).to_text()
            tally += await self._publisher.publish([self._row(row) for row in rows], position)
        return tally

    async def look_again(self) -> Tally:
        """Publish rows whose time of change is recent and that were committed after we had passed it."""
        since = await asyncio.to_thread(self._source.now) - int(self._declared.overlap_s * 1e6)
        await self._look_for_missed(self._source.keys(since=since), is_whole=False)
        return await self._publish_missed()

    async def compare(self) -> Tally:
        """Compare all keys and times with what was published: publish what was missed, end what vanished."""
        await self._look_for_missed(self._source.keys(), is_whole=True)
        tally = await self._publish_missed()
        now = await asyncio.to_thread(self._source.now)
        async for gone in in_thread(self._state.vanished()):
            tally += await self._timed(self._publisher.end(gone, now))
        return tally

    def _asking_s(self) -> float:
        """Give a clock that stands still while something is published."""
        return self._clock() - self._publishing_s

    async def _timed(self, publishing: Awaitable[Tally]) -> Tally:
        """Count how long a publishing takes: waiting for Kafka asks nothing of the source.

        If it counted as comparing, an outage that falls into a comparison would put off the next one by twenty times
        its length, and deleted rows would be found all the while.
        """
        started = self._clock()
        try:
            return await publishing
        finally:
            self._publishing_s += self._clock() - started

    async def _look_for_missed(self, pages: Iterator[list[SeenKey]], *, is_whole: bool) -> None:
        """Note the rows that are not as they were published, and all keys where these are `is_whole`.

        Nothing is published before all keys are read: no result stays open in the source while Kafka is waited for.
        """
        await asyncio.to_thread(self._state.begin_comparison)
        async for seen in in_thread(pages):
            await asyncio.to_thread(self._note, seen, is_whole=is_whole)

    def _note(self, seen: Sequence[SeenKey], *, is_whole: bool) -> None:
        keys = [self._key(entry.key) for entry in seen]
        if is_whole:
            self._state.see(keys)
        known = self._state.known(keys)
        missed = [e for e, key in zip(seen, keys, strict=True) if not self._is_as_published(e, known.get(key))]
        if missed:
            self._state.miss([key_to_text(entry.key) for entry in missed])

    def _is_as_published(self, entry: SeenKey, known: Known | None) -> bool:
        """Tell whether a row is as it was seen last; without a time of change that can only be told from the row."""
        at = self._source.micros(entry.updated)
        return known is not None and at != UNKNOWN and same(known, row_token(at, is_ended=entry.ended))

    async def _publish_missed(self) -> Tally:
        tally = Tally()
        async for keys in in_thread(self._state.missed()):
            rows = await asyncio.to_thread(self._source.rows, [key_from_text(key) for key in keys])
            newest = await asyncio.to_thread(self._source.settled)
            ready = [row for row in rows if self._source.is_settled(row.updated, newest) or self._is_ahead(row, newest)]
            tally += await self._timed(self._publisher.publish([self._row(row, newest) for row in ready]))
        return tally

    def _is_ahead(self, row: ReadRow, settled: int) -> bool:
        """Tell whether the row's time lies so far ahead that its clock is wrong: waiting for it would hide the row."""
        return self._source.micros(row.updated) > settled + int(self._declared.overlap_s * 1e6)

    def _row(self, row: ReadRow, seen_at: int = 0) -> SourceRow:
        """Give a row to be published; one without a time of change changed when that was seen (microseconds)."""
        at = self._source.micros(row.updated)
        is_ended = self._publisher.changes.has_ended(row.columns)
        is_known = at != UNKNOWN
        token = row_token(at if is_known else row_digest(row.columns), is_ended=is_ended)
        source = self._publisher.changes.row(self._key(row.key), token, at if is_known else seen_at, row.columns)
        field = undecoded(row.columns)
        if field is not None and not is_ended:  # what has ended is erased, whatever else stands in its row
            source.fault = Rejected(UNDECODED, code="unreadable", field=f"{COLUMN}{field}")
        return source


async def in_thread(blocking: Iterator[T]) -> AsyncIterator[T]:
    """Draw from an iterator that blocks, each step in a thread; close it at the end: it may hold a connection."""
    nothing = object()
    step: asyncio.Future[T | object] | None = None
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, blocking, nothing))
            item = await asyncio.shield(step)
            if item is nothing:
                return
            yield item  # type: ignore[misc]  # what is not `nothing` came from the iterator
    finally:
        if step is not None:  # whoever is cancelled leaves a step running, and what runs cannot be closed
            await asyncio.wait({step})
            step.exception()
        close = getattr(blocking, "close", None)
        if close is not None:
            await asyncio.to_thread(close)
