"""The rebuild on real servers: wherever it ends, nothing is lost and searches never find less than was stored."""

import asyncio
import datetime as dt
import os
import signal
import sys
from contextlib import asynccontextmanager

import httpx
import pytest

from hub.log_reader import LogReader
from search import indices as taking
from search.indices import MappingChanged, RebuildAtWork, RebuildOvertaken
from search.mapping import MAPPING, MAPPING_DIGEST, MARK, READ_ALIAS
from search.rebuild import Rebuild
from search.repository import connect
from search.standing import OUTDATED
from tests.integration.search_stand import elasticsearch_of, kafka_of, publish, repository_of, until
from tests.unit.search.people import erasure, passport, person

pytestmark = pytest.mark.servers

BEFORE, PER_ROUND = 3_000, 100
ELSEWHERE = 100_000_000  # beyond all that the traffic may write while a rebuild takes its time
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


@asynccontextmanager
async def rebuild_of(stack, repository, indices, **options):
    """A rebuild with a log reader of its own."""
    log = LogReader(kafka_of(stack, "projector"), "test-rebuild")
    try:
        yield Rebuild(log, repository, indices, report=lambda _: None, readers_leave_s=0.2, **options)
    finally:
        await log.close()


@asynccontextmanager
async def stuck_rebuild(stack):
    """A rebuild in a process of its own that has made the projector write to both indices, and goes no further."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.integration.stuck_rebuild"),
        env={**os.environ, **stack.env_for("projector")},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        async with asyncio.timeout(60):
            while not (line := await process.stdout.readline()).startswith(b"stuck"):
                assert line, "the rebuild ended before it was stuck"
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def at_rest(indices):
    """Tell whether one index is all there is."""
    standing = await indices.standing()
    return standing.aliases == {standing.read: {"records", "records-write"}}


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
        try:
            async with rebuild_of(stack, repository, indices) as rebuild:
                done = await rebuild.run()
        finally:
            traffic.stopping.set()
            await asyncio.gather(*running)

        assert done.messages >= BEFORE
        await count_is(repository, traffic.written - traffic.erased)
        assert seen
        assert min(seen) >= BEFORE
        assert await at_rest(indices)


async def test_a_rebuild_killed_before_the_last_move_hides_nothing_and_the_next_one_mends_all(stack):
    stack.start_services(["projector", "search"])
    seen = person("killed", system=SYSTEM, full="Ada Testova", documents=(passport("K000001"),))
    async with repository_of(stack) as (repository, indices):
        before = await present(repository)
        async with stuck_rebuild(stack) as process:
            read = (await indices.standing()).read
            await publish(stack, *people(ELSEWHERE, PER_ROUND))
            await count_is(repository, before + PER_ROUND)
            process.send_signal(signal.SIGKILL)
            await process.wait()

        # Between the moves, with the one who moves dead: old projector, then a new one.
        await publish(stack, *people(ELSEWHERE + PER_ROUND, PER_ROUND))
        await count_is(repository, before + 2 * PER_ROUND)
        stack.stop_service("projector")
        await publish(stack, seen)
        await publish(stack, erasure(people(ELSEWHERE, 1)[0]), version=2)
        stack.start_services(["projector"])
        await count_is(repository, before + 2 * PER_ROUND)
        standing = await indices.standing()
        assert standing.read == read
        assert len(standing.left) == 1
        assert "was cut off" in standing.told(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))
        assert await finds(stack, "K000001")

        async with rebuild_of(stack, repository, indices, silent_s=1) as rebuild:
            done = await rebuild.run()
        assert (await indices.standing()).read == done.index != read
        assert await at_rest(indices)
        await count_is(repository, before + 2 * PER_ROUND)
        await publish(stack, *people(2 * ELSEWHERE, PER_ROUND))
        await count_is(repository, before + 3 * PER_ROUND)
        assert await finds(stack, "K000001")


@asynccontextmanager
async def guard(stack):
    """Somebody who asks the search service for documents; gives a way to ask."""
    token = stack.token("guard-1", ["search"], [SYSTEM])
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(base_url=stack.addresses.url("search"), headers=headers, timeout=30) as client:

        async def ask(number):
            answer = await client.post("/v1/search", json={"purpose": "border-check", "document": {"number": number}})
            return answer.json() if answer.status_code == httpx.codes.OK else {}

        yield ask


def says(found):
    """Tell what an answer says of the repository."""
    return {system["system"]: system["status"] for system in found.get("systems", ())}.get("repository")


async def finds(stack, number):
    """Ask the search service for a document; tell whether the repository answers in whole, and with it."""
    async with guard(stack) as ask:

        async def answered():
            found = await ask(number)
            return found if says(found) == "hit" else None

        found = await until(answered)
    return bool(found["persons"]) and found["complete"]


@pytest.mark.parametrize("running", [False, True], ids=["before a start", "while the projector runs"])
async def test_an_elasticsearch_that_was_emptied_is_filled_from_the_log_and_no_search_says_that_nobody_is_held(
    stack, running
):
    number = f"L00000{int(running)}"
    stack.start_services(["projector", "search"])
    await publish(stack, person(number, system=SYSTEM, full="Ada Testova", documents=(passport(number),)))
    async with repository_of(stack) as (_, indices), guard(stack) as ask:
        assert await finds(stack, number)
        before = (await indices.standing()).read
        if not running:
            stack.stop_service("projector")
        async with connect(elasticsearch_of(stack, "projector")) as client:
            await client.indices.delete(index=before)
        stack.start_services(["projector"])
        answers = []

        async def answered():
            answers.append(await ask(number))
            return says(answers[-1]) == "hit"

        await until(answered)
        assert says(answers[0]) == "unavailable"
        assert not [found for found in answers[:-1] if found.get("complete")]
        assert (await indices.standing()).read != before
        assert await at_rest(indices)
    await publish(stack, person(f"{number}-1", system=SYSTEM, documents=(passport(f"{number}1"),)))
    assert await finds(stack, f"{number}1")


async def test_a_new_version_adds_its_fields_and_writes_nothing_where_a_field_has_become_another_one(
    stack, monkeypatch
):
    def with_field(kind):
        return {**MAPPING, "properties": {**MAPPING["properties"], "novel": {"type": kind}}}

    async with repository_of(stack) as (repository, indices):
        with monkeypatch.context() as newer:
            newer.setattr(taking, "MAPPING_DIGEST", "newer")
            newer.setattr(taking, "MAPPING", with_field("keyword"))
            for _ in range(2):
                await indices.adapt()
            newer.setattr(taking, "MAPPING", with_field("long"))
            with pytest.raises(MappingChanged):
                await indices.adapt()
            assert (await indices.standing()).told(dt.datetime.now(dt.UTC)) == OUTDATED
        async with connect(elasticsearch_of(stack, "projector")) as client:
            (about,) = (await client.indices.get_mapping(index=READ_ALIAS)).body.values()
        assert about["mappings"]["properties"]["novel"] == {"type": "keyword"}
        assert about["mappings"]["_meta"][MARK] == MAPPING_DIGEST
        async with rebuild_of(stack, repository, indices) as rebuild:
            await rebuild.run()
        assert (await indices.standing()).told(dt.datetime.now(dt.UTC)) is None


async def test_a_second_rebuild_does_not_begin_while_one_lives(stack):
    stack.start_services(["projector"])
    async with repository_of(stack) as (_, indices), stuck_rebuild(stack):
        before = await indices.standing()
        command = ("-m", "deploy.cli", "repository", "rebuild", "--json", "--stack", stack.name)
        second = await asyncio.create_subprocess_exec(sys.executable, *command, stderr=asyncio.subprocess.PIPE)
        _, said = await second.communicate()
        assert second.returncode == 4
        assert str(RebuildAtWork()) in said.decode()
        assert (await indices.standing()).aliases == before.aliases


async def test_a_rebuild_that_was_asleep_and_cleared_away_ends_by_itself(stack):
    stack.start_services(["projector"])
    async with repository_of(stack) as (repository, indices):
        seen = await indices.standing()
        overtaken = await indices.begin_rebuild(seen)
        await indices.write_both(overtaken)
        async with rebuild_of(stack, repository, indices, silent_s=0) as rebuild:
            done = await rebuild.run()
        for step in (indices.give_sign, indices.write_both, indices.publish):
            with pytest.raises(RebuildOvertaken):
                await step(overtaken)
        assert (await indices.standing()).read == done.index
        assert await at_rest(indices)


async def test_of_two_rebuilds_that_begin_at_once_elasticsearch_lets_one_begin(stack):
    async with repository_of(stack) as (_, indices):
        seen = await indices.standing()
        begun = await asyncio.gather(*(indices.begin_rebuild(seen) for _ in range(3)), return_exceptions=True)
        names = [each for each in begun if isinstance(each, str)]
        assert len(names) == 1
        assert all(isinstance(each, str | RebuildAtWork) for each in begun)
        await indices.give_up(names[0])
        assert await at_rest(indices)
