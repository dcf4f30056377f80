"""A batch is carried in parts: one is read while those before it are on their way."""

import asyncio

import pytest

from hub.errors import Retryable
from hub.overlap import overlapped


async def test_a_part_is_on_its_way_before_the_next_is_read_and_the_results_are_in_order():
    told, arrive = [], asyncio.Event()

    def read(part):
        told.append(f"read {part}")
        if part == [5]:
            arrive.set()
        return part

    async def carry(part):
        told.append(f"carry {part}")
        await arrive.wait()
        return sum(part)

    assert await overlapped([1, 2, 3, 4, 5], 2, read, carry) == [3, 7, 5]
    assert told == ["read [1, 2]", "carry [1, 2]", "read [3, 4]", "carry [3, 4]", "read [5]", "carry [5]"]


@pytest.mark.parametrize("spoilt", ["reading", "carrying"])
async def test_a_failure_is_raised_and_what_is_on_its_way_is_given_up(spoilt):
    given_up = []

    def read(part):
        if spoilt == "reading" and part == [2]:
            raise Retryable("away")
        return part

    async def carry(part):
        if part == [2]:
            raise Retryable("away")
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            given_up.append(part)
            raise

    with pytest.raises(Retryable):
        await overlapped([1, 2], 1, read, carry)
    await asyncio.sleep(0)
    assert given_up == [[1]]
