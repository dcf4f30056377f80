"""This module tells which probes of a search are of one finger, so that no finger is evidence twice."""

from collections.abc import Sequence

from biometrics.comparing import Comparing, Views
from biometrics.decision import VERIFY_FALSE_MATCH_RATE, decide
from contracts.records import FingerPosition


def sought_fingers(
    comparing: Comparing, probes: Sequence[Views], positions: Sequence[FingerPosition] = ()
) -> list[int]:
    """Number the fingers that are sought: of each probe which it is of.

    Those that match each other are of one, and those that are told to be: a poor take of a finger may match no other of
    it, and as a finger of its own would raise what is asked of everybody. Scores of several probes are summed as if
    each were by chance alone; those of two images of one finger are not. Two fingers that are taken for one lose a part
    of the evidence, and find nobody else.

    Args:
        comparing: what compares the probes.
        probes: of one person.
        positions: of each, which finger it is told to be; `UNKNOWN`, as of all if none, says nothing.
    """
    told = positions or [FingerPosition.UNKNOWN] * len(probes)
    numbers = list(range(len(probes)))
    for first in range(len(probes) - 1):
        scores = comparing.scores(probes[first], probes[first + 1 :])
        for other, score in enumerate(scores.tolist(), first + 1):
            is_told = bool(told[first]) and told[first] == told[other]
            if is_told or decide(score, VERIFY_FALSE_MATCH_RATE).match:
                numbers = [numbers[first] if each == numbers[other] else each for each in numbers]
    return numbers
