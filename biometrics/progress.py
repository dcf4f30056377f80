"""This module keeps how far the gallery has read, and lets answers wait until it has read far enough."""

import asyncio
from collections.abc import Callable, Mapping

from biometrics.rejections import GalleryBehind

Offsets = Mapping[tuple[str, int], int]
"""For topic and partition: the offset of the next message."""


class Progress:
    """How far the gallery has read; one event loop's."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, int], int] = {}
        self._moved = asyncio.Condition()
        self._halted: set[str] = set()
        self.loaded = False

    async def move(self, offsets: Offsets) -> None:
        """Say that everything before these offsets is in the gallery."""
        async with self._moved:
            self._read.update(offsets)
            self._moved.notify_all()

    async def halt(self, topic: str) -> None:
        """Say that nothing more of a topic is read, so that nobody waits for it."""
        async with self._moved:
            self._halted.add(topic)
            self._moved.notify_all()

    async def resume(self, topic: str) -> None:
        """Say that a topic is read on from where it was left."""
        async with self._moved:
            self._halted.discard(topic)
            self.loaded = False
            self._moved.notify_all()

    @property
    def complete(self) -> bool:
        """Whether the gallery reads all that the log holds."""
        return not self._halted

    def next_of(self, topic: str, partition: int) -> int:
        """Give the offset of the first message that is not in the gallery."""
        return self._read.get((topic, partition), 0)

    def has_reached(self, offsets: Offsets) -> bool:
        """Tell whether everything before these offsets is in the gallery, but for topics that are read no more."""
        return all(
            self._read.get(place, 0) >= offset for place, offset in offsets.items() if place[0] not in self._halted
        )

    async def reach(self, offsets: Offsets, deadline_s: float) -> bool:
        """Wait until everything before these offsets is in the gallery, but for topics that are read no more.

        Tells whether all of it is, those topics included.

        Raises:
            GalleryBehind: not within the deadline.
        """
        await self.until(lambda: self.has_reached(offsets), deadline_s)
        return all(self._read.get(place, 0) >= offset for place, offset in offsets.items())

    async def until(self, holds: Callable[[], bool], deadline_s: float) -> None:
        """Wait until something holds that can only come true by reading.

        Raises:
            GalleryBehind: not within the deadline.
        """
        try:
            async with asyncio.timeout(deadline_s), self._moved:
                await self._moved.wait_for(holds)
        except TimeoutError:
            raise GalleryBehind("The gallery has not read the latest events yet; try again in a moment.") from None
