"""This module tells how many persons would bear a name by chance: two who share a rare one are sooner one person.

How often each word is borne is counted in the repository beside the candidates, at most every two minutes, and for
those records alone that the caller may see. A word counts with all that share a key with it, so that a slip of the pen
does not make a common name look rare.

One woman may have an alert, a visa and a residence permit, in three systems. Of the candidates that bear the very name
that is asked for, further records of one who has one already are not counted, lest her own make her name look common.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz.distance import OSA

from contracts.query import Criteria
from search.names.parse import parse_name
from search.names.parts import Name, Part


def words_of(name: Name) -> tuple[str, ...]:
    """Give the words of a name that are counted."""
    return tuple(dict.fromkeys(part.word for part in name.telling))


def words_asked(criteria: Criteria) -> dict[str, Part]:
    """Give the words of all names that are asked for, each with its part."""
    return {part.word: part for name in criteria.names for part in parse_name(name).telling}


LONG = 5
"""Letters from which on a word with one slip is hardly ever another name."""
SAYING_AGAIN = frozenset({"border-crossing", "travel-document"})
"""Contracts whose records do not count: they say again what is known of a person, some of them hundreds of times."""


def repeats(found: Iterable[Mapping[str, Any]], criteria: Criteria) -> dict[str, int]:
    """Tell, of the candidates that bear a name asked for, how many are further ones of persons who have one already.

    Each system tells its own persons apart, and nobody those of several: at least as many as the system has that knows
    most are different persons. A long word of a name may have a slip; of short ones that would be another name.

    Args:
        found: documents of the repository, one of each person of each system.
        criteria: what is asked for.

    Returns:
        Their number, by the key of the name.
    """
    names = [parse_name(name) for name in criteria.names]
    bearers = {key_of(words_of(name)): Counter[str]() for name in names if name.whole}
    for source in found:
        if source["contract"] not in SAYING_AGAIN and source.get("name"):
            for name in names:
                if name.whole and _is_borne(name, source["name"]):
                    bearers[key_of(words_of(name))][source["payload"]["system"]] += 1
    return {key: counted.total() - max(counted.values()) for key, counted in bearers.items() if counted}


def _is_borne(name: Name, held: Iterable[str]) -> bool:
    return any(
        len(words) == len(theirs) and all(map(_is_one_word, words, theirs))
        for words, theirs in ((name.whole.split(" "), whole.split(" ")) for whole in held)
    )


def _is_one_word(one: str, other: str) -> bool:
    return one == other or (min(len(one), len(other)) >= LONG and OSA.distance(one, other, score_cutoff=1) <= 1)


def key_of(words: Iterable[str]) -> str:
    """Give what a whole name is counted under: its words in any order."""
    return " ".join(sorted(set(words)))


RARE = 0.0
"""Bits: by chance one person at most would bear the name."""
RAREST, COMMONEST = 12.0, -6.0
"""Bits; a few words may be borne together for a reason, so that beyond this their product says nothing more."""


@dataclass(frozen=True, slots=True)
class Commonness:
    """How common the words and names are that are asked for.

    Attributes:
        total: how many records name somebody.
        bearers: how many of them bear each word.
        repeats: of those that bear all words of a name, by the key of the name, how many are further records of persons
            who have one.
    """

    total: int = 0
    bearers: Mapping[str, int] = field(default_factory=dict)
    repeats: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, words: Sequence[str]) -> float | None:
        """Tell in bits how far under one the number of persons is that would bear these words together by chance.

        Nothing where it was not counted. Negative is a name that several bear by chance.
        """
        if not self.total or not words or any(word not in self.bearers for word in words):
            return None
        again = self.repeats.get(key_of(words), 0)
        bearers = (max(1, min(self.total, self.bearers[word] - again)) for word in dict.fromkeys(words))
        each = (math.log2(self.total / borne) for borne in bearers)
        return max(COMMONEST, min(RAREST, sum(each) - math.log2(self.total)))


UNKNOWN = Commonness()

KEPT_S = 120.0
"""How long a count is good. What share of all bears a word changes over weeks, but not while a repository is filled."""
MOST_KEPT = 100_000
"""Words that are kept, the latest; some 20 MB."""


class Counted:
    """What was counted in the last minutes, apart for each choice of systems that may be seen.

    What is known of one choice is told for no other.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._totals: dict[frozenset[str] | None, tuple[float, int]] = {}
        self._bearers: dict[tuple[frozenset[str] | None, str], tuple[float, int, int]] = {}

    def lacking(self, systems: Collection[str] | None, words: Iterable[str]) -> list[str]:
        """Give the words that have to be counted: all, where it is not known any more how many records there are."""
        seen = _seen(systems)
        since = self._now() - KEPT_S
        if self._totals.get(seen, (-math.inf, 0))[0] <= since:
            return list(words)
        return [word for word in words if self._bearers.get((seen, word), (-math.inf, 0, 0))[0] <= since]

    def keep(self, systems: Collection[str] | None, found: Commonness) -> None:
        """Take up what was counted now; an empty repository tells nothing of the one that it becomes."""
        if not found.total:
            return
        now, seen = self._now(), _seen(systems)
        self._totals[seen] = now, found.total
        for word, bearers in found.bearers.items():
            self._bearers.pop((seen, word), None)  # so that the oldest stand first
            self._bearers[seen, word] = now, bearers, found.total
        while len(self._bearers) > MOST_KEPT:
            del self._bearers[next(iter(self._bearers))]

    def commonness(self, systems: Collection[str] | None, words: Iterable[str]) -> Commonness:
        """Give what is known of some words; it is their share that is kept, as the repository may have grown since."""
        seen = _seen(systems)
        _, total = self._totals.get(seen, (0.0, 0))
        known = ((word, self._bearers.get((seen, word))) for word in words)
        return Commonness(total, {word: round(kept[1] * total / kept[2]) for word, kept in known if kept is not None})


def _seen(systems: Collection[str] | None) -> frozenset[str] | None:
    return None if systems is None else frozenset(systems)
