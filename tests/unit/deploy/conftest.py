"""What tests of several commands need."""

import pytest

from deploy import fingers
from tests.unit.biometrics.quality.prints import FakeMeter


@pytest.fixture
def judging(monkeypatch):
    """Let images be judged as it is said."""

    def judge(*answers):
        meter = FakeMeter(*answers)
        meter.stop = lambda: None
        monkeypatch.setattr(fingers, "QualityMeter", lambda _: meter)
        monkeypatch.setattr(fingers, "can_be_measured", lambda: True)

    return judge
