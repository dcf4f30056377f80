"""This module is the memory of the engine's JVM: what is held of it, and whether enough is left to work in."""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

# The share that may be held for good. The rest is for work: a search takes 10 MB, an extraction what its image asks
# for, and a JVM without any room ends threads that it was not asked about, and stands still.
MOST_HELD = 0.75
BYTES_A_PIXEL = 24
"""What the engine takes while it extracts: measured, 93 MB for 1,990 x 1,990 pixels and less for each of a smaller."""


class Heap:
    """The heap of the JVM that runs in this process."""

    def __init__(self, runtime: Any, management: Any, asking: Callable[[], AbstractContextManager[None]]) -> None:
        """Look at a JVM.

        Args:
            runtime: its `java.lang.Runtime`.
            management: its class `java.lang.management.ManagementFactory`.
            asking: lets nothing that Java throws get past what asks it: to ask takes memory, too.
        """
        self._asking = asking
        self._runtime = runtime
        self._collectors = management.getGarbageCollectorMXBeans()
        # Collectors tell of the JVM's code and classes, too, which are no part of the heap.
        pools = management.getMemoryPoolMXBeans()
        self._pools = [str(each.getName()) for each in pools if str(each.getType().name()) == "HEAP"]
        self._for_work = int((1 - MOST_HELD) * int(runtime.maxMemory()))
        self._turn = threading.Condition()
        self._waiting: deque[object] = deque()
        self._working = 0

    @contextmanager
    def working(self, pixels: int) -> Iterator[None]:
        """Let an image of so many pixels be extracted, as soon as there is memory for it: that is not held for good.

        Extractions share what is not held, who asked first first, so that neither a large nor a small one is passed
        over for ever. One that takes more than all of it has it alone.
        """
        wanted = pixels * BYTES_A_PIXEL
        this = object()
        with self._turn:
            self._waiting.append(this)
            try:
                self._turn.wait_for(lambda: self._waiting[0] is this and self._has_room(wanted))
                self._working += wanted
            finally:
                self._waiting.remove(this)
                self._turn.notify_all()
        try:
            yield
        finally:
            with self._turn:
                self._working -= wanted
                self._turn.notify_all()

    def _has_room(self, wanted: int) -> bool:
        return not self._working or self._working + wanted <= self._for_work

    def megabytes(self) -> dict[str, int]:
        """Give what is used, waste included, and the most that may be.

        Raises:
            EngineOverloaded: there is not even memory to ask in.
        """
        with self._asking():
            used = self._runtime.totalMemory() - self._runtime.freeMemory()
            return {"used": int(used) >> 20, "most": int(self._runtime.maxMemory()) >> 20}

    def settled(self) -> int:
        """Give the bytes that are held, once the JVM has dropped what nobody needs; takes a moment.

        Raises:
            EngineOverloaded: there is not even memory to ask in.
        """
        with self._asking():
            self._runtime.gc()
            return int(self._runtime.totalMemory() - self._runtime.freeMemory())

    def room(self) -> int:
        """Give how many more bytes may be held for good; about a millisecond while there is much room.

        What the last collection left is looked at. Only where that leaves little the JVM is made to collect all; what
        extractions hold meanwhile is no part of it.

        Raises:
            EngineOverloaded: there is not even memory to ask in.
        """
        with self._asking():
            most = int(MOST_HELD * int(self._runtime.maxMemory()))
            room = most - self._last_left()
        if room > most // 2:
            return room
        with self._turn:
            working = self._working
        return most - max(0, self.settled() - working)

    def _last_left(self) -> int:
        """Give the bytes that the latest collection left; part of it may be waste by now."""
        told = [info for each in self._collectors if (info := each.getLastGcInfo()) is not None]
        last = max(told, key=lambda info: int(info.getEndTime()), default=None)
        if last is None:
            return 0
        left = last.getMemoryUsageAfterGc()
        return sum(int(left.get(pool).getUsed()) for pool in self._pools)
