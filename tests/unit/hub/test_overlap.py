"""A batch is carried in parts: one is read while those before it are on their way."""

import asyncio

import pytest

from hub.errors import Retryable
from hub.overlap import in_turn, overlapped


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


async def test_in_turn_what_is_read_while_a_load_travels_waits_for_it_and_travels_together():
    told, arrive = [], asyncio.Event()

    def read(part):
        told.append(f"read {part}")
        if part == [3]:
            arrive.set()
        return part

    async def carry(load):
        told.append(f"carry {load}")
        await arrive.wait()
        await asyncio.sleep(0.01)
        told.append(f"there {load}")
        return sum(load)

    assert await in_turn([1, 2, 3], 1, read, carry) == [1, 5]
    assert told == [
        "read [1]",
        "carry [1]",
        "read [2]",
        "read [3]",
        "there [1]",
        "carry [2, 3]",
        "there [2, 3]",
    ]


async def test_in_turn_a_load_that_arrived_makes_room_for_the_next_while_more_is_read():
    async def carry(load):
        return sum(load)

    assert sum(await in_turn(range(10), 1, list, carry)) == sum(range(10))
    assert len(await in_turn(range(10), 1, list, carry)) > 2
    assert await in_turn([1, 2, 3], 1, lambda part: [], carry) == []


@pytest.mark.parametrize("arrives", ["while it is read", "afterwards"])
async def test_in_turn_nothing_goes_out_after_what_failed(arrives):
    carried = []

    async def carry(load):
        carried.append(load)
        if arrives == "afterwards":
            await asyncio.sleep(0.01)
        raise Retryable("away")

    with pytest.raises(Retryable):
        await in_turn([1, 2, 3, 4], 1, list, carry)
    await asyncio.sleep(0.02)
    assert carried == [[1]]


async def test_in_turn_what_travels_is_given_up_where_reading_fails():
    given_up = []

    def read(part):
        if part == [2]:
            raise Retryable("away")
        return part

    async def carry(load):
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            given_up.append(load)
            raise

    with pytest.raises(Retryable):
        await in_turn([1, 2], 1, read, carry)
    await asyncio.sleep(0)
    assert given_up == [[1]]
