"""This module fuses what the views of a finger scored: a sum, told in proportion to the minutiae that views agree on.

Two fingers with many minutiae reach a higher score by chance than two with few. Chance pairs grow with the product of
both counts, the score of a chance pair with its root: the sum over the views is divided by the geometric mean of both
counts. Counted is what all views of an image show at the same place, for what one view alone shows is noise.
The quotient is brought to the engine's scale, 10 for each power of ten of the false match rate (`biometrics.decision`).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Minutiae = NDArray[np.float64]
"""One row for each minutia: x and y in pixels at 500 dpi, direction in radians."""

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
        near = np.hypot(first[:, None, 0] - other[:, 0], first[:, None, 1] - other[:, 1]) < SAME_PLACE
        turned = np.abs(np.angle(np.exp(1j * (first[:, None, 2] - other[:, 2])))) < SAME_DIRECTION
        seen &= (near & turned).any(axis=1)
    return int(seen.sum())


def fused(sums: NDArray[np.float64], probe: float, candidates: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Give the fused scores of a probe with candidates.

    Args:
        sums: of each candidate, the sum of the scores of its views with the same view of the probe.
        probe: the minutiae that the probe's views agree on.
        candidates: those of each candidate.
    """
    product = np.maximum(probe, FEWEST) * np.maximum(candidates, FEWEST)
    return np.asarray(sums * (COMMON / np.sqrt(product)), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a fused score means: scores of different fingers reach s with the probability 10^(intercept - slope s).

    A tail of scores by chance is exponential, as the engine's own scale assumes; level and steepness are fitted.
    """

    slope: float
    intercept: float

    def false_match_rate(self, score: float) -> float:
        """Give the share of different fingers that reach a score."""
        return float(min(1.0, 10.0 ** (self.intercept - self.slope * score)))

    def threshold(self, rate: float) -> float:
        """Give the score that the share `rate` of different fingers reaches."""
        return (self.intercept - float(np.log10(rate))) / self.slope


# Where the tail begins, and how many impostors have to be beyond the last point that it is fitted to.
_TAIL_BEGINS = 0.03
_LAST = 10


def calibrate(impostors: NDArray[np.float64]) -> Calibration:
    """Fit the tail of scores of different fingers.

    Raises:
        ValueError: there are too few scores for a tail.
    """
    lowest = _LAST / max(impostors.size, 1)
    if lowest >= _TAIL_BEGINS:
        raise ValueError("a tail needs more impostors")
    rates = np.geomspace(_TAIL_BEGINS, lowest, 12)
    reached = np.quantile(impostors, 1 - rates)
    falls, start = np.polyfit(reached, np.log10(rates), 1)
    return Calibration(float(-falls), float(start))
