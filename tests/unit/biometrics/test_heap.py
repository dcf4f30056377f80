"""The memory of the JVM: what is told of it without a JVM."""

from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from biometrics.heap import Heap
from biometrics.rejections import EngineOverloaded

MEGABYTE = 1 << 20


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
