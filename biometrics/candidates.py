"""This module fuses scores: from what each probe scored against each template to a ranked list of persons (pure)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.gallery import Enrolled
from contracts.references import SubjectRef

# Of different fingers one pair in ten reaches this (see decision): nothing below it is worth ranking.
LOWEST_SCORE = 10.0


@dataclass(frozen=True, slots=True)
class FingerScore:
    """The best comparison of one probe with one person: which of their fingers, and its score."""

    probe: int
    finger: Enrolled
    score: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person who may be the one; `score` is the sum over the probes of the best score of each."""

    subject: SubjectRef
    score: float
    fingers: tuple[FingerScore, ...]


def rank(
    scores: Sequence[NDArray[np.float64]],
    owners: Sequence[Enrolled | None],
    may_see: Callable[[str], bool],
    limit: int,
    lowest: float = LOWEST_SCORE,
) -> list[Candidate]:
    """Give the persons of the highest scores, best first, and ties always in the same order.

    The best of a person's templates counts for each probe (another impression of the same finger adds no evidence);
    over several probes the scores are summed, which tells persons apart better than the best alone.

    Args:
        scores: of each probe, one score for each place.
        owners: whose template is at each place; nobody's is passed over.
        may_see: whether the one who asks may know of a system; others are left out without a trace.
        limit: how many persons at most.
        lowest: scores below it are passed over.
    """
    best: dict[SubjectRef, dict[int, FingerScore]] = {}
    last = lowest
    for probe, row in enumerate(scores):
        # From the highest down, so that the first of a person is their best.
        for place in _promising(row, lowest):
            if len(scores) == 1 and len(best) >= limit and row[place] < last:
                break  # of a single probe nobody further down comes before these
            owner = owners[place]
            if owner is None or not may_see(owner.system):
                continue
            of_person = best.setdefault(owner.subject, {})
            if probe not in of_person:
                of_person[probe] = FingerScore(probe, owner, last := float(row[place]))
    candidates = [
        Candidate(subject, sum(f.score for f in found.values()), tuple(found.values()))
        for subject, found in best.items()
    ]
    candidates.sort(key=lambda candidate: (-candidate.score, candidate.subject))
    return candidates[:limit]


def _promising(row: NDArray[np.float64], lowest: float) -> NDArray[np.intp]:
    places = np.flatnonzero(row >= lowest)
    return places[np.argsort(-row[places], kind="stable")]
