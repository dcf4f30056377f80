"""Whether scores mean what they say: true rates of false matches beside the promised ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from biometrics.evaluation.figures import figures_of
from biometrics.evaluation.honesty import FINGERS, PROBES, Share, distance, false_positives, true_rates
from biometrics.evaluation.impressions import Impression
from biometrics.evaluation.scoring import Scored

samples = arrays(np.float64, st.integers(1, 30), elements=st.floats(0, 100))


def on_scale(seed, *shape, honest=1.0):
    """Invent scores of strangers that promise as they are; where `honest` is 2, twice as much as that."""
    return honest * np.random.default_rng(seed).exponential(10 / np.log(10), shape)


def crowd(persons, seed=1, honest=1.0):
    scores = on_scale(seed, persons * FINGERS, persons * FINGERS, honest=honest)
    person = np.arange(len(scores)) // FINGERS
    scores[person[:, None] == person[None, :]] = 200.0  # a search never meets the one who is searched for
    return scores


def test_honest_scores_pass_as_often_as_they_promise():
    rates = true_rates(on_scale(1, 200_000))
    assert [share.rate / said for said, share in rates.items()] == pytest.approx([1, 1, 1], rel=0.3)


def test_scores_that_promise_too_much_are_found_out():
    assert true_rates(on_scale(1, 200_000, honest=2.0))[0.0001].rate > 0.005


def test_a_share_is_told_with_what_it_rests_on():
    assert Share(0, 280).as_json() == {"rate": 0.0, "interval": [0.0, 0.013534], "of": 280}


@pytest.mark.parametrize("probes", PROBES)
def test_searches_with_honest_scores_find_strangers_no_more_often_than_they_promise(probes):
    found = false_positives(crowd(12), probes, 0.1)
    assert found.of == 12 * (1 if probes == FINGERS else FINGERS)
    assert found.rate <= 0.1 + 3 * np.sqrt(0.09 / found.of)


@pytest.mark.parametrize("probes", PROBES)
def test_searches_with_scores_that_promise_too_much_do(probes):
    assert false_positives(crowd(12, honest=3.0), probes, 0.1).rate > 0.3


@given(samples, samples)
def test_how_far_distributions_are_apart_is_a_share(some, others):
    assert distance(some, some) == 0
    assert 0 <= distance(some, others) == distance(others, some) <= 1


def test_distributions_that_do_not_meet_are_one_apart():
    assert distance(np.array([1.0, 2, 3]), np.array([4.0, 5])) == 1
    assert distance(np.array([1.0, 4]), np.array([2.0, 3])) == 0.5


def test_true_rates_are_of_comparisons_that_were_made():
    found = [Impression(f"{f}_{n}", str(f), str(n)) for f in range(40) for n in range(2)]
    table = on_scale(1, 80, 80)
    whole = figures_of(Scored(table, (), 1.0, 1.0), found)
    failed = range(1, 80, 2)  # every second impression
    table[failed, :] = table[:, failed] = 0
    thinned = figures_of(Scored(table, failed, 1.0, 1.0), found)
    assert whole["said"]["0.01"]["of"] == 40 * 39 * 2
    assert thinned["said"]["0.01"]["of"] == 40 * 39 / 2
    assert thinned["said"]["0.01"]["rate"] == pytest.approx(whole["said"]["0.01"]["rate"], abs=0.005)
    assert (thinned["impostors"], thinned["failures"]) == (whole["impostors"], 40)


def test_where_nothing_was_compared_a_true_rate_is_not_defined():
    found = [Impression(f"{f}_{n}", str(f), str(n)) for f in range(2) for n in range(2)]
    said = figures_of(Scored(np.zeros((4, 4)), range(4), 1.0, 1.0), found)["said"]
    assert said["0.01"] == {"rate": None, "interval": [0.0, 1.0], "of": 0}


def test_figures_tell_true_rates_of_what_is_on_the_scale_alone():
    found = [Impression(f"{f}_{n}", str(f), str(n)) for f in range(3) for n in range(2)]
    table = np.full((6, 6), 25.0)
    said = figures_of(Scored(table, (), 1.0, 1.0), found)["said"]
    assert {rate: told["rate"] for rate, told in said.items()} == {"0.01": 1.0, "0.001": 0.0, "0.0001": 0.0}
    assert figures_of(Scored(table, (), 1.0, 1.0, on_scale=False), found)["said"] is None
