"""This module is the memory of the engine's JVM: what is held of it, and whether enough is left to work in."""

from typing import Any

# The share that may be held for good. The rest is for work: an extraction takes some 50 MB for the largest image, a
# search 10 MB, and a JVM without any room ends threads that it was not asked about, and stands still.
MOST_HELD = 0.75


class Heap:
    """The heap of the JVM that runs in this process."""

    def __init__(self, runtime: Any, management: Any) -> None:
        """Look at a JVM.

        Args:
            runtime: its `java.lang.Runtime`.
            management: its class `java.lang.management.ManagementFactory`.
        """
        self._runtime = runtime
        self._collectors = management.getGarbageCollectorMXBeans()
        # Collectors tell of the JVM's code and classes, too, which are no part of the heap.
        pools = management.getMemoryPoolMXBeans()
        self._pools = [str(each.getName()) for each in pools if str(each.getType().name()) == "HEAP"]

    def megabytes(self) -> dict[str, int]:
        """Give what is used, waste included, and the most that may be."""
        used = self._runtime.totalMemory() - self._runtime.freeMemory()
        return {"used": int(used) >> 20, "most": int(self._runtime.maxMemory()) >> 20}

    def settled(self) -> int:
        """Give the bytes that are held, once the JVM has dropped what nobody needs; takes a moment."""
        self._runtime.gc()
        return int(self._runtime.totalMemory() - self._runtime.freeMemory())

    def is_short(self) -> bool:
        """Tell whether what is held for good leaves too little for work; about a millisecond.

        What the last collection left is looked at, and only where that is too much the JVM is made to collect all.
        """
        most = MOST_HELD * int(self._runtime.maxMemory())
        return self._last_left() > most and self.settled() > most

    def _last_left(self) -> int:
        """Give the bytes that the latest collection left; part of it may be waste by now."""
        told = [info for each in self._collectors if (info := each.getLastGcInfo()) is not None]
        last = max(told, key=lambda info: int(info.getEndTime()), default=None)
        if last is None:
            return 0
        left = last.getMemoryUsageAfterGc()
        return sum(int(left.get(pool).getUsed()) for pool in self._pools)
