"""`isthmus quality` of fingers: whether scores mean what they say, on sets and on invented crowds."""

import numpy as np
import pytest

from biometrics.calibration import Calibration, Impostors
from biometrics.evaluation.honesty import FINGERS
from biometrics.evaluation.impressions import Impression
from biometrics.evaluation.scoring import PLAIN, SHIPPED, SUM, Scored
from deploy.quality.figures import MARKS
from deploy.quality.honesty import HONESTY, calibration_factor, honesty_figures, impostors_of
from deploy.quality.invented_fingers import FITTED, JUDGED


def measured(seed, fingers=100, steep=1.0, failed=()):
    """Invent a set of one image a finger, whose sums of two views fall off by a power of ten in 20 points."""
    chance = np.random.default_rng(seed)
    sums = steep * chance.exponential(20 / np.log(10), (fingers, fingers))
    sums[failed, :] = sums[:, failed] = 0
    impressions = [Impression(str(n), str(n), "1") for n in range(fingers)]
    agreed = np.full(fingers, 35.0)
    scored = {
        name: Scored(scores, failed, 1.0, 1.0, agreed, on_scale)
        for name, scores, on_scale in ((SUM, sums, False), (PLAIN, sums / 2, True), (SHIPPED, sums / 2, True))
    }
    return impressions, scored


def figures(*sets):
    crowd = measured(9, 10 * FINGERS)
    return {each.name: each for each in honesty_figures(sets, crowd, crowd)}


def test_every_figure_is_named_and_has_its_mark():
    assert set(figures(measured(1), measured(2))) == set(HONESTY) <= set(MARKS)


def test_sets_that_are_alike_are_calibrated_by_one_another():
    found = figures(measured(1), measured(2), measured(3))
    assert found["fmr_calibration_factor"].value < 2
    assert 0.005 < found["true_fmr_100_fvc_shipped"].value < 0.02
    low, high = found["true_fmr_100_fvc_shipped"].interval
    assert low < found["true_fmr_100_fvc_shipped"].value < high


def test_a_sensor_whose_strangers_are_more_alike_is_found_out():
    assert figures(measured(1), measured(2), measured(3, steep=2.0))["fmr_calibration_factor"].value > 3


def test_images_of_which_no_template_was_made_make_no_impostors():
    assert impostors_of(*measured(1, failed=range(50))).sums.size == 50 * 49 / 2
    halves = [measured(seed, 200, failed=range(0, 200, 2)) for seed in (1, 2, 3)]
    found = figures(*halves)
    for name in ("true_fmr_100_fvc_shipped", "true_fmr_100_fvc_plain"):
        assert 0.007 < found[name].value < 0.015  # thinned by the failures it would be a fourth


def test_of_one_set_nothing_can_be_left_out():
    assert "fmr_calibration_factor" not in figures(measured(1))


@pytest.mark.parametrize(("slope", "factor"), [(0.1, 10.0), (1 / 30, 10.0)])
def test_too_many_and_too_few_count_alike(slope, factor):
    scores = np.linspace(0, 100, 100_001)
    rates = 10.0 ** (-scores / 20)
    unseen = Impostors(np.interp(np.linspace(0, 1, 100_000), 1 - rates, scores), np.ones(100_000))
    assert calibration_factor([unseen], [Calibration(0.0, slope, 0.0)]) == pytest.approx(factor, rel=0.05)


def test_no_finger_is_fitted_to_that_is_judged():
    assert not set(FITTED.seeds) & set(JUDGED.seeds)
