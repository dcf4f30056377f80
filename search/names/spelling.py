"""This module compares a word in its own script with a word in Latin letters, unit by unit.

A romanised string throws away what the script knows. Here every unit of the native word (a letter, a jamo, a mora, a
character) keeps all the spellings that it may take, each with a cost, and the cheapest way to read the Latin word as
these units is sought (an edit distance over lattices, after Wagner and Fischer, 1974). A cost is measured in letters: 0
for the usual spelling, 1 for a letter that has no place.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

SLIP = 1.0  # a unit that is spelt by a letter that it never takes
SKIP = 0.9  # a unit that is not spelt at all
EXTRA = 0.95  # a letter that no unit asks for
EXTRA_DOUBLE = 0.15  # the same letter once more
VOWEL_UNWRITTEN, VOWEL, VOWEL_IN_LATIN = 0.12, 0.45, 0.6
"""What a vowel costs that no unit asks for: next to nothing where a script does not write vowels, else half of what a
consonant costs, for romanisations differ in vowels most; between two Latin words, both of which write theirs, more.
By hand."""
EXTRA_H = 0.4  # an h, which many romanisations write to tell sounds apart
ROUNDING = 1e-9  # by which a sum of costs, or a limit, may differ from what it would be in whole numbers
VOWELS = frozenset("aeiouy")
_A = ord("a")


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """The spellings of one unit.

    Attributes:
        skip: what it costs not to write the unit.
        starts: by first letter the spellings, their lengths and costs.
        most: what it costs where no letter fits it.
        firsts: the letters that its spellings begin with, as bits, each with its cheapest spelling; the cheapest first.
        letters: the consonants of all its spellings, as bits, but of those that cost as much as letters without place.
        size: the length of its usual spelling, in letters.
    """

    skip: float
    starts: Mapping[str, tuple[tuple[str, int, float], ...]]
    most: float
    firsts: tuple[tuple[int, float], ...]
    letters: int
    size: int


def slot(prices: Mapping[str, float], skip: float = SKIP) -> Slot:
    """Make the slot of a unit from its spellings and their costs; the empty spelling is that it is not written.

    Not to write it costs `skip` at most.
    """
    starts: dict[str, list[tuple[str, int, float]]] = {}
    for spelling, price in prices.items():
        if spelling:
            starts.setdefault(spelling[0], []).append((spelling, len(spelling), price))
    usual = min(prices, key=lambda spelling: (prices[spelling], spelling), default="")
    skip = min(skip, prices.get("", skip))
    return Slot(
        skip=skip,
        most=min(skip, SLIP),
        starts={first: tuple(spellings) for first, spellings in starts.items()},
        firsts=_firsts(starts),
        letters=mask("".join(one for one, price in prices.items() if price < EXTRA * mask(one).bit_count())),
        size=len(usual),
    )


def _firsts(starts: Mapping[str, Sequence[tuple[str, int, float]]]) -> tuple[tuple[int, float], ...]:
    cheapest = ((min(price for *_, price in spellings), every(first)) for first, spellings in starts.items())
    return tuple((first, price) for price, first in sorted(cheapest))


@lru_cache(maxsize=16_384)
def mask(word: str) -> int:
    """Give the consonants of a Latin word as bits; vowels and h tell too little."""
    bits = 0
    for letter in word:
        if letter not in "aeiouyhw":
            bits |= 1 << (ord(letter) - _A) if "a" <= letter <= "z" else 1 << 26
    return bits


@lru_cache(maxsize=16_384)
def every(word: str) -> int:
    """Give the letters of a Latin word as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) - _A) if "a" <= letter <= "z" else 1 << 26
    return bits


@lru_cache(maxsize=16_384)
def consonants(latin: str) -> int:
    """Count the letters of a Latin word that are no vowels."""
    return sum(letter not in VOWELS for letter in latin)


def steps(slots: tuple[Slot, ...], latin: str) -> int:
    """Tell how many steps `cost` takes at most."""
    return len(slots) * (len(latin) + 1)


def cost(  # noqa: C901  in one piece, for calls are dearer than all else here
    slots: tuple[Slot, ...], latin: str, limit: float, extra_vowel: float
) -> float:
    """Give the least cost at which `latin` spells the units, or anything above `limit` where that is more.

    Infinity tells that it was told at sight, without a step.

    Args:
        slots: the spellings of each unit, in order.
        latin: a word in the letters a to z.
        limit: where to give up, in letters.
        extra_vowel: what a vowel costs that no unit asks for; little in scripts that leave vowels out.
    """
    size = len(latin)
    infinite = limit + 1.0
    limit += ROUNDING
    leasts = _leasts(slots, latin, limit)
    if leasts is None:
        return math.inf
    reach = limit - sum(leasts)  # what may be spent before a unit, so that those to come can still be paid
    extra = _extras(latin, extra_vowel)
    blank = [infinite] * (size + 1)
    row = blank.copy()
    row[0] = 0.0
    _carry(row, extra)
    for one, price_at_least in zip(slots, leasts, strict=True):
        following = blank.copy()
        skip, starts = one.skip, one.starts
        for place, now in enumerate(row):
            if now > reach:
                continue
            if now + skip < following[place]:  # noqa: PLR1730  calling min is dearer than all else here
                following[place] = now + skip
            if place == size:
                break
            if now + SLIP < following[place + 1]:  # noqa: PLR1730
                following[place + 1] = now + SLIP
            for spelling, length, price in starts.get(latin[place], ()):
                total = now + price
                if (length == 1 or latin.startswith(spelling, place)) and total < following[place + length]:
                    following[place + length] = total
        _carry(following, extra)
        reach += price_at_least
        if min(following) > reach:
            return infinite
        row = following
    return row[size]


@lru_cache(maxsize=8_192)
def _spelt(slots: tuple[Slot, ...]) -> int:
    """Give the consonants that units may spell, as bits; each other one in a Latin word has no place."""
    spelt = 0
    for one in slots:
        spelt |= one.letters
    return spelt


def _leasts(slots: tuple[Slot, ...], latin: str, limit: float) -> list[float] | None:
    """Give what each unit costs at least, told at sight: by the letters of the word in any order one of them spells it.

    Nothing where all units, or the consonants that none of them spells, cost more than `limit`.
    """
    if EXTRA * (mask(latin) & ~_spelt(slots)).bit_count() > limit:
        return None
    letters = every(latin)
    leasts = []
    for one in slots:
        price = one.most
        for first, cheapest in one.firsts:
            if cheapest >= price:
                break
            if first & letters:
                price = cheapest
                break
        leasts.append(price)
        limit -= price
        if limit < 0.0:
            return None
    return leasts


def _carry(row: list[float], extra: Sequence[float]) -> None:
    """Carry costs to the right: letters of the Latin word that no unit asks for."""
    now = row[0]
    for place, price in enumerate(extra, 1):
        now += price
        if now < row[place]:
            row[place] = now
        else:
            now = row[place]


@lru_cache(maxsize=4_096)
def _extras(latin: str, extra_vowel: float) -> tuple[float, ...]:
    """Give what each letter costs that no unit asks for."""
    return tuple(_extra(latin, place, extra_vowel) for place in range(len(latin)))


def _extra(latin: str, place: int, extra_vowel: float) -> float:
    letter = latin[place]
    if place and latin[place - 1] == letter:
        return EXTRA_DOUBLE
    if letter in VOWELS:
        return extra_vowel
    return EXTRA_H if letter == "h" else EXTRA
