"""Whether a print is upside down, told by its flow: seldom missed, and hardly ever said of one that is upright."""

import numpy as np
import pytest

from biometrics.gray import GrayImage
from biometrics.quality.upright import flow_of, is_upside_down, likeness
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from tests.unit.biometrics.quality.prints import striped

PRINTS = [press(make_finger(seed), seed % 4) for seed in range(60)]


def turned(image, quarters=2):
    gray = np.rot90(np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width), quarters)
    return GrayImage(gray.shape[1], gray.shape[0], np.ascontiguousarray(gray).tobytes(), image.dpi)


def test_hardly_any_upright_print_is_told_to_be_upside_down_and_most_are_that_are():
    assert sum(map(is_upside_down, PRINTS)) <= 1
    assert sum(is_upside_down(turned(image)) for image in PRINTS) >= 30


@pytest.mark.parametrize("image", PRINTS[:4])
def test_turning_an_image_turns_what_it_is_like(image):
    assert likeness(flow_of(turned(image))) == pytest.approx(likeness(flow_of(image))[::-1], abs=0.1)


def test_where_there_is_no_print_nothing_is_said():
    empty = GrayImage(300, 400, bytes([200]) * 120_000)
    assert likeness(flow_of(empty)) == (0, 0)
    assert not is_upside_down(empty)


@pytest.mark.parametrize("quarters", range(4))
def test_ridges_that_all_run_one_way_tell_nothing(quarters):
    assert not is_upside_down(turned(striped(), quarters))
