"""Two fingers on one image are told where they lie apart, and never is one taken for two."""

import cv2
import numpy as np
import pytest
from PIL import Image

from biometrics.gray import GrayImage
from biometrics.quality.quality import Measurement
from biometrics.quality.several import shows_several
from biometrics.quality.touch import look_at
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import UNWATCHED, press
from tests.integration.real_engine import real_prints
from tests.unit.biometrics.quality.prints import FakeMeter, beside, striped

FINGERS = [make_finger(seed) for seed in range(40)]
PRINTS = [press(finger, number % 4) for number, finger in enumerate(FINGERS)]
PAIRS = list(zip(PRINTS[::2], PRINTS[1::2], strict=True))
MM = 20  # pixels


def told(image):
    touch = look_at(image)
    return touch is not None and shows_several(image, touch.printed)


def pixels(image):
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)


def gray(values):
    return GrayImage(values.shape[1], values.shape[0], np.ascontiguousarray(values).tobytes())


def test_one_finger_is_never_taken_for_two_however_it_was_pressed_and_turned():
    careless = [press(finger, 5, UNWATCHED) for finger in FINGERS]
    for quarters in range(4):
        assert not any(told(gray(np.rot90(pixels(image), quarters))) for image in (*PRINTS, *careless))


@pytest.mark.parametrize("gap", [1 * MM, 2 * MM, 5 * MM, 10 * MM])
def test_most_pairs_of_fingers_are_told(gap):
    assert sum(told(beside(left, right, gap=gap)) for left, right in PAIRS) >= len(PAIRS) / 2


def test_most_pairs_are_told_where_one_lies_lower():
    assert sum(told(beside(left, right, lower=6 * MM)) for left, right in PAIRS) >= len(PAIRS) / 2


def test_of_two_fingers_it_is_not_said_that_they_are_upside_down():
    pair = next(pair for pair in (beside(left, right) for left, right in PAIRS) if told(pair))
    found = Measurement(FakeMeter(), pair).result()
    assert (found.several, found.upside_down, found.is_faithful) == (True, False, False)


@pytest.mark.parametrize("width", [2 * MM, 5 * MM])
def test_a_finger_that_is_parted_stays_one(width):
    for image in PRINTS:
        # As wide as a large thumb, so that both parts may be as large as fingers.
        wide = cv2.resize(pixels(image), None, fx=1.7, fy=1.3)
        middle = wide.shape[1] // 2
        wide[:, middle : middle + width] = 240
        assert not told(gray(wide))


def test_fingers_above_each_other_and_fingers_that_touch_are_not_told():
    for left, right in PAIRS:
        assert not told(gray(np.vstack([pixels(left), pixels(right)])))
        assert not told(beside(*(gray(pixels(each)[:, 60:-60]) for each in (left, right))))


def test_ridges_that_all_run_one_way_and_noise_tell_nothing():
    assert not told(beside(striped(200, 400), striped(200, 400), gap=3 * MM))
    rng = np.random.default_rng(1)
    noise = [gray(rng.integers(0, 256, (400, 240), np.uint8)) for _ in range(2)]
    assert not told(beside(*noise, gap=3 * MM))
    assert not told(GrayImage(300, 400, bytes([200]) * 120_000))


def smudge(seed, across, down, blur):
    """Give an oval of noise with a sharp edge, as dirt or a stamp leaves it, so many millimetres wide and high."""
    rng = np.random.default_rng(seed)
    noise = cv2.GaussianBlur(rng.uniform(-1, 1, (down * MM, across * MM)), (0, 0), blur)
    rows, columns = np.mgrid[-1 : 1 : down * MM * 1j, -1 : 1 : across * MM * 1j]
    oval = np.where(np.hypot(rows, columns) < 1, 130 + 45 * noise / noise.std(), 240)
    return np.clip(np.pad(oval, 3 * MM, constant_values=240), 0, 255).astype(np.uint8)


@pytest.mark.parametrize(("across", "down", "blur"), [(9, 11, 0.5), (9, 11, 1), (12, 15, 3), (12, 15, 8)])
def test_dirt_with_a_sharp_edge_is_no_finger(across, down, blur):
    for number, image in enumerate(PRINTS):
        dirt = smudge(number, across, down, blur)
        sides = [pixels(image), dirt]
        height = max(map(len, sides))
        sides = [np.pad(each, ((0, height - len(each)), (0, 0)), constant_values=240) for each in sides]
        assert not told(gray(np.hstack(sides)))
        assert not told(gray(np.hstack(sides[::-1])))


@pytest.mark.data
def test_no_real_print_is_taken_for_two_however_it_is_turned():
    files = real_prints("", "**/*.png")
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    prints = [np.asarray(Image.open(path).convert("L")) for path in files]
    assert len(prints) > 250
    for values in prints:
        assert not any(told(gray(np.rot90(values, quarters))) for quarters in range(4))
