"""What is asked of each person: as much as their fingers can give, and together no more than the rate allows."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.comparing import Views
from biometrics.decision import false_match_rate, threshold
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.matching import Matching
from biometrics.thresholds import Chance, Thresholds, chances, finger_of
from contracts.records import FingerPosition
from tests.unit.biometrics.fakes import FakeEngine

UNKNOWN, INDEX, THUMB = FingerPosition.UNKNOWN, FingerPosition.RIGHT_INDEX, FingerPosition.RIGHT_THUMB
RING, LITTLE = FingerPosition.LEFT_RING, FingerPosition.LEFT_LITTLE
RATE = 1e-3


def owner(person, finger, position=None, system="a"):
    held = FingerPosition(finger) if position is None else position
    return Enrolled(f"{system}:finger:{person}-{finger}", f"{system}:person:{person}", system, held, 1, "e")


def asked(probes, owners, like=()):
    return chances(like or [UNKNOWN] * probes, owners, lambda _: True)


def test_of_a_person_of_one_finger_no_more_is_asked_than_if_one_were_all_that_anybody_has():
    several = [owner(person, finger) for person in range(100) for finger in range(1, 5) if person or finger == 1]
    single = [owner(person, 1) for person in range(100)]
    among, alone = (Thresholds(RATE, asked(4, owners)) for owners in (several, single))
    assert among.of("a:person:0") == alone.of("a:person:0") == threshold(RATE, 400, 1)
    assert among.of("a:person:1") == among.highest == threshold(RATE, 100 * math.factorial(4), 4)


def test_a_mate_of_one_finger_is_found_by_four_probes_as_by_one():
    """The score of a finger is a hundred, and four probes ask for more than that of whoever has four fingers."""
    gallery = Gallery(FakeEngine())
    prints = [Views(b"FAKE" + bytes([each]) * 8) for each in range(1, 5)]
    strangers = [
        Enrolment(owner(person, finger), (Views(b"FAKE" + bytes([90 + finger]) * 8),))
        for person in range(1, 400)
        for finger in range(1, 5)
    ]
    gallery.apply([Enrolment(owner(0, 1), (prints[0],)), *strangers])
    for probes in (prints[:1], prints):
        found = Matching(gallery).identify(probes, rate=RATE, limit=3, lowest=10, may_see=lambda _: True)
        assert [each.subject for each in found.found] == ["a:person:0"]
        assert found.candidates[0].threshold <= 100
    assert found.threshold > 100


persons = st.lists(
    st.lists(st.tuples(st.sampled_from([UNKNOWN, INDEX, THUMB]), st.integers(1, 3)), min_size=1, max_size=4),
    min_size=1,
    max_size=8,
)


def owners_of(held):
    return [
        owner(person, f"{number}-{image}" if position else f"{number}", position)
        for person, fingers in enumerate(held)
        for number, (position, images) in enumerate(fingers)
        for image in range(images)
    ]


@given(st.lists(st.sampled_from([UNKNOWN, INDEX, THUMB]), min_size=2, max_size=6), persons)
def test_all_ways_in_which_anybody_may_be_taken_for_the_one_keep_to_the_rate(probes, held):
    of_each = asked(len(probes), owners_of(held), probes)
    thresholds = Thresholds(RATE, of_each)
    chance = sum(
        each.ways * false_match_rate(thresholds.of(subject), each.fingers) for subject, each in of_each.items()
    )
    assert chance <= RATE * 1.001


@given(
    st.lists(st.sampled_from([UNKNOWN, INDEX, THUMB, RING]), min_size=2, max_size=4),
    st.lists(st.sampled_from([UNKNOWN, INDEX, THUMB, RING, LITTLE]), min_size=1, max_size=5),
)
def test_so_many_fingers_are_counted_as_can_be_compared_at_once(probes, positions):
    owners = [owner(1, f"{number}", position) for number, position in enumerate(positions)]
    fingers = {finger_of(each): each.position for each in owners}

    def most(sought, free):
        if not sought:
            return 0
        like = [each for each in free if not sought[0] or fingers[each] in {sought[0], UNKNOWN}]
        return max(most(sought[1:], free), *(1 + most(sought[1:], free - {each}) for each in like), 0)

    found = asked(len(probes), owners, probes)
    assert (found["a:person:1"].fingers if found else 0) == most(probes, frozenset(fingers))


@given(st.lists(st.sampled_from([UNKNOWN, INDEX, THUMB]), min_size=1, max_size=4), persons)
def test_leaving_fingers_out_never_asks_more_and_counts_nobody_who_is_not_compared(probes, held):
    owners = owners_of(held)
    every, some = asked(len(probes), owners), asked(len(probes), owners, probes)
    assert set(every) == {each.subject for each in owners}
    for subject, chance in some.items():
        assert chance.ways <= every[subject].ways
        assert 1 <= chance.fingers <= every[subject].fingers <= len(probes)
    like = {each.subject for each in owners if any(not p or each.position in {p, UNKNOWN} for p in probes)}
    assert set(some) == like


def test_a_finger_that_is_sought_by_two_images_is_one_of_which_either_may_count():
    owners = [owner(1, finger) for finger in range(1, 5)]
    (chance,) = chances([UNKNOWN] * 3, owners, lambda _: True, [0, 0, 2]).values()
    assert chance == Chance(2, 2 * 4 * 3)
    (like,) = chances([INDEX, INDEX], owners, lambda _: True, [0, 0]).values()
    assert like == Chance(1, 1 + 2)


@pytest.mark.parametrize("like", [False, True])
def test_ten_like_fingers_can_be_taken_for_one_another_in_few_ways(like):
    fingers = [FingerPosition(n) for n in range(1, 11)]
    (chance,) = asked(10, [owner(1, n) for n in fingers], fingers if like else ()).values()
    assert chance == Chance(10, 2**10 if like else math.factorial(10))


def test_where_nobody_is_held_nothing_is_asked():
    assert (asked(2, [None]), Thresholds(RATE, {}).highest) == ({}, 0.0)
