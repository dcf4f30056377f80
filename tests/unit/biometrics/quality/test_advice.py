"""What the person at the sensor is told: what is wrong, and what to do."""

import pytest

from biometrics.quality.advice import Advice, advise
from biometrics.quality.nfiq2 import Nfiq2
from biometrics.quality.touch import look_at
from tests.unit.biometrics.quality.prints import nfiq2, striped, touch


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (touch(ridge_share=0.2), Advice.TOO_DRY),
        (touch(ridge_share=0.65), Advice.TOO_WET),
        (touch(contrast=20), Advice.TOO_FAINT),
        (touch(margins=(0, 4, 1, 1)), Advice.MOVE_RIGHT),
        (touch(margins=(4, 0, 1, 1)), Advice.MOVE_LEFT),
        (touch(margins=(1, 1, 0, 4)), Advice.MOVE_BACK),
        (touch(margins=(1, 1, 7, 0)), Advice.MOVE_FORWARD),
    ],
)
def test_of_skin_and_place_the_image_tells(seen, said):
    assert advise(nfiq2(), seen) == (said,)


@pytest.mark.parametrize(
    ("measures", "said"),
    [
        ({"FingerprintImageWithMinutiae": 8}, Advice.FEW_RIDGES),
        ({"FingerprintImageWithMinutiae": 200}, Advice.UNCLEAR),
        ({"OCL_Bin10_Mean": 0.3}, Advice.UNCLEAR),
    ],
)
def test_of_ridges_nfiq_2_tells(measures, said):
    assert advise(nfiq2(**measures), touch()) == (said,)


def test_too_little_finger_is_said_where_there_is_room_for_more():
    little = nfiq2(SufficientFingerprintForeground=40_000)
    assert advise(little, touch(margins=(3, 3, 0, 0))) == (Advice.TOO_LITTLE,)
    assert advise(little, touch(margins=(0.8, 0, 0, 0))) == (Advice.AGAIN,), "the sensor is full"


def test_without_measures_the_image_alone_is_asked():
    assert advise(Nfiq2(None, {}), touch(area=60, margins=(5, 5, 5, 5))) == (Advice.TOO_LITTLE,)


def test_where_nothing_stands_out_the_finger_is_taken_again():
    assert advise(nfiq2(), touch()) == (Advice.AGAIN,)


def test_an_empty_sensor_is_all_that_is_said():
    assert advise(Nfiq2(None, {}), None) == (Advice.NO_FINGER,)


def test_the_most_effective_comes_first():
    bad = nfiq2(SufficientFingerprintForeground=9_000, FingerprintImageWithMinutiae=3, OCL_Bin10_Mean=0.1)
    seen = touch(contrast=10, ridge_share=0.1, margins=(0, 9, 1, 1))
    assert advise(bad, seen) == (
        Advice.TOO_LITTLE,
        Advice.MOVE_RIGHT,
        Advice.TOO_FAINT,
        Advice.TOO_DRY,
        Advice.FEW_RIDGES,
        Advice.UNCLEAR,
    )


def test_a_finger_that_lies_at_the_sensors_edge_is_sent_to_the_middle():
    seen = look_at(striped(width=400, right=160, top=32))
    assert Advice.MOVE_RIGHT in advise(nfiq2(), seen)


@pytest.mark.parametrize("advice", Advice)
def test_every_advice_is_one_sentence(advice):
    assert advice.text.endswith(".")
    assert advice.text.count(".") == 1
