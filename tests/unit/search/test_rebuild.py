"""The rebuild: nothing of the log is lost, and searches always have a whole repository."""

import asyncio

import pytest
from aiokafka import TopicPartition

from search.rebuild import Rebuild
from search.repository import RepositoryUnavailable
from tests.unit.search.people import erasure, message, person

PARTITION = TopicPartition("out.person.v1", 0)


class FakeLog:
    """One partition; `grow` is called each time its end is asked for."""

    def __init__(self, messages, grow=lambda log: None):
        self.messages = [*messages]
        self.grow = grow
        self.position = 0

    async def open(self, wanted):
        return [topic for topic in ("audit.router", "out.person.v1") if wanted(topic)]

    async def ends(self):
        self.grow(self)
        return {PARTITION: len(self.messages)}

    async def read_to(self, ends):
        while self.position < ends[PARTITION]:
            await asyncio.sleep(0)
            batch = self.messages[self.position : min(self.position + 10, ends[PARTITION])]
            self.position += len(batch)
            yield batch


class FakeIndices:
    """Notes what is done, and what the new index held when it was."""

    def __init__(self, store):
        self.done = []
        self.store = store
        self.writes_taken = asyncio.Event()

    async def begin_rebuild(self):
        self.done.append("begin")
        return "records-new"

    async def take_writes(self, name):
        self.done.append("take writes")
        self.writes_taken.set()

    async def publish(self, name):
        self.done.append(("publish", len(self.store.stored)))

    async def remove_unnamed(self):
        self.done.append("remove")


class FakeStore:
    def __init__(self, failure=None):
        self.stored = {}
        self.failure = failure

    async def store(self, documents, *, alias):
        assert alias == "records-rebuild"
        if self.failure:
            raise self.failure
        for document in documents:
            if self.stored.get(document.record, -1) < document.version:
                self.stored[document.record] = document.version
        return []


def rebuild(log, store=None, **options):
    store = store or FakeStore()
    indices = FakeIndices(store)
    return Rebuild(log, store, indices, report=lambda _: None, readers_leave_s=0, **options), store, indices


def messages(count, start=0):
    return [message(person(str(number)), 1, offset=number) for number in range(start, start + count)]


async def test_everything_in_the_log_is_in_the_new_index_before_it_is_read():
    work, store, indices = rebuild(FakeLog(messages(35)))
    done = await work.run()
    assert (done.index, done.messages, done.skipped) == ("records-new", 35, 0)
    assert len(store.stored) == 35
    assert indices.done == ["begin", "take writes", ("publish", 35), "remove"]


async def test_what_is_written_meanwhile_is_caught_up():
    def grow(log):
        if len(log.messages) < 60:
            log.messages += messages(10, len(log.messages))

    work, store, indices = rebuild(FakeLog(messages(10), grow))
    await work.run()
    (published,) = [step for step in indices.done if isinstance(step, tuple)]
    assert published == ("publish", len(store.stored))
    assert len(store.stored) >= 40


async def test_the_highest_version_wins_in_any_order_and_an_erased_record_stays_erased():
    log = FakeLog([message(person(), 3), message(person(), 1), message(erasure(person()), 4), message(person(), 2)])
    work, store, _ = rebuild(log)
    await work.run()
    assert store.stored == {"entry-exit:persons:1": 4}


async def test_what_the_projector_refused_is_left_out():
    work, store, _ = rebuild(FakeLog([message(person(), value=b"{"), *messages(2)]))
    done = await work.run()
    assert (done.messages, done.skipped, len(store.stored)) == (3, 1, 2)


async def test_a_repository_that_goes_away_leaves_the_old_one_in_place():
    work, _, indices = rebuild(FakeLog(messages(35)), FakeStore(RepositoryUnavailable("away")), patience_s=0)
    with pytest.raises(RepositoryUnavailable):
        await work.run()
    assert indices.done == ["begin"]


async def test_an_interruption_while_the_projector_is_moved_is_heeded_only_afterwards():
    work, _, indices = rebuild(FakeLog(messages(35)))
    running = asyncio.create_task(work.run())
    async with asyncio.timeout(10):
        await indices.writes_taken.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert indices.done[-1] == "remove"


async def test_a_repository_that_is_away_for_a_moment_is_waited_for():
    class Hiccup(FakeStore):
        async def store(self, documents, *, alias):
            if not self.stored:
                self.stored["hiccup"] = 0
                raise RepositoryUnavailable("away for a moment")
            return await super().store(documents, alias=alias)

    work, store, _ = rebuild(FakeLog(messages(5)), Hiccup())
    await work.run()
    assert len(store.stored) == 1 + 5


async def test_a_step_of_the_aliases_that_fails_for_a_moment_is_taken_again():
    class Hiccup(FakeIndices):
        async def take_writes(self, name):
            await super().take_writes(name)
            self._fail_once("take writes")

        async def publish(self, name):
            await super().publish(name)
            self._fail_once("publish")

        def _fail_once(self, step):
            if step not in self.failed:
                self.failed.append(step)
                raise RepositoryUnavailable("away for a moment")

    store = FakeStore()
    indices = Hiccup(store)
    indices.failed = []
    await Rebuild(FakeLog(messages(5)), store, indices, report=lambda _: None, readers_leave_s=0).run()
    assert indices.failed == ["take writes", "publish"]
    assert indices.done[-1] == "remove"
