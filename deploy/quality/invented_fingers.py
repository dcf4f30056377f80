"""This module scores fingers of nobody: as many as the tail of a distribution takes, and persons of ten to search for.

A set of ten real fingers has 45 pairs of different ones; what is rarer than one in a thousand it cannot show.
"""

from dataclasses import dataclass
from pathlib import Path

from biometrics.engine import SourceAfis, start_jvm
from biometrics.evaluation.honesty import FINGERS
from biometrics.evaluation.impressions import Impression
from biometrics.evaluation.scoring import Scored, score_all
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import mixed, press

HEAP_MEGABYTES = 1536


@dataclass(frozen=True, slots=True)
class Crowd:
    """Invented persons of ten fingers, one image of each: which seeds, and how many persons."""

    first_seed: int
    persons: int = 40

    @property
    def seeds(self) -> range:
        """One of each finger, those of a person after one another."""
        return range(self.first_seed, self.first_seed + self.persons * FINGERS)


FITTED = Crowd(20_000)
"""What the calibration is fitted to, beside real sets."""
JUDGED = Crowd(10_000)
"""Others, which no part of it has seen."""


def score_crowd(jars: Path, crowd: Crowd) -> tuple[list[Impression], dict[str, Scored]]:
    """Score all fingers with one another, taken in all ways from guided to unwatched; starts a JVM."""
    start_jvm(jars, HEAP_MEGABYTES)
    fingers = [make_finger(seed) for seed in crowd.seeds]
    images = [press(finger, 0, mixed(finger, 0)) for finger in fingers]
    impressions = [Impression(str(finger.seed), str(finger.seed), "0") for finger in fingers]
    return impressions, score_all(SourceAfis(), images, lambda _: None)
