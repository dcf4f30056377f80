"""This module gives tests the real servers, on a stack of their own that may run beside one that is up."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from deploy.local.progress import ConsoleNarrator
from deploy.local.stack import Stack

settings.register_profile("no times", deadline=None)  # tests never assert times
settings.load_profile("no times")


@pytest.fixture(scope="session")
def stack(request: pytest.FixtureRequest) -> Iterator[Stack]:
    """Real servers, provisioned and empty; services are started by the tests that need them."""
    opened = Stack.open(os.environ.get("ISTHMUS_TEST_STACK", "test"))
    opened.forget()
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():  # a first start downloads, and shows it
        opened.start(ConsoleNarrator(), services=())
    try:
        yield opened
    finally:
        opened.stop()
