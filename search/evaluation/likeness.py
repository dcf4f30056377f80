"""This module is the one place where an evaluation compares two names: as a search does."""

from dataclasses import dataclass

from search.names import tokens
from search.score import CLOSE_NAME, name_similarity

THRESHOLD = CLOSE_NAME
"""From here on two names count as the same: the shipped threshold."""

Parsed = tuple[str, ...]
"""A name that is ready to be compared."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two names are, between 0 and 1, and the parts that say so."""

    score: float
    reasons: str


def parsed(text: str) -> Parsed:
    """Make a name ready, in any script and order."""
    return tokens(text)


def compared(one: Parsed, other: Parsed) -> Likeness:
    """Compare two names that are ready."""
    return Likeness(name_similarity(one, other), f"{' '.join(one)} = {' '.join(other)}")


def likeness(left: str, right: str) -> Likeness:
    """Compare two names, each in any script and order."""
    return compared(parsed(left), parsed(right))
