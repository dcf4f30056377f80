"""This module tells of an image that does not match what it should whether it would in a mirror."""

from collections.abc import Sequence

from biometrics.comparing import Comparing, Views
from biometrics.decision import VERIFY_FALSE_MATCH_RATE, decide


def matches_mirrored(comparing: Comparing, probe: Views, candidates: Sequence[Views]) -> bool:
    """Tell whether the probe's mirror image matches a candidate; a device that mirrors would else match nobody.

    No image tells by itself: in a mirror, a finger looks like one of the other hand. Held to the rate of a
    verification, so that hardly anybody else is told so. It takes as long as comparing them the right way round.
    """
    scores = comparing.scores(comparing.mirrored(probe), candidates)
    return decide(float(scores.max()), VERIFY_FALSE_MATCH_RATE, len(candidates)).match
