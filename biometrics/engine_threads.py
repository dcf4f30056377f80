"""This module keeps the engine's calls off the event loop: a fixed set of threads that the JVM knows for ever."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class EngineThreads:
    """Runs blocking calls. Threads are never given back: the JVM holds buffers for each that ever called it."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="engine")
        self._share = max(1, count - 1)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a call in one of the threads and wait for it without blocking the loop."""
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    async def run_each(self, work: Callable[[T], Awaitable[R]], items: Iterable[T]) -> list[R | BaseException]:
        """Await the work on all items of one request, and give what came of each in their order, be it an error.

        One request has all threads but one at most, so that others are never behind all of its items; of a single
        thread it has one item at a time.

        Args:
            work: it may take one thread at a time.
            items: what it is done on.
        """
        room = asyncio.Semaphore(self._share)

        async def done(item: T) -> R:
            async with room:
                return await work(item)

        return await asyncio.gather(*(done(item) for item in items), return_exceptions=True)

    def stop(self) -> None:
        """Let running calls end and take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
