"""Comparing: image with image, view with view, and one score of both on the engine's scale."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.calibration import CALIBRATION
from biometrics.comparing import LONE, SENT_SHARE, Comparing, Views, with_sent_view, with_view
from tests.unit.biometrics.fakes import FakeEngine

ENGINE = FakeEngine()
WHOLE = Views(b"FAKEaaaabbbb", b"FAKEccccdddd", 30)
LONE_ONE = Views(b"FAKEaaaabbbb")
data = st.binary(min_size=8, max_size=8).map(lambda each: b"FAKE" + each)
views = st.one_of(data.map(Views), st.builds(Views, data, data, st.integers(0, 100)))


def score(probe, candidate, calibration=CALIBRATION):
    return float(Comparing(ENGINE, calibration).scores(probe, [candidate])[0])


def test_image_and_view_are_summed_and_brought_to_the_scale():
    other = Views(b"FAKEaaaaxxxx", b"FAKEccxxxxxx", 50)
    assert score(WHOLE, other) == CALIBRATION.on_scale(np.array([6.0]), 30, 50.0)[0]


@pytest.mark.parametrize(("probe", "candidate"), [(WHOLE, LONE_ONE), (LONE_ONE, WHOLE), (LONE_ONE, LONE_ONE)])
def test_where_one_has_no_view_the_score_is_the_engines(probe, candidate):
    assert score(probe, candidate) == 100.0


def test_the_plain_engine_passes_views_over():
    assert score(WHOLE, Views(b"FAKEaaaabbbb", b"FAKExxxxxxxx", 3), None) == 100.0
    assert len(Comparing(ENGINE, None).new_rows(4)) == 1


@given(views, st.lists(views, min_size=1, max_size=6), st.sampled_from([None, CALIBRATION]))
def test_a_scan_gives_the_scores_of_single_comparisons(probe, candidates, calibration):
    comparing = Comparing(ENGINE, calibration)
    rows = comparing.new_rows(10)
    counts = np.full(10, LONE, dtype=np.float64)
    for place, each in enumerate(candidates):
        comparing.put(rows, place, each)
        counts[place] = each.agreed
    found = comparing.scan(probe, rows, counts, len(candidates))
    assert found.tolist() == [score(probe, each, calibration) for each in candidates]


PRINT = b"FAKE" + bytes(range(1, 13))


def test_minutiae_that_image_and_view_show_are_counted():
    image = Views(PRINT, nfiq2=55, engine="older")
    assert with_view(ENGINE, image, PRINT[:-1]) == Views(PRINT, PRINT[:-1], 11, 55, "older")


@pytest.mark.parametrize(
    ("image", "view", "kept"),
    [
        (PRINT, PRINT, True),
        (PRINT, b"FAKE" + bytes(range(101, 113)), False),
        (b"FAKE123", b"FAKE123", True),
        (b"FAKE123", b"FAKE12z", False),
    ],
    ids=["agrees", "agrees-on-nothing", "matches", "agrees-on-little-and-does-not-match"],
)
def test_a_view_of_another_print_is_left_out(image, view, kept):
    assert (with_view(ENGINE, Views(image), view).drawn is not None) == kept


def print_of(*minutiae):
    return b"FAKE" + bytes(minutiae)


@pytest.mark.parametrize(
    ("own", "foreign", "kept"),
    [(30, 0, True), (12, 18, True), (11, 19, False), (10, 20, False), (0, 30, False)],
    ids=["all", "two-fifths", "a-little-less", "enough-for-views-drawn-here", "none"],
)
def test_a_view_that_is_sent_agrees_on_a_share_of_what_it_shows(own, foreign, kept):
    image = Views(print_of(*range(30)))
    view = print_of(*range(own), *range(100, 100 + foreign))
    assert (with_sent_view(ENGINE, image, view).drawn is not None) == kept
    assert (own / (own + foreign) >= SENT_SHARE) == kept


def test_the_share_is_that_of_whichever_shows_fewer():
    few, many = print_of(*range(12)), print_of(*range(60))
    assert with_sent_view(ENGINE, Views(few), many).agreed == 12
    assert with_sent_view(ENGINE, Views(many), few).agreed == 12


@given(views, st.lists(views, min_size=1, max_size=6), st.sampled_from([None, CALIBRATION]), st.floats(0, 80))
def test_an_early_end_never_changes_the_decision(probe, candidates, calibration, enough):
    comparing = Comparing(ENGINE, calibration)
    whole = comparing.scores(probe, candidates)
    early = comparing.scores(probe, candidates, enough)
    assert (early.max() >= enough) == (whole.max() >= enough)
    assert (early <= whole).all()
    assert early.max() >= enough or early.tolist() == whole.tolist()


def test_views_are_not_compared_where_the_images_are_enough():
    class Counting(FakeEngine):
        compared = 0

        def scan(self, probe, scan, count):
            self.compared += 1
            return super().scan(probe, scan, count)

    engine = Counting()
    comparing = Comparing(engine, CALIBRATION)
    comparing.scores(WHOLE, [WHOLE], enough=40.0)
    assert engine.compared == 1
    comparing.scores(WHOLE, [WHOLE], enough=90.0)
    assert engine.compared == 3
