"""Whether a print is upside down, told by its flow: seldom missed, and hardly ever said of one that is upright."""

import cv2
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


def test_hardly_any_upright_print_is_told_to_be_upside_down_and_many_are_that_are():
    assert sum(map(is_upside_down, PRINTS)) <= 1
    assert sum(is_upside_down(turned(image)) for image in PRINTS) >= 20


def leaning(image, degrees):
    gray = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    middle = (image.width / 2, image.height / 2)
    turn = cv2.getRotationMatrix2D(middle, degrees, 1)
    lies = cv2.warpAffine(gray, turn, (image.width, image.height), borderValue=240)
    return GrayImage(image.width, image.height, np.ascontiguousarray(lies).tobytes(), image.dpi)


@pytest.mark.parametrize("degrees", [-30, -15, 15, 30])
def test_a_finger_that_leans_is_hardly_ever_told_to_be_upside_down(degrees):
    assert sum(is_upside_down(leaning(image, degrees)) for image in PRINTS) <= 2


@pytest.mark.parametrize("image", PRINTS[:4])
def test_turning_an_image_turns_what_it_is_like(image):
    straight, half = likeness(flow_of(image)), likeness(flow_of(turned(image)))
    assert (half[180], half[0]) == pytest.approx((straight[0], straight[180]), abs=0.1)


def test_where_there_is_no_print_nothing_is_said():
    empty = GrayImage(300, 400, bytes([200]) * 120_000)
    assert set(likeness(flow_of(empty)).values()) == {0.0}
    assert not is_upside_down(empty)


def test_a_print_in_two_far_corners_tells_nothing():
    pixels = np.full((1_400, 1_400), 240, np.uint8)
    part = np.frombuffer(striped(100, 100).pixels, np.uint8).reshape(100, 100)
    pixels[:100, :100] = pixels[-100:, -100:] = part
    assert not is_upside_down(GrayImage(1_400, 1_400, pixels.tobytes(), 500))


@pytest.mark.parametrize("quarters", range(4))
def test_ridges_that_all_run_one_way_tell_nothing(quarters):
    assert not is_upside_down(turned(striped(), quarters))
