"""This module compares two parsed names, in any scripts, and gives its reasons. It is pure.

Parts are paired off, in any order, each with the one it is most like; neighbours are joined where that is better. What
both names leave over contradicts; what only one of them has more is held against it little, for names are often given
in part.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from search.names.alike import LEAST, NOT_ALIKE, Likeness, Rule, across, alike
from search.names.parts import Name, Part

THRESHOLD = 0.77
CONFLICT = 2.75
EXTRA = 0.15
POWER = 2.0
_SYLLABIC = frozenset({"Hang", "Hani", "Kana"})
_SURE = 0.9  # parts so much alike are not joined with others


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parts that stand for each other, or one that has no other (then the other text is empty)."""

    one: str
    other: str
    likeness: float
    rule: Rule


@dataclass(frozen=True, slots=True)
class NameMatch:
    """How much alike two names are, between 0 and 1, and the pairs of parts that say why."""

    score: float
    pairs: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class _Tie:
    gain: float
    likeness: float
    rule: Rule
    ones: tuple[int, ...]
    others: tuple[int, ...]


NO_MATCH = NameMatch(0.0, ())


def compare(one: Name, other: Name) -> NameMatch:
    """Compare two names; the order of the two does not matter but for which side of a pair is which."""
    if not one.parts or not other.parts:
        return NO_MATCH
    if one.text <= other.text:
        return _compare(one.parts, other.parts)
    match = _compare(other.parts, one.parts)
    return NameMatch(match.score, tuple(Pair(p.other, p.one, p.likeness, p.rule) for p in match.pairs))


def _compare(ones: Sequence[Part], others: Sequence[Part]) -> NameMatch:
    written_together = _whole(ones, others) or _whole(others, ones)
    taken, left, right = _paired(ones, others)
    match = _judged(ones, others, taken, left, right)
    if written_together is not None and written_together[0] > match.score:
        pair = Pair(_text(ones), _text(others), round(written_together[0], 3), written_together[1])
        return NameMatch(round(written_together[0], 4), (pair,))
    return match


def _text(parts: Sequence[Part]) -> str:
    return " ".join(part.text for part in parts)


def _whole(ones: Sequence[Part], others: Sequence[Part]) -> Likeness | None:
    """Compare a name that is written without spaces, as in Han and Hangul, with all Latin words in their orders."""
    if len(ones) != 1 or ones[0].script not in _SYLLABIC or len(ones[0].slots) < 2 or any(p.native for p in others):  # noqa: PLR2004
        return None
    words = [part.latin for part in others]
    orders = {"".join(words), "".join(words[-1:] + words[:-1]), "".join(words[1:] + words[:1])}
    return max(across(tuple(ones), order) for order in sorted(orders))


def _paired(ones: Sequence[Part], others: Sequence[Part]) -> tuple[list[_Tie], set[int], set[int]]:
    left, right = set(range(len(ones))), set(range(len(others)))
    taken = []
    for tie in sorted(_ties(ones, others), key=lambda tie: (-tie.gain, tie.ones, tie.others)):
        if left.issuperset(tie.ones) and right.issuperset(tie.others):
            left.difference_update(tie.ones)
            right.difference_update(tie.others)
            taken.append(tie)
    return taken, left, right


def _ties(ones: Sequence[Part], others: Sequence[Part]) -> Iterator[_Tie]:
    best_one, best_other = [0.0] * len(ones), [0.0] * len(others)
    for i, one in enumerate(ones):
        for j, other in enumerate(others):
            likeness, rule = alike(one, other)
            if likeness >= LEAST:
                best_one[i], best_other[j] = max(best_one[i], likeness), max(best_other[j], likeness)
                yield _Tie(likeness * (_weight(one) + _weight(other)), likeness, rule, (i,), (j,))
    yield from _joined(ones, others, best_one, best_other, False)
    yield from _joined(others, ones, best_other, best_one, True)


def _joined(ones: Sequence[Part], others: Sequence[Part], best_one: list[float], best_other: list[float], turned: bool) -> Iterator[_Tie]:
    """Join two neighbours of `others` where a word of `ones` has no good equal."""
    for i, one in enumerate(ones):
        if best_one[i] >= _SURE or len(one.latin) < 4:
            continue
        for j in range(len(others) - 1):
            a, b = others[j], others[j + 1]
            if best_other[j] >= _SURE and best_other[j + 1] >= _SURE:
                continue
            likeness, _ = join(one, a, b)
            if likeness >= 0.75 and likeness > max(best_one[i], 0):
                gain = likeness * (_weight(one) + _weight(a) + _weight(b))
                places = (i,), (j, j + 1)
                yield _Tie(gain, likeness, Rule.JOINED, *(places[::-1] if turned else places))


def join(one: Part, first: Part, second: Part) -> Likeness:
    from rapidfuzz.distance import OSA
    if not one.native and not first.native and not second.native:
        size = len(first.latin) + len(second.latin)
        if abs(size - len(one.latin)) > 0.3 * size:
            return NOT_ALIKE
        return max(OSA.normalized_similarity(one.latin, x) for x in (first.latin + second.latin, second.latin + first.latin)), Rule.JOINED
    if one.native and not first.native and not second.native:
        return max(across((one,), x) for x in (first.latin + second.latin, second.latin + first.latin))
    if not one.native and first.native and second.native:
        return max(across(x, one.latin) for x in ((first, second), (second, first)))
    return NOT_ALIKE


def _weight(part: Part) -> float:
    return part.weight * (0.5 + 0.5 * min(len(part.latin), 6) / 6)


def _judged(ones, others, taken, left, right) -> NameMatch:
    agreed = matched = 0.0
    pairs = []
    for tie in taken:
        weight = max(sum(_weight(ones[i]) for i in tie.ones), sum(_weight(others[j]) for j in tie.others), 0.05)
        agreed += weight * tie.likeness**POWER
        matched += weight
        pairs.append(Pair(_text([ones[i] for i in tie.ones]), _text([others[j] for j in tie.others]), round(tie.likeness, 3), tie.rule))
    missing_one = sum(_weight(ones[i]) for i in left)
    missing_other = sum(_weight(others[j]) for j in right)
    conflict = min(missing_one, missing_other)
    extra = abs(missing_one - missing_other)
    pairs += [Pair(ones[i].text, "", 0.0, Rule.MISSING) for i in sorted(left)]
    pairs += [Pair("", others[j].text, 0.0, Rule.MISSING) for j in sorted(right)]
    total = matched + CONFLICT * conflict + EXTRA * extra
    return NameMatch(round(agreed / total, 4) if total else 0.0, tuple(pairs))
