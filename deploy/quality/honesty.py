"""This module measures whether scores of fingers mean what they say: true rates beside promised ones."""

from collections.abc import Iterable, Sequence

import numpy as np

from biometrics.calibration import Calibration, Impostors, calibrate
from biometrics.decision import SCORE_PER_DECADE
from biometrics.evaluation.curves import Scores
from biometrics.evaluation.honesty import PROBES, SAID, Share, false_positives, true_rates
from biometrics.evaluation.impressions import Impression, impostor_pairs
from biometrics.evaluation.scoring import PLAIN, SHIPPED, SUM, Scored
from deploy.quality.figures import Figures, Measured

Measurable = tuple[list[Impression], dict[str, Scored]]

CONFIGURATIONS = (SHIPPED, PLAIN)
PROMISED_FPIR = 0.1
"""The least strict that a request may ask for: with a stricter one, so few searches would see nothing at all."""
CALIBRATED_RATE = 0.01

HONESTY = (
    "fmr_calibration_factor",
    *(f"true_fmr_{1 / said:.0f}_{of}_{name}" for name in CONFIGURATIONS for of in ("fvc", "invented") for said in SAID),
    *(f"fpir_{probes}_{name}" for name in CONFIGURATIONS for probes in PROBES),
)
"""Shares of impostors where a score says one in so many, and of searches for strangers that find somebody."""


def honesty_figures(sets: Sequence[Measurable], fitted: Measurable, judged: Measurable) -> Figures:
    """Tell how true scores are.

    Args:
        sets: of real sensors; the calibration that is judged on each is fitted to the others, and to `fitted`.
        fitted: invented fingers.
        judged: others, which are searched for, too.
    """
    impostors, invented = [impostors_of(*each) for each in sets], impostors_of(*fitted)
    if len(sets) > 1:
        left_out = _left_out(impostors, [invented])
        yield Measured("fmr_calibration_factor", calibration_factor(impostors, left_out))
        told = [
            -SCORE_PER_DECADE * np.log10(each.false_match_rates(unseen))
            for each, unseen in zip(left_out, impostors, strict=True)
        ]
        yield from _rates("fvc", SHIPPED, np.concatenate(told))
        plain = [_compared(found, scored[PLAIN]) for found, scored in sets]
        yield from _rates("fvc", PLAIN, np.concatenate(plain))
    impressions, scored = judged
    for name in CONFIGURATIONS:
        yield from _rates("invented", name, _compared(impressions, scored[name]))
        for probes in PROBES:
            yield _share(f"fpir_{probes}_{name}", false_positives(scored[name].scores, probes, PROMISED_FPIR))


def calibration_factor(impostors: Sequence[Impostors], left_out: Iterable[Calibration]) -> float:
    """Give how far off a calibration is on a set that it never saw: the worst of all sets, each left out in turn.

    It is the share of impostors that pass where the calibration says 1 %, over 1 %, or its inverse if that is more.
    Nothing of the set that is left out is used: slope, intercept and the power of minutiae are fitted to the others.
    """
    worst = 1.0
    for calibration, unseen in zip(left_out, impostors, strict=True):
        rates = calibration.false_match_rates(unseen)
        passed = max(float((rates <= CALIBRATED_RATE).mean()), 1 / rates.size)
        worst = max(worst, passed / CALIBRATED_RATE, CALIBRATED_RATE / passed)
    return worst


def impostors_of(impressions: Sequence[Impression], scored: dict[str, Scored]) -> Impostors:
    """Give what a calibration is fitted to: the impostors that were compared."""
    together = scored[SUM]
    pairs = together.compared(impostor_pairs(impressions))
    assert together.agreed is not None, "a sum is over views"
    return Impostors.of(pairs.of(together.scores), together.agreed[pairs.probes], together.agreed[pairs.candidates])


def _compared(impressions: Sequence[Impression], scored: Scored) -> Scores:
    return scored.compared(impostor_pairs(impressions)).of(scored.scores)


def _left_out(impostors: Sequence[Impostors], invented: Sequence[Impostors]) -> list[Calibration]:
    return [calibrate([each for each in impostors if each is not unseen], invented) for unseen in impostors]


def _rates(of: str, name: str, impostors: Scores) -> Figures:
    for said, share in true_rates(impostors).items():
        yield _share(f"true_fmr_{1 / said:.0f}_{of}_{name}", share)


def _share(name: str, share: Share) -> Measured:
    return Measured(name, share.rate, share.interval)
