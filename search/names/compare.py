"""This module compares two parsed names, in any scripts, and gives its reasons. It is pure.

Parts are paired off, in any order, each with the one it is most like; neighbours are joined where that is better. What
both names leave over contradicts; what only one of them has more is held against it little, for names are often given
in part.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache, reduce
from operator import or_
from typing import NamedTuple

from rapidfuzz.distance.Indel import normalized_similarity as ratio

from search.names.alike import NOT_ALIKE, Likeness, Rule, across, alike, family_spellings
from search.names.data import SECOND_READING
from search.names.part import part
from search.names.parts import Kind, Name, Part
from search.names.units import SYLLABIC

THRESHOLD = 0.77
"""From here on two names may be one person's. `docs/names.md` tells how it was found."""

# Found on one half of the judged pairs (by hash of the pair), confirmed on the other: `docs/names.md`.
CONFLICT = 2.75  # what both names leave over counts so much as what agrees
EXTRA = 0.15  # what one name has more
POWER = 2.0  # half alike is far less than half the evidence
OTHER_GENERATION = 0.8  # a father's name that is the other's own name
SURE = 0.9  # a part that is more like another, and no initial of it, is not joined with its neighbour
LEAST_JOINED = 0.75
LEAST_LEFT_OVER = 0.4  # score of words one by one, from which on one word may be left over by a name in one word
LETTERS_OTHER = 3  # classes of consonants that only one of the two has
BONES_MORE = 2  # consonants that two words may have more or less than the one that they make
NEAR_JOINED = 0.6  # of letters in common, below which joined words are not looked at


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
    for mine, theirs in ((ones, others), (others, ones)):
        together = _written_together(mine, theirs, match.score)
        if together is not None and together.score > match.score:
            turned = (Pair(p.other, p.one, p.likeness, p.rule) for p in together.pairs)
            match = NameMatch(together.score, together.pairs if mine is ones else tuple(turned))
    return match


def _text(parts: Sequence[Part]) -> str:
    return parts[0].text if len(parts) == 1 else " ".join(part.text for part in parts)


def _written_together(ones: Sequence[Part], others: Sequence[Part], parted: float) -> NameMatch | None:
    """Compare a name that is written without spaces, as in Han and Hangul, with all Latin words, each way round.

    Where the words one by one (`parted`) have told that there is something to it, one word may be left over: a foreign
    given name that stands with a Chinese name in Latin letters alone.
    """
    whole = ones[0]
    if len(ones) != 1 or whole.script not in SYLLABIC or len(whole.slots) == 1 or any(one.native for one in others):
        return None
    words = [one for one in others if one.kind is not Kind.TITLE]
    best = _as_one(whole, words, others, None)
    if parted >= LEAST_LEFT_OVER and len(words) > 2:  # noqa: PLR2004  a family and a given name at least
        for place, left in enumerate(words):
            best = max(best, _as_one(whole, words[:place] + words[place + 1 :], others, left))
    return best


def _as_one(whole: Part, words: Sequence[Part], others: Sequence[Part], left: Part | None) -> NameMatch:
    likeness, rule = NOT_ALIKE
    for order, price in _orders(whole, [one.latin for one in words]):
        read, how = across((whole,), order)
        if read - price > likeness:
            likeness, rule = read - price, how
    if left is None:
        return NameMatch(round(likeness, 4), (Pair(whole.text, _text(others), round(likeness, 3), rule),))
    if likeness < SURE:  # the word that is left over may be the family name
        return NO_MATCH
    mass = sum(one.mass for one in words)
    pairs = Pair(whole.text, _text(words), round(likeness, 3), rule), Pair("", left.text, 0.0, Rule.MISSING)
    return NameMatch(round(likeness * mass / (mass + EXTRA * left.mass), 4), pairs)


def _orders(whole: Part, words: Sequence[str]) -> Iterator[tuple[str, float]]:
    """Join words as they stand, with the last first and with the first last.

    A Korean family name may be spelt as its bearers do instead; that costs what any rarer reading does.
    """
    family, usual = family_spellings(whole.text[0]) if whole.script == "Hang" else ((), "")
    orders = (words, (*words[-1:], *words[:-1]), (*words[1:], *words[:1]))
    for order in orders:
        yield "".join(order), 0.0
        if order[:1] and order[0] in family:
            yield "".join((usual, *order[1:])), SECOND_READING / whole.span


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
        if len(theirs) > 1 and min(my_best) <= SURE:
            ties += _joined(mine, theirs, my_best, their_best, turned=turned)
    return ties


def _tell_fathers(parts: Sequence[Part]) -> bool:
    return any(one.kind is Kind.PATRONYMIC for one in parts)


def _joined(
    ones: Sequence[Part], others: Sequence[Part], best_one: list[float], best_other: list[float], *, turned: bool
) -> Iterable[_Tie]:
    """Join two neighbours of `others` where that is more like a word of `ones` than either is alone."""
    neighbours = [each for each in _neighbours(tuple(others)) if any(best_other[place] <= SURE for place in each[0])]
    for i, one in enumerate(ones):
        bones = len(one.bones)
        if best_one[i] > SURE:
            continue
        for places, mine, text, together, letters in neighbours:
            if one.latin == text:
                yield _joint(one, mine, i, places, 1.0, turned=turned)
                continue
            if best_one[i] >= SURE or bones < 2:  # noqa: PLR2004  a single consonant is no joined word
                continue
            if abs(together - bones) > BONES_MORE and one.script != "Hani":
                continue
            if letters and one.letters and (letters ^ one.letters).bit_count() > LETTERS_OTHER:
                continue
            likeness, _ = _join(one, mine)
            if likeness >= LEAST_JOINED and likeness > best_one[i]:
                yield _joint(one, mine, i, places, likeness, turned=turned)


def _joint(one: Part, mine: Sequence[Part], i: int, places: tuple[int, ...], likeness: float, *, turned: bool) -> _Tie:
    loss = -likeness * (one.mass + sum(part.mass for part in mine))
    one_side, other_side = (places, (i,)) if turned else ((i,), places)
    return _Tie(loss, one_side, other_side, likeness, Rule.JOINED)


@lru_cache(maxsize=512)
def _neighbours(parts: tuple[Part, ...]) -> list[tuple[tuple[int, ...], Sequence[Part], str, int, int]]:
    """Give what may be written in one word: two neighbours, or two particles with their word.

    Each with its places, its parts, its letters in one word, the number and the classes of its consonants.
    """
    runs: list[tuple[int, ...]] = [(place, place + 1) for place in range(len(parts) - 1)]
    runs += [
        (place, place + 1, place + 2)
        for place in range(len(parts) - 2)
        if parts[place].kind is Kind.PARTICLE and parts[place + 1].kind is Kind.PARTICLE
    ]
    found: list[tuple[tuple[int, ...], Sequence[Part], str, int, int]] = []
    for run in runs:
        mine = parts[run[0] : run[-1] + 1]
        letters = reduce(or_, (one.letters for one in mine)) if all(one.letters for one in mine) else 0
        found.append((run, mine, "".join(one.latin for one in mine), sum(len(one.bones) for one in mine), letters))
    return found


def _join(one: Part, mine: Sequence[Part]) -> Likeness:
    first, *_, second = mine
    if not first.native and not second.native:
        return _join_latin(one, "".join(part.latin for part in mine[:-1]), second.latin)
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
