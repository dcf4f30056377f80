"""What the engine does before anybody waits."""

import pytest

from biometrics import warm_up as module
from biometrics.quality.nfiq2 import Nfiq2
from biometrics.rejections import EngineOverloaded
from biometrics.warm_up import TIMES, warm_up
from hub.errors import Misconfigured
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.quality.prints import FakeMeter


class Counting(FakeEngine):
    def __init__(self):
        self.extracted = self.compared = 0

    def extract(self, image):
        self.extracted += 1
        return super().extract(image)

    def score(self, probe, candidate):
        self.compared += 1
        return super().score(probe, candidate)


@pytest.mark.parametrize(("longest_s", "times"), [(60.0, TIMES), (0.0, 1)])
def test_the_engine_is_used_a_few_times_and_not_after_its_time_is_over(longest_s, times):
    engine = Counting()
    warm_up(engine, None, longest_s)
    assert (engine.extracted, engine.compared) == (times, times)


def test_an_engine_that_cannot_work_now_does_not_keep_the_service_from_starting():
    class Full(Counting):
        def extract(self, image):
            super().extract(image)
            raise EngineOverloaded("The fingerprint engine has no memory left for this; try again later.")

    engine = Full()
    warm_up(engine, None)
    assert (engine.extracted, engine.compared) == (1, 0)


def test_a_meter_that_cannot_measure_keeps_the_service_from_starting():
    warm_up(Counting(), FakeMeter())
    with pytest.raises(Misconfigured, match="ISTHMUS_QUALITY_PROCESSES"):
        warm_up(Counting(), FakeMeter(Nfiq2(None, {})))


@pytest.mark.parametrize(("by_views", "drawn"), [(True, 1), (False, 0)])
def test_a_view_is_drawn_once_where_views_are_compared(monkeypatch, by_views, drawn):
    images = []
    monkeypatch.setattr(module, "enhance", images.append)
    warm_up(Counting(), None, by_views=by_views)
    assert len(images) == drawn
