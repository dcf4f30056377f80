"""This module carries a batch in parts, so that one part is read while what was read before is on its way."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from hub.message import Message

Item = TypeVar("Item")
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


async def in_turn(
    batch: Sequence[Message],
    size: int,
    read: Callable[[Sequence[Message]], Sequence[Item]],
    carry: Callable[[Sequence[Item]], Awaitable[Result]],
) -> list[Result]:
    """Read a batch, `size` messages at a time, and carry what was read: one load at a time, so that its order is kept.

    What is read while a load travels waits for it, and travels together. After a failure, which is raised, nothing goes
    on.
    """
    results: list[Result] = []
    waiting: list[Item] = []
    travelling: asyncio.Future[Result] | None = None
    try:
        for start in range(0, len(batch), size):
            waiting += read(batch[start : start + size])
            if travelling is not None and travelling.done():
                results.append(travelling.result())
                travelling = None
            if travelling is None and waiting:
                travelling = asyncio.ensure_future(carry(waiting))
                waiting = []
            await asyncio.sleep(0)  # lets the load go out before more is read
        if travelling is not None:
            results.append(await travelling)
        if waiting:
            results.append(await carry(waiting))
        return results
    finally:
        if travelling is not None:
            travelling.cancel()
