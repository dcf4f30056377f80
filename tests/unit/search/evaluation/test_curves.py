"""Figures of scores that were judged: counted by hand, and what must hold of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.curves import (
    Quality,
    bar_for,
    quality_at,
    quantile,
    recall_at,
    threshold_at,
    threshold_of_recall,
)

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_precision_and_recall_are_counted_at_the_threshold_itself():
    found = quality_at([0.9, 0.8, 0.2], [0.8, 0.1], 0.8)
    assert (found.precision, found.recall, found.f1) == (pytest.approx(2 / 3, abs=1e-4), 0.6667, 0.6667)


def test_a_share_of_nothing_is_not_told():
    assert quality_at([], [], 0.5) == Quality(None, None, None)
    assert quality_at([0.9], [], 0.5) == Quality(None, 1.0, None)  # all that was found had to be right
    assert quality_at([], [0.9], 0.5) == Quality(None, None, None)
    assert quality_at([0.1], [0.1], 0.5) == Quality(None, 0.0, 0.0)  # nothing is found, and so nothing wrongly
    assert recall_at([], [0.5], 0.1) is None
    assert recall_at([0.5], [], 0.1) is None


def test_one_in_ten_of_ten_strangers_may_pass_and_of_nine_none():
    assert bar_for([0.9, *[0.1] * 9], 0.1) == 0.1
    assert bar_for([0.9, *[0.1] * 8], 0.1) == 0.9


def test_a_positive_that_ties_with_the_bar_is_not_found():
    assert recall_at([0.9, 0.95], [0.9, 0.1], 0.1) == 0.5


@given(SCORES, st.floats(0, 1))
def test_never_more_strangers_pass_than_may(negatives, share):
    bar = bar_for(negatives, share)
    assert sum(score > bar for score in negatives) <= share * len(negatives) + 1e-6


@given(SCORES, st.floats(0.01, 1))
def test_the_threshold_of_a_recall_reaches_it_and_no_higher_one_does(positives, recall):
    threshold = threshold_of_recall(positives, recall)
    found = sum(score >= threshold for score in positives)
    assert found >= recall * len(positives) - 1e-3
    assert sum(score > threshold for score in positives) < recall * len(positives)


def test_a_quantile_is_a_value_that_was_there():
    assert quantile([1, 2, 3, 4], 0.5) == 2
    assert quantile([], 0.5) == 0


@given(SCORES, SCORES, st.sampled_from([0.0, 0.001, 0.1, 0.5]))
def test_the_threshold_of_a_rate_lets_pass_what_the_recall_at_it_counts(positives, negatives, share):
    threshold = threshold_at(positives, negatives, share)
    if threshold is None:
        assert bar_for(negatives, share) == 1
    else:
        assert sum(score >= threshold for score in negatives) <= share * len(negatives) + 1e-6
        assert quality_at(positives, negatives, threshold).recall == recall_at(positives, negatives, share)


def test_the_threshold_of_a_rate_is_a_short_number_and_undefined_without_negatives():
    assert threshold_at([0.9, 0.700001], [0.6, 0.1], 0.001) == 0.65
    assert threshold_at([0.700002], [0.7], 0.001) == 0.700001
    assert threshold_at([0.5], [0.6], 0.001) == 0.8
    assert threshold_at([1.0], [1.0], 0.001) is None
    assert threshold_at([1.0], [], 0.001) is None
