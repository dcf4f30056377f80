"""Figures of scores that were judged: counted by hand, and what must hold of any."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.curves import bar_for, quality_at, quantile, recall_at, threshold_of_recall

SCORES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


def test_precision_and_recall_are_counted_at_the_threshold_itself():
    found = quality_at([0.9, 0.8, 0.2], [0.8, 0.1], 0.8)
    assert (found.precision, found.recall, found.f1) == (pytest.approx(2 / 3, abs=1e-4), 0.6667, 0.6667)


def test_without_positives_or_hits_nothing_is_divided_by_nothing():
    assert quality_at([], [], 0.5).f1 == 0
    assert recall_at([], [0.5], 0.1) == 0


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
