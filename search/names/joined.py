"""This module finds words of one name that the other name writes in one: `Ali Reza` and `Alireza`, either way round."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance.Indel import normalized_similarity as ratio

from search.names.alike import NOT_ALIKE, across, alike
from search.names.effort import JOIN, MAKE, Effort
from search.names.given import DOUBTFUL, most_in_han
from search.names.korean import most_in_korean
from search.names.part import part, simply
from search.names.parts import Kind, Part
from search.names.units import ABJADS, SYLLABIC

SURE = 0.9  # a part that is more like another, and no initial of it, is not joined with its neighbour
LEAST_JOINED = 0.75
LETTERS_OTHER = 3  # classes of consonants that only one of the two has
BONES_MORE = 2  # consonants that two words may have more or less than the one that they make
LEAST_BONES = 2  # a single consonant is no joined word
LEAST_HALF = 2  # letters; an initial is no half of a word
NEAR_JOINED = 0.6  # of letters in common, below which joined words are not looked at

Places = tuple[int, ...]


class _Run(NamedTuple):
    """Neighbours that may be written in one word: their places, and what tells quickly that they are another word.

    `size` is how many letters they have, `bones` how many consonants, `letters` the classes of these.
    """

    places: Places
    halves: Sequence[Part]
    size: int
    bones: int
    letters: int


def joined(
    ones: Sequence[Part], others: Sequence[Part], best_one: Sequence[float], best_other: Sequence[float], effort: Effort
) -> Iterator[tuple[int, Places, float, float]]:
    """Join neighbours of `others` where that is more like a word of `ones` than either is alone.

    Args:
        ones: the parts of one name.
        others: those of the other, at least two.
        best_one: how alike each of `ones` is to the one of `others` that it is most like.
        best_other: the same the other way round.
        effort: what may be spent on it; where it is spent, only words that are written alike are joined.

    Yields:
        The place of the one, the places of its halves, what all of them weigh, and how alike they are.
    """
    for run in _runs(others, best_other):
        for i, one in enumerate(ones):
            best = best_one[i]
            if best > SURE:
                continue
            if len(one.latin) == run.size and one.latin == "".join(half.latin for half in run.halves):
                likeness = 1.0
            elif best == SURE:
                continue
            else:
                likeness = _likeness(one, run.halves, effort) if _may_be(one, run) else 0.0
                if one.arabic or any(half.arabic for half in run.halves):
                    likeness = max(likeness, _in_arabic(one, run, effort))
            if likeness >= LEAST_JOINED and likeness > best:
                yield i, run.places, one.mass + sum(half.mass for half in run.halves), likeness


def _runs(parts: Sequence[Part], best: Sequence[float]) -> Iterator[_Run]:
    """Give what may be written in one word: two neighbours, or two particles with their word, unless all are sure."""
    for place in range(len(parts) - 1):
        if best[place] <= SURE or best[place + 1] <= SURE:
            yield _run((place, place + 1), parts)
        if parts[place].kind is Kind.PARTICLE and parts[place + 1].kind is Kind.PARTICLE and place + 2 < len(parts):
            places = (place, place + 1, place + 2)
            if min(best[place : place + 3]) <= SURE:
                yield _run(places, parts)


def _run(places: Places, parts: Sequence[Part]) -> _Run:
    halves = parts[places[0] : places[-1] + 1]
    size = bones = letters = 0
    for half in halves:
        size += len(half.latin)
        bones += len(half.bones)
        letters |= half.letters
    return _Run(places, halves, size, bones, letters if all(half.letters for half in halves) else 0)


def _in_arabic(one: Part, run: _Run, effort: Effort) -> float:
    """Join words of a zone as the Arabic ones that it may have written: ELY RXDZA and Alireza."""
    meant = [half.arabic or half for half in run.halves]
    word, run = one.arabic or one, _run(tuple(range(len(meant))), meant)
    return _likeness(word, run.halves, effort) if _may_be(word, run) else 0.0


def _may_be(one: Part, run: _Run) -> bool:
    """Tell quickly, by how many consonants they have and which, that words are no halves of another."""
    bones = len(one.bones)
    if bones < LEAST_BONES or (abs(run.bones - bones) > BONES_MORE and one.script != "Hani"):
        return False
    return not (run.letters and one.letters) or (run.letters ^ one.letters).bit_count() <= LETTERS_OTHER


def _likeness(one: Part, halves: Sequence[Part], effort: Effort) -> float:
    first, second = halves[0], halves[-1]
    if not first.native and not second.native:
        head = first.latin if len(halves) == 2 else "".join(half.latin for half in halves[:-1])  # noqa: PLR2004
        return _latin(one, head, second.latin, effort)
    if first.script != second.script:
        return 0.0
    if not one.native:
        ways = ((first, second), (second, first), (first, second.article or second))
        return max(_read(way, one.latin, effort) for way in dict.fromkeys(ways))
    if first.script == one.script:
        return max(_made(one, word, effort) for word in (first.text + second.text, second.text + first.text))
    return 0.0 if SYLLABIC & {one.script, first.script} else _of_two_scripts(one, first, second, effort)


def _of_two_scripts(one: Part, first: Part, second: Part, effort: Effort) -> float:
    """Read a word as two of another script, or the two as the word: Насралла, نصر and الله.

    It is read in the letters of those that do not write vowels, for in Latin ones these would be missing.
    """
    ways = dict.fromkeys(((first, second), (second, first), (first, second.article or second)))
    if first.script in ABJADS:
        return max(_read(way, latin, effort) for latin in dict.fromkeys((one.latin, _simply(one))) for way in ways)
    latin = dict.fromkeys("".join(map(spelling, way)) for way in ways for spelling in (_usually, _simply))
    return max(_read((one,), way, effort) for way in latin)


def _usually(word: Part) -> str:
    return word.latin


def _simply(word: Part) -> str:
    return simply(word).latin


def _latin(one: Part, first: str, second: str, effort: Effort) -> float:
    orders = first + second, second + first
    if one.native:
        likeness = max(_read((one,), order, effort) for order in orders)
        if likeness > DOUBTFUL and one.script == "Hani":
            return min(likeness, most_in_han(one, (first, second), effort))
        if likeness > DOUBTFUL and one.script == "Hang":
            return min(likeness, max(most_in_korean(one, order, effort, are_parted=True) for order in orders))
        return likeness
    if min(len(first), len(second)) < LEAST_HALF:
        return 0.0
    near = [order for order in orders if ratio(one.latin, order) >= NEAR_JOINED]
    return max((_made(one, order, effort) for order in near), default=0.0)


def _read(native: tuple[Part, ...], latin: str, effort: Effort) -> float:
    likeness = across(native, latin, LEAST_JOINED) if effort.spend(JOIN) else NOT_ALIKE
    effort.left -= likeness.steps
    return likeness.level


def _made(one: Part, word: str, effort: Effort) -> float:
    likeness = alike(one, part(word, Kind.PLAIN)) if effort.spend(MAKE) else NOT_ALIKE
    effort.left -= likeness.steps
    return likeness.level
