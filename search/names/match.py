"""This module holds what a comparison of two names tells: how alike they are, and by which of their parts."""

from typing import NamedTuple

from search.names.alike import Rule

EXTRA = 0.15  # what one name has more
DIGITS = 4  # of a score


class Pair(NamedTuple):
    """Two parts that stand for each other, or one that has no other (then the other text is empty).

    `likeness` is between 0 and 1, `rule` says by what they are alike.
    """

    one: str
    other: str
    likeness: float
    rule: Rule


class NameMatch(NamedTuple):
    """How much alike two names are, between 0 and 1, and the pairs of parts that say why."""

    score: float
    pairs: tuple[Pair, ...]


NO_MATCH = NameMatch(0.0, ())
