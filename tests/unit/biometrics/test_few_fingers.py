"""Persons of whom few fingers are held: how often they are missed, by what the service asks of them."""

import numpy as np
import pytest

from biometrics.decision import threshold
from biometrics.evaluation.few_fingers import GALLERY, missed
from biometrics.thresholds import Chance, Thresholds


def scores(fingers=4, impressions=3, own=90.0, other=5.0):
    table = np.full((fingers, impressions, fingers, impressions), other)
    for finger in range(fingers):
        table[finger, :, finger, :] = own
    return table


@pytest.mark.parametrize(
    ("probes", "held", "own", "rate"),
    [(1, 1, 77.0, 0.0), (1, 1, 75.0, 1.0), (4, 1, 77.0, 0.0), (4, 1, 75.0, 1.0), (4, 4, 30.0, 0.0), (4, 2, 30.0, 1.0)],
)
def test_each_is_held_to_what_so_many_fingers_can_give(probes, held, own, rate):
    share = missed(scores(own=own), probes, held)
    assert (share.rate, share.of) == (rate, 4 * 3 * 2)


def test_one_finger_is_asked_for_as_much_by_four_probes_as_four_strangers_fingers_by_one():
    mate = {f"a:person:{number}": Chance.of(4, 4) for number in range(GALLERY - 1)} | {"a:person:mate": Chance.of(4, 1)}
    assert Thresholds(1e-3, mate).of("a:person:mate") == threshold(1e-3, 4 * GALLERY)


def test_every_finger_is_held_in_its_turn():
    table = scores()
    table[3, :, 3, :] = 0.0
    assert missed(table, 4, 1).rate == 0.25


def test_of_fewer_than_four_fingers_nothing_is_told():
    assert missed(scores(fingers=3), 4, 1).of == 0
