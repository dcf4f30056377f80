"""This module compares two parsed names, in any scripts, and gives its reasons. It is pure.

Parts are paired off, in any order, each with the one it is most like; neighbours are joined where that is better. What
both names leave over contradicts; what only one of them has more is held against it little, for names are often given
in part.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from search.names.alike import Rule
from search.names.effort import A_PAIR, Effort
from search.names.kontsevich import are_one, as_korean
from search.names.match import DIGITS, EXTRA, NO_MATCH, NameMatch, Pair
from search.names.parts import Language, Name, Part, Reading
from search.names.romanised import as_romanised
from search.names.russian import is_spelt, is_written
from search.names.sexes import are_of_two_sexes
from search.names.ties import Tie, paired, ties
from search.names.unparted import unparted

THRESHOLD = 0.77
"""From here on two names may be one person's. `docs/names.md` tells how it was found."""

OTHER_SEX = 0.7
"""Of the score, where one name says that a man bears it and the other a woman: with all else the same, it is less than
`THRESHOLD`."""
READ = 0.99  # of the score, where a name is what Russian may have written: next to all
# Found on one half of the judged pairs (by hash of the pair), confirmed on the other: `docs/names.md`.
CONFLICT = 2.75  # what both names leave over counts so much as what agrees
POWER = 2.0  # half alike is far less than half the evidence


def likeness(one: Name, other: Name, effort: Effort | None = None) -> float:
    """Tell how much alike two names are, 0 to 1: the score of `compare`, without the reasons, which cost as much.

    What is spent of `effort` is taken from it; one pair of names may spend no more than `effort.A_PAIR`.
    """
    if not one.parts or not other.parts:
        return 0.0
    ones, others = (one, other) if one.text <= other.text else (other, one)
    if effort is None:
        return _found(ones, others, Effort(A_PAIR)).score
    own = Effort(granted := min(A_PAIR, max(0, effort.left)))
    score = _found(ones, others, own).score
    effort.left -= granted - own.left
    effort.fell_short |= granted < A_PAIR and own.left <= 0
    return score


def compare(one: Name, other: Name) -> NameMatch:
    """Compare two names; their order matters only for which side of a pair is which. A name without parts fits none."""
    if not one.parts or not other.parts:
        return NO_MATCH
    if one.text <= other.text:
        return _compare(one, other)
    match = _compare(other, one)
    return NameMatch(match.score, _turned(match.pairs))


class _Found(NamedTuple):
    """The score of two names, the parts that were compared, the ties that make it, and the match that is better.

    That is one of all words of both names: where one of them is in one word, or they are compared by their syllables.
    """

    score: float
    ones: Sequence[Part]
    others: Sequence[Part]
    taken: Sequence[Tie] = ()
    together: NameMatch | None = None


def _compare(one: Name, other: Name) -> NameMatch:
    score, ones, others, taken, together = _found(one, other, Effort(A_PAIR))
    return together or NameMatch(score, _pairs(ones, others, taken))


def _found(one: Name, other: Name, effort: Effort) -> _Found:
    """Compare names as they are written, and one that Russian writes by rules of its own as what it may be as well."""
    found = _by_parts(one.parts, other.parts, effort)
    if one.latin or one.korean or other.latin or other.korean:
        return max((found, *_read_from_russian(one, other, effort)), key=lambda each: each.score)
    return found


def _read_from_russian(one: Name, other: Name, effort: Effort) -> Iterator[_Found]:
    """Compare what a name in Cyrillic may be with a name in another script; of Korean ones also two in Cyrillic."""
    if one.korean and other.korean:
        yield _in_one(one, other, float(are_one(one.korean, other.korean)))
    if _is_cyrillic(one) and _is_cyrillic(other):
        return
    for reading in one.latin:
        yield from _reading(one, other, reading, effort)
    for reading in other.latin:
        yield from (_turned_found(found) for found in _reading(other, one, reading, effort))
    if one.korean or other.korean:
        ways, words = (one.korean, other.parts) if one.korean else (other.korean, one.parts)
        yield _in_one(one, other, as_korean(ways, words, effort))


def _reading(one: Name, other: Name, reading: Reading, effort: Effort) -> Iterator[_Found]:
    """Compare one of the readings of a name with another name: strictly, where its letters or characters tell all."""
    scripts = {part.script for part in other.parts}
    is_chinese = reading.language is Language.CHINESE
    is_whole = bool(reading.syllables) or not is_chinese
    if scripts == {"Latn"} and is_whole:
        yield _in_one(one, other, float(is_spelt(reading, other.parts)))
    elif scripts == {"Hani"} and is_whole:
        yield _in_one(one, other, float(is_written(reading, other.parts)))
    elif is_chinese and len(scripts) == 1 and scripts <= {"Hang", "Latn"}:
        yield _as_read(_by_parts(reading.words, other.parts, effort))


def _is_cyrillic(name: Name) -> bool:
    return any(one.script == "Cyrl" for one in name.parts)


def _as_read(found: _Found) -> _Found:
    return found._replace(
        score=round(READ * found.score, DIGITS),
        taken=[tie._replace(rule=Rule.ROMANISATION) if tie.rule is Rule.SAME else tie for tie in found.taken],
        together=found.together and found.together._replace(score=round(READ * found.score, DIGITS)),
    )


def _in_one(one: Name, other: Name, level: float) -> _Found:
    score = round(READ * level, DIGITS)
    return _Found(score, (), (), (), _together(one.parts, other.parts, score))


def _by_parts(ones: Sequence[Part], others: Sequence[Part], effort: Effort) -> _Found:
    """Give the score, the ties that make it, and the match that is better where one of the names is in one word."""
    taken = paired(ties(ones, others, effort))
    score = _judged(ones, others, taken)
    if score and are_of_two_sexes(ones, others, taken):
        return _Found(round(OTHER_SEX * score, DIGITS), ones, others, taken)
    if len(ones) > 1 and len(others) > 1:
        read = as_romanised(ones, others, score)
        return _Found(read, ones, others, taken, _together(ones, others, read) if read > score else None)
    together = None
    if len(ones) == 1 and (better := unparted(ones, others, score, effort)):
        score, together = better.score, better
    if len(others) == 1 and (better := unparted(others, ones, score, effort)):
        score, together = better.score, NameMatch(better.score, _turned(better.pairs))
    return _Found(score, ones, others, taken, together)


def _turned_found(found: _Found) -> _Found:
    score, ones, others, taken, together = found
    turned = [tie._replace(ones=tie.others, others=tie.ones) for tie in taken]
    return _Found(score, others, ones, turned, together and NameMatch(score, _turned(together.pairs)))


def _together(ones: Sequence[Part], others: Sequence[Part], score: float) -> NameMatch:
    """Give a match that all words of both names make, not one by one."""
    mine, theirs = (" ".join(part.text for part in parts) for parts in (ones, others))
    return NameMatch(score, (Pair(mine, theirs, round(score, 3), Rule.ROMANISATION),))


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
