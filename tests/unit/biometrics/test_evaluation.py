"""Evaluation: which pairs there are, what their rates are, and how identification is measured."""

import time
from itertools import combinations, islice
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from biometrics.candidates import rank
from biometrics.evaluation.curves import curve, equal_error_rate, fnmr_at, interval
from biometrics.evaluation.det import det_curve
from biometrics.evaluation.figures import figures_of, measured_pairs
from biometrics.evaluation.impressions import (
    Impression,
    NotMeasurable,
    first_impressions,
    genuine_pairs,
    impostor_pairs,
    pattern_of,
    read_name,
)
from biometrics.evaluation.open_set import (
    OF_FINGERS,
    OF_IMPRESSIONS,
    assigned,
    best_two,
    by_finger,
    evenly_chosen,
    fnir_at,
    rank_one,
    search,
    total,
)
from biometrics.evaluation.scoring import Scored
from biometrics.gallery import Enrolled
from contracts.records import FingerPosition

FVC = [Impression(f"{finger}_{n}", str(finger), str(n)) for finger in range(101, 111) for n in range(1, 9)]
scores = arrays(np.float64, st.integers(1, 40), elements=st.floats(0, 100))


def test_fvc_has_its_known_numbers_of_pairs():
    assert genuine_pairs(FVC).probes.size == 280
    assert impostor_pairs(FVC).probes.size == 2880
    assert first_impressions(FVC).probes.size == 45


def test_the_lower_name_is_the_probe():
    for pairs in (genuine_pairs(FVC), impostor_pairs(FVC), first_impressions(FVC)):
        assert (pairs.probes < pairs.candidates).all()


def test_fingers_of_two_subjects_may_have_the_same_name():
    found = [Impression("a_1_1", "1", "1", "a"), Impression("a_1_2", "1", "2", "a"), Impression("b_1_1", "1", "1", "b")]
    assert genuine_pairs(found).probes.size == 1
    assert impostor_pairs(found).probes.size == 2


def test_names_are_read_by_the_expression():
    pattern = pattern_of(r"^(?P<subject>\w)-(?P<finger>\d)-(?P<impression>\d+)$")
    assert read_name("x-3-12", pattern) == Impression("x-3-12", "3", "12", "x")
    assert read_name("thumbs", pattern) is None


@pytest.mark.parametrize("text", ["(", "(?P<finger>.)", "(?P<impression>.)"])
def test_an_expression_that_tells_no_finger_or_impression_is_refused(text):
    with pytest.raises(NotMeasurable, match="expression"):
        pattern_of(text)


def test_a_set_of_one_finger_or_of_single_impressions_is_refused():
    with pytest.raises(NotMeasurable, match="one finger"):
        measured_pairs(FVC[:8])
    with pytest.raises(NotMeasurable, match="two impressions"):
        measured_pairs(FVC[::8])


def test_rates_of_a_small_example():
    rates = curve(np.array([10.0, 20, 30, 40]), np.array([0.0, 5, 15, 25]))
    assert equal_error_rate(rates) == 0.25
    assert fnmr_at(rates, 0.25) == 0.25
    assert fnmr_at(rates, 0.0) == 0.5  # 10 and 20 do not exceed 25
    assert fnmr_at(rates, 1.0) == 0.0


@given(scores, scores)
def test_fnmr_falls_as_more_false_matches_are_allowed(genuine, impostors):
    rates = curve(genuine, impostors)
    found = [fnmr_at(rates, fmr) for fmr in (0, 0.001, 0.01, 0.1, 1)]
    assert found == sorted(found, reverse=True)
    assert 0 <= equal_error_rate(rates) <= 1
    assert fnmr_at(rates, 0) == np.mean(genuine <= impostors.max())


def test_rates_need_pairs_of_both_kinds():
    with pytest.raises(ValueError, match="impostors"):
        curve(np.array([1.0]), np.array([]))


def test_intervals_are_wilsons():
    low, high = interval(0.5, 100)
    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)
    low, high = interval(0.0, 280)
    assert low == 0
    assert round(high, 4) == 0.0135


def a_set(fingers=4, impressions=3, mate=50.0, other=5.0):
    found = [Impression(f"{f}_{n}", str(f), str(n)) for f in range(fingers) for n in range(impressions)]
    whose = np.array([int(each.finger) for each in found])
    return found, np.where(whose[:, None] == whose[None, :], mate, other).astype(np.float64)


def test_persons_of_two_fingers_sum_their_scores():
    found, table = a_set()
    searches = search(by_finger(table, found), fingers=2, enrolled=1)
    assert set(searches.mates) == {100.0}
    assert set(searches.others) == {10.0}
    assert searches.mates.size == 6 * 3 * 2  # pairs of fingers, enrolled impression, other impressions
    assert searches.strangers.tolist() == [10.0] * 36  # of four fingers, the other two are the only stranger
    assert rank_one(searches) == 1
    assert fnir_at(searches, 0.0) == 0


def test_a_mate_below_a_stranger_is_missed():
    found, table = a_set(fingers=4, mate=50)
    table[0, 1] = 4.0  # the mate of one probe with one enrolled impression
    searches = search(by_finger(table, found), fingers=1, enrolled=1)
    assert rank_one(searches) == 1 - 1 / 24
    assert fnir_at(searches, 0.0) == 1 / 24


def test_a_mate_above_its_own_strangers_is_missed_where_another_search_sets_the_threshold():
    found, table = a_set(fingers=4, mate=50)
    table[0, 1] = 20.0  # the mate of one probe
    table[3, 7] = 30.0  # a stranger to another
    searches = search(by_finger(table, found), fingers=1, enrolled=1)
    assert rank_one(searches) == 1
    assert fnir_at(searches, 0.0) == 1 / 24


def test_of_more_than_a_thousand_searches_one_may_find_somebody():
    found, table = a_set(fingers=510, impressions=2, mate=50)
    table[0, 1] = 20.0  # the mate of one probe
    table[3, 6] = 30.0  # a stranger to another
    searches = search(by_finger(table, found), fingers=1, enrolled=1)
    assert searches.mates.size == 1020
    assert fnir_at(searches, 0.0) == 1 / 1020
    assert fnir_at(searches, 0.001) == 0
    table[5, 8] = 40.0  # another
    searches = search(by_finger(table, found), fingers=1, enrolled=1)
    assert fnir_at(searches, 0.001) == 1 / 1020


def test_a_mate_above_the_threshold_is_missed_where_its_own_stranger_is_above_it():
    found, table = a_set(fingers=510, impressions=2, mate=50)
    table[0, 1], table[0, 3] = 45.0, 47.0  # the mate of one probe, and a stranger
    searches = search(by_finger(table, found), fingers=1, enrolled=1)
    assert rank_one(searches) == 1019 / 1020
    assert fnir_at(searches, 0.001) == 1 / 1020


def test_impostors_share_no_finger():
    found, table = a_set()
    table[0, 4] = 70.0  # finger 0 against finger 1: never in one search of persons who hold both
    persons = search(by_finger(table, found), fingers=2, enrolled=1)
    assert persons.others.max() == 75.0
    assert np.count_nonzero(persons.others == 75.0) < persons.others.size


def test_a_stranger_is_held_against_by_whichever_of_their_fingers_is_the_most_alike():
    found, table = a_set()
    table[0, 10], table[3, 7] = 70.0, 60.0  # finger 0 against finger 3, and 1 against 2: crosswise
    persons = search(by_finger(table, found), fingers=2, enrolled=1)
    assert persons.others.max() == 130.0


@given(
    st.integers(2, 4).flatmap(lambda n: arrays(np.float64, (2, n, n), elements=st.integers(10, 90), unique=True)),
)
def test_fingers_are_given_to_fingers_as_the_service_does(scores):
    """Of two persons, each probe scores these with their fingers."""
    fingers = scores.shape[-1]
    owners = [
        Enrolled(f"a:finger:{person}-{finger}", f"a:person:{person}", "a", FingerPosition.UNKNOWN, 1, "e")
        for person in range(2)
        for finger in range(fingers)
    ]
    rows = [scores[:, probe, :].ravel() for probe in range(fingers)]
    found = rank(rows, owners, lambda _: True, 2, lambda _: 1.0)
    summed = {each.subject: each.score for each in found}
    assert [summed[f"a:person:{person}"] for person in range(2)] == total(assigned(scores)).tolist()


def invented_scores(fingers, impressions, seed=1):
    scores = np.random.default_rng(seed).normal(30, 10, (fingers, impressions, fingers, impressions))
    scores[range(fingers), :, range(fingers), :] += 30
    return scores


def test_of_many_fingers_each_is_searched_for_among_all_others():
    table = invented_scores(100, 2)
    searches = search(table, fingers=1, enrolled=1)
    assert (searches.mates.size, searches.gallery) == (200, 100)
    first = [
        table[finger, probe, finger, 1 - probe] > np.delete(table[finger, probe, :, 1 - probe], finger).max()
        for finger in range(100)
        for probe in range(2)
    ]
    assert 0.5 < np.mean(first) < 1
    assert rank_one(searches) == np.mean(first)


def test_of_many_choices_sixty_at_most_are_persons_and_strangers_and_the_figures_tell_how_many():
    table = invented_scores(70, 3)
    found, _ = a_set(fingers=70, impressions=3)
    figures = figures_of(Scored(table.reshape(210, 210), (), 1.0, 1.0), found)
    assert (figures["searches"], figures["gallery"]) == (70 * 3 * 2, 70)
    fused = {shape: (each["searches"], each["gallery"]) for shape, each in figures["fusion"].items()}
    assert fused == {
        "1x1": (420, 70),
        "1x2": (35 * 3, 70),
        "2x1": (59 * 3 * 2, 1 + 60),
        "2x2": (59 * 3, 1 + 60),
        "4x1": (60 * 3 * 2, 1 + 60),
        "4x2": (60 * 3, 1 + 60),
    }


@pytest.mark.parametrize("fingers", [8, 9, 12])
def test_each_person_of_four_fingers_has_strangers_to_be_taken_for(fingers):
    found, table = a_set(fingers=fingers, impressions=2)
    searches = search(by_finger(table, found), fingers=4, enrolled=1)
    assert set(searches.mates) == {200.0}
    assert set(searches.others) == {20.0}


@pytest.mark.parametrize("most", [1, 2, 7, 60, 1000])
def test_choices_are_taken_evenly_out_of_all_in_their_order(most):
    for count in range(1, 13):
        for chosen in range(1, count + 1):
            step = -(-comb(count, chosen) // most)
            walked = list(map(list, islice(combinations(range(count), chosen), 0, None, step)))
            assert evenly_chosen(count, chosen, most) == walked


def test_of_very_many_fingers_four_are_chosen_without_walking_through_all_choices():
    started = time.perf_counter()
    choices = evenly_chosen(400, 4, 60)
    assert time.perf_counter() - started < 1  # a walk takes several seconds, and of 2,000 fingers an hour
    assert len(choices) == 60
    assert choices[0] == [0, 1, 2, 3]
    assert choices == sorted(choices)


def test_too_few_fingers_or_impressions_give_nothing():
    found, table = a_set(fingers=3, impressions=3)
    assert search(by_finger(table, found), fingers=2, enrolled=1) is None
    assert search(by_finger(table, found), fingers=1, enrolled=3) is None


@pytest.mark.parametrize(
    ("counts", "shape"),
    [
        ([8, 8, 8, 8], (4, 8)),
        ([9, 8, 8, 8], (4, 8)),  # one image more than the others have
        ([8, 8, 8, 7], (4, 7)),
        ([8] * 9 + [7], (9, 8)),
        ([8, 8, 8, 2], (3, 8)),
        ([3, 3, 2, 2], (4, 2)),
        ([8, 1, 1], (3, 1)),
        ([2, 2, 1, 1, 1], (2, 2)),
    ],
)
def test_fingers_count_with_as_many_impressions_as_let_most_images_count(counts, shape):
    found = [Impression(f"{f}_{n}", str(f), str(n)) for f, count in enumerate(counts) for n in range(count)]
    table = np.arange(len(found) ** 2, dtype=np.float64).reshape(len(found), -1)
    arranged = by_finger(table, found)
    assert arranged.shape == shape * 2
    assert arranged[0, 0, 1, 0] == table[0, counts[0]]


def test_the_best_two_of_several_impressions():
    assert best_two(np.array([[1.0, 8, 4]])).tolist() == [6.0]
    assert best_two(np.array([[3.0]])).tolist() == [3.0]


@pytest.mark.parametrize(
    ("rule", "mate", "other"),
    [("sum", 74, 10), ("best", 70, 5), ("squares", 4916, 50), ("roots", 10.367, 4.472), ("least", 4, 5)],
)
def test_scores_of_two_fingers_by_each_rule(rule, mate, other):
    found, table = a_set(fingers=4, impressions=2, mate=70.0)
    table[0, 1] = 4.0  # the mate of one probe
    searches = search(by_finger(table, found), 2, 1, fingers_by=OF_FINGERS[rule])
    assert searches.mates.min() == pytest.approx(mate, abs=0.001)
    assert searches.others == pytest.approx(other, abs=0.001)


@pytest.mark.parametrize(("rule", "mate"), [("best", 50), ("mean", 30), ("best_two", 40)])
def test_scores_of_three_impressions_by_each_rule(rule, mate):
    found, table = a_set(fingers=2, impressions=4)
    table[0, 1:4] = 10, 30, 50
    searches = search(by_finger(table, found), 1, 3, impressions_by=OF_IMPRESSIONS[rule])
    assert searches.mates.min() == mate


def test_figures_name_everything_that_is_promised():
    found, table = a_set()
    figures = figures_of(Scored(table, (), 12.3456, 1000.4), found)
    assert figures["eer"] == figures["fmr1000"] == figures["fnir_at_fpir"] == 0
    assert figures["rank1"] == 1
    assert figures["fvc"]["eer"] == 0
    assert figures["genuine"] == 12
    assert {"1x1", "1x2", "2x1", "2x2"} == set(figures["fusion"])
    for key in ("fmr100", "zero_fmr", "failures", "extract_ms", "compare_per_s", "intervals"):
        assert key in figures


def test_fused_scores_have_the_rates_of_pairs_too():
    found, table = a_set(fingers=4, impressions=2)
    table[0, 1] = table[1, 0] = 4.0
    fusion = figures_of(Scored(table, (), 1.0, 1.0), found)["fusion"]
    assert set(fusion["1x1"]) >= {"eer", "fmr100", "fmr1000", "zero_fmr", "rank1", "fnir_at_fpir", "searches"}
    assert (fusion["1x1"]["zero_fmr"], fusion["2x1"]["zero_fmr"]) == (0.25, 0)


def test_the_picture_has_a_line_for_each_curve_and_escapes_names():
    rates = curve(np.array([1.0, 2, 3]), np.array([0.0, 1, 2]))
    picture = det_curve({"plain": rates, "a<b": rates}, "x & y")
    assert picture.count("<polyline") == 2
    assert "a&lt;b" in picture
    assert "x &amp; y" in picture
