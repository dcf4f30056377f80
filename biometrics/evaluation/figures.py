"""This module makes the figures of one set and one configuration: error rates, with what they rest on (pure)."""

from collections.abc import Sequence
from typing import Any

from biometrics.evaluation.curves import Curve, Scores, curve, equal_error_rate, fnmr_at, interval
from biometrics.evaluation.honesty import as_json, true_rates
from biometrics.evaluation.impressions import (
    Impression,
    NotMeasurable,
    Pairs,
    first_impressions,
    genuine_pairs,
    impostor_pairs,
)
from biometrics.evaluation.open_set import by_finger, fnir_at, rank_one, search
from biometrics.evaluation.scoring import Scored

DIGITS = 6
# Where Implementing Decision (EU) 2019/329, annex, measures identification.
FPIR = 0.001
FINGERS, ENROLLED = (1, 2, 4), (1, 2, 3)


def measured_pairs(impressions: Sequence[Impression]) -> tuple[Pairs, Pairs]:
    """Give the genuine pairs and the impostors of a set.

    Raises:
        NotMeasurable: there are none of either.
    """
    genuine, impostors = genuine_pairs(impressions), impostor_pairs(impressions)
    if not genuine.probes.size:
        raise NotMeasurable("No finger has two impressions; look at the group `finger` of the names' expression.")
    if not impostors.probes.size:
        raise NotMeasurable("All images are of one finger; errors are measured between different ones.")
    return genuine, impostors


def curve_of(scored: Scored, impressions: Sequence[Impression]) -> Curve:
    """Give the error rates of a set: every genuine pair, every impostor."""
    genuine, impostors = measured_pairs(impressions)
    return curve(genuine.of(scored.scores), impostors.of(scored.scores))


def figures_of(scored: Scored, impressions: Sequence[Impression]) -> dict[str, Any]:
    """Give all figures of a configuration; rates are fractions.

    Returns:
        `eer fmr100 fmr1000 zero_fmr rank1 fnir_at_fpir searches gallery failures extract_ms compare_per_s`;
        `intervals` of 95 % for the rates of pairs; under `said` the true rate of false matches where scores promise
        one, if they do, of pairs that were compared; the same rates with the impostors of FVC under `fvc`; and under
        `fusion` the rates of pairs of persons, and of searches, with one, two and four fingers and one to three
        enrolled impressions, by `<fingers>x<enrolled>`.
    """
    genuine, impostors = measured_pairs(impressions)
    rates = _pair_rates(genuine.of(scored.scores), impostors.of(scored.scores))
    fusion = _fusion(by_finger(scored.scores, impressions))
    single = fusion.get("1x1", {})
    return {
        **rates,
        **{name: single.get(name) for name in ("rank1", "fnir_at_fpir", "searches", "gallery")},
        "failures": len(scored.failed),
        "extract_ms": round(scored.extract_ms, 2),
        "compare_per_s": round(scored.compare_per_s),
        "genuine": int(genuine.probes.size),
        "impostors": int(impostors.probes.size),
        "intervals": {
            name: [round(end, DIGITS) for end in interval(rate, int(genuine.probes.size))]
            for name, rate in rates.items()
        },
        "said": as_json(true_rates(scored.compared(impostors).of(scored.scores))) if scored.on_scale else None,
        "fvc": _pair_rates(genuine.of(scored.scores), first_impressions(impressions).of(scored.scores)),
        "fusion": fusion,
    }


def _pair_rates(genuine: Scores, impostors: Scores) -> dict[str, float]:
    rates = curve(genuine, impostors)
    found = {
        "eer": equal_error_rate(rates),
        "fmr100": fnmr_at(rates, 0.01),
        "fmr1000": fnmr_at(rates, 0.001),
        "zero_fmr": fnmr_at(rates, 0.0),
    }
    return {name: round(rate, DIGITS) for name, rate in found.items()}


def _fusion(scores: Scores) -> dict[str, dict[str, float]]:
    found = {}
    for fingers in FINGERS:
        for enrolled in ENROLLED:
            searches = search(scores, fingers, enrolled)
            if searches is not None:
                found[f"{fingers}x{enrolled}"] = {
                    **_pair_rates(searches.mates, searches.strangers),
                    "rank1": round(rank_one(searches), DIGITS),
                    "fnir_at_fpir": round(fnir_at(searches, FPIR), DIGITS),
                    "fnir_zero_fp": round(fnir_at(searches, 0.0), DIGITS),
                    "searches": int(searches.mates.size),
                    "gallery": searches.gallery,
                }
    return found
