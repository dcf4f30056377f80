"""This module carries a batch in parts, so that one part is read while those before it are on their way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from hub.message import Message

Part = TypeVar("Part")
Result = TypeVar("Result")


async def overlapped(
    batch: Sequence[Message],
    size: int,
    read: Callable[[Sequence[Message]], Part],
    carry: Callable[[Part], Awaitable[Result]],
) -> list[Result]:
    """Read a batch, `size` messages at a time, and carry each part while the next is read; give what came of each.

    What one of them raises is raised, and those that are still on their way are given up.
    """
    carrying: list[asyncio.Future[Result]] = []
    try:
        for start in range(0, len(batch), size):
            carrying.append(asyncio.ensure_future(carry(read(batch[start : start + size]))))
            await asyncio.sleep(0)  # lets the part go out before the next one is read
        return await asyncio.gather(*carrying)
    finally:
        for part in carrying:
            part.cancel()
