"""This module fuses what the views of a finger scored: a sum, told in proportion to the minutiae that views agree on.

Two fingers with many minutiae reach a higher score by chance than two with few. So the sum over the views is divided by
a power of the geometric mean of both counts. Counted is what all views of an image show at the same place, for what
one view alone shows is noise: where an image is bad, little is counted, and what little agrees is told to be much.
`biometrics.calibration` says which power, and what the quotient means.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Minutiae = NDArray[np.float64]
"""One row for each minutia: x and y in pixels at 500 dpi, direction in radians."""
Counts = NDArray[np.float64] | float
"""Of each finger, how many minutiae all its views agree on."""

# Two views draw the same ridge ending within a ridge period of each other, and turned by no more than a filter's width.
SAME_PLACE = 8.0
SAME_DIRECTION = 0.4
# Minutiae of a common print (about 35 on 2 square centimetres): there the quotient is the sum itself.
COMMON = 35.0
# Where views agree on less, they show noise, and its amount says nothing: a score must not grow without end.
FEWEST = 10.0


def agreed(views: Sequence[Minutiae]) -> int:
    """Count the minutiae of the first view that each other view shows, too."""
    first = views[0]
    seen = np.ones(len(first), dtype=bool)
    for other in views[1:]:
        across, down = first[:, None, 0] - other[:, 0], first[:, None, 1] - other[:, 1]
        # Few pairs are near: only their directions are looked at, for this is done with every image that is loaded.
        here, there = np.nonzero(across * across + down * down < SAME_PLACE**2)
        turn = (first[here, 2] - other[there, 2]) % (2 * np.pi)
        shown = np.zeros_like(seen)
        shown[here[np.minimum(turn, 2 * np.pi - turn) < SAME_DIRECTION]] = True
        seen &= shown
    return int(seen.sum())


def richness(probe: Counts, candidate: Counts) -> NDArray[np.float64]:
    """Give the geometric mean of what both fingers show, relative to a common print."""
    product = np.maximum(probe, FEWEST) * np.maximum(candidate, FEWEST)
    return np.asarray(np.sqrt(product) / COMMON, dtype=np.float64)


def fused(sums: NDArray[np.float64], probe: Counts, candidate: Counts, power: float) -> NDArray[np.float64]:
    """Give the fused scores of a probe with candidates.

    Args:
        sums: of each candidate, the sum of the scores of its views with the same view of the probe.
        probe: the minutiae that the probe's views agree on.
        candidate: those of each candidate.
        power: of the richness that a sum is divided by.
    """
    return np.asarray(sums * richness(probe, candidate) ** -power, dtype=np.float64)
