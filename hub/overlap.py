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
    *,
    in_turn: bool = False,
) -> list[Result]:
    """Read a batch, `size` messages at a time, and carry each part while the next is read; give what came of each.

    `in_turn` a part goes out once the one before has arrived: what is said of a key stays in its order, and after a
    failure nothing goes on.

    What one of them raises is raised, and those that are still on their way are given up.
    """
    carrying: list[asyncio.Future[Result]] = []
    try:
        for start in range(0, len(batch), size):
            part = read(batch[start : start + size])
            before = carrying[-1] if in_turn and carrying else None
            carrying.append(asyncio.ensure_future(_carried(part, carry, before)))
            await asyncio.sleep(0)  # lets the part go out before the next one is read
        return await asyncio.gather(*carrying)
    finally:
        for each in carrying:
            each.cancel()


async def _carried(
    part: Part, carry: Callable[[Part], Awaitable[Result]], before: asyncio.Future[Result] | None
) -> Result:
    if before is not None:
        await before
    return await carry(part)
