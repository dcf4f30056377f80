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


async def test_in_turn_a_part_is_read_early_and_goes_out_once_the_one_before_has_arrived():
    told, arrive = [], asyncio.Event()

    def read(part):
        told.append(f"read {part}")
        if part == [3]:
            arrive.set()
        return part

    async def carry(part):
        told.append(f"carry {part}")
        await arrive.wait()
        await asyncio.sleep(0.01 if part == [1] else 0)
        told.append(f"there {part}")
        return sum(part)

    assert await overlapped([1, 2, 3], 1, read, carry, in_turn=True) == [1, 2, 3]
    assert told[:4] == ["read [1]", "carry [1]", "read [2]", "read [3]"]
    assert told[4:] == ["there [1]", "carry [2]", "there [2]", "carry [3]", "there [3]"]


async def test_in_turn_nothing_goes_out_after_what_failed():
    carried = []

    async def carry(part):
        carried.append(part)
        await asyncio.sleep(0)
        if part == [2]:
            raise Retryable("away")

    with pytest.raises(Retryable):
        await overlapped([1, 2, 3, 4], 1, lambda part: part, carry, in_turn=True)
    await asyncio.sleep(0.01)
    assert carried == [[1], [2]]
