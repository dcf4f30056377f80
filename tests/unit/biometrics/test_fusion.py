"""Fusion of views: only minutiae that views agree on count, and a calibration says what it was told."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.fusion import COMMON, FEWEST, agreed, calibrate, fused

MINUTIAE = np.array([[50.0, 60, 0.1], [120, 80, 2.0], [200, 140, 6.2]])


def test_minutiae_that_all_views_show_are_counted():
    moved = MINUTIAE + np.array([3.0, -3.0, 0.2])
    assert agreed([MINUTIAE, moved, MINUTIAE]) == 3
    assert agreed([MINUTIAE, moved, MINUTIAE[:2]]) == 2


def test_what_is_elsewhere_or_points_elsewhere_is_not_the_same():
    assert agreed([MINUTIAE, MINUTIAE + np.array([20.0, 0, 0])]) == 0
    assert agreed([MINUTIAE, MINUTIAE + np.array([0, 0, 1.0])]) == 0


def test_directions_meet_across_zero():
    assert agreed([np.array([[9.0, 9, 0.1], [90, 90, 6.2]]), np.array([[9.0, 9, 6.2], [90, 90, 0.1]])]) == 2


def test_views_without_minutiae_agree_on_none():
    assert agreed([np.zeros((0, 3)), MINUTIAE]) == 0


def test_prints_of_noise_alone_do_not_gain_without_end():
    assert fused(np.array([20.0]), 0, np.array([0.0])) == fused(np.array([20.0]), FEWEST, np.array([FEWEST]))


def test_common_prints_keep_their_sum_and_richer_ones_need_more():
    sums = np.array([90.0, 90.0])
    scores = fused(sums, COMMON, np.array([COMMON, 4 * COMMON]))
    assert scores.tolist() == [90.0, 45.0]


@given(st.floats(0, 1000), st.integers(1, 100), st.integers(1, 100))
def test_probe_and_candidate_may_change_places(total, one, other):
    forth = fused(np.array([total]), one, np.array([float(other)]))
    back = fused(np.array([total]), other, np.array([float(one)]))
    assert forth == pytest.approx(back)


def test_a_calibration_finds_the_tail_again():
    scores = np.random.default_rng(1).exponential(10 / np.log(10), 20_000)  # 10 for each power of ten
    told = calibrate(scores)
    assert told.threshold(0.01) == pytest.approx(20, abs=1.0)
    assert told.false_match_rate(30) == pytest.approx(0.001, rel=0.3)
    assert told.false_match_rate(-50) == 1.0


def test_a_calibration_needs_impostors():
    with pytest.raises(ValueError, match="more impostors"):
        calibrate(np.arange(200.0))
