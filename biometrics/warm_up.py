"""This module lets the engine work on a finger of nobody before anybody waits: the first one takes far longer."""

import time
from contextlib import suppress
from typing import Protocol

from biometrics.engine import Template
from biometrics.gray import GrayImage
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from hub.errors import Rejected, Retryable

TIMES = 10  # 0.4 s for the first extraction after the JVM's start, 0.04 s from the sixth on, on two cores
LONGEST_S = 3.0
SEED = 1


class Engine(Protocol):
    """What warms up."""

    def extract(self, image: GrayImage) -> Template:
        """Find the minutiae."""
        ...

    def score(self, probe: Template, candidate: Template) -> float:
        """Compare two templates."""
        ...


def warm_up(engine: Engine, longest_s: float = LONGEST_S) -> None:
    """Extract and compare until the JVM has compiled what that needs; no refusal keeps the service from starting."""
    finger, end = press(make_finger(SEED), 0), time.monotonic() + longest_s
    with suppress(Rejected, Retryable):
        for _ in range(TIMES):
            template = engine.extract(finger)
            engine.score(template, template)
            if time.monotonic() >= end:
                return
