"""This module tells which probes of a search are of one finger, so that no finger is evidence twice."""

from collections.abc import Sequence

from biometrics.comparing import Comparing, Views
from biometrics.decision import VERIFY_FALSE_MATCH_RATE, decide


def sought_fingers(comparing: Comparing, probes: Sequence[Views]) -> list[int]:
    """Number the fingers that are sought: of each probe which it is of; those that match each other are of one.

    Scores of several probes are summed as if each were by chance alone; two images of one finger are not. Two fingers
    that are taken for one lose a part of the evidence, and find nobody else.
    """
    numbers = list(range(len(probes)))
    for first in range(len(probes) - 1):
        scores = comparing.scores(probes[first], probes[first + 1 :])
        for other, score in enumerate(scores.tolist(), first + 1):
            if decide(score, VERIFY_FALSE_MATCH_RATE).match:
                numbers = [numbers[first] if each == numbers[other] else each for each in numbers]
    return numbers
