"""This module tells whether scores mean what they say: true rates of false matches beside the promised ones (pure)."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from biometrics.candidates import rank
from biometrics.decision import threshold
from biometrics.evaluation.curves import Scores, interval
from biometrics.gallery import Enrolled
from biometrics.thresholds import Thresholds, chances
from contracts.records import FingerPosition
from contracts.references import SubjectRef, record_ref

SAID = (0.01, 0.001, 0.0001)
"""False match rates that a score may promise."""
PROBES = (1, 2, 4, 10)
FINGERS = 10
"""Of a person."""
SYSTEM = "evaluation"
DIGITS = 6


@dataclass(frozen=True, slots=True)
class Share:
    """How often something happened, of how many times."""

    happened: int
    of: int

    @property
    def rate(self) -> float:
        """The share; not a number where there was nothing that it could have happened to."""
        return self.happened / self.of if self.of else math.nan

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's interval of 95 %; trials of one finger are alike, so that the true one is wider."""
        return interval(self.rate, self.of)

    def as_json(self) -> dict[str, float | int | list[float] | None]:
        """Give it with its interval; nothing for a share of nothing."""
        ends = [round(end, DIGITS) for end in self.interval]
        return {"rate": round(self.rate, DIGITS) if self.of else None, "interval": ends, "of": self.of}


def true_rates(impostors: Scores, said: Sequence[float] = SAID) -> dict[float, Share]:
    """Give, for each rate that a score on the engine's scale may promise, how many impostors reach that score."""
    return {rate: Share(int((impostors >= threshold(rate)).sum()), impostors.size) for rate in said}


def false_positives(scores: Scores, probes: int, rate: float) -> Share:
    """Search for persons who are not held, with several of their fingers at once, and count who is found all the same.

    Every person has ten fingers, one image each, and is searched for among all the others, once with each finger as
    the first of the probes (all ten are one choice). Ranking, threshold and decision are those of the service.

    Args:
        scores: of all images with all, on the engine's scale; ten of each person after one another.
        probes: fingers that are searched with.
        rate: what the search promises: the probability of any false match.
    """
    owners = [_owner(place) for place in range(len(scores))]
    persons = len(scores) // FINGERS
    starts = range(1 if probes == FINGERS else FINGERS)
    found = 0
    for person in range(persons):
        own = range(person * FINGERS, (person + 1) * FINGERS)
        others: list[Enrolled | None] = [None if place in own else owners[place] for place in range(len(scores))]
        asked = _asked(rate, others, probes)
        for start in starts:
            rows = [scores[own[(start + number) % FINGERS]] for number in range(probes)]
            best = rank(rows, others, lambda _: True, 1, asked)
            found += bool(best) and best[0].score >= best[0].threshold
    return Share(found, persons * len(starts))


def _asked(rate: float, others: Sequence[Enrolled | None], probes: int) -> Callable[[SubjectRef], float]:
    """Give what a search asks of each person."""
    if probes == 1:
        single = threshold(rate, len(others) - others.count(None))
        return lambda _: single
    return Thresholds(rate, chances([FingerPosition.UNKNOWN] * probes, others, lambda _: True)).of


def _owner(place: int) -> Enrolled:
    person, finger = divmod(place, FINGERS)
    return Enrolled(
        record=record_ref(SYSTEM, "finger", str(place)),
        subject=record_ref(SYSTEM, "person", str(person)),
        system=SYSTEM,
        position=FingerPosition(finger + 1),
        version=1,
        engine="",
    )


def distance(some: Scores, others: Scores) -> float:
    """Give how far two distributions are apart: the most by which their shares below a score differ (Kolmogorov)."""
    places = np.concatenate([some, others])
    shares = [np.searchsorted(np.sort(each), places, side="right") / each.size for each in (some, others)]
    return float(np.abs(shares[0] - shares[1]).max())


def as_json(shares: Mapping[float, Share]) -> dict[str, dict[str, float | int | list[float] | None]]:
    """Write shares by what was promised, such as `0.01`."""
    return {f"{rate:g}": share.as_json() for rate, share in shares.items()}
