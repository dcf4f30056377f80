"""Scoring a set: the engine is given each image as the service gives it."""

import numpy as np

from biometrics.evaluation.scoring import SHIPPED, score_all
from biometrics.gray import GrayImage
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import ridges


class Seeing(FakeEngine):
    """An engine that remembers the images that it was given."""

    def __init__(self):
        self.seen = []

    def extract(self, image):
        self.seen.append((image.width, image.height, image.dpi))
        return b"FAKE" + bytes(range(8))


def image(dpi, period):
    return GrayImage(240, 260, ridges(period).tobytes(), dpi)


def test_a_coarse_image_is_resampled_before_extraction_and_another_keeps_its_pixels():
    engine = Seeing()
    scored = score_all(engine, [image(250, 4.5), image(400, 7.2)], lambda _: None)
    plain, drawn = engine.seen[::2], engine.seen[1::2]
    assert plain == [(480, 520, 500), (240, 260, 400)]
    assert [dpi for _, _, dpi in drawn] == [500, 500]
    assert scored[SHIPPED].failures == 0
    assert np.isfinite(scored[SHIPPED].scores).all()
