"""What Java throws on a real JVM: nobody but the engine hears of it."""

import jpype
import pytest

from biometrics.rejections import EngineOverloaded
from tests.integration.real_engine import real_engine

pytestmark = pytest.mark.jvm


class OutOfMemory:
    """Throws what Java throws without memory, whatever it is asked."""

    def __getattr__(self, _name):
        raise jpype.JClass("java.lang.OutOfMemoryError")

    def __setitem__(self, _place, _template):
        raise jpype.JClass("java.lang.OutOfMemoryError")


def test_nothing_that_java_throws_gets_past_the_heap_or_a_row(monkeypatch):
    engine = real_engine()
    with pytest.raises(EngineOverloaded):
        engine.put(OutOfMemory(), 0, None)
    monkeypatch.setattr(engine.heap, "_runtime", OutOfMemory())
    for asked in (engine.heap.room, engine.heap.settled, engine.heap.megabytes):
        with pytest.raises(EngineOverloaded):
            asked()
