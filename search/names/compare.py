"""This module compares two parsed names, in any scripts, and gives its reasons. It is pure.

Parts are paired off, in any order, each with the one it is most like; neighbours are joined where that is better. What
both names leave over contradicts; what only one of them has more is held against it little, for names are often given
in part.
"""

from collections.abc import Sequence

from search.names.alike import Rule
from search.names.effort import A_PAIR, Effort
from search.names.match import EXTRA, NO_MATCH, NameMatch, Pair
from search.names.parts import Name, Part
from search.names.romanised import as_romanised
from search.names.sexes import are_of_two_sexes
from search.names.ties import Tie, paired, ties
from search.names.unparted import unparted

THRESHOLD = 0.77
"""From here on two names may be one person's. `docs/names.md` tells how it was found."""

OTHER_SEX = 0.7
"""Of the score, where one name says that a man bears it and the other a woman: with all else the same, it is less than
`THRESHOLD`."""
# Found on one half of the judged pairs (by hash of the pair), confirmed on the other: `docs/names.md`.
CONFLICT = 2.75  # what both names leave over counts so much as what agrees
DIGITS = 4
POWER = 2.0  # half alike is far less than half the evidence


def likeness(one: Name, other: Name, effort: Effort | None = None) -> float:
    """Tell how much alike two names are, 0 to 1: the score of `compare`, without the reasons, which cost as much.

    What is spent of `effort` is taken from it; one pair of names may spend no more than `effort.A_PAIR`.
    """
    if not one.parts or not other.parts:
        return 0.0
    ones, others = (one.parts, other.parts) if one.text <= other.text else (other.parts, one.parts)
    if effort is None:
        return _found(ones, others, Effort(A_PAIR))[0]
    own = Effort(granted := min(A_PAIR, max(0, effort.left)))
    score = _found(ones, others, own)[0]
    effort.left -= granted - own.left
    return score


def compare(one: Name, other: Name) -> NameMatch:
    """Compare two names; their order matters only for which side of a pair is which. A name without parts fits none."""
    if not one.parts or not other.parts:
        return NO_MATCH
    if one.text <= other.text:
        return _compare(one.parts, other.parts)
    match = _compare(other.parts, one.parts)
    return NameMatch(match.score, _turned(match.pairs))


def _compare(ones: Sequence[Part], others: Sequence[Part]) -> NameMatch:
    score, taken, together = _found(ones, others, Effort(A_PAIR))
    return together or NameMatch(score, _pairs(ones, others, taken))


def _found(ones: Sequence[Part], others: Sequence[Part], effort: Effort) -> tuple[float, list[Tie], NameMatch | None]:
    """Give the score, the ties that make it, and the match that is better where one of the names is in one word."""
    taken = paired(ties(ones, others, effort))
    score = _judged(ones, others, taken)
    if score and are_of_two_sexes(ones, others, taken):
        return round(OTHER_SEX * score, DIGITS), taken, None
    if len(ones) > 1 and len(others) > 1:
        read = as_romanised(ones, others, score)
        return read, taken, _together(ones, others, read) if read > score else None
    together = None
    if len(ones) == 1 and (better := unparted(ones, others, score, effort)):
        score, together = better.score, better
    if len(others) == 1 and (better := unparted(others, ones, score, effort)):
        score, together = better.score, NameMatch(better.score, _turned(better.pairs))
    return score, taken, together


def _together(ones: Sequence[Part], others: Sequence[Part], score: float) -> NameMatch:
    """Give a match that all words of both names make, not one by one."""
    mine, theirs = (" ".join(part.text for part in parts) for parts in (ones, others))
    return NameMatch(score, (Pair(mine, theirs, score, Rule.ROMANISATION),))


def _turned(pairs: Sequence[Pair]) -> tuple[Pair, ...]:
    return tuple(Pair(pair.other, pair.one, pair.likeness, pair.rule) for pair in pairs)


def _judged(ones: Sequence[Part], others: Sequence[Part], taken: Sequence[Tie]) -> float:
    """Weigh what agrees against what is left over."""
    if not taken:
        return 0.0
    agreed = matched = 0.0
    left, right = [one.mass for one in ones], [one.mass for one in others]
    for _, places, other_places, likeness, _ in taken:
        mass = max(_taken_from(left, places), _taken_from(right, other_places))
        agreed += mass * likeness**POWER
        matched += mass
    more, less = sum(left), sum(right)
    total = matched + CONFLICT * min(more, less) + EXTRA * abs(more - less)
    return round(agreed / total, DIGITS)


def _taken_from(masses: list[float], places: Sequence[int]) -> float:
    """Give what parts weigh, and leave nothing of them."""
    mass = 0.0
    for place in places:
        mass += masses[place]
        masses[place] = 0.0
    return mass


def _pairs(ones: Sequence[Part], others: Sequence[Part], taken: Sequence[Tie]) -> tuple[Pair, ...]:
    """Write down which parts stand for each other, and which have no other."""
    free_ones, free_others = dict(enumerate(ones)), dict(enumerate(others))
    pairs = []
    for _, places, other_places, likeness, rule in taken:
        mine = " ".join(free_ones.pop(place).text for place in places)
        theirs = " ".join(free_others.pop(place).text for place in other_places)
        pairs.append(Pair(mine, theirs, round(likeness, 3), rule))
    pairs += [Pair(one.text, "", 0.0, Rule.MISSING) for one in free_ones.values()]
    pairs += [Pair("", one.text, 0.0, Rule.MISSING) for one in free_others.values()]
    return tuple(pairs)
