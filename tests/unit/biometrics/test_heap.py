"""The memory of the JVM: what is told of it without a JVM."""

import threading
import time
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from biometrics.heap import BYTES_A_PIXEL, Heap
from biometrics.rejections import EngineOverloaded

MEGABYTE = 1 << 20
FOR_WORK = 16 * MEGABYTE


class JavaError(Exception):
    """Stands for what Java throws where it has no memory."""


@contextmanager
def asking():
    try:
        yield
    except JavaError:
        raise EngineOverloaded("no memory") from None


class Runtime:
    """A JVM of 64 MB, of which 48 are used; `exhausted` it throws at every question."""

    exhausted = False

    def _answer(self, megabytes):
        if self.exhausted:
            raise JavaError
        return megabytes * MEGABYTE

    def maxMemory(self):  # noqa: N802  Java's name
        return self._answer(64)

    def totalMemory(self):  # noqa: N802  Java's name
        return self._answer(64)

    def freeMemory(self):  # noqa: N802  Java's name
        return self._answer(16)

    def gc(self):
        self._answer(0)


@pytest.fixture
def runtime():
    return Runtime()


@pytest.fixture
def heap(runtime):
    left = {"eden": SimpleNamespace(getUsed=lambda: 40 * MEGABYTE)}
    info = SimpleNamespace(getEndTime=lambda: 1, getMemoryUsageAfterGc=lambda: left)
    collector = SimpleNamespace(getLastGcInfo=lambda: info)
    kind = SimpleNamespace(name=lambda: "HEAP")
    management = SimpleNamespace(
        getGarbageCollectorMXBeans=lambda: [collector],
        getMemoryPoolMXBeans=lambda: [SimpleNamespace(getName=lambda: "eden", getType=lambda: kind)],
    )
    return Heap(runtime, management, asking)


def test_three_quarters_may_be_held(heap):
    assert heap.megabytes() == {"used": 48, "most": 64}
    assert heap.room() == 0, "48 of 64 MB are"


def test_what_extractions_hold_is_not_held_for_good(heap):
    with heap.working(100_000):
        assert heap.room() == 2_400_000
    assert heap.room() == 0


@pytest.mark.parametrize("asked", [Heap.megabytes, Heap.settled, Heap.room])
def test_a_heap_without_memory_to_ask_in_asks_to_try_again(heap, runtime, asked):
    runtime.exhausted = True
    with pytest.raises(EngineOverloaded):
        asked(heap)
    runtime.exhausted = False
    assert asked(heap) is not None


class Extractions:
    """Extracts images of these shares of what is for work, each in a thread, and tells which are at it."""

    def __init__(self, heap):
        self._heap = heap
        self._threads = []
        self.at_work = []
        self._ends = {}

    def begin(self, name, share):
        self._ends[name] = threading.Event()
        thread = threading.Thread(target=self._extract, args=(name, int(share * FOR_WORK / BYTES_A_PIXEL)))
        self._threads.append(thread)
        thread.start()
        settled(lambda: name in self.at_work or len(self._heap._waiting) + len(self.at_work) == self._alive())

    def _extract(self, name, pixels):
        with self._heap.working(pixels):
            self.at_work.append(name)
            self._ends[name].wait(5)
            self.at_work.remove(name)

    def _alive(self):
        return sum(each.is_alive() for each in self._threads)

    def end(self, *names):
        for name in names:
            self._ends[name].set()
        settled(lambda: not set(names) & set(self.at_work))

    def all_end(self):
        for each in self._ends.values():
            each.set()
        for each in self._threads:
            each.join(5)
        assert self._alive() == 0


def settled(is_so):
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.005)


@pytest.fixture
def extractions(heap):
    extractions = Extractions(heap)
    yield extractions
    extractions.all_end()


def test_extractions_wait_until_there_is_memory_for_them_and_who_asked_first_is_first(extractions):
    for name, share in (("a", 0.4), ("b", 0.4), ("large", 0.9), ("small", 0.1)):
        extractions.begin(name, share)
    assert extractions.at_work == ["a", "b"]
    extractions.end("a")
    assert extractions.at_work == ["b"], "the small one does not pass the large one, which would wait for ever"
    extractions.end("b")
    settled(lambda: len(extractions.at_work) == 2)
    assert sorted(extractions.at_work) == ["large", "small"]


def test_an_image_that_takes_more_than_all_there_is_for_work_is_extracted_alone(extractions):
    extractions.begin("small", 0.1)
    extractions.begin("huge", 7)
    extractions.begin("next", 0.1)
    assert extractions.at_work == ["small"]
    extractions.end("small")
    settled(lambda: extractions.at_work)
    assert extractions.at_work == ["huge"]
    extractions.end("huge")
    settled(lambda: extractions.at_work)
    assert extractions.at_work == ["next"]


def test_an_extraction_that_fails_gives_its_memory_back(heap):
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), heap.working(10**9):
            raise ZeroDivisionError
    assert heap.room() == 0
