"""This module calibrates: it brings fused scores to the engine's scale, 10 a power of ten of false matches (pure).

On that scale `biometrics.decision` concludes, from a score and the number of comparisons, whether it is a match.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from biometrics.decision import SCORE_PER_DECADE
from biometrics.fusion import Counts, fused, richness

Scores = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Calibration:
    """What scores of views mean: different fingers reach a fused score s with the probability 10^(intercept - slope s).

    A tail of scores by chance is exponential, as the engine's own scale assumes; level and steepness are fitted so that
    no source of scores that it was fitted to reaches a score more often than is told.

    Attributes:
        power: of the richness in minutiae that a sum of scores is divided by (`biometrics.fusion.fused`).
        slope: powers of ten of the false match rate that a point of the fused score is worth.
        intercept: the power of ten at which the tail would begin at a score of 0.
    """

    power: float
    slope: float
    intercept: float

    def on_scale(self, sums: Scores, probe: Counts, candidate: Counts) -> Scores:
        """Give scores t that different fingers reach with a probability of 10^(-t/10); 0 is the least.

        Args:
            sums: of each candidate, the sum of the scores of its views with the same view of the probe.
            probe: the minutiae that the probe's views agree on.
            candidate: those of each candidate.
        """
        decades = self.slope * fused(sums, probe, candidate, self.power) - self.intercept
        return np.asarray(np.maximum(decades * SCORE_PER_DECADE, 0.0), dtype=np.float64)

    def false_match_rates(self, impostors: "Impostors") -> Scores:
        """Give the rate that the calibration tells of each of these scores."""
        fused_scores = impostors.sums * impostors.richness**-self.power
        return np.asarray(10.0 ** np.minimum(self.intercept - self.slope * fused_scores, 0.0), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Impostors:
    """Scores of different fingers: the sums over the views, and how rich in minutiae both fingers of each are."""

    sums: Scores
    richness: Scores

    @classmethod
    def of(cls, sums: Scores, probes: Counts, candidates: Counts) -> "Impostors":
        """Take over sums of scores with the minutiae that the views of either finger agree on."""
        return cls(sums, richness(probes, candidates))


# Fitted by `calibrate` to the 8,640 pairs of different fingers of three public sets (FVC2002 DB1 B, DB3 B and FVC2004
# DB4 B: optical, capacitive, synthetic) and to 159,600 comparisons of 400 invented ones
# (`deploy.quality.invented_fingers`).
CALIBRATION = Calibration(power=0.75, slope=0.0519, intercept=-0.1297)
"""The one that is shipped: of the image as it is and of its view `soft`, by SourceAFIS 3.18."""

# Where the tail begins, and how many impostors have to be beyond the last point that it is fitted to.
_TAIL_BEGINS = 0.03
_LAST = 10
_POINTS = 12
_POWERS = np.arange(0.0, 2.01, 0.05)


def calibrate(sets: Sequence[Impostors], invented: Sequence[Impostors] = ()) -> Calibration:
    """Fit a calibration to scores of different fingers, to the most pessimistic of all sources.

    First the power: that by which the level where the tail begins is the same for rich and for poor prints, the best
    linear quantile of the logarithm of the scores (Koenker and Bassett 1978). Then the steepest line that lies above
    the tails of all sources: it starts at the highest of their levels, and falls as slowly as it must.

    Args:
        sets: of real sensors; they alone give the power, as they alone tell how poor prints come about.
        invented: further sources. A set of few fingers shows no more than the beginning of a tail; of invented ones
            there can be as many as the rest of it takes.

    Raises:
        ValueError: there are too few impostors for a tail, or their scores are all alike.
    """
    sources = [*sets, *invented]
    if not sets or min(each.sums.size for each in sources) * _TAIL_BEGINS <= _LAST:
        raise ValueError("a tail needs more impostors")
    power = _power(sets)
    tails = [_tail(each, power) for each in sources]
    begin = max(float(reached[0]) for _, reached in tails)
    falls = [
        (np.log10(_TAIL_BEGINS) - np.log10(rate)) / (score - begin)
        for rates, reached in tails
        for rate, score in zip(rates, reached, strict=True)
        if score > begin
    ]
    if not falls:
        raise ValueError("the scores of impostors are all alike")
    slope = min(falls)
    return Calibration(power, float(slope), float(slope * begin + np.log10(_TAIL_BEGINS)))


def _power(sets: Sequence[Impostors]) -> float:
    logarithms = np.log(np.maximum(np.concatenate([each.sums for each in sets]), 1.0))
    rich = np.log(np.concatenate([each.richness for each in sets]))
    return float(min(_POWERS, key=lambda each: _loss(logarithms - each * rich)))


def _tail(source: Impostors, power: float) -> tuple[Scores, Scores]:
    """Give rates from where the tail begins to where few scores are left, and the fused scores that are so rare."""
    rates = np.geomspace(_TAIL_BEGINS, _LAST / source.sums.size, _POINTS)
    return rates, np.quantile(source.sums * source.richness**-power, 1 - rates)


def _loss(values: Scores) -> float:
    """Give how far values lie from their quantile where the tail begins, each weighed by its side."""
    level = 1 - _TAIL_BEGINS
    over = values - np.quantile(values, level)
    return float(np.mean(np.maximum(level * over, (level - 1) * over)))
