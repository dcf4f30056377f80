"""This module keeps the engine's calls off the event loop: a fixed set of threads that the JVM knows for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class EngineThreads:
    """Runs blocking calls. Threads are never given back: the JVM holds buffers for each that ever called it."""

    def __init__(self, count: int) -> None:
        self._pool = ThreadPoolExecutor(count, thread_name_prefix="engine")

    async def run(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run a call in one of the threads and wait for it without blocking the loop."""
        return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))

    def stop(self) -> None:
        """Let running calls end and take no more."""
        self._pool.shutdown(wait=True, cancel_futures=True)
