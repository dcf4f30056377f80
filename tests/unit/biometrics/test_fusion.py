"""Fusion of views: only minutiae that views agree on count, and rich prints need more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.fusion import COMMON, FEWEST, agreed, fused

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
    few = np.array([FEWEST])
    assert fused(np.array([20.0]), 0, np.array([0.0]), 1) == fused(np.array([20.0]), FEWEST, few, 1)


def test_common_prints_keep_their_sum_and_richer_ones_need_more():
    sums = np.array([90.0, 90.0])
    scores = fused(sums, COMMON, np.array([COMMON, 4 * COMMON]), 1)
    assert scores.tolist() == [90.0, 45.0]
    assert fused(sums, COMMON, np.array([COMMON, 4 * COMMON]), 0).tolist() == [90.0, 90.0]


@given(st.floats(0, 1000), st.integers(1, 100), st.integers(1, 100), st.floats(0, 2))
def test_probe_and_candidate_may_change_places(total, one, other, power):
    forth = fused(np.array([total]), one, np.array([float(other)]), power)
    back = fused(np.array([total]), other, np.array([float(one)]), power)
    assert forth == pytest.approx(back)
