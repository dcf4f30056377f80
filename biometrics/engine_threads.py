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

    def __init__(self, count: int, *, spared: int = 1) -> None:
        """Make threads.

        Args:
            count: how many.
            spared: how many of them one request leaves to others. Where that is none, two requests take turns, item by
                item, and who comes later waits for one item of each thread.
        """
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="engine")
        self._share = max(1, count - spared)

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a call in one of the threads and wait for it without blocking the loop."""
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    async def run_each(self, work: Callable[[T], Awaitable[R]], items: Iterable[T]) -> list[R | BaseException]:
        """Await the work on all items of one request, and give what came of each in their order, be it an error.

        One request has all threads but the spared ones at most, so that others are never behind all of its items; of
        a single thread it has one item at a time.

        Args:
            work: it may take one thread at a time.
            items: what it is done on.
        """
        room = asyncio.Semaphore(self._share)

        async def done(item: T) -> R:
            async with room:
                return await work(item)

        return await asyncio.gather(*(done(item) for item in items), return_exceptions=True)

    async def run_all(self, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Run a call for each item of one request, as `run_each` does, and give what came of them in their order.

        The first error is raised, once all calls have ended.
        """
        whole: list[R] = []
        for found in await self.run_each(lambda item: self.run(work, item), items):
            if isinstance(found, BaseException):
                raise found
            whole.append(found)
        return whole

    def stop(self) -> None:
        """Let running calls end and take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
