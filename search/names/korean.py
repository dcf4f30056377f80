"""This module tells of a Korean name in Hangul what makes its given name another one, however alike all of it is."""

import math
from collections.abc import Sequence
from functools import lru_cache

from search.names import data
from search.names.effort import Effort
from search.names.given import DOUBTFUL
from search.names.part import part, unknown
from search.names.parts import Kind, Part
from search.names.spelling import SLIP, VOWEL, Slot, cost, steps
from search.names.syllables import begins_with_h, is_spelt_with_h, korean_families, southern
from search.names.units import units

KOREAN = 3  # syllables of nearly all Korean names: one of the family, two of the given name
ANOTHER = 0.25  # likeness of a syllable, below which it is another one: nothing of it is as it is written
A_LETTER = 0.8
"""What a syllable may cost, in letters, whose letters are all spelt as Koreans do; a vowel more is half a letter."""


def most_in_korean(whole: Part, latin: str, effort: Effort, *, are_parted: bool) -> float:
    """Tell how alike a Korean name can be at most, where one syllable is another one: that may be somebody's brother.

    Over the whole name one wrong syllable of three is little. By itself it is nothing like what is written, or has a
    letter that no Korean spells so: Ji Sun is no Ji Sung. It is looked for among the two last, however the Latin
    letters are parted: families spell their name as they like, but for what is a spelling of others alone. A foreign
    word is bent: what has no Korean family name, or is one word in Latin letters too (`are_parted` is false), is read
    as it may be bent.
    """
    if whole.script != "Hang" or len(whole.text) != KOREAN:
        return 1.0
    is_korean = are_parted and whole.text[0] in data.surnames()
    slots = _as_koreans_spell if is_korean else _as_bent
    family, first, second = map(slots, whole.text)
    aspirated = [begins_with_h(syllable) for syllable in whole.text[1:]]
    cheapest, amiss, worst, bears_another = math.inf, 0.0, 0.0, False
    for end in range(1, len(latin) - 1):
        head = _price(family, latin[:end], effort)
        for middle in range(end + 1, len(latin)):
            prices = _price(first, latin[end:middle], effort), _price(second, latin[middle:], effort)
            strays = _strays(aspirated, latin, end, middle) if is_korean else (0.0, 0.0)
            total = head + sum(prices) + sum(strays)
            if total < cheapest:
                cheapest = total
                bears_another = is_korean and _is_of_others(whole.text[0], latin[:end])
                amiss = max(price + stray for price, stray in zip(prices, strays, strict=True))
                worst = max(price / max(1, len(one)) for price, one in zip(prices, (first, second), strict=True))
    if worst > 1 - ANOTHER:
        return 0.0
    return DOUBTFUL if bears_another or (is_korean and amiss > A_LETTER) else 1.0


def _is_of_others(family: str, spelling: str) -> bool:
    """Tell whether a spelling stands for other family names alone: Lim is no 김. North and south are one (림, 임)."""
    meant = korean_families().get(spelling, frozenset())
    return bool(meant) and southern(family) not in map(southern, meant)


def _strays(aspirated: Sequence[bool], latin: str, end: int, middle: int) -> tuple[float, float]:
    """Give for both syllables of a given name what it costs that one begins with an h and the other writes none.

    `aspirated` tells of both syllables whether Hangul begins them with one; they are spelt from `end` and from `middle`
    on.
    """
    spelt = latin[:end], latin[end:middle], latin[middle:]
    first, second = (
        is_spelt_with_h(text, before) is not is_h
        for is_h, before, text in zip(aspirated, spelt[:-1], spelt[1:], strict=True)
    )
    return SLIP * first, SLIP * second


def _price(slots: tuple[Slot, ...], latin: str, effort: Effort) -> float:
    """Give what it costs to read letters as a syllable."""
    effort.left -= steps(slots, latin)
    return cost(slots, latin, math.inf, VOWEL)


@lru_cache(maxsize=4_096)
def _as_koreans_spell(syllable: str) -> tuple[Slot, ...]:
    known = data.by_hand()
    return tuple(known.get(unit) or unknown(unit) for unit in units(syllable))


def _as_bent(syllable: str) -> tuple[Slot, ...]:
    return part(syllable, Kind.PLAIN).slots
