"""This module compares a word in its own script with a word in Latin letters, unit by unit.

A romanised string throws away what the script knows. Here every unit of the native word (a letter, a jamo, a mora, a
character) keeps all the spellings that it may take, each with a cost, and the cheapest way to read the Latin word as
these units is sought. A cost is measured in letters: 0 for the usual spelling, 1 for a letter that has no place.
"""

from collections.abc import Mapping, Sequence

SLIP = 1.0  # a unit that is spelt by a letter that it never takes
SKIP = 0.9  # a unit that is not spelt at all
VOWELS = frozenset("aeiouy")
_EXTRA_DOUBLE = 0.15  # a letter doubled
_EXTRA_H = 0.4
_EXTRA = 0.95

Slot = Mapping[str, float]
"""The spellings of one unit, each with what it costs."""


def cost(slots: Sequence[Slot], latin: str, limit: float, extra_vowel: float = 0.45) -> float:
    """Give the least cost at which `latin` spells the units, or anything above `limit` where that is more.

    Args:
        slots: the spellings of each unit, in order.
        latin: a word in the letters a to z.
        limit: where to give up, in letters.
        extra_vowel: what a vowel costs that no unit asks for; little in scripts that leave vowels out.
    """
    size = len(latin)
    width = size + 1
    infinite = limit + 1.0
    row = [infinite] * width
    row[0] = 0.0
    extra = [_extra(latin, place, extra_vowel) for place in range(size)]
    _insert(row, extra, limit)
    for slot in slots:
        nxt = [infinite] * width
        skip = slot.get("", SKIP)
        items = slot.items()
        for place in range(width):
            now = row[place]
            if now > limit:
                continue
            if now + skip < nxt[place]:
                nxt[place] = now + skip
            if place < size:
                if now + SLIP < nxt[place + 1]:
                    nxt[place + 1] = now + SLIP
                rest = size - place
                for spelling, price in items:
                    length = len(spelling)
                    if length and length <= rest and latin.startswith(spelling, place):
                        total = now + price
                        if total < nxt[place + length]:
                            nxt[place + length] = total
        _insert(nxt, extra, limit)
        row = nxt
        if min(row) > limit:
            return infinite
    return row[size]


def _insert(row: list[float], extra: Sequence[float], limit: float) -> None:
    """Carry costs to the right: letters of the Latin word that no unit asks for."""
    for place, price in enumerate(extra):
        total = row[place] + price
        if total < row[place + 1] and total <= limit:
            row[place + 1] = total


def _extra(latin: str, place: int, extra_vowel: float) -> float:
    letter = latin[place]
    if place and latin[place - 1] == letter:
        return _EXTRA_DOUBLE
    if letter in VOWELS:
        return extra_vowel
    return _EXTRA_H if letter == "h" else _EXTRA
