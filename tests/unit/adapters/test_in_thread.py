"""Drawing from a blocking iterator in threads."""

import asyncio
import threading

import pytest

from adapters.sql_reader import in_thread


async def test_all_items_come_in_their_order_and_the_iterator_is_closed():
    closed = []

    def numbers():
        try:
            yield from range(3)
        finally:
            closed.append(True)

    assert [number async for number in in_thread(numbers())] == [0, 1, 2]
    assert closed == [True]


async def test_whoever_is_cancelled_in_the_middle_of_a_step_ends_cancelled_and_the_iterator_is_closed():
    entered, go_on, closed = threading.Event(), threading.Event(), []

    def slow():
        try:
            entered.set()
            go_on.wait()
            yield 1
        finally:
            closed.append(True)

    async def draw():
        return [item async for item in in_thread(slow())]

    task = asyncio.create_task(draw())
    await asyncio.to_thread(entered.wait)
    task.cancel()
    await asyncio.sleep(0)
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert closed == [True]


async def test_what_the_iterator_raises_is_raised():
    def broken():
        yield 1
        raise OSError("away")

    with pytest.raises(OSError, match="away"):
        [item async for item in in_thread(broken())]
