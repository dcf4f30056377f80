"""This module stands the service up for a test, and takes it down again."""

import pytest

from tests.unit.biometrics.fakes import FakeEngine, Stand


@pytest.fixture
def calibration():
    """The plain engine's alone; a module that asks for views as well has a fixture of its own."""


@pytest.fixture
def stand(tmp_path, calibration):
    with_engine = Stand(FakeEngine(), tmp_path, calibration=calibration)
    yield with_engine
    with_engine.threads.stop()
