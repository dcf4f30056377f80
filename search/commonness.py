"""This module tells how many persons would bear a name by chance: two who share a rare one are sooner one person.

How often each word is borne is counted in the repository beside the candidates, at most every two minutes, and for
those records alone that the caller may see. A word counts with all that share a key with it, so that a slip of the pen
does not make a common name look rare.

One woman may have an alert, a visa and a residence permit, in three systems. Records that bear all words of the name
that is asked for are therefore counted as persons, lest her own records make her name look common.
"""

import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from contracts.query import Criteria
from search.names.parse import parse_name
from search.names.parts import Kind, Name, Part


def telling(name: Name) -> tuple[Part, ...]:
    """Give the parts of a name that tell people apart: not titles, particles and initials, unless it has no others."""
    return tuple(one for one in name.parts if one.weight and one.kind is not Kind.INITIAL) or name.parts


def word_of(part: Part) -> str:
    """Give what a part is counted under."""
    return part.native or part.latin


def words_of(name: Name) -> tuple[str, ...]:
    """Give the words of a name that are counted."""
    return tuple(dict.fromkeys(word_of(part) for part in telling(name)))


def words_asked(criteria: Criteria) -> dict[str, Part]:
    """Give the words of all names that are asked for, each with its part."""
    return {word_of(part): part for name in criteria.names for part in telling(parse_name(name))}


def names_asked(criteria: Criteria) -> dict[str, tuple[Part, ...]]:
    """Give the parts of each name that is asked for, by its key."""
    return {key_of(words_of(name)): telling(name) for name in map(parse_name, criteria.names) if name.parts}


def key_of(words: Iterable[str]) -> str:
    """Give what a whole name is counted under: its words in any order."""
    return " ".join(sorted(set(words)))


def words_of_key(key: str) -> list[str]:
    """Give the words of a whole name back; none holds a space."""
    return key.split(" ")


def repeated(records: int, persons_by_system: Iterable[int]) -> int:
    """Tell how many of some records are further ones of persons who have one among them already.

    Each system tells its own persons apart, and nobody those of several: at least as many as the system has that knows
    most are different persons. Elasticsearch counts many persons a little wrong, so that there may seem to be more of
    them than of records.
    """
    return max(0, records - max(persons_by_system, default=records))


RAREST, COMMONEST = 12.0, -6.0
"""Bits; a few words may be borne together for a reason, so that beyond this their product says nothing more."""


@dataclass(frozen=True, slots=True)
class Commonness:
    """How common the words and names are that are asked for.

    Attributes:
        total: how many records there are.
        bearers: how many of them bear each word.
        repeats: of those that bear all words of a name, by the key of the name, how many are further records of persons
            who have one already.
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
        repeats = self.repeats.get(key_of(words), 0)
        bearers = (max(1, min(self.total, self.bearers[word] - repeats)) for word in dict.fromkeys(words))
        each = (math.log2(self.total / borne) for borne in bearers)
        return max(COMMONEST, min(RAREST, sum(each) - math.log2(self.total)))


UNKNOWN = Commonness()

KEPT_S = 120.0
"""How long a count is good. What share of all bears a word changes over weeks, but not while a repository is filled."""
FEW_BEARERS = 200
"""Records, of which those of one person may be a share that counts: crossings apart, hardly anybody has ten."""
MOST_KEPT = 100_000
"""Words, and names, that are kept, the latest; some 20 MB each."""

Seen = frozenset[str] | None
"""The systems that may be seen."""
T = TypeVar("T")


class _Lately(Generic[T]):
    """Holds what was counted, apart for each choice of systems, with the time at which it was."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._held: dict[tuple[Seen, str], tuple[float, T]] = {}

    def lacks(self, seen: Seen, key: str) -> bool:
        """Whether something was not counted, or is not good any more."""
        at, _ = self._held.get((seen, key), (-math.inf, None))
        return at <= self._now() - KEPT_S

    def get(self, seen: Seen, key: str) -> T | None:
        """Give what was counted last."""
        held = self._held.get((seen, key))
        return None if held is None else held[1]

    def keep(self, seen: Seen, key: str, value: T) -> None:
        """Take up what was counted now; the oldest makes room."""
        self._held.pop((seen, key), None)  # so that the oldest stand first
        self._held[seen, key] = self._now(), value
        while len(self._held) > MOST_KEPT:
            del self._held[next(iter(self._held))]


class Counted:
    """What was counted in the last minutes, apart for each choice of systems that may be seen.

    What is known of one choice is told for no other.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._totals: _Lately[int] = _Lately(now)
        self._bearers: _Lately[tuple[int, int]] = _Lately(now)
        self._repeats: _Lately[int] = _Lately(now)

    def lacking(self, systems: Collection[str] | None, words: Iterable[str]) -> list[str]:
        """Give the words that have to be counted: all, where it is not known any more how many records there are."""
        seen = _seen(systems)
        if self._totals.lacks(seen, ""):
            return list(words)
        return [word for word in words if self._bearers.lacks(seen, word)]

    def lacking_names(self, systems: Collection[str] | None, names: Iterable[str]) -> list[str]:
        """Give the keys of the names whose bearers have to be counted: those that have a word which few bear, if any.

        To ask for them before their words are counted is to ask for all.
        """
        seen = _seen(systems)
        return [
            name
            for name in names
            if self._repeats.lacks(seen, name) and any(self._may_be_rare(seen, word) for word in words_of_key(name))
        ]

    def _may_be_rare(self, seen: Seen, word: str) -> bool:
        bearers, _ = self._bearers.get(seen, word) or (0, 0)
        return self._bearers.lacks(seen, word) or bearers <= FEW_BEARERS

    def keep(self, systems: Collection[str] | None, found: Commonness) -> None:
        """Take up what was counted now; an empty repository tells nothing of the one that it becomes."""
        seen = _seen(systems)
        if found.total:
            self._totals.keep(seen, "", found.total)
            for word, bearers in found.bearers.items():
                self._bearers.keep(seen, word, (bearers, found.total))
        elif self._totals.lacks(seen, ""):
            return
        for name, repeats in found.repeats.items():
            self._repeats.keep(seen, name, repeats)

    def commonness(
        self, systems: Collection[str] | None, words: Iterable[str], names: Iterable[str] = ()
    ) -> Commonness:
        """Give what is known of some words and names.

        Of words it is their share that is kept, as the repository may have grown since.
        """
        seen = _seen(systems)
        total = self._totals.get(seen, "") or 0
        known = ((word, self._bearers.get(seen, word)) for word in words)
        repeats = ((name, self._repeats.get(seen, name)) for name in names)
        return Commonness(
            total,
            {word: round(kept[0] * total / kept[1]) for word, kept in known if kept is not None},
            {name: count for name, count in repeats if count},
        )


def _seen(systems: Collection[str] | None) -> Seen:
    return None if systems is None else frozenset(systems)
