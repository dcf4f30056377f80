"""This module rebuilds the repository from the log while searches and the projector go on.

A new index is filled up to near the end of the log. Then the projector is made to write to both, the new index is
filled up to where the log ends *now*, and searches and projector are moved to it in one step. What searches read is
whole at every moment, so a rebuild may be killed at any: docs/decisions/0006-a-rebuild-hides-nothing.md shows why. The
index that is filled is also the lock: one at a time bears the alias, and a mark in it is renewed while its rebuild
lives.

Where there is no repository yet the same makes the first one: until it is whole, searches find none and say so.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiokafka import TopicPartition
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

from hub.errors import IsthmusError, Rejected, Retryable
from hub.logs import get_logger
from hub.message import Message
from search.document import Document
from search.indices import RebuildAtWork
from search.mapping import REBUILD_ALIAS
from search.projector.handler import TOPICS, projected
from search.repository import Refusal, RepositoryUnavailable, store_newest
from search.standing import SIGN_S, SILENT_S, Standing

NEAR_ENOUGH = 2_000
"""Messages behind the end of the log at which the projector writes to both: what is left takes about a second.

Where nothing is read yet the projector waits instead, and no nearness is waited for: a log that grows as fast as it is
read would keep searches waiting, too.
"""
WRITERS = 2
PATIENCE_S = 120.0
"""How long a rebuild waits for an Elasticsearch that does not take documents now."""
LOOK_S = 1.0
"""How often an earlier rebuild is looked at for a sign of life."""
READERS_LEAVE_S = 2.0
"""How long a search that began on the old index may go on; its deadline is far shorter."""

T = TypeVar("T")


class LogInPart(Retryable):
    """Topics of the log cannot be seen: they are not made yet, or this account may not read them."""

    code = "log-in-part"

    def __init__(self, missing: Collection[str]) -> None:
        super().__init__(
            f"The log lacks {', '.join(sorted(missing))}, or this account may not read it: start the stack again."
        )


Positions = dict[TopicPartition, int]


class Log(Protocol):
    """What a rebuild needs of the log."""

    async def open(self, wanted: Callable[[str], bool]) -> Sequence[str]:
        """Take up topics from their beginnings."""
        ...

    async def ends(self) -> Positions:
        """Tell where each partition ends now."""
        ...

    def read_to(self, ends: Positions) -> AsyncIterator[list[Message]]:
        """Give batches until every partition was read up to `ends`."""
        ...


class Store(Protocol):
    """What a rebuild needs of the repository."""

    async def store(self, documents: Sequence[Document], *, alias: str) -> list[Refusal]:
        """Store documents by external version."""
        ...


class MovesIndices(Protocol):
    """What a rebuild needs of the indices behind the aliases."""

    async def standing(self) -> Standing:
        """Look how the repository stands."""
        ...

    async def begin_rebuild(self, seen: Standing) -> str:
        """Clear away what was seen of earlier rebuilds, and make the index that this one fills."""
        ...

    async def give_sign(self, name: str) -> None:
        """Show that the rebuild lives."""
        ...

    async def write_both(self, name: str) -> None:
        """Let the projector write to it as well."""
        ...

    async def publish(self, name: str) -> None:
        """Let searches read it, and the projector write to it alone."""
        ...

    async def give_up(self, name: str) -> None:
        """Remove it again, unless it was published."""
        ...

    async def remove_unnamed(self) -> None:
        """Drop what nothing uses."""
        ...


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rebuild is: messages read of those that the log held when they were last counted."""

    read: int
    total: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did."""

    index: str
    messages: int
    skipped: int


class Rebuild:
    """One rebuild. One that fails clears itself away; what a killed one leaves is cleared away by the next."""

    def __init__(
        self,
        log: Log,
        store: Store,
        indices: MovesIndices,
        *,
        report: Callable[[Progress], None],
        readers_leave_s: float = READERS_LEAVE_S,
        patience_s: float = PATIENCE_S,
        silent_s: float = SILENT_S,
    ) -> None:
        self._store = store
        self._log = log
        self._indices = indices
        self._report = report
        self._readers_leave_s = readers_leave_s
        self._patience_s = patience_s
        self._silent_s = silent_s
        self._read = 0
        self._skipped = 0
        self._logger = get_logger()

    async def run(self) -> Rebuilt:
        """Rebuild.

        Raises:
            RebuildAtWork: another rebuild is at work.
            RebuildOvertaken: another rebuild held this one for dead.
            LogInPart: not all topics can be read, and what would be built would hide records.
            Retryable: Kafka or Elasticsearch went away; the old repository goes on, and the rebuild may be run again.
        """
        if missing := set(TOPICS) - set(await self._log.open(lambda topic: topic in TOPICS)):
            raise LogInPart(missing)
        index = await self._begin()
        self._logger.info("rebuild begun", index=index)
        try:
            await self._fill_and_move_alive(index)
        except BaseException:
            with suppress(IsthmusError):
                await self._indices.give_up(index)
            raise
        await asyncio.sleep(self._readers_leave_s)
        await self._patiently(self._indices.remove_unnamed)
        self._logger.info("rebuild done", index=index, count=self._read)
        return Rebuilt(index, self._read, self._skipped)

    async def _begin(self) -> str:
        """Begin, unless what an earlier rebuild has left shows a sign of life."""
        seen = await self._indices.standing()
        if seen.left:
            # Changes are looked for, not times compared: clocks of two machines may differ.
            loop = asyncio.get_running_loop()
            end = loop.time() + self._silent_s
            while (rest := end - loop.time()) > 0:
                await asyncio.sleep(min(rest, LOOK_S))
                if await self._indices.standing() != seen:
                    raise RebuildAtWork
        return await self._indices.begin_rebuild(seen)

    async def _fill_and_move_alive(self, index: str) -> None:
        """Fill and move, with signs of life meanwhile; end at once where they show that another took over."""
        work = asyncio.create_task(self._fill_and_move(index))
        signs = asyncio.create_task(self._give_signs(index))
        try:
            await asyncio.wait({work, signs}, return_when=asyncio.FIRST_COMPLETED)
            (work if work.done() else signs).result()
        finally:
            for task in (work, signs):
                task.cancel()
            await asyncio.gather(work, signs, return_exceptions=True)

    async def _give_signs(self, index: str) -> None:
        while True:
            await asyncio.sleep(SIGN_S)
            with suppress(RepositoryUnavailable):
                await self._indices.give_sign(index)

    async def _fill_and_move(self, index: str) -> None:
        ends = await self._log.ends()
        while True:
            await self._catch_up(ends)
            now = await self._log.ends()
            near = sum(now.values()) - sum(ends.values()) < NEAR_ENOUGH
            if near or (await self._patiently(self._indices.standing)).read is None:
                break
            ends = now
        await self._patiently(lambda: self._indices.write_both(index))
        # What the projector wrote to the old index alone stands in the log before these ends: they are of this moment.
        await self._catch_up(await self._log.ends())
        await self._patiently(lambda: self._indices.publish(index))

    async def _catch_up(self, ends: Positions) -> None:
        total = sum(ends.values())
        storing: set[asyncio.Task[list[Refusal]]] = set()
        try:
            async for batch in self._log.read_to(ends):
                documents = self._documents(batch)
                if len(storing) >= WRITERS:
                    done, storing = await asyncio.wait(storing, return_when=asyncio.FIRST_COMPLETED)
                    self._settle(done)
                storing.add(asyncio.create_task(self._stored(documents)))
                self._read += len(batch)
                self._report(Progress(self._read, max(total, self._read)))
            for task in storing:
                await task
            self._settle(storing)
        finally:
            for task in storing:
                task.cancel()

    async def _stored(self, documents: Sequence[Document]) -> list[Refusal]:
        return await store_newest(documents, self._stored_in_part)

    async def _stored_in_part(self, documents: Sequence[Document]) -> list[Refusal]:
        return await self._patiently(lambda: self._store.store(documents, alias=REBUILD_ALIAS))

    async def _patiently(self, step: Callable[[], Awaitable[T]]) -> T:
        """Take a step that may be taken again, until Elasticsearch takes it or patience ends."""

        @retry(
            retry=retry_if_exception_type(RepositoryUnavailable),
            wait=wait_random_exponential(multiplier=0.2, max=5),
            stop=stop_after_delay(self._patience_s),
            reraise=True,
        )
        async def attempt() -> T:
            return await step()

        return await attempt()

    def _documents(self, batch: Sequence[Message]) -> list[Document]:
        """Read a batch; what the projector rejected lies in its dead letter topic already, and is left out."""
        documents = []
        for message in batch:
            try:
                documents.append(projected(message).document)
            except Rejected as error:
                self._skipped += 1
                self._logger.warning("message skipped", place=message.place, reason=error.reason)
        return documents

    def _settle(self, done: set[asyncio.Task[list[Refusal]]]) -> None:
        for task in done:
            for refusal in task.result():
                self._skipped += 1
                self._logger.warning("record skipped", record=refusal.record, reason=refusal.error.reason)
