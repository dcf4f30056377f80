"""This module is the one place where an evaluation compares two names: as a search does."""

from dataclasses import dataclass

from search.names.compare import THRESHOLD as SHIPPED
from search.names.compare import compare
from search.names.match import Pair
from search.names.parse import parse
from search.names.parts import Name

THRESHOLD = SHIPPED
"""From here on two names count as the same: the shipped threshold."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, between 0 and 1, and the pairs of parts that say so."""

    score: float
    pairs: tuple[Pair, ...]

    @property
    def reasons(self) -> str:
        """The pairs on one line: both parts, the rule by which they are alike, and how alike they are."""
        return "; ".join(f"{pair.one} | {pair.other}: {pair.rule} {pair.likeness:.2f}" for pair in self.pairs)


def parsed(text: str) -> Name:
    """Make a name ready, in any script and order."""
    return parse(text)


def compared(one: Name, other: Name) -> Likeness:
    """Compare two names that are ready."""
    match = compare(one, other)
    return Likeness(match.score, match.pairs)


def likeness(left: str, right: str) -> Likeness:
    """Compare two names, each in any script and order."""
    return compared(parsed(left), parsed(right))
