"""Scores become decisions."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.decision import assignments, decide, false_match_rate, threshold


@pytest.mark.parametrize(("score", "rate"), [(10, 0.1), (20, 0.01), (30, 0.001), (40, 0.0001)])
def test_one_finger_has_the_engines_own_scale(score, rate):
    assert false_match_rate(score) == pytest.approx(rate)
    assert threshold(rate) == pytest.approx(score, abs=1e-4)


def test_a_gallery_ten_times_as_large_asks_for_ten_more():
    assert threshold(0.001, 10_000) - threshold(0.001, 1_000) == pytest.approx(10, abs=1e-4)


@given(st.floats(1e-6, 0.1), st.integers(1, 1_000_000), st.integers(1, 10), st.floats(0, 400), st.floats(0.001, 100))
def test_a_higher_score_never_turns_a_match_into_none(rate, comparisons, fingers, score, more):
    lower = decide(score, rate, comparisons, fingers)
    higher = decide(score + more, rate, comparisons, fingers)
    assert higher.match or not lower.match


@given(st.floats(1e-6, 0.1), st.integers(1, 1_000_000), st.integers(1, 10))
def test_the_threshold_keeps_what_it_promises(rate, comparisons, fingers):
    cut = threshold(rate, comparisons, fingers)
    assert false_match_rate(cut, fingers) * comparisons <= rate * (1 + 1e-6)


def test_each_way_of_giving_probes_to_fingers_counts_as_a_comparison():
    assert assignments(1, 1, 1) == assignments(1, 10, 1 * 10) / 10 == 1
    assert assignments(2, 2, 2) == 2
    assert assignments(10, 10, 10) == math.factorial(10)
    assert assignments(2, 10, 40) == 10 * 9 * 4**2
    assert assignments(3, 1, 2) == 3 * 2, "a finger counts for one of the probes"


@given(st.integers(1, 6), st.lists(st.integers(1, 4), min_size=1, max_size=5))
def test_there_are_no_more_ways_than_are_counted(probes, images):
    """Count them one by one: of each finger one of its images, for one probe each, and as many as can be."""
    given = min(probes, len(images))
    longer, shorter = (probes, len(images)) if probes >= len(images) else (len(images), probes)
    ways = 0
    for chosen in itertools.permutations(range(longer), given):
        of_fingers = range(len(images)) if longer == probes else chosen
        ways += math.prod(images[finger] for finger in of_fingers)
    assert shorter == given
    assert ways <= assignments(probes, len(images), sum(images)) * (1 + 1e-9)


def test_more_fingers_summed_need_a_higher_sum_than_one_and_less_than_each_alone():
    assert threshold(0.001, 1000) < threshold(0.001, 1000, 2) < 2 * threshold(0.001, 1000)
