"""This module publishes pages of rows: nothing is remembered as published before Kafka holds events and audit."""

import asyncio
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from adapters.change import Change, Changes, SourceRow, same
from adapters.declaration import Adapter, Stream
from adapters.messages import Page
from adapters.state import Known, StreamState, Token
from hub.audit import Auditor, Sender
from hub.logs import get_logger

SLICE = 50  # rows mapped before others get their turn: somebody may be waiting for a live answer


class TemplateMaker(Protocol):
    """What a stream with images needs: the templates of its rows, or a fault in their place.

    Rows that have ended are not asked for: their images may be gone, and their records end all the same.
    """

    async def fill(self, rows: Sequence[SourceRow]) -> None:
        """Give each row its templates."""
        ...


@dataclass(slots=True)
class Tally:
    """What became of rows."""

    published: int = 0
    ended: int = 0
    poison: int = 0
    unchanged: int = 0

    def __iadd__(self, other: Self) -> Self:
        self.published += other.published
        self.ended += other.ended
        self.poison += other.poison
        self.unchanged += other.unchanged
        return self

    @property
    def changed(self) -> int:
        """How many rows led to a message."""
        return self.published + self.ended + self.poison


class Publisher:
    """Publishes what happened in one stream."""

    def __init__(
        self,
        adapter: Adapter,
        stream: Stream,
        state: StreamState,
        sender: Sender,
        auditor: Auditor,
        templates: TemplateMaker | None = None,
    ) -> None:
        self._adapter = adapter
        self._stream = stream
        self._state = state
        self._sender = sender
        self._auditor = auditor
        self._templates = templates
        self._log = get_logger()
        self.changes = Changes(adapter, stream)

    async def publish(self, rows: Sequence[SourceRow], position: str | None = None) -> Tally:
        """Publish the rows that changed; when this returns, Kafka holds them and the position is kept.

        Where a record stands twice among `rows`, its last row counts.

        Raises:
            Retryable: Kafka or the biometrics service is away; nothing was remembered, so the rows come again.
        """
        last = {row.key: row for row in rows}
        known = await asyncio.to_thread(self._state.known, last)
        fresh = [row for row in last.values() if (seen := known.get(row.key)) is None or not same(seen, row.token)]
        if self._templates is not None and fresh:
            # One at fault goes there too: its image must not get into its dead letter.
            await self._templates.fill([row for row in fresh if row.fault or not self.changes.has_ended(row.row)])
        changes: list[Change] = []
        for number, row in enumerate(fresh, 1):
            changes.append(self.changes.of(row, known.get(row.key)))
            if number % SLICE == 0:
                await asyncio.sleep(0)
        tally = await self._send(changes, position)
        tally.unchanged += len(last) - len(changes)
        return tally

    async def end(self, gone: Iterable[tuple[str, Known]], seen_at: int) -> Tally:
        """End the records whose rows are no more; raises as `publish` does."""
        return await self._send([self.changes.vanished(key, known, seen_at) for key, known in gone], None)

    async def end_marked(self, marked: Iterable[tuple[str, Token, Known]], seen_at: int) -> Tally:
        """End the records of marked rows that were held back, of their tokens; raises as `publish` does."""
        changes = [self.changes.marked(key, token, known, seen_at) for key, token, known in marked]
        return await self._send(changes, None)

    async def _send(self, changes: Sequence[Change], position: str | None) -> Tally:
        page = Page(self._adapter, self._stream, dt.datetime.now(dt.UTC))
        tally = Tally()
        for number, change in enumerate(changes, 1):
            if not change.is_silent:
                page.add(change)
            _count(tally, change)
            if number % SLICE == 0:
                await asyncio.sleep(0)
        if page.messages:
            events = [
                (change.source.key, change.source.token, change.version)
                for change in changes
                if change.value is not None
            ]
            await asyncio.to_thread(self._state.intend, events)
            await self._sender.send_all([*page.messages, *self._auditor.pages(page.entries)])
        records = [(change.source.key, change.kept, change.version, change.live) for change in changes]
        behind = [change.source.key for change in changes if change.is_behind]
        await asyncio.to_thread(self._state.commit, records, position, behind)
        self._say(changes)
        if tally.poison and (count := await asyncio.to_thread(self._state.count_behind)):
            self._log.warning("records in force whose rows are at fault", stream=self._stream.name, count=count)
        return tally

    def _say(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if change.fault is not None:
                self._log.warning(
                    "row rejected",
                    record=change.source.row.record,
                    stream=self._stream.name,
                    reason=change.fault.reason,
                    field=change.fault.field,
                    place=change.source.place,
                    version_in_force=change.version if change.is_behind else None,
                )


def _count(tally: Tally, change: Change) -> None:
    if change.fault is not None:
        tally.poison += 1
    elif change.is_silent:
        tally.unchanged += 1
    elif change.live:
        tally.published += 1
    else:
        tally.ended += 1
