"""The rebuild on real servers: while records stream in, nothing is lost and searches never find an empty repository."""

import asyncio

import pytest

from hub.log_reader import LogReader
from search.mapping import REBUILD_ALIAS
from search.rebuild import Rebuild
from search.repository import connect
from tests.integration.search_stand import elasticsearch_of, kafka_of, publish, repository_of, until
from tests.unit.search.people import erasure, person

pytestmark = pytest.mark.servers

BEFORE, PER_ROUND = 3_000, 100
SYSTEM = "rebuilding"


def people(start, count):
    return [person(str(number), system=SYSTEM, full=f"Ada Testova{number}") for number in range(start, start + count)]


async def present(repository):
    held = [each for each in await repository.held() if each.system == SYSTEM]
    return sum(each.present for each in held)


async def count_is(repository, wanted):
    async def reached():
        await repository.refresh()
        return await present(repository) == wanted

    await until(reached)


class Traffic:
    """Publishes people round after round, and erases one of every round, until told to stop."""

    def __init__(self, stack):
        self._stack = stack
        self.stopping = asyncio.Event()
        self.written = BEFORE
        self.erased = 0

    async def run(self):
        while not self.stopping.is_set():
            batch = people(self.written, PER_ROUND)
            await publish(self._stack, *batch)
            await publish(self._stack, erasure(batch[0]), version=2)
            self.written += PER_ROUND
            self.erased += 1


async def watch(repository, seen, stopping):
    """Count what a search could find, again and again."""
    while not stopping.is_set():
        seen.append(await present(repository))


async def test_a_rebuild_under_live_writes_loses_nothing_and_is_never_empty(stack):
    stack.start_services(["projector"])
    await publish(stack, *people(0, BEFORE))
    async with repository_of(stack) as (repository, indices):
        await count_is(repository, BEFORE)
        traffic, seen = Traffic(stack), []
        running = [
            asyncio.create_task(traffic.run()),
            asyncio.create_task(watch(repository, seen, traffic.stopping)),
        ]
        log = LogReader(kafka_of(stack, "projector"), "test-rebuild")
        try:
            rebuild = Rebuild(log, repository, indices, report=lambda _: None, readers_leave_s=0.2)
            done = await rebuild.run()
        finally:
            traffic.stopping.set()
            await asyncio.gather(*running)
            await log.close()

        assert done.messages >= BEFORE
        await count_is(repository, traffic.written - traffic.erased)
        assert seen
        assert min(seen) >= BEFORE
        assert await indices.unnamed() == []


async def test_a_rebuild_that_was_interrupted_is_cleared_away_by_the_next(stack):
    stack.start_services(["projector"])
    await publish(stack, *people(0, 10), version=3)
    async with repository_of(stack) as (repository, indices):
        left_over = await indices.begin_rebuild()
        assert await indices.unnamed() == [left_over]
        log = LogReader(kafka_of(stack, "projector"), "test-rebuild")
        try:
            done = await Rebuild(log, repository, indices, report=lambda _: None, readers_leave_s=0).run()
        finally:
            await log.close()
        assert done.index != left_over
        assert await indices.unnamed() == []
        client = connect(elasticsearch_of(stack, "projector"))
        try:
            assert not await client.indices.exists_alias(name=REBUILD_ALIAS)
        finally:
            await client.close()
