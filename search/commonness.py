"""This module tells how many records would bear a name by chance: two who share a rare one are sooner one person.

How often each word is borne is counted in the repository with each search, beside the candidates: always as it is now,
with nothing to keep, and for those records alone that the caller may see. A word counts with all that share a key with
it, so that a slip of the pen does not make a common name look rare.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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


RAREST, COMMONEST = 12.0, -6.0
"""Bits; a few words may be borne together for a reason, so that beyond this their product says nothing more."""


@dataclass(frozen=True, slots=True)
class Commonness:
    """How many records there are, and how many of them bear each word that is asked for."""

    total: int = 0
    bearers: Mapping[str, int] = field(default_factory=dict)

    def rarity(self, words: Sequence[str]) -> float | None:
        """Tell in bits how far under one the number of records is that would bear these words together by chance.

        Nothing where it was not counted. Negative is a name that several bear by chance.
        """
        if not self.total or not words or any(word not in self.bearers for word in words):
            return None
        each = (math.log2(self.total / max(1, min(self.total, self.bearers[word]))) for word in dict.fromkeys(words))
        return max(COMMONEST, min(RAREST, sum(each) - math.log2(self.total)))


UNKNOWN = Commonness()
