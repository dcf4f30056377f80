"""How a finger was put on the sensor, as its image tells: area, place, contrast, how wet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.gray import GrayImage
from biometrics.quality.touch import BLOCK, MM, look_at
from tests.unit.biometrics.quality.prints import striped


def test_the_area_is_what_shows_ridges():
    whole = look_at(striped())
    assert whole.area == pytest.approx(320 * 400 * MM**2)
    half = look_at(striped(right=160))
    assert half.area == pytest.approx(whole.area / 2)


def test_margins_are_the_room_that_is_left_at_each_side():
    margins = look_at(striped(left=5 * BLOCK, bottom=3 * BLOCK)).margins
    assert margins == pytest.approx((5 * BLOCK * MM, 0, 0, 3 * BLOCK * MM))


def test_contrast_is_between_ridges_and_valleys_wherever_the_print_is():
    assert look_at(striped(dark=100, light=180)).contrast == pytest.approx(80)
    assert look_at(striped(dark=100, light=180, left=200)).contrast == pytest.approx(80)


def test_thin_ridges_take_little_of_a_print_and_thick_ones_much():
    shares = [look_at(striped(ridge=ridge)).ridge_share for ridge in (2, 3, 4, 5, 6)]
    assert shares == pytest.approx([2 / 9, 3 / 9, 4 / 9, 5 / 9, 6 / 9], abs=0.02)


@pytest.mark.parametrize("gray", [0, 128, 255])
def test_an_even_image_shows_no_print(gray):
    assert look_at(GrayImage(200, 200, bytes([gray]) * 40_000)) is None


@given(st.integers(BLOCK, 90), st.integers(BLOCK, 90), st.data())
def test_any_image_is_looked_at(width, height, data):
    pixels = data.draw(st.binary(min_size=width * height, max_size=width * height))
    found = look_at(GrayImage(width, height, pixels))
    if found is not None:
        assert 0 < found.area <= width * height * MM**2
        assert 0 <= found.ridge_share <= 1
        assert 0 <= found.contrast <= 255
        assert min(found.margins) >= 0
