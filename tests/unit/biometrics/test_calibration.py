"""Calibration: a fused score is brought to the scale on which 10 is one power of ten of false matches."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.calibration import CALIBRATION, Calibration, Impostors, calibrate
from biometrics.decision import decide, false_match_rate
from biometrics.fusion import COMMON

PER_DECADE = 25.0
"""How far apart powers of ten are in the scores that these tests invent."""


def impostors(seed, count=20_000, power=0.75):
    """Invent scores of different fingers that grow with what both show, by a power."""
    chance = np.random.default_rng(seed)
    probes, candidates = chance.integers(15, 60, (2, count)).astype(float)
    rich = np.sqrt(probes * candidates) / COMMON
    return Impostors.of(chance.exponential(PER_DECADE / np.log(10), count) * rich**power, probes, candidates)


def test_level_steepness_and_the_power_of_minutiae_are_found_again():
    found = calibrate([impostors(1), impostors(2)])
    assert found.power == pytest.approx(0.75, abs=0.11)
    assert 0.8 / PER_DECADE < found.slope < 1.02 / PER_DECADE, "as steep as the tail, or a little less to be safe"
    assert found.intercept == pytest.approx(0, abs=0.3)


@pytest.mark.parametrize("rate", [0.03, 0.01, 0.003])
def test_scores_of_other_fingers_pass_no_more_often_than_it_says_and_not_much_less(rate):
    unseen = impostors(3)
    passed = (calibrate([impostors(1), impostors(2)]).false_match_rates(unseen) <= rate).mean()
    assert rate / 2 < passed < rate * 1.1


@given(st.lists(st.tuples(st.floats(0.5, 2), st.floats(0, 20)), min_size=1, max_size=3), st.integers(0, 3))
@settings(deadline=None, max_examples=30)
def test_no_source_reaches_a_score_more_often_than_it_says(shapes, real):
    """Steeper and flatter tails, higher and lower ones: the most pessimistic counts, at every rate down to the last."""
    sources = [
        Impostors(steepness * base.sums + level * base.richness**0.75, base.richness)
        for base, (steepness, level) in ((impostors(seed, 5_000), shape) for seed, shape in enumerate(shapes))
    ]
    sets = sources[: max(real, 1)]
    calibration = calibrate(sets, sources[len(sets) :])
    for source in sources:
        for rate in (0.03, 0.01, 0.003):
            # Between two points that the line was fitted to a tail may rise above it a little.
            assert (calibration.false_match_rates(source) <= rate).mean() <= rate * 1.2


def test_invented_fingers_do_not_tell_the_power_of_minutiae():
    assert calibrate([impostors(1)], [impostors(2, power=0.0)]).power == calibrate([impostors(1)]).power


def test_a_score_on_the_scale_means_to_the_decision_what_the_calibration_says_of_it():
    calibration, seen = Calibration(0.5, 0.05, -0.2), impostors(4, 50)
    probes = np.full(50, COMMON)
    rates = calibration.false_match_rates(Impostors.of(seen.sums, probes, probes))
    scores = calibration.on_scale(seen.sums, probes, probes)
    assert [false_match_rate(score) for score in scores] == pytest.approx(rates.tolist())


def test_a_larger_gallery_asks_for_more():
    (score,) = CALIBRATION.on_scale(np.array([90.0]), COMMON, np.array([COMMON]))
    assert decide(float(score), 1e-3).match
    assert not decide(float(score), 1e-3, comparisons=1_000_000).match


@given(st.floats(0, 1000), st.floats(0, 1000), st.integers(0, 100), st.integers(0, 100))
def test_more_of_a_score_is_never_less_and_nothing_is_below_none(one, other, probe, candidate):
    low, high = CALIBRATION.on_scale(np.sort([one, other]), float(probe), float(candidate))
    assert 0 <= low <= high


@pytest.mark.parametrize("sets", [[], [impostors(1, 200)], [impostors(1), impostors(2, 200)]])
def test_a_calibration_needs_impostors(sets):
    with pytest.raises(ValueError, match="impostors"):
        calibrate(sets)


def test_scores_that_are_all_alike_have_no_tail():
    alike = Impostors(np.full(5000, 7.0), np.ones(5000))
    with pytest.raises(ValueError, match="alike"):
        calibrate([alike])
