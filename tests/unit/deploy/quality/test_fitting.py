"""Fitting weights: what was put in comes out, and what is told of it is true."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.quality import invented
from deploy.quality.fit import Bin, Columns, Example, calibration_error, fitted, reliability, rising
from search.births import Birth
from search.reasons import Verdict
from search.score import Compared, judge
from search.weights import Weights, weights

KNOTS = [0.0, 0.5, 0.8, 1.0]
TRUE = Weights.of(
    {
        "version": "true",
        "fitted_by": "hand",
        "prior": -3.0,
        "document": 10.0,
        "name": [[0.0, -5.0], [0.5, -3.0], [0.8, 1.0], [1.0, 4.0]],
        "rarity": 0.5,
        "usual_rarity": 2.0,
        "birth": {birth.value: 3.0 - place for place, birth in enumerate(Birth)},
        "nationality": {"same": 1.0, "different": -2.0},
        "sex": {"same": 0.5, "different": -3.0},
    }
)
START = Weights.of(
    {
        "version": "start",
        "fitted_by": "hand",
        "prior": 0.0,
        "document": 10.0,
        "name": [[knot, 0.0] for knot in KNOTS],
        "rarity": 0.0,
        "usual_rarity": 2.0,
        "birth": {birth.value: 0.0 for birth in Birth},
        "nationality": {"same": 0.0, "different": 0.0},
        "sex": {"same": 0.0, "different": 0.0},
    }
)


def examples(count, seed):
    rng = random.Random(seed)
    for _ in range(count):
        compared = Compared(
            likeness=rng.random(),
            rarity=rng.choice((None, rng.uniform(-6, 12))),
            birth=rng.choice((None, *Birth)),
            nationality=rng.choice((None, Verdict.SAME, Verdict.DIFFERENT)),
            sex=rng.choice((None, Verdict.SAME, Verdict.DIFFERENT)),
        )
        yield Example(compared, rng.random() < judge(compared, TRUE))


def test_scores_by_fitted_weights_are_the_probabilities_that_made_the_examples():
    found = Weights.of({"version": "", "fitted_by": "", "document": 0, **fitted(list(examples(20_000, 1)), START)})
    fresh = [example.compared for example in examples(2_000, 2)]
    apart = [abs(judge(compared, found) - judge(compared, TRUE)) for compared in fresh]
    assert sum(apart) / len(apart) < 0.02


@given(st.floats(0, 1), st.none() | st.floats(-6, 12), st.sampled_from((TRUE, START, weights())))
def test_what_is_fitted_is_the_sum_that_judges(likeness, rarity, by):
    columns = Columns(by)
    row = columns.row(Compared(likeness=likeness, rarity=rarity))
    total = sum(value * weight for value, weight in zip(row, columns.vector(by), strict=True))
    assert total == pytest.approx(by.prior + by.of_name(likeness, rarity))


def test_a_common_name_that_is_more_alike_is_fitted_by_the_likeness_whose_weight_it_has():
    by = replace(TRUE, rarity=2.0)
    assert by.of_name(1.0, -6.0) == by.of_name(0.5, -6.0) == -3.0
    assert Columns(by).row(Compared(likeness=1.0, rarity=-6.0))[1:6] == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert Columns(by).row(Compared(likeness=1.0, rarity=8.0))[1:6] == [6.0, 0.0, 0.0, 0.0, 1.0]


@given(st.lists(st.floats(-20, 20), min_size=1, max_size=12))
def test_values_are_made_to_rise(values):
    found = rising(values)
    assert all(lower < upper for lower, upper in pairwise(found))


def test_values_that_rise_stay():
    assert rising([-3.0, 0.0, 2.5]) == [-3.0, 0.0, 2.5]


def test_a_bin_compares_scores_with_what_was_right():
    bins = reliability([(0.05, False), (0.15, False), (0.15, True), (1.0, True)])
    assert bins == [Bin(1, 0.05, 0.0), Bin(2, 0.15, 0.5), Bin(1, 1.0, 1.0)]
    assert calibration_error(bins) == pytest.approx((0.05 + 2 * 0.35) / 4)


def test_invented_people_and_questions_are_the_same_each_time_and_strangers_are_expected_nowhere():
    def made():
        people = invented.people(60, 5)
        rng = random.Random(5)
        return [invented.held(person, rng) for person in people], list(invented.asked(people, rng, expected=True))

    assert made() == made()
    strangers = list(invented.asked(invented.people(10, 6), random.Random(6), expected=False))
    assert all(not query.expected and query.criteria.names for query in strangers)


def test_the_shipped_weights_were_fitted_by_the_command():
    assert weights().fitted_by == "isthmus evaluate calibrate"
