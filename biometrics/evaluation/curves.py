"""This module makes error rates of scores: of genuine pairs and of impostors, at every threshold (pure).

Terms are those of ISO/IEC 19795-1: FMR is the share of impostors that pass, FNMR that of genuine pairs that do not.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]

_Z = 1.959964  # quantile of the normal distribution for 95 %, two-sided


@dataclass(frozen=True, slots=True)
class Curve:
    """FMR and FNMR at each threshold that changes one of them, thresholds rising; a score passes that reaches it."""

    thresholds: Scores
    fmr: Scores
    fnmr: Scores


def curve(genuine: Scores, impostors: Scores) -> Curve:
    """Give the rates at every threshold, the last of which nothing passes.

    Raises:
        ValueError: there are no genuine pairs or no impostors.
    """
    if not (genuine.size and impostors.size):
        raise ValueError("rates need genuine pairs and impostors")
    thresholds = np.unique(np.concatenate([genuine, impostors, [np.inf]]))
    missed = np.searchsorted(np.sort(genuine), thresholds, side="left") / genuine.size
    passed = 1 - np.searchsorted(np.sort(impostors), thresholds, side="left") / impostors.size
    return Curve(thresholds, passed, missed)


def equal_error_rate(rates: Curve) -> float:
    """Give the rate at which FMR and FNMR are closest: their mean there."""
    at = int(np.argmin(np.abs(rates.fmr - rates.fnmr)))
    return float(rates.fmr[at] + rates.fnmr[at]) / 2


def fnmr_at(rates: Curve, fmr: float) -> float:
    """Give the lowest FNMR at which FMR is at most `fmr`; of fewer impostors than 1 / `fmr` none may pass then."""
    # What was counted is compared with what is asked for: rounding must not decide.
    return float(rates.fnmr[rates.fmr <= fmr + 1e-12].min())


def interval(share: float, count: int) -> tuple[float, float]:
    """Give Wilson's interval of 95 % for a share of `count` trials; of none seen, up to 3.8 / count.

    Trials of one finger are alike, so that the true interval is wider.
    """
    if count == 0:
        return 0.0, 1.0
    middle = share + _Z**2 / (2 * count)
    half = _Z * math.sqrt(share * (1 - share) / count + _Z**2 / (4 * count**2))
    whole = 1 + _Z**2 / count
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)
