"""The rebuild: nothing of the log is lost, and searches have a whole repository wherever a rebuild is killed."""

import asyncio
import random

import pytest
from aiokafka import TopicPartition

from hub.settings import KafkaSettings
from search import rebuild as rebuilding
from search.indices import Indices, RebuildAtWork, RebuildOvertaken
from search.projector import building
from search.projector.handler import TOPICS, projected
from search.rebuild import LogInPart, Rebuild
from search.repository import Repository, RepositoryUnavailable
from tests.unit.search.cluster import BOTH, Client, Cluster, Killed
from tests.unit.search.people import erasure, message, person

PARTITION = TopicPartition("out.person.v1", 0)
BEFORE = 15


class FakeLog:
    """The log: one partition of messages."""

    topics = TOPICS

    def __init__(self, messages):
        self.messages = messages
        self.position = 0

    async def open(self, wanted):
        return [topic for topic in ("audit.router", *self.topics) if wanted(topic)]

    async def ends(self):
        await asyncio.sleep(0)
        return {PARTITION: len(self.messages)}

    async def read_to(self, ends):
        while self.position < ends[PARTITION]:
            await asyncio.sleep(0)
            batch = self.messages[self.position : min(self.position + 10, ends[PARTITION])]
            self.position += len(batch)
            yield batch


def messages(count, start=0):
    return [message(person(str(number)), 1, offset=number) for number in range(start, start + count)]


def documents(number):
    return [projected(each).document for each in messages(1, number)]


def rebuild(cluster, log, client=None, **options):
    client = client or Client(cluster)
    options = {"readers_leave_s": 0, "silent_s": 0, **options}
    return Rebuild(FakeLog(log), Repository(client), Indices(client), report=lambda _: None, **options)


def rest():
    return Cluster(old=BOTH)


class Projector:
    """Stores what arrives in the log, and tries again what fails for now, as the projector does; notes what it did."""

    def __init__(self, cluster, log, seed):
        self.cluster = cluster
        self.log = log
        self.stored = set()
        self.ending = False
        self._client = Client(cluster)
        self._random = random.Random(seed)

    async def run(self, most=200):
        repository = Repository(self._client)
        while not self.ending and len(self.log) < most:
            self.log += (arrived := messages(1, len(self.log)))
            await self._pause()
            batch = [projected(each).document for each in arrived]
            while True:
                try:
                    assert await repository.store(batch) == []
                    break
                except RepositoryUnavailable:
                    await self._pause()
            self.stored |= {document.record for document in batch}
            self.nothing_is_hidden()
            await self._pause()

    def nothing_is_hidden(self):
        assert self.stored <= self.cluster.found()

    async def _pause(self):
        for _ in range(self._random.randrange(12)):
            await asyncio.sleep(0)


async def test_everything_in_the_log_is_in_the_new_index_before_it_is_read():
    cluster = rest()
    done = await rebuild(cluster, messages(35)).run()
    assert (done.messages, done.skipped) == (35, 0)
    assert cluster.aliases() == {done.index: BOTH}
    assert len(cluster.found()) == 35


async def test_the_highest_version_wins_in_any_order_and_an_erased_record_stays_erased():
    cluster = rest()
    log = [message(person(), 3), message(person(), 1), message(erasure(person()), 4), message(person(), 2)]
    done = await rebuild(cluster, log).run()
    assert cluster.held[done.index].documents == {"entry-exit:persons:1": 4}


async def test_what_the_projector_refused_is_left_out():
    cluster = rest()
    done = await rebuild(cluster, [message(person(), value=b"{"), *messages(2)]).run()
    assert (done.messages, done.skipped, len(cluster.found())) == (3, 1, 2)


async def test_where_the_index_refuses_a_newer_version_the_one_before_it_stays_as_the_projector_left_it():
    class Refusing(Client):
        def _bulk(self, alias, heads):
            taken = [head for head in heads if head["version"] != 3]
            stored = super()._bulk(alias, taken)
            if taken == heads:
                return stored
            unfit = {"status": 400, "error": {"type": "document_parsing_exception"}}
            return {"errors": True, "items": [{"index": {"status": 201} if head in taken else unfit} for head in heads]}

    cluster = rest()
    log = [message(person(), version, offset=version) for version in (1, 2, 3)]
    done = await rebuild(cluster, log, Refusing(cluster)).run()
    assert cluster.held[done.index].documents == {"entry-exit:persons:1": 2}
    assert done.skipped == 1


async def test_a_repository_that_goes_away_leaves_the_old_one_in_place():
    class Away(Client):
        async def bulk(self, **_about):
            raise RepositoryUnavailable("away")

    cluster = rest()
    with pytest.raises(RepositoryUnavailable):
        await rebuild(cluster, messages(35), Away(cluster), patience_s=0).run()
    assert cluster.aliases() == {"records-old": BOTH}


@pytest.mark.parametrize("step", ["bulk", "sign"])
async def test_an_interrupted_rebuild_clears_itself_away(step):
    reached = asyncio.Event()

    class Slow(Client):
        async def _call(self, what, work):
            answer = await super()._call(what, work)
            if what.startswith(step):
                reached.set()
                await asyncio.sleep(0.01)
            return answer

    cluster = rest()
    running = asyncio.create_task(rebuild(cluster, messages(35), Slow(cluster)).run())
    async with asyncio.timeout(10):
        await reached.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert cluster.aliases() == {"records-old": BOTH}


@pytest.mark.parametrize("step", ["bulk", "sign", "show", "refresh", "move"])
async def test_a_repository_that_is_away_for_a_moment_is_waited_for(step):
    class Hiccup(Client):
        failed = False

        async def _call(self, what, work):
            if what.startswith(step) and not self.failed:
                self.failed = True
                raise RepositoryUnavailable("away for a moment")
            return await super()._call(what, work)

    cluster, client = rest(), Hiccup(rest())
    client.cluster = cluster
    await rebuild(cluster, messages(5), client).run()
    assert client.failed
    assert len(cluster.found()) == 5


def full_repository(seed):
    """A repository at rest that holds all of the log, and its projector."""
    cluster, log = rest(), messages(BEFORE)
    projector = Projector(cluster, log, seed)
    for each in log:
        document = projected(each).document
        cluster.held["records-old"].documents[document.record] = document.version
        projector.stored.add(document.record)
    return cluster, log, projector


async def killed(call, *, done, seed):
    """Run a rebuild under live writes, and kill it at a call. Tell whether it got that far, and how all stands."""
    cluster, log, projector = full_repository(seed)
    projecting = asyncio.create_task(projector.run())
    client = Client(cluster, dies_at=call, done=done)
    try:
        await rebuild(cluster, log, client).run()
    except Killed:
        pass
    else:
        client = None
    projector.nothing_is_hidden()
    return client is not None, cluster, log, projector, projecting


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("seed", range(6))
async def test_wherever_a_rebuild_is_killed_nothing_is_hidden_and_the_next_one_mends_all(seed, done):
    call, died = 0, True
    while died:
        call += 1
        died, cluster, log, projector, projecting = await killed(call, done=done, seed=seed)
        # The projector goes on, restarts as often as it likes, and the next rebuild finds what is left.
        second = Projector(cluster, log, seed + 1)
        second.stored = projector.stored
        await Indices(Client(cluster)).adapt()
        restarted = asyncio.create_task(second.run())
        result = await rebuild(cluster, log).run()
        projector.ending = second.ending = True
        await asyncio.gather(projecting, restarted)
        second.nothing_is_hidden()
        assert cluster.aliases() == {result.index: BOTH}
        assert len(second.stored) == len(cluster.found()) == len(log)
    assert call > 12  # the first look, the moves and the removal among them


@pytest.mark.parametrize("done", [True, False], ids=["done", "not done"])
@pytest.mark.parametrize("seed", range(3))
async def test_wherever_the_first_build_is_killed_searches_find_nothing_or_all(seed, done):
    """Elasticsearch is another one or was emptied: the projector goes on behind what it projected before."""
    call, died = 0, True
    while died:
        call += 1
        cluster, log = Cluster(), messages(BEFORE)
        projector = Projector(cluster, log, seed)
        projector.stored = {projected(each).document.record for each in log}
        projecting = asyncio.create_task(projector.run())
        try:
            await rebuild(cluster, log, Client(cluster, dies_at=call, done=done)).run()
            died = False
        except Killed:
            pass
        if await Indices(Client(cluster)).is_built():
            projector.nothing_is_hidden()
        else:
            result = await rebuild(cluster, log).run()
            assert cluster.aliases() == {result.index: BOTH}
        projector.ending = True
        await projecting
        projector.nothing_is_hidden()
        assert len(cluster.found()) == len(log)
    assert call > 6


async def test_the_first_build_does_not_chase_a_log_that_grows_as_fast_as_it_is_read(monkeypatch):
    monkeypatch.setattr(rebuilding, "NEAR_ENOUGH", 0)  # nearer than it ever comes
    cluster, log = Cluster(), messages(BEFORE)
    async with asyncio.timeout(10):
        done = await rebuild(cluster, log).run()
    assert cluster.aliases() == {done.index: BOTH}
    assert len(cluster.found()) == len(log)


async def test_the_projector_waits_for_readers_of_an_index_that_another_has_built_meanwhile(monkeypatch):
    waited = []

    class Noted(Rebuild):
        async def run(self):
            waited.append(self._readers_leave_s)

    monkeypatch.setattr(building, "Rebuild", Noted)
    client = Client(Cluster())
    await building.Builder(KafkaSettings(), "projector", Repository(client), Indices(client)).build_if_missing()
    assert waited == [rebuilding.READERS_LEAVE_S]


async def test_a_log_that_is_seen_in_part_builds_nothing():
    log = FakeLog(messages(5))
    log.topics = TOPICS[:-1]
    cluster = Cluster()
    with pytest.raises(LogInPart, match=TOPICS[-1]):
        await Rebuild(log, Repository(Client(cluster)), Indices(Client(cluster)), report=lambda _: None).run()
    assert cluster.aliases() == {}


async def test_while_another_rebuild_gives_signs_of_life_none_begins(monkeypatch):
    monkeypatch.setattr(rebuilding, "LOOK_S", 0.001)
    cluster = rest()
    first = Indices(Client(cluster))
    index = await first.begin_rebuild(await first.standing())
    second = asyncio.create_task(rebuild(cluster, messages(5), silent_s=60).run())
    await asyncio.sleep(0.01)
    assert not second.done()
    await first.give_sign(index)
    with pytest.raises(RebuildAtWork):
        await second
    assert cluster.bearer("records-rebuild") == index


async def test_a_rebuild_gives_signs_of_life_while_it_fills(monkeypatch):
    monkeypatch.setattr(rebuilding, "SIGN_S", 0)
    cluster, client = rest(), Client(rest())
    client.cluster = cluster
    await rebuild(cluster, messages(35), client).run()
    assert client.calls.count("sign") > 2
    assert client.calls.index("sign") < client.calls.index("move")


async def test_a_rebuild_that_was_held_for_dead_ends_and_disturbs_nothing(monkeypatch):
    monkeypatch.setattr(rebuilding, "SIGN_S", 0.001)
    cluster, log = rest(), messages(30)
    asleep, begun = asyncio.Event(), asyncio.Event()

    class Sleepy(Client):
        async def bulk(self, **about):
            begun.set()
            await asleep.wait()
            return await super().bulk(**about)

    slow = asyncio.create_task(rebuild(cluster, log, Sleepy(cluster)).run())
    async with asyncio.timeout(10):
        await begun.wait()
        done = await rebuild(cluster, log).run()
        with pytest.raises(RebuildOvertaken):
            await slow
    assert cluster.aliases() == {done.index: BOTH}
    assert len(cluster.found()) == 30
