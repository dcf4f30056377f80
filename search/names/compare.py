"""This module compares two parsed names, in any scripts, and gives its reasons. It is pure.

Parts are paired off, in any order, each with the one it is most like; neighbours are joined where that is better. What
both names leave over contradicts; what only one of them has more is held against it little, for names are often given
in part.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import NamedTuple

from rapidfuzz.distance.Indel import normalized_similarity as ratio

from search.names.alike import NOT_ALIKE, Likeness, Rule, across, alike
from search.names.part import part
from search.names.parts import Kind, Name, Part

THRESHOLD = 0.77
"""From here on two names may be one person's. `docs/names.md` tells how it was found."""

# Found on one half of the judged pairs (by hash of the pair), confirmed on the other: `docs/names.md`.
CONFLICT = 2.75  # what both names leave over counts so much as what agrees
EXTRA = 0.15  # what one name has more
POWER = 2.0  # half alike is far less than half the evidence
OTHER_GENERATION = 0.8  # a father's name that is the other's own name
SURE = 0.9  # a part that is so much like another is not joined with its neighbour
LEAST_JOINED = 0.75
BONES_MORE = 2  # consonants that two words may have more or less than the one that they make
NEAR_JOINED = 0.6  # of letters in common, below which joined words are not looked at
_SYLLABIC = frozenset({"Hang", "Hani", "Kana"})


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


class _Tie(NamedTuple):
    """A possible pair, sorted by what it gains: minus the gain, the places of its parts, and how they are alike."""

    loss: float
    ones: tuple[int, ...]
    others: tuple[int, ...]
    likeness: float
    rule: Rule


NO_MATCH = NameMatch(0.0, ())


def compare(one: Name, other: Name) -> NameMatch:
    """Compare two names; their order matters only for which side of a pair is which. A name without parts fits none."""
    if not one.parts or not other.parts:
        return NO_MATCH
    if one.text <= other.text:
        return _compare(one.parts, other.parts)
    match = _compare(other.parts, one.parts)
    return NameMatch(match.score, tuple(Pair(p.other, p.one, p.likeness, p.rule) for p in match.pairs))


def _compare(ones: Sequence[Part], others: Sequence[Part]) -> NameMatch:
    match = _judged(ones, others, _paired(_ties(ones, others)))
    together = _written_together(ones, others) or _written_together(others, ones)
    if together is not None and together[0] > match.score:
        likeness, rule = together
        return NameMatch(round(likeness, 4), (Pair(_text(ones), _text(others), round(likeness, 3), rule),))
    return match


def _text(parts: Sequence[Part]) -> str:
    return parts[0].text if len(parts) == 1 else " ".join(part.text for part in parts)


def _written_together(ones: Sequence[Part], others: Sequence[Part]) -> Likeness | None:
    """Compare a name that is written without spaces, as in Han and Hangul, with all Latin words, each way round."""
    whole = ones[0]
    if len(ones) != 1 or whole.script not in _SYLLABIC or len(whole.slots) == 1 or any(one.native for one in others):
        return None
    words = [one.latin for one in others if one.kind is not Kind.TITLE]
    orders = {"".join(words), "".join(words[-1:] + words[:-1]), "".join(words[1:] + words[:1])}
    return max(across((whole,), order) for order in sorted(orders))


def _ties(ones: Sequence[Part], others: Sequence[Part]) -> list[_Tie]:
    ties: list[_Tie] = []
    best_one, best_other = [0.0] * len(ones), [0.0] * len(others)
    generations = _tell_fathers(ones) and _tell_fathers(others)
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            found = alike(one, other)
            if found is NOT_ALIKE:
                continue
            likeness, rule = found
            if generations and (one.kind is Kind.PATRONYMIC) is not (other.kind is Kind.PATRONYMIC):
                likeness *= OTHER_GENERATION
            best_one[i], best_other[j] = max(best_one[i], likeness), max(best_other[j], likeness)
            ties.append(_Tie(-likeness * (one.mass + other.mass), (i,), (j,), likeness, rule))
    for turned, mine, theirs, my_best, their_best in (
        (False, ones, others, best_one, best_other),
        (True, others, ones, best_other, best_one),
    ):
        if len(theirs) > 1 and min(my_best) < SURE:
            ties += _joined(mine, theirs, my_best, their_best, turned=turned)
    return ties


def _tell_fathers(parts: Sequence[Part]) -> bool:
    return any(one.kind is Kind.PATRONYMIC for one in parts)


def _joined(
    ones: Sequence[Part], others: Sequence[Part], best_one: list[float], best_other: list[float], *, turned: bool
) -> Iterable[_Tie]:
    """Join two neighbours of `others` where that is more like a word of `ones` than either is alone."""
    neighbours = [
        (j, first, second, len(first.bones) + len(second.bones))
        for j, (first, second) in enumerate(pairwise(others))
        if best_other[j] < SURE or best_other[j + 1] < SURE
    ]
    for i, one in enumerate(ones):
        bones = len(one.bones)
        if best_one[i] >= SURE or bones < 2:  # noqa: PLR2004  a single consonant is no joined word
            continue
        for j, first, second, both in neighbours:
            if abs(both - bones) > BONES_MORE and one.script != "Hani":
                continue
            likeness, _ = _join(one, first, second)
            if likeness >= LEAST_JOINED and likeness > best_one[i]:
                loss = -likeness * (one.mass + first.mass + second.mass)
                if turned:
                    yield _Tie(loss, (j, j + 1), (i,), likeness, Rule.JOINED)
                else:
                    yield _Tie(loss, (i,), (j, j + 1), likeness, Rule.JOINED)


def _join(one: Part, first: Part, second: Part) -> Likeness:
    if not first.native and not second.native:
        return _join_latin(one, first.latin, second.latin)
    if first.script == second.script and not one.native:
        return max(across((first, second), one.latin), across((second, first), one.latin))
    if first.script == second.script == one.script:
        return max(alike(one, part(word, Kind.PLAIN)) for word in (first.text + second.text, second.text + first.text))
    return NOT_ALIKE


def _join_latin(one: Part, first: str, second: str) -> Likeness:
    orders = (first + second, second + first)
    if one.native:
        return max(across((one,), order) for order in orders)
    if min(len(first), len(second)) < 2:  # noqa: PLR2004  an initial is no half of a word
        return NOT_ALIKE
    near = (order for order in orders if ratio(one.latin, order) >= NEAR_JOINED)
    return max((alike(one, part(order, Kind.PLAIN)) for order in near), default=NOT_ALIKE)


def _paired(ties: list[_Tie]) -> list[_Tie]:
    """Take the pairs that gain most, each part once."""
    if len(ties) > 1:
        ties.sort()
    left: set[int] = set()
    right: set[int] = set()
    taken = []
    for tie in ties:
        if left.isdisjoint(tie.ones) and right.isdisjoint(tie.others):
            left.update(tie.ones)
            right.update(tie.others)
            taken.append(tie)
    return taken


def _judged(ones: Sequence[Part], others: Sequence[Part], taken: list[_Tie]) -> NameMatch:
    """Weigh what agrees against what is left over."""
    agreed = matched = 0.0
    free_ones, free_others = dict(enumerate(ones)), dict(enumerate(others))
    pairs = []
    for _, places, other_places, likeness, rule in taken:
        mine = [free_ones.pop(place) for place in places]
        theirs = [free_others.pop(place) for place in other_places]
        mass = max(sum(one.mass for one in mine), sum(one.mass for one in theirs))
        agreed += mass * likeness**POWER
        matched += mass
        pairs.append(Pair(_text(mine), _text(theirs), round(likeness, 3), rule))
    left = sum(one.mass for one in free_ones.values())
    right = sum(one.mass for one in free_others.values())
    pairs += [Pair(one.text, "", 0.0, Rule.MISSING) for one in free_ones.values()]
    pairs += [Pair("", one.text, 0.0, Rule.MISSING) for one in free_others.values()]
    total = matched + CONFLICT * min(left, right) + EXTRA * abs(left - right)
    return NameMatch(round(agreed / total, 4) if total else 0.0, tuple(pairs))
