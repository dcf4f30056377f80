"""This module tells of an image that does not match what it should whether it would in a mirror."""

from collections.abc import Sequence

from biometrics.comparing import Comparing, Views
from biometrics.decision import VERIFY_FALSE_MATCH_RATE, decide
from biometrics.rejections import MirroredImage


def check_not_mirrored(comparing: Comparing, probe: Views, candidates: Sequence[Views]) -> None:
    """Say so where the probe's mirror image matches a candidate; a device that mirrors would else match nobody.

    No image tells by itself: in a mirror, a finger looks like one of the other hand. Held to the rate of a
    verification, so that hardly anybody else is told so.

    Raises:
        MirroredImage: it does.
    """
    scores = comparing.scores(comparing.mirrored(probe), candidates)
    if decide(float(scores.max()), VERIFY_FALSE_MATCH_RATE, len(candidates)).match:
        raise MirroredImage(
            "The prints match only if one of them is mirrored; look which device, or program, turns left and right."
        )
