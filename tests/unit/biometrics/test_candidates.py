"""From scores to persons: who is given, in what order, and who is passed over."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from biometrics.candidates import rank
from biometrics.gallery import Enrolled
from contracts.records import FingerPosition


def owner(person, finger=0, system="a"):
    return Enrolled(
        f"{system}:finger:{person}-{finger}", f"{system}:person:{person}", system, FingerPosition.UNKNOWN, 1, "e"
    )


def ranked(*rows, owners, limit=3, lowest=10.0, may_see=lambda _: True, asked=lambda _: 50.0, sought=()):
    scores = [np.array(row) for row in rows]
    found = rank(scores, owners, lambda each: may_see(each.system), limit, asked, lowest, sought)
    return [(each.subject, each.score) for each in found]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0.0, 10.0, 20.0, 20.0, 30.0])), max_size=40),
    st.integers(1, 4),
)
def test_the_best_of_each_person_counts_and_equal_scores_have_one_order(places, limit):
    owners = [owner(person, at) for at, (person, _) in enumerate(places)]
    best = {}
    for person, score in places:
        if score >= 10.0:
            best[f"a:person:{person}"] = max(score, best.get(f"a:person:{person}", 0.0))
    expected = sorted(best.items(), key=lambda item: (-item[1], item[0]))[:limit]
    assert ranked([score for _, score in places], owners=owners, limit=limit) == expected


def test_several_probes_add_up_and_what_no_single_one_shows_comes_first():
    owners = [owner(1), owner(2, 0), owner(2, 1), owner(3)]
    first, second = [50.0, 40.0, 0.0, 0.0], [0.0, 0.0, 40.0, 50.0]
    assert ranked(first, second, owners=owners, limit=1) == [("a:person:2", 80.0)]


def test_who_has_more_than_is_asked_comes_before_a_higher_score_of_whom_more_is_asked():
    owners = [owner(1), owner(2, 0), owner(2, 1)]
    asked = {"a:person:1": 60.0, "a:person:2": 104.0}.__getitem__
    assert ranked([70.0, 50.0, 0.0], [0.0, 0.0, 40.0], owners=owners, limit=1, asked=asked) == [("a:person:1", 70.0)]


def test_the_best_hint_is_who_comes_nearest_to_what_is_asked():
    """A stranger of one finger lacks less of little than a mate of ten fingers, each of them faint, lacks of much."""
    owners = [owner(1), *(owner(2, finger) for finger in range(10))]
    rows = [[25.0, *(18.0 if finger == probe else 0.0 for finger in range(10))] for probe in range(10)]
    asked = {"a:person:1": 73.0, "a:person:2": 229.0}.__getitem__
    assert [subject for subject, _ in ranked(*rows, owners=owners, asked=asked)] == ["a:person:2", "a:person:1"]


@pytest.mark.parametrize("limit", [1, 3])
def test_whom_one_may_not_see_and_free_places_take_nobodys_room(limit):
    owners = [owner(1, system="b"), None, owner(2)]
    seen = ranked([90.0, 80.0, 30.0], owners=owners, limit=limit, may_see=lambda system: system == "a")
    assert seen == [("a:person:2", 30.0)]


def test_a_finger_counts_once_however_often_its_probe_is_sent():
    one_finger, two_fingers = [owner(1)], [owner(2, 0), owner(2, 1)]
    rows = [[30.0, 12.0, 11.0]] * 3
    owners = [*one_finger, *two_fingers]
    assert ranked(*rows, owners=owners) == [("a:person:1", 30.0), ("a:person:2", 23.0)]
    assert ranked(*rows, owners=owners, sought=[0, 0, 0]) == [("a:person:1", 30.0), ("a:person:2", 12.0)]


def test_two_records_of_one_position_are_one_finger():
    known = [replace(owner(1, at), position=FingerPosition.RIGHT_INDEX) for at in (0, 1)]
    assert ranked([30.0, 40.0], [35.0, 20.0], owners=known) == [("a:person:1", 40.0)]


def test_what_is_passed_over_does_not_change_what_a_candidate_is_made_of():
    owners = [owner(1, 0), owner(1, 1)]
    assert ranked([60.0, 0.0], [0.0, 55.0], owners=owners, lowest=100.0) == [("a:person:1", 115.0)]
    assert ranked([60.0, 0.0], [0.0, 35.0], owners=owners, lowest=100.0) == []


def test_a_single_probe_gives_whoever_reaches_the_lowest_score_that_is_asked_for():
    owners = [owner(1), owner(2), owner(3)]
    assert ranked([0.0, 4.0, -np.inf], owners=owners, lowest=0.0) == [("a:person:2", 4.0), ("a:person:1", 0.0)]
    assert ranked([0.0, 4.0, 11.0], owners=owners) == [("a:person:3", 11.0)]
