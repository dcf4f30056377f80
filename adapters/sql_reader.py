"""This module follows a table: new and changed rows at once, what slipped through and what vanished by comparison."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from typing import TypeVar

from adapters.change import SourceRow, row_token, same
from adapters.clock import UNKNOWN
from adapters.declaration import Sql
from adapters.keys import KeyMaker
from adapters.mapping_faults import COLUMN
from adapters.position import Position
from adapters.publisher import Publisher, Tally
from adapters.row import UNDECODED, undecoded
from adapters.sql_source import ReadRow, SeenKey, SqlSource
from adapters.state import StreamState, Token
from hub.errors import Rejected

T = TypeVar("T")

LATE_LOOK_S = 5.0
COMPARE_SHARE = 0.05  # of the time at most goes into comparing, whatever the size of the table


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
        self._next_comparison = 0.0

    @property
    def _declared(self) -> Sql:
        return self._source.source

    async def poll(self) -> Tally:
        """Publish everything that is new since the last poll, and compare when it is time to.

        Raises:
            Retryable: the source, Kafka or biometrics is away; the next poll goes on where this one stopped.
        """
        tally = await self.read_changes()
        if self._clock() >= self._next_comparison:
            started = self._clock() - self._publishing_s
            tally += await self.compare()
            took = self._clock() - self._publishing_s - started
            self._next_comparison = self._clock() + max(self._declared.compare_s, took / COMPARE_SHARE)
            self._next_late_look = self._clock() + LATE_LOOK_S
        elif self._clock() >= self._next_late_look:
            tally += await self.look_again()
            self._next_late_look = self._clock() + LATE_LOOK_S
        return tally

    async def read_changes(self, *, page: int | None = None) -> Tally:
        """Publish the rows after the position, page by page."""
        tally = Tally()
        pages = True
        while pages:
            pages = False
            text = await asyncio.to_thread(self._state.position)
            after = Position.from_text(text) if text else None
            read = self._source.changed(after, page=page) if page else self._source.changed(after)
            async for rows in in_thread(read):
                position = Position(rows[-1].updated, rows[-1].key).to_text()
                tally += await self._publisher.publish([self._row(row) for row in rows], position)
                # A database that compares a key in another way than it gives it would show the same page for ever.
                pages = position != text
        return tally

    async def look_again(self) -> Tally:
        """Publish rows whose time of change is recent and that were committed after we had passed it."""
        since = await asyncio.to_thread(self._source.now) - int(self._declared.overlap_s * 1e6)
        tally = Tally()
        async for seen in in_thread(self._source.keys(since=since)):
            tally += await self._publish_missed(self._entries(seen))
        return tally

    async def compare(self) -> Tally:
        """Compare all keys and times with what was published: publish what was missed, end what vanished."""
        tally = Tally()
        await asyncio.to_thread(self._state.begin_comparison)
        async for seen in in_thread(self._source.keys()):
            entries = self._entries(seen)
            await asyncio.to_thread(self._state.see, list(entries))
            tally += await self._publish_missed(entries)
        now = await asyncio.to_thread(self._source.now)
        async for gone in in_thread(self._state.vanished()):
            tally += await self._timed(self._publisher.end(gone, now))
        return tally

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

    def _entries(self, seen: Sequence[SeenKey]) -> dict[str, tuple[tuple[object, ...], Token]]:
        return {
            self._key(entry.key): (entry.key, row_token(self._source.micros(entry.updated), is_ended=entry.ended))
            for entry in seen
        }

    async def _publish_missed(self, entries: dict[str, tuple[tuple[object, ...], Token]]) -> Tally:
        known = await asyncio.to_thread(self._state.known, entries)
        missed = [key for name, (key, token) in entries.items() if name not in known or not same(known[name], token)]
        if not missed:
            return Tally()
        rows = await asyncio.to_thread(self._source.rows, missed)
        settled = await asyncio.to_thread(self._source.settled)
        ready = [row for row in rows if self._source.micros(row.updated) <= settled or self._is_ahead(row, settled)]
        return await self._timed(self._publisher.publish([self._row(row) for row in ready]))

    def _is_ahead(self, row: ReadRow, settled: int) -> bool:
        """Tell whether the row's time lies so far ahead that its clock is wrong: waiting for it would hide the row."""
        return self._source.micros(row.updated) > settled + int(self._declared.overlap_s * 1e6)

    def _row(self, row: ReadRow) -> SourceRow:
        at = self._source.micros(row.updated)
        is_ended = self._publisher.changes.has_ended(row.columns)
        changed_at = max(at, 0) if at != UNKNOWN else 0
        key = self._key(row.key)
        source = self._publisher.changes.row(key, row_token(at, is_ended=is_ended), changed_at, row.columns)
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
