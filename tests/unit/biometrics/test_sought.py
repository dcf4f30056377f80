"""A finger that is sent twice is sought once: it is no evidence beside itself."""

import base64

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


UNKNOWN, INDEX, THUMB = FingerPosition.UNKNOWN, FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_THUMB


@pytest.mark.parametrize(
    ("probes", "positions", "numbers"),
    [
        ([A, B], [INDEX, INDEX], [0, 0]),
        ([A, B, C], [INDEX, THUMB, INDEX], [0, 1, 0]),
        ([A, B], [UNKNOWN, UNKNOWN], [0, 1]),
        ([A, B], [INDEX, UNKNOWN], [0, 1]),
        ([A, B, A], [INDEX, INDEX, UNKNOWN], [0, 0, 0]),
        ([A, A], [INDEX, THUMB], [0, 0]),
    ],
)
def test_probes_that_are_told_to_be_of_one_position_are_of_one_finger(probes, positions, numbers):
    assert sought_fingers(Comparing(FakeEngine(), None), probes, positions) == numbers


class Graded(FakeEngine):
    """A good take scores 85 with the finger that is held, a poor one 25, and neither matches the other."""

    def score(self, probe, candidate):
        takes = {A.plain: 85.0, B.plain: 25.0}
        return takes.get(probe, 0.0) if candidate == C.plain else 0.0


@pytest.mark.parametrize("like", [False, True])
def test_a_poor_second_take_of_a_finger_hides_nobody_whom_the_first_finds(like):
    gallery = Gallery(Graded())
    strangers = [
        Enrolment(Enrolled(f"a:finger:{n}-{each}", f"a:person:{n}", "a", each, 1, "e"), (A,))
        for n in range(2, 602)
        for each in FingerPosition
        if each
    ]
    gallery.apply([*strangers, Enrolment(Enrolled("a:finger:1", "a:person:1", "a", INDEX, 1, "e"), (C,))])
    gallery.apply(
        Enrolment(Enrolled(f"a:finger:1-{each}", "a:person:1", "a", each, 1, "e"), (A,))
        for each in FingerPosition
        if each not in (UNKNOWN, INDEX)
    )

    def found(probes, position):
        return Matching(gallery).identify(
            probes,
            rate=1e-3,
            limit=1,
            lowest=10,
            may_see=lambda _: True,
            positions=[position] * len(probes),
            like_positions=like,
        )

    once, twice = found([A], INDEX), found([A, B], INDEX)
    assert [each.subject for each in once.found] == [each.subject for each in twice.found] == ["a:person:1"]
    assert twice.candidates[0].score == 85.0, "the best of one finger counts, once"
    assert found([A, B], UNKNOWN).found == [], "for all that is known they are two"


async def test_the_service_counts_takes_of_which_the_request_tells_one_finger_as_one(stand):
    def sample(text, **said):
        return {"format": "sourceafis", "data": base64.b64encode(b"FAKE" + text).decode(), **said}

    for finger in (2, 3):
        held = {"subject": "registration:person:1", "key": f"k{finger}", "position": finger}
        await stand.ask("enrol", samples=[sample(b"finger-%d" % finger)], **held)

    async def threshold(**said):
        probes = [sample(text, **said) for text in (b"finger-2", b"unlike it")]
        return (await stand.ask("identify", probes=probes, purpose="border-check"))["threshold"]

    assert await threshold(finger=2) < await threshold()


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
