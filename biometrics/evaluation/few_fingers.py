"""This module tells how often a person is missed of whom few fingers are held, by what the service asks (pure)."""

from functools import cache

import numpy as np

from biometrics.decision import IDENTIFY_FALSE_POSITIVE_RATE, threshold
from biometrics.evaluation.curves import Scores
from biometrics.evaluation.honesty import Share
from biometrics.evaluation.open_set import MOST_PERSONS, evenly_chosen
from biometrics.thresholds import Chance, Thresholds

FINGERS = 4
"""Of a person, and of each of those among whom the person is searched for."""
GALLERY = 10_000
"""Persons among whom one is searched for."""
_MATE, _STRANGER = "a:person:mate", "a:person:{}"


def missed(scores: Scores, probes: int, held: int) -> Share:
    """Search for persons with so many probes, of whom one impression of so many fingers is held.

    Args:
        scores: by probe finger and impression, candidate finger and impression, on the engine's scale (`by_finger`).
        probes: fingers that are sought, at most four.
        held: those of them that are held, of the first ones of each choice of four, beginning with each in turn.
    """
    count, impressions = scores.shape[:2]
    asked = _asked(probes, held)
    of_finger = np.array([scores[finger, :, finger, :] for finger in range(count)])
    pairs = ~np.eye(impressions, dtype=bool)
    found = [
        of_finger[np.roll(person, -first)[: min(probes, held)]].sum(axis=0)[pairs]
        for person in evenly_chosen(count, FINGERS, MOST_PERSONS)
        for first in range(FINGERS)
    ]
    together = np.concatenate(found) if found else np.empty(0)
    return Share(int((together < asked).sum()), together.size)


@cache
def _asked(probes: int, held: int) -> float:
    if probes == 1:
        return threshold(IDENTIFY_FALSE_POSITIVE_RATE, GALLERY * FINGERS + held)
    strangers = {_STRANGER.format(number): Chance.of(probes, FINGERS) for number in range(GALLERY)}
    return Thresholds(IDENTIFY_FALSE_POSITIVE_RATE, strangers | {_MATE: Chance.of(probes, held)}).of(_MATE)
