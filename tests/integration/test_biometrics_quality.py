"""NFIQ 2 itself, in its process: what it gives, what ends it, and that the next image is measured all the same."""

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from biometrics.gray import GrayImage
from biometrics.quality.advice import Advice
from biometrics.quality.meter import QualityMeter, can_be_measured
from biometrics.quality.quality import Measurement
from biometrics.quality.touch import look_at
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from deploy.quality.nfiq2 import is_expected
from tests.integration.real_engine import real_prints
from tests.unit.biometrics.quality.prints import striped

pytestmark = pytest.mark.skipif(not can_be_measured(), reason="the library of NFIQ 2 is not made for this machine")
GOOD = press(make_finger(1), 0)


@pytest.fixture(scope="module")
def meter():
    meter = QualityMeter(1)
    yield meter
    meter.stop()


@pytest.fixture(scope="module")
def expected(meter):
    return meter.begin(GOOD).result()


def noise(width, height, seed=1):
    return GrayImage(width, height, np.random.default_rng(seed).integers(0, 256, width * height, np.uint8).tobytes())


def test_a_good_print_is_told_from_a_worse_one(meter, expected):
    gray = np.frombuffer(GOOD.pixels, np.uint8).reshape(GOOD.height, GOOD.width)
    part = gray.copy()
    part[:, : GOOD.width // 2] = 245
    worse = meter.begin(GrayImage(GOOD.width, GOOD.height, part.tobytes())).result()
    assert 40 < expected.score <= 100
    assert worse.score < expected.score
    assert worse.measures["SufficientFingerprintForeground"] < expected.measures["SufficientFingerprintForeground"]


def test_an_image_that_ends_the_library_has_no_score_and_the_service_goes_on(meter, expected):
    assert meter.begin(noise(8, 8)).result().score is None, "the library ends with a segmentation fault"
    assert meter.begin(GOOD).result() == expected


@pytest.mark.parametrize(
    "odd",
    [
        GrayImage(300, 300, bytes(90_000)),
        GrayImage(300, 300, b"\xff" * 90_000),
        GrayImage(1, 1, b"\x80"),
        noise(30, 500),
        noise(801, 100),
        striped(400, 400, ridge=4),
    ],
    ids=["black", "white", "a pixel", "narrow", "too wide", "stripes"],
)
def test_what_is_no_print_has_no_score(meter, odd):
    assert meter.begin(odd).result().score is None


def test_an_image_larger_than_nfiq_2_takes_is_measured_by_its_print(meter, expected):
    sheet = np.full((1200, 1500), 245, np.uint8)
    sheet[700 : 700 + GOOD.height, 1100 : 1100 + GOOD.width] = np.frombuffer(GOOD.pixels, np.uint8).reshape(
        GOOD.height, GOOD.width
    )
    found = Measurement(meter, GrayImage(1500, 1200, sheet.tobytes())).result()
    minutiae = "FingerJetFX_MinutiaeCount"
    assert found.score > 40
    assert found.nfiq2.measures[minutiae] == pytest.approx(expected.measures[minutiae], abs=3)


def test_a_dry_finger_and_a_wet_one_are_told_apart(meter):
    """Ridges made thinner and thicker by gray erosion and dilation: dark pixels win, or light ones."""
    print_ = press(make_finger(5), 0)
    gray = np.frombuffer(print_.pixels, np.uint8).reshape(print_.height, print_.width)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(gray, 2, mode="edge"), (5, 5))
    for made, advice in ((windows.max(axis=(2, 3)), Advice.TOO_DRY), (windows.min(axis=(2, 3)), Advice.TOO_WET)):
        image = GrayImage(print_.width, print_.height, made.tobytes())
        assert advice in Measurement(meter, image).result().advice, look_at(image)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    st.integers(1, 260), st.integers(1, 260), st.integers(0, 2**32), st.sampled_from(["noise", "print", "few grays"])
)
@example(8, 8, 1, "noise")
@example(9, 300, 1, "few grays")
def test_no_image_keeps_the_next_one_from_being_measured(meter, expected, width, height, seed, kind):
    random = np.random.default_rng(seed)
    if kind == "print":
        gray = np.frombuffer(GOOD.pixels, np.uint8).reshape(GOOD.height, GOOD.width)[:height, :width]
    else:
        gray = random.integers(0, 256 if kind == "noise" else 3, (height, width), np.uint8)
    score = meter.begin(GrayImage(gray.shape[1], gray.shape[0], gray.tobytes())).result().score
    assert score is None or 0 <= score <= 100
    assert meter.begin(GOOD).result() == expected


@pytest.mark.data
def test_score_and_measures_are_nists(meter):
    files = real_prints("nfiq2_examples", "*_output.txt")
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    from deploy.quality.nfiq2 import _image

    for file in files:
        assert is_expected(meter.begin(_image(file)).result(), file.read_text()), file.name
