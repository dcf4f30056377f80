"""This module lets engine and quality work on a finger of nobody before anybody waits: the first takes far longer."""

import time
from contextlib import suppress
from typing import Protocol

from biometrics.engine import Template
from biometrics.enhancement.views import enhance
from biometrics.gray import GrayImage
from biometrics.quality.quality import Measurement, Meter
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from hub.errors import Misconfigured, Rejected, Retryable

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


def warm_up(engine: Engine, meter: Meter | None, longest_s: float = LONGEST_S, *, by_views: bool = False) -> None:
    """Extract and compare until the JVM has compiled what that needs; no refusal keeps the service from starting.

    Where views are compared, one is drawn, too: the first takes longer than later ones.

    Raises:
        Misconfigured: the quality of a good image cannot be measured, so that the gate would refuse everybody.
    """
    finger = press(make_finger(SEED), 0)
    measured = Measurement(meter, finger) if meter else None
    if by_views:
        enhance(finger)
    _warm_up_engine(engine, finger, longest_s)
    with suppress(Retryable):
        if measured and measured.result().score is None:
            raise Misconfigured(
                "The quality of images cannot be measured: install nbis-py anew, or set ISTHMUS_QUALITY_PROCESSES=0."
            )


def _warm_up_engine(engine: Engine, finger: GrayImage, longest_s: float) -> None:
    end = time.monotonic() + longest_s
    with suppress(Rejected, Retryable):
        for _ in range(TIMES):
            template = engine.extract(finger)
            engine.score(template, template)
            if time.monotonic() >= end:
                return
