"""A finger that is sent twice is sought once: it is no evidence beside itself."""

import pytest

from biometrics.calibration import CALIBRATION
from biometrics.comparing import Comparing, Views
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.matching import Matching
from biometrics.sought import sought_fingers
from contracts.records import FingerPosition
from tests.unit.biometrics.fakes import FakeEngine


def views(text):
    return Views(b"FAKE" + text * 8, b"FAKE" + text * 8, 30)


A, B, C = (views(text) for text in (b"a", b"b", b"c"))


class Chained(FakeEngine):
    """B is like A, and C like B, but C is not like A."""

    def score(self, probe, candidate):
        return 90.0 if abs(probe[4] - candidate[4]) <= 1 else 0.0


@pytest.mark.parametrize("calibration", [None, CALIBRATION])
@pytest.mark.parametrize(
    ("probes", "numbers"),
    [([A], [0]), ([A, B], [0, 1]), ([A, A], [0, 0]), ([A, B, A, C, B], [0, 1, 0, 3, 1]), ([], [])],
)
def test_probes_that_match_each_other_are_of_one_finger(calibration, probes, numbers):
    assert sought_fingers(Comparing(FakeEngine(), calibration), probes) == numbers


@pytest.mark.parametrize("probes", [[A, B, C], [A, C, B], [C, A, B]])
def test_what_is_like_one_of_them_is_one_of_them(probes):
    assert len(set(sought_fingers(Comparing(Chained(), None), probes))) == 1


def test_of_a_finger_that_is_sent_twice_and_held_twice_no_evidence_is_made():
    gallery = Gallery(FakeEngine())
    gallery.apply(
        Enrolment(Enrolled(f"a:finger:{n}", "a:person:1", "a", FingerPosition.UNKNOWN, 1, "e"), (A,)) for n in (1, 2)
    )
    once, twice = (
        Matching(gallery).identify(probes, rate=1e-3, limit=1, lowest=10, may_see=lambda _: True)
        for probes in ([A], [A, A])
    )
    assert once.candidates[0].score == twice.candidates[0].score == 100.0
    assert twice.candidates[0].threshold > once.candidates[0].threshold, "either image may be taken for the finger"
