"""Scoring a set: the engine is given each image as the service gives it."""

import numpy as np

from biometrics.comparing import LONE
from biometrics.evaluation.scoring import PLAIN, SHIPPED, score_all
from biometrics.gray import GrayImage
from biometrics.rejections import BlankImage
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
    assert scored[SHIPPED].failed == []
    assert np.isfinite(scored[SHIPPED].scores).all()


def test_what_the_service_refuses_before_extraction_is_a_failure():
    grain = np.random.default_rng(1).integers(0, 256, (500, 500), dtype=np.uint8)
    noise = GrayImage(500, 500, grain.tobytes(), 500)
    engine = Seeing()
    scored = score_all(engine, [image(400, 7.2), noise], lambda _: None)
    assert [scored[name].failed for name in (PLAIN, SHIPPED)] == [[1], [1]]
    assert len(engine.seen) == 2
    assert [list(scored[name].refusals) for name in (PLAIN, SHIPPED)] == [[1], [1]]
    assert "noise" in scored[SHIPPED].refusals[1]


def test_it_is_told_why_the_engine_makes_no_template_of_an_image():
    class Blind(Seeing):
        def extract(self, image):
            if image.width == 301:
                raise BlankImage("The image shows no ridge endings or forks; take the finger again.")
            return super().extract(image)

    small = GrayImage(301, 300, ridges(7.2, 301, 300).tobytes(), 400)
    scored = score_all(Blind(), [image(400, 7.2), small, None], lambda _: None)
    assert scored[SHIPPED].failed == [1, 2]
    assert scored[SHIPPED].refusals == {1: "The image shows no ridge endings or forks; take the finger again."}


def test_what_was_refused_unseen_is_a_failure_and_scores_0_in_all_its_pairs():
    engine = Seeing()
    scored = score_all(engine, [image(400, 7.2), None, image(400, 7.2)], lambda _: None)
    for each in scored.values():
        assert each.failed == [1]
        assert each.scores[1].tolist() == each.scores[:, 1].tolist() == [0, 0, 0]
        assert each.scores[0, 2] > 0
    assert len(engine.seen) == 4


def test_a_set_of_failures_alone_is_scored():
    scored = score_all(Seeing(), [None, None], lambda _: None)
    assert [each.failed for each in scored.values()] == [[0, 1]] * 4
    assert not any(each.scores.any() for each in scored.values())


class OtherView(Seeing):
    """An engine to which the view of a wide image shows another print than the image does."""

    def extract(self, image):
        drawn = len(self.seen) % 2 == 1
        self.seen.append(image.width)
        return b"FAKE" + bytes(range(100, 108) if drawn and image.width > 300 else range(8))


def test_a_view_that_shows_another_print_is_left_out_and_the_plain_score_stands():
    scored = score_all(OtherView(), [image(400, 7.2), image(400, 7.2), image(300, 5.4)], lambda _: None)
    assert list(scored[SHIPPED].agreed == LONE) == [False, False, True]
    assert (scored[SHIPPED].scores[2] == scored[PLAIN].scores[2]).all()
    assert (scored[SHIPPED].scores[:, 2] == scored[PLAIN].scores[:, 2]).all()
    assert scored[SHIPPED].scores[0, 1] != scored[PLAIN].scores[0, 1]
