"""This module says from which score on a person counts as found by several probes, of however many fingers (pure).

Of a person with fewer fingers than there are probes, whether they were amputated or never taken, fewer scores can be
summed: as much as of the others would be too much to ask. Each person who is compared is therefore given the same share
of the rate, and held to what the sum over as many fingers reaches by chance, in as many ways as there are for them.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from biometrics.decision import assignments, threshold
from biometrics.gallery import Enrolled
from contracts.records import FingerPosition
from contracts.references import RecordRef, SubjectRef

Finger = RecordRef | FingerPosition
"""A finger of a person: its position, or the record where the position is not known."""


@dataclass(frozen=True, slots=True)
class Chance:
    """How a person may be taken for who is searched for: by how many fingers at once, and in how many ways."""

    fingers: int
    ways: float

    @classmethod
    def of(cls, sought: int, held: int) -> "Chance":
        """Give that of a person of so many fingers, of each of which one template is compared with all probes."""
        return cls(min(sought, held), assignments(sought, held, held))


def finger_of(owner: Enrolled) -> Finger:
    """Tell which finger of its person it is: two records of one position are one finger."""
    return owner.record if owner.position is FingerPosition.UNKNOWN else owner.position


def chances(
    probes: Sequence[FingerPosition],
    owners: Iterable[Enrolled | None],
    may_see: Callable[[str], bool],
    sought: Sequence[int] = (),
) -> dict[SubjectRef, Chance]:
    """Tell of everybody with whom probes are compared how they may be taken for the one who is searched for.

    Args:
        probes: of each, which finger it is, where others that are known are left out; else `UNKNOWN`.
        owners: whose the templates are.
        may_see: whether those of a system are compared.
        sought: of each probe, the number of the finger that it is of (`biometrics.sought`); each has its own, if none.
    """
    several = _by_finger(probes, sought or range(len(probes)))
    templates: defaultdict[SubjectRef, Counter[FingerPosition]] = defaultdict(Counter)
    fingers: defaultdict[SubjectRef, set[Finger]] = defaultdict(set)
    for owner in owners:
        if owner is not None and may_see(owner.system):
            templates[owner.subject][owner.position] += 1
            fingers[owner.subject].add(finger_of(owner))
    alike: dict[tuple[int, frozenset[tuple[FingerPosition, int]]], Chance] = {}
    found: dict[SubjectRef, Chance] = {}
    for subject, held in templates.items():
        key = len(fingers[subject]), frozenset(held.items())
        if key not in alike:
            alike[key] = _chance(several, len(fingers[subject]), held)
        if alike[key].fingers:
            found[subject] = alike[key]
    return found


def _by_finger(probes: Sequence[FingerPosition], sought: Sequence[int]) -> list[list[FingerPosition]]:
    found: defaultdict[int, list[FingerPosition]] = defaultdict(list)
    for probe, number in zip(probes, sought, strict=True):
        found[number].append(probe)
    return list(found.values())


def _chance(
    sought: Sequence[Sequence[FingerPosition]], fingers: int, templates: Mapping[FingerPosition, int]
) -> Chance:
    """Bound the ways for one person: all assignments, or, if that is less, of each finger a like template or none.

    Of several probes of one finger each may be the one that counts. Fingers are as many as can be compared at once.
    """
    total = sum(templates.values())
    unknown = templates.get(FingerPosition.UNKNOWN, 0)
    like = [sum(templates.get(each, 0) + unknown if each else total for each in probes) for probes in sought]
    every = assignments(len(sought), fingers, total) * math.prod(len(probes) for probes in sought)
    known = {position for position in templates if position}
    # A record that tells no position is compared with every probe.
    at_once = min(len(sought), _paired(sought, known) + fingers - len(known))
    return Chance(at_once, min(every, math.prod(1 + each for each in like)))


def _paired(sought: Sequence[Sequence[FingerPosition]], held: set[FingerPosition]) -> int:
    """Tell how many fingers that are sought have a held one of their own, that is compared with a probe of theirs."""
    taken: dict[FingerPosition, int] = {}

    def finds(finger: int, looked_at: set[FingerPosition]) -> bool:
        like = held if FingerPosition.UNKNOWN in sought[finger] else held.intersection(sought[finger])
        for position in sorted(like - looked_at):
            looked_at.add(position)
            # Whose it is may have another of its own (augmenting paths).
            if position not in taken or finds(taken[position], looked_at):
                taken[position] = finger
                return True
        return False

    return sum(finds(finger, set()) for finger in range(len(sought)))


class Thresholds:
    """The lowest score of each person that keeps false matches at a rate over a whole search.

    Each of N persons may be taken for the one, so each is held to rate / N (for small rates the sum bounds the union;
    Bonferroni), and within that each way to rate / N / ways.
    """

    def __init__(self, rate: float, chances: Mapping[SubjectRef, Chance]) -> None:
        self._chances = chances
        self._of = {
            chance: threshold(rate, len(chances) * chance.ways, chance.fingers) for chance in set(chances.values())
        }

    def of(self, subject: SubjectRef) -> float:
        """Give that of a person with whom the probes were compared."""
        return self._of[self._chances[subject]]

    @property
    def highest(self) -> float:
        """The most that is asked of anybody; 0 where there is nobody."""
        return max(self._of.values(), default=0.0)
