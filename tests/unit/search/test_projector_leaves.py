"""The projector ends with what it does beside, and leaves its group at once."""

import asyncio

import pytest

from search.indices import NameTaken
from search.projector.app import consume_beside


class FakeBroker:
    """Reads until it is stopped, or told to fail."""

    def __init__(self):
        self.stopped = 0
        self.subscribers = [self]
        self.tasks = []

    async def start(self):
        self.tasks = [asyncio.create_task(asyncio.Event().wait())]

    async def stop(self):
        self.stopped += 1
        for task in self.tasks:
            task.cancel()


class FakeProducer:
    def __init__(self):
        self.stopped = 0

    async def start(self):
        pass

    async def stop(self):
        self.stopped += 1


async def taken():
    await asyncio.sleep(0.01)
    raise NameTaken


async def for_ever():
    await asyncio.Event().wait()


async def test_where_the_work_beside_fails_the_group_is_left_and_that_is_what_is_told():
    broker, producer = FakeBroker(), FakeProducer()
    async with asyncio.timeout(10):
        with pytest.raises(NameTaken):
            await consume_beside(taken(), broker, producer)
    assert broker.stopped
    assert producer.stopped
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_where_the_reading_fails_the_work_beside_ends():
    class Failing(FakeBroker):
        async def start(self):
            raise ZeroDivisionError

    async with asyncio.timeout(10):
        with pytest.raises(ZeroDivisionError):
            await consume_beside(for_ever(), Failing(), FakeProducer())
    assert asyncio.all_tasks() == {asyncio.current_task()}
