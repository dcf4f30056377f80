"""Enhancement: ridges come out clearer, the same each time, and what shows none is refused."""

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biometrics.enhancement.area import ridge_area
from biometrics.enhancement.contrast import even_out
from biometrics.enhancement.ridges import DIRECTIONS, PERIODS, find_ridges
from biometrics.enhancement.views import VIEWS, enhance
from biometrics.enhancement.waves import BLOCK, Grid, put_together, take_apart
from biometrics.gray import GrayImage
from biometrics.rejections import BlankImage, ImageTooSmall
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from hub.errors import Rejected


def image_of(pixels, dpi=500):
    rows, columns = pixels.shape
    return GrayImage(columns, rows, np.ascontiguousarray(pixels, dtype=np.uint8).tobytes(), dpi)


def pixels_of(image):
    return np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width).astype(np.float32)


def stripes(period, angle, shape=(180, 200)):
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]]
    return np.sin(2 * np.pi * (x * np.cos(angle) + y * np.sin(angle)) / period).astype(np.float32)


@pytest.fixture(scope="module")
def finger():
    return make_finger(3)


def test_waves_of_ridges_are_put_together_as_they_were_taken_apart():
    image = stripes(4.5, 0.7)
    grid = Grid.over(image.shape)
    again = put_together(take_apart(image, grid), grid)
    inside = np.s_[BLOCK:-BLOCK, BLOCK:-BLOCK]
    assert np.abs(again - image)[inside].max() < 0.05


@pytest.mark.parametrize("period", [2.8, 3.6, 4.5, 5.6])  # of children and adults, at 250 dpi
@pytest.mark.parametrize("degrees", [0, 30, 75, 120, 165])
def test_direction_and_period_of_ridges_are_found(period, degrees):
    image = stripes(period, np.deg2rad(degrees))
    found = find_ridges(take_apart(image, Grid.over(image.shape)), 0.8)
    inside = np.s_[8:-8, 8:-8]
    off = (found.direction[inside] * 180 / DIRECTIONS - degrees + 90) % 180 - 90
    assert np.abs(off).max() <= 180 / DIRECTIONS
    assert np.abs(np.log(np.array(PERIODS)[found.period[inside]] / period)).max() < 0.12


def test_contrast_is_the_same_everywhere_afterwards():
    pressed = np.linspace(5, 60, 200, dtype=np.float32)[None, :] * stripes(4.5, 0.3) + 120
    even = even_out(pressed, np.ones(pressed.shape, dtype=bool), 4.0)
    assert even[:, 20:60].std() == pytest.approx(even[:, 140:180].std(), rel=0.1)


def test_the_same_image_gives_the_same_views(finger):
    image = press(finger, 0)
    assert [view.pixels for view in enhance(image)] == [view.pixels for view in enhance(image)]


def test_each_view_has_the_size_of_the_image_and_is_white_where_no_finger_is(finger):
    image = press(finger, 0)
    views = enhance(image)
    assert len(views) == len(VIEWS)
    for view in views:
        assert (view.width, view.height, view.dpi) == (image.width, image.height, 500)
        drawn = pixels_of(view)
        assert (drawn[:8, :8] == 255).all()
        assert 0.2 < (drawn < 128).mean() < 0.6


def test_noise_is_taken_out(finger):
    clean = press(finger, 0)
    noisy = np.clip(pixels_of(clean) + np.random.default_rng(1).normal(0, 45, (clean.height, clean.width)), 0, 255)
    inner = np.s_[120:230, 100:190]

    def likeness(one, other):
        return np.corrcoef(one[inner].ravel(), other[inner].ravel())[0, 1]

    before = likeness(pixels_of(clean), noisy)
    for of_clean, of_noisy in zip(enhance(clean), enhance(image_of(noisy)), strict=True):
        assert likeness(pixels_of(of_clean), pixels_of(of_noisy)) > max(before, 0.85)


@pytest.mark.parametrize("factor", [0.3, 0.6])
def test_pressure_and_light_do_not_matter(finger, factor):
    image = press(finger, 0)
    faint = 200 - factor * (200 - pixels_of(image))
    inner = np.s_[120:230, 100:190]
    for strong, weak in zip(enhance(image), enhance(image_of(faint)), strict=True):
        assert np.corrcoef(pixels_of(strong)[inner].ravel(), pixels_of(weak)[inner].ravel())[0, 1] > 0.9


@pytest.mark.parametrize("dpi", [250, 400, 569, 1000])
def test_any_resolution_is_drawn_at_500(finger, dpi):
    image = press(finger, 0)
    size = round(image.width * dpi / 500), round(image.height * dpi / 500)
    other = image_of(cv2.resize(pixels_of(image), size, interpolation=cv2.INTER_AREA), dpi)
    (drawn,) = enhance(other, VIEWS[:1])
    (own,) = enhance(image, VIEWS[:1])
    assert abs(drawn.width - image.width) <= 1
    assert abs(drawn.height - image.height) <= 1
    inner = np.s_[120:230, 100:190]
    assert np.corrcoef(pixels_of(drawn)[inner].ravel(), pixels_of(own)[inner].ravel())[0, 1] > 0.7


def test_what_shows_no_ridges_is_refused():
    y, x = np.mgrid[0:300, 0:300]
    noise = cv2.GaussianBlur(np.random.default_rng(2).normal(128, 300, (300, 300)).astype(np.float32), (0, 0), 2)
    for pixels in (np.full((300, 300), 200), np.zeros((300, 300)), (x + y) * 255 / 600, np.clip(noise, 0, 255)):
        with pytest.raises(BlankImage, match="take the finger again"):
            enhance(image_of(pixels))


def test_what_is_too_small_is_refused():
    with pytest.raises(ImageTooSmall, match="3 mm"):
        enhance(image_of(np.zeros((40, 300))))
    with pytest.raises(ImageTooSmall, match="true dpi"):
        enhance(image_of(np.zeros((300, 300)), dpi=2500))


@settings(max_examples=25)
@given(
    st.integers(64, 150),
    st.integers(64, 150),
    st.integers(0, 2**32 - 1),
    st.sampled_from([0, 1, 4, 30]),
    st.sampled_from([200, 500, 1000]),
)
def test_whatever_is_given_is_drawn_or_refused(width, height, seed, grain, dpi):
    pixels = np.random.default_rng(seed).normal(128, 90, (height, width)).astype(np.float32)
    if grain:
        pixels = cv2.GaussianBlur(pixels, (0, 0), grain)
    try:
        views = enhance(image_of(np.clip(pixels, 0, 255), dpi))
    except Rejected:
        return
    assert all(len(view.pixels) == view.width * view.height for view in views)


def test_an_area_has_no_specks_and_no_small_holes():
    trusted = np.zeros((150, 150), dtype=bool)
    trusted[40:110, 40:110] = True
    trusted[70:74, 70:74] = False
    trusted[10:14, 10:14] = True
    area = ridge_area(trusted)
    assert area[72, 72]
    assert not area[12, 12]
    assert not area[40, 40]  # the cut edge


VIEW_OF_RINGS = {
    1: [
        [0, 255, 81, 255, 255, 255],
        [0, 255, 255, 0, 182, 255],
        [43, 255, 0, 0, 84, 130],
        [0, 255, 130, 188, 115, 177],
        [67, 0, 65, 0, 255, 1],
        [255, 255, 78, 78, 255, 0],
    ],
}
"""By the version of the view: the gray of 36 of its pixels. A change of the drawing wants a new version here."""


def rings():
    """Ridges around a centre, half as strong on one side, as no generator changes them."""
    down, across = np.mgrid[0:360, 0:300].astype(float)
    wave = np.sin(2 * np.pi * np.hypot(down - 200, across - 140) / 9)
    return image_of(np.rint(140 + (40 + across / 6) * wave))


def test_what_the_drawing_of_this_version_gives_does_not_change():
    (view,) = enhance(rings())
    assert np.abs(pixels_of(view)[30::60, 25::50] - VIEW_OF_RINGS[VIEWS[0].version]).max() < 4
