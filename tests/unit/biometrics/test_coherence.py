"""Noise where ridges should be: refused before the engine makes minutiae of it for many seconds."""

import base64
from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from biometrics.enhancement.coherence import (
    MOST_NOISE,
    check_coherent,
    noise_of,
)
from biometrics.formats.contents import ImageSample
from biometrics.formats.images import Decoding
from biometrics.formats.reading import MOST_SQUARE_INCHES, read_file
from biometrics.gray import GrayImage
from biometrics.rejections import BlankImage, UndecodableImage
from biometrics.samples import SampleReader
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import UNWATCHED, press
from biometrics.wire import Sample
from hub.errors import Rejected
from tests.integration.real_engine import real_prints
from tests.unit.biometrics.fakes import FakeEngine

LARGEST = 860
"""Pixels of a side at 500 dpi: 2.96 square inches, as much as one finger may have."""


def image_of(pixels, dpi=500):
    rows, columns = pixels.shape
    return GrayImage(columns, rows, np.clip(pixels, 0, 255).astype(np.uint8).tobytes(), dpi)


def noise(grain, side=LARGEST):
    values = np.random.default_rng(1).normal(0, 1, (side, side)).astype(np.float32)
    if grain:
        values = cv2.GaussianBlur(values, (0, 0), grain)
    return values / values.std()


def bits():
    return np.random.default_rng(1).integers(0, 2, (LARGEST, LARGEST)) * 255


def rings(side=LARGEST):
    down, across = np.mgrid[0:side, 0:side]
    return 128 + 100 * np.sin(2 * np.pi * np.hypot(down - side / 2, across - side / 2) / 9)


@pytest.mark.parametrize("by_views", [True, False], ids=["views", "plain"])
def test_noise_is_refused_before_it_is_extracted(by_views):
    class Untouched(FakeEngine):
        def extract(self, _image):
            pytest.fail("it keeps the engine busy")

    data = base64.b64encode(bits().astype(np.uint8).tobytes()).decode()
    sent = Sample.model_validate({"format": "raw", "data": data, "width": LARGEST, "height": LARGEST, "dpi": 500})
    with pytest.raises(BlankImage, match="noise where ridges should be"):
        SampleReader(Untouched(), by_views=by_views).read(sent)


@pytest.mark.parametrize("dpi", [500, 250, 1000])
@pytest.mark.parametrize("grain", [0, 0.7, 1, 1.5, 2])
def test_noise_of_every_grain_that_keeps_the_engine_busy_is_told(grain, dpi):
    side = round(LARGEST * dpi / 500)
    pixels = 128 + 90 * noise(grain * dpi / 500, side)
    assert noise_of(image_of(pixels, dpi)) > 4 * MOST_NOISE


@pytest.mark.parametrize("grain", [0, 1, 2])
def test_noise_is_refused_of_a_common_sensors_size(grain):
    with pytest.raises(BlankImage):
        check_coherent(image_of(128 + 90 * noise(grain, 374)))


def test_noise_beside_ridges_is_told():
    pixels = np.where(np.arange(LARGEST) < 0.35 * LARGEST, rings(), 128 + 90 * noise(0))
    with pytest.raises(BlankImage):
        check_coherent(image_of(pixels))


def test_noise_over_clear_ridges_is_not_in_the_way():
    assert noise_of(image_of(rings() + 120 * noise(0))) < 0.2


def thickened(image, how):
    """Widen ridges by a tenth of a millimetre as wet skin does (`cv2.erode`, for they are dark), or narrow them."""
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    width = 1 + round(2 * image.dpi / 500)
    return image_of(how(pixels, np.ones((width, width), np.uint8)), image.dpi)


def part(image):
    pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
    return image_of(pixels[: image.height // 2, : image.width // 2], image.dpi)


def whole_and_spoilt(image) -> Iterator[GrayImage]:
    yield image
    yield part(image)
    yield thickened(image, cv2.erode)
    yield thickened(image, cv2.dilate)


def test_invented_prints_however_bad_have_far_less():
    pressed = (press(make_finger(seed), 0, UNWATCHED) for seed in range(12))
    found = [noise_of(each) for image in pressed for each in whole_and_spoilt(image)]
    assert max(found) < MOST_NOISE


def images_of(path) -> Iterator[GrayImage]:
    """Give the single fingers of a file of real data; what is no file of images has none."""

    def no_wsq(_data):
        raise UndecodableImage("no engine here")

    try:
        contents = read_file(path.read_bytes(), Decoding(no_wsq, None if "records" in path.parts else 500))
    except Rejected:
        return
    for sample in contents.samples:
        if isinstance(sample, ImageSample):
            image = sample.image
            if image.width * image.height <= MOST_SQUARE_INCHES * image.dpi**2:
                yield image


@pytest.mark.data
def test_no_real_print_is_refused_nor_a_part_of_one_nor_a_dry_or_wet_one():
    files = [path for path in real_prints("", "**/*") if path.is_file() and "templates" not in path.parts]
    if not files:
        pytest.skip("no real data: set ISTHMUS_DATA to measure on it")
    images = [image for path in files for image in images_of(path)]
    assert len(images) > 250
    for image in images:
        for each in whole_and_spoilt(image):
            check_coherent(each)
            assert noise_of(each) < MOST_NOISE
