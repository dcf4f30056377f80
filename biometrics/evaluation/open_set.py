"""This module makes figures of identification: who is found, who is missed, who is wrongly found (pure).

Fingers make virtual persons: every choice of so many fingers is a person, every choice of so many impressions of each
is enrolled, and every other impression is a probe. Strangers share no finger with a person. Which probe is given to
which finger nobody tells, as in the service: the best pairs come first. ISO/IEC 19795-1: FNIR is the share of searches
for enrolled persons that do not give them, FPIR that of searches for others that give anybody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from biometrics.evaluation.curves import Scores
from biometrics.evaluation.impressions import Impression

Fuse = Callable[[Scores], Scores]
"""Makes one score of those of several enrolled impressions, or of several fingers, along the last axis."""

# Of more choices than these not all are looked at: every so-manieth, in order. Strangers are chosen for each person.
# A single finger is searched for among all others, and where one impression of it is enrolled every finger is: that
# costs no more than their scores did.
MOST_PERSONS = 60
MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Searches:
    """Scores of searches: of the mate, and of the best other, one of each for every search; and of all strangers."""

    mates: Scores
    others: Scores
    strangers: Scores

    @property
    def gallery(self) -> int:
        """How many persons each search is among: the mate and the strangers."""
        return 1 + self.strangers.size // self.mates.size


def total(scores: Scores) -> Scores:
    """Let all add up: fingers are evidence of their own, and scores are logarithms of what each may be by chance."""
    return np.asarray(scores.sum(axis=-1))


def squares(scores: Scores) -> Scores:
    """Let all add up as their squares: between the sum and the best."""
    return np.asarray((scores**2).sum(axis=-1))


def roots(scores: Scores) -> Scores:
    """Let all add up as their square roots: between the sum and the least."""
    return np.asarray(np.sqrt(scores).sum(axis=-1))


def least(scores: Scores) -> Scores:
    """Let the worst count: every finger has to match."""
    return np.asarray(scores.min(axis=-1))


def best(scores: Scores) -> Scores:
    """Let the best count: another impression of a finger adds no evidence."""
    return np.asarray(scores.max(axis=-1))


def mean(scores: Scores) -> Scores:
    """Let all enrolled impressions count alike."""
    return np.asarray(scores.mean(axis=-1))


def best_two(scores: Scores) -> Scores:
    """Let the best two of the enrolled impressions count alike."""
    return np.asarray(np.sort(scores, axis=-1)[..., -2:].mean(axis=-1))


OF_FINGERS: dict[str, Fuse] = {"sum": total, "best": best, "squares": squares, "roots": roots, "least": least}
"""What may become of the scores of several fingers; the first is what the service does."""
OF_IMPRESSIONS: dict[str, Fuse] = {"best": best, "mean": mean, "best_two": best_two}
"""What may become of those of several impressions; the first is what the service does."""


def by_finger(scores: Scores, impressions: Sequence[Impression]) -> Scores:
    """Arrange scores of all with all by probe finger and impression, candidate finger and impression.

    Where fingers have different numbers of impressions, each has the first ones, as many as let most images count, and
    fingers with fewer are left out; the order is that of the names.
    """
    numbers: dict[tuple[str, str], list[int]] = {}
    for number, impression in enumerate(impressions):
        numbers.setdefault(impression.whose, []).append(number)
    most = _most_common(sorted(map(len, numbers.values()), reverse=True))
    whole = np.array([found[:most] for found in numbers.values() if len(found) >= most], dtype=np.intp)
    fingers, count = whole.shape
    return scores[np.ix_(whole.ravel(), whole.ravel())].reshape(fingers, count, fingers, count)


def _most_common(counts: Sequence[int]) -> int:
    """Choose how many impressions count, of at least two fingers where there are two; counts fall."""
    shared = list(enumerate(counts, 1))[1:] or [(1, counts[0])]
    # With one impression of each finger nothing can be searched for: only where there is nothing else.
    _, _, most = max((each > 1, fingers * each, each) for fingers, each in shared)
    return most


def search(
    scores: Scores, fingers: int, enrolled: int, *, impressions_by: Fuse = best, fingers_by: Fuse = total
) -> Searches | None:
    """Search for every person with every probe among persons that share no finger with them.

    Args:
        scores: by probe finger and impression, candidate finger and impression (`by_finger`).
        fingers: of each person.
        enrolled: impressions of each finger.
        impressions_by: what becomes of the scores of several impressions.
        fingers_by: what becomes of those of several fingers.

    Returns:
        Nothing where there are too few fingers or impressions for one person and another.
    """
    count, impressions = scores.shape[:2]
    if count < 2 * fingers or impressions <= enrolled:
        return None
    choices = evenly_chosen(impressions, enrolled, MOST_CHOICES)
    fused = np.stack([impressions_by(scores[..., choice]) for choice in choices], axis=-1)
    probes = np.array([[number not in choice for choice in choices] for number in range(impressions)])

    def joined(person: list[int], others: NDArray[np.intp]) -> Scores:
        pairs = fused[person][:, :, others].transpose(2, 1, 4, 0, 3)[:, probes]
        return fingers_by(assigned(pairs))

    persons = evenly_chosen(count, fingers, count if fingers == enrolled == 1 else MOST_PERSONS)
    strangers = np.array(evenly_chosen(count - fingers, fingers, count if fingers == 1 else MOST_PERSONS))
    mates = np.empty((len(persons), int(probes.sum())))
    wrong = np.empty((len(persons), len(strangers), mates.shape[1]))
    for number, person in enumerate(persons):
        mates[number] = joined(person, np.array([person]))[0]
        wrong[number] = joined(person, np.delete(np.arange(count), person)[strangers])
    return Searches(mates.ravel(), wrong.max(axis=1).ravel(), wrong.ravel())


def assigned(scores: Scores) -> Scores:
    """Give each finger that is sought one of a person's, the best pairs first, as the service does (`candidates.rank`).

    Scores that are too low to be worth ranking, which the service passes over, count as they are.

    Args:
        scores: by finger that is sought and finger that is held along the last two axes, as many of each.

    Returns:
        The scores of the pairs, the best first, along the last axis.
    """
    fingers = scores.shape[-1]
    if fingers == 1:
        return scores[..., 0]
    left = scores.copy()
    chosen = np.empty(scores.shape[:-1])
    for number in range(fingers):
        flat = left.reshape(*left.shape[:-2], fingers**2)
        place = flat.argmax(axis=-1)
        chosen[..., number] = np.take_along_axis(flat, place[..., None], axis=-1)[..., 0]
        sought, held = np.divmod(place[..., None, None], fingers)
        np.put_along_axis(left, sought, -np.inf, axis=-2)
        np.put_along_axis(left, held, -np.inf, axis=-1)
    return chosen


def rank_one(searches: Searches) -> float:
    """Give the share of searches that put the mate first."""
    return float(np.mean(searches.mates > searches.others))


def fnir_at(searches: Searches, fpir: float) -> float:
    """Give FNIR at the lowest threshold at which at most `fpir` of the searches for others find anybody.

    The searches for others are the same probes, their mates taken away. Of fewer searches than 1 / `fpir` none may.
    """
    allowed = int(searches.others.size * fpir + 1e-9)
    bar = np.sort(searches.others)[::-1][min(allowed, searches.others.size - 1)]
    return float(np.mean((searches.mates <= bar) | (searches.mates <= searches.others)))


def evenly_chosen(count: int, chosen: int, most: int) -> list[list[int]]:
    """Choose so many of so many in all ways, or in at most `most`, evenly taken; in the order of their numbers."""
    ways = comb(count, chosen)
    return [_choice(count, chosen, place) for place in range(0, ways, max(1, -(-ways // most)))]


def _choice(count: int, chosen: int, place: int) -> list[int]:
    """Give the choice at a place of that order without those before it: of very many nobody walks through all."""
    found: list[int] = []
    for number in range(count):
        if len(found) == chosen:
            break
        with_it = comb(count - number - 1, chosen - len(found) - 1)
        if place < with_it:
            found.append(number)
        else:
            place -= with_it
    return found
