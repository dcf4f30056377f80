"""This module fills the ledger's index from the log where it is new: at a first start, or after it was emptied.

What was indexed before lies in the log alone then, and the ledger's offsets lie behind it: an index that took only what
comes next would say for ever that nothing was done.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from typing import NoReturn, Protocol

from contracts.topics import AUDIT_PATTERN
from hub.broker import Handler
from hub.errors import Misconfigured
from hub.log_reader import Positions
from hub.logs import get_logger
from hub.message import Message
from hub.service import until_reachable

LOOK_S = 5.0
"""How often it is looked whether the index is still whole; somebody may empty Elasticsearch at any time."""
PAGES_AT_ONCE = 20
"""To read these is a few hundredths of a second, in which nobody else is answered."""


class Fillable(Protocol):
    """What filling needs of the ledger's index."""

    async def is_whole(self) -> bool:
        """Tell whether it holds all that was in the log when it was filled."""
        ...

    async def begin_filling(self) -> str:
        """Leave a mark in it, or find the one that it bears, and give the mark."""
        ...

    async def end_filling(self, mark: str) -> None:
        """Make it whole if it still bears the mark; if not, it is another one, which has to be filled."""
        ...


class Log(Protocol):
    """What filling needs of the log's reader."""

    async def open(self, wanted: Callable[[str], bool]) -> Sequence[str]:
        """Take up the topics from their beginnings."""
        ...

    async def ends(self) -> Positions:
        """Tell where they end now."""
        ...

    def read_to(self, ends: Positions) -> AsyncIterator[list[Message]]:
        """Give all messages up to there."""
        ...

    async def close(self) -> None:
        """Leave them."""
        ...


class Filling:
    """Keeps the index whole. What is read twice, by the ledger's own reading as well, is one document."""

    def __init__(self, index: Fillable, handle: Handler, open_log: Callable[[], Log]) -> None:
        self._index = index
        self._handle = handle
        self._open_log = open_log

    async def keep_whole(self, wait: Callable[[float], Awaitable[None]] = asyncio.sleep) -> NoReturn:
        """Fill the index whenever it is new, until cancelled."""
        while True:
            try:
                await until_reachable(self.fill_if_new, "audit index")
            except Misconfigured as error:  # the ledger goes on, to tell it to whoever asks for its health
                get_logger().error("audit index not filled", reason=error.code, what_to_do=str(error))
            await wait(LOOK_S)

    async def fill_if_new(self) -> bool:
        """Fill the index if it is new, and tell whether it was.

        Raises:
            Retryable: Kafka or the index is away, or the index was emptied meanwhile; it may be run again.
            Misconfigured: a person has to change something first.
        """
        if await self._index.is_whole():
            return False
        mark, pages = await self._index.begin_filling(), 0
        log = self._open_log()
        try:
            await log.open(lambda topic: re.fullmatch(AUDIT_PATTERN, topic) is not None)
            async for batch in log.read_to(await log.ends()):
                for start in range(0, len(batch), PAGES_AT_ONCE):
                    # What is refused becomes a dead letter where the ledger reads it in its turn. An index that was
                    # away for a moment is filled on: at the end its mark tells whether it is still the same.
                    part = batch[start : start + PAGES_AT_ONCE]
                    await until_reachable(partial(self._handle, part), "audit index")
                pages += len(batch)
        finally:
            await log.close()
        await self._index.end_filling(mark)
        get_logger().info("audit index filled from the log", pages=pages)
        return True
