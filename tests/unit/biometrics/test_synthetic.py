"""Invented fingers are the same every time, and each is another."""

import numpy as np
import pytest

from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import ENROLMENT, HEIGHT, UNWATCHED, WIDTH, mixed, press
from biometrics.synthetic.orientation import Pattern


def values(image):
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width).astype(float)


def test_the_same_numbers_give_the_same_image():
    assert press(make_finger(7), 2) == press(make_finger(7), 2)


def test_another_impression_is_another_image():
    finger = make_finger(7)
    assert press(finger, 1) != press(finger, 2)


@pytest.mark.parametrize("pattern", Pattern)
def test_every_class_grows_ridges_of_a_fingers_width(pattern):
    image = values(press(make_finger(3, pattern), 0))
    middle = image[HEIGHT // 2 - 64 : HEIGHT // 2 + 64, WIDTH // 2 - 64 : WIDTH // 2 + 64]
    spectrum = np.abs(np.fft.fft2(middle - middle.mean())) ** 2
    away = np.hypot(*np.meshgrid(np.fft.fftfreq(128), np.fft.fftfreq(128)))
    in_band = spectrum[(away > 1 / 13) & (away < 1 / 6.5)].sum() / spectrum[away > 1 / 60].sum()
    assert in_band > 0.6


def test_paper_is_white_and_ridges_are_dark():
    image = values(press(make_finger(5), 0))
    assert image[:8, :8].mean() > 200
    assert np.percentile(image[HEIGHT // 2 - 40 : HEIGHT // 2 + 40, WIDTH // 2 - 40 : WIDTH // 2 + 40], 10) < 110


def test_classes_occur_as_often_as_among_people():
    rng = np.random.default_rng(1)
    from biometrics.synthetic.orientation import choose_pattern

    drawn = [choose_pattern(rng) for _ in range(2000)]
    assert 0.60 < sum(p in {Pattern.LEFT_LOOP, Pattern.RIGHT_LOOP} for p in drawn) / 2000 < 0.71


def test_mixed_care_is_the_same_each_time_and_lies_between_guided_and_unwatched():
    finger = make_finger(1)
    cares = [mixed(finger, n) for n in range(50)]
    assert cares == [mixed(finger, n) for n in range(50)]
    assert all(ENROLMENT.shift <= care.shift <= UNWATCHED.shift for care in cares)
    assert sum(care.noise > (ENROLMENT.noise + UNWATCHED.noise) / 2 for care in cares) > 25
