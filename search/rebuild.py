"""This module rebuilds the repository from the log while searches and the projector go on.

A new index is filled up to where the log ended; then the projector writes to it, what came in between is caught up, and
the searches are moved in one step. Everything that was written to the old index stood in the log before that step.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from aiokafka import TopicPartition
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_random_exponential

from hub.errors import Rejected, Retryable
from hub.logs import get_logger
from hub.message import Message
from search.document import Document, newest
from search.mapping import REBUILD_ALIAS
from search.projector.handler import TOPICS, projected
from search.repository import Refusal

NEAR_ENOUGH = 2_000
"""Messages behind the end of the log at which the projector is moved: what is left is caught up within a second."""
WRITERS = 2
PATIENCE_S = 120.0
"""How long a rebuild waits for an Elasticsearch that does not take documents now."""
READERS_LEAVE_S = 2.0
"""How long a search that began on the old index may go on; its deadline is far shorter."""

T = TypeVar("T")

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

    async def begin_rebuild(self) -> str:
        """Make the index that the rebuild fills."""
        ...

    async def take_writes(self, name: str) -> None:
        """Let the projector write to it."""
        ...

    async def publish(self, name: str) -> None:
        """Let searches read it."""
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
    """One rebuild. Interrupted before the projector is moved it leaves an index that the next one removes."""

    def __init__(
        self,
        log: Log,
        store: Store,
        indices: MovesIndices,
        *,
        report: Callable[[Progress], None],
        readers_leave_s: float = READERS_LEAVE_S,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._store = store
        self._log = log
        self._indices = indices
        self._report = report
        self._readers_leave_s = readers_leave_s
        self._patience_s = patience_s
        self._read = 0
        self._skipped = 0
        self._logger = get_logger()

    async def run(self) -> Rebuilt:
        """Rebuild.

        Raises:
            Retryable: Kafka or Elasticsearch went away; the old repository goes on, and the rebuild may be run again.
        """
        await self._log.open(lambda topic: topic in TOPICS)
        index = await self._indices.begin_rebuild()
        self._logger.info("rebuild begun", index=index)
        ends = await self._log.ends()
        while True:
            await self._catch_up(ends)
            now = await self._log.ends()
            if sum(now.values()) - sum(ends.values()) < NEAR_ENOUGH:
                break
            ends = now
        # From here on the projector writes to the new index alone: the moving is finished even if we are interrupted.
        await _unbroken(self._move(index))
        self._logger.info("rebuild done", index=index, count=self._read)
        return Rebuilt(index, self._read, self._skipped)

    async def _move(self, index: str) -> None:
        await self._patiently(lambda: self._indices.take_writes(index))
        await self._catch_up(await self._log.ends())
        await self._patiently(lambda: self._indices.publish(index))
        await asyncio.sleep(self._readers_leave_s)
        await self._indices.remove_unnamed()

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
        return await self._patiently(lambda: self._store.store(documents, alias=REBUILD_ALIAS))

    async def _patiently(self, step: Callable[[], Awaitable[T]]) -> T:
        """Take a step that may be taken again, until Elasticsearch takes it or patience ends."""

        @retry(
            retry=retry_if_exception_type(Retryable),
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
        return newest(documents)

    def _settle(self, done: set[asyncio.Task[list[Refusal]]]) -> None:
        for task in done:
            for refusal in task.result():
                self._skipped += 1
                self._logger.warning("record skipped", record=refusal.record, reason=refusal.error.reason)


async def _unbroken(work: Coroutine[None, None, None]) -> None:
    """Finish `work` even when this task is cancelled meanwhile, and only then be cancelled."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
