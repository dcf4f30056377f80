"""This module fuses scores: from what each probe scored against each template to a ranked list of persons (pure)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.gallery import Enrolled
from biometrics.thresholds import Finger, finger_of
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
    """A person who may be the one.

    `score` is the sum of what the probes scored, each with a finger of its own, and `threshold` what is asked of it.
    """

    subject: SubjectRef
    score: float
    threshold: float
    fingers: tuple[FingerScore, ...]


def rank(
    scores: Sequence[NDArray[np.float64]],
    owners: Sequence[Enrolled | None],
    shown: Callable[[Enrolled], bool],
    limit: int,
    asked: Callable[[SubjectRef], float],
    lowest: float = LOWEST_SCORE,
    sought: Sequence[int] = (),
) -> list[Candidate]:
    """Give the persons whose scores are the highest for what is asked of them, and ties always in the same order.

    The best of a person's templates counts for each probe (another impression of the same finger adds no evidence);
    over several probes the scores are summed, which tells persons apart better than the best alone. Each finger counts
    once, of those that are sought and of those that are held; two records that tell no position are two fingers.

    Args:
        scores: of each probe, one score for each place.
        owners: whose template is at each place; nobody's is passed over.
        shown: whether the one who asks may know of it; others are left out without a trace.
        limit: how many persons at most.
        asked: of a person, the score from which on they count as found.
        lowest: candidates below it are passed over; what a candidate is made of does not depend on it.
        sought: of each probe, the number of the finger that it is of, which counts once; each has its own, if none.
    """
    sought = sought or range(len(scores))
    best: dict[SubjectRef, dict[tuple[int, Finger], FingerScore]] = {}
    last = 0.0
    for probe, row in enumerate(scores):
        # From the highest down, so that the first of a finger is its best.
        for place in _promising(row, lowest if len(scores) == 1 else LOWEST_SCORE):
            if len(scores) == 1 and len(best) >= limit and row[place] < last:
                break  # of a single probe nobody further down comes before these
            owner = owners[place]
            if owner is None or not shown(owner):
                continue
            of_person = best.setdefault(owner.subject, {})
            pair = probe, finger_of(owner)
            if pair not in of_person:
                of_person[pair] = FingerScore(probe, owner, last := float(row[place]))
    candidates = [_candidate(subject, found, asked(subject), sought) for subject, found in best.items()]
    candidates = [candidate for candidate in candidates if candidate.score >= lowest]
    candidates.sort(key=lambda candidate: (-candidate.score / candidate.threshold, candidate.subject))
    return candidates[:limit]


def _candidate(
    subject: SubjectRef, found: Mapping[tuple[int, Finger], FingerScore], threshold: float, sought: Sequence[int]
) -> Candidate:
    """Give each finger that is sought a finger of the person, the best pairs first."""
    fingers: dict[Finger, FingerScore] = {}
    given: set[int] = set()
    for (probe, finger), scored in sorted(found.items(), key=lambda item: (-item[1].score, item[0][0])):
        if sought[probe] not in given and finger not in fingers:
            fingers[finger] = scored
            given.add(sought[probe])
    chosen = sorted(fingers.values(), key=lambda scored: scored.probe)
    return Candidate(subject, sum(scored.score for scored in chosen), threshold, tuple(chosen))


def _promising(row: NDArray[np.float64], lowest: float) -> NDArray[np.intp]:
    places = np.flatnonzero(row >= lowest)
    return places[np.argsort(-row[places], kind="stable")]
