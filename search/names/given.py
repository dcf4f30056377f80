"""This module tells of a name in Han what makes its given name another one, however alike all of it is.

Over a whole name one character of three is little, and characters by themselves are read in so many ways that one of
them reads nearly anything. But it may be all that tells a person from his brother.
"""

from collections.abc import Sequence
from itertools import pairwise

from search.names.alike import alike
from search.names.aloud import given_names, short
from search.names.effort import JOIN, MAKE, Effort
from search.names.hepburn import hepburn
from search.names.part import part
from search.names.parts import Kind, Part
from search.names.spelling import VOWEL, cost, steps
from search.names.words import orders

DOUBTFUL = 0.7  # so alike at most are names with another given name: less than what may be one person's
AS_READ = 0.9  # so alike at least are two ways to write one reading: Junichiro, Junitiro
CHARACTERS = range(3, 5)  # of names whose given name may have more than one
A_CHARACTER = 0.7  # letters; what it costs at least that a character is not written
IN_FULL = 0.4  # letters; what it costs at most where all other characters are


def most_in_han(whole: Part, words: Sequence[str], effort: Effort) -> float:
    """Tell how alike a name in Han can be at most to Latin words: all, or as little as doubtful ones are."""
    if len(words) > 1 and (_is_read_otherwise(whole, words, effort) or _is_left_out(whole, words, effort)):
        return DOUBTFUL
    return 1.0


def _is_read_otherwise(whole: Part, words: Sequence[str], effort: Effort) -> bool:
    """Tell whether no word is a reading of the given name, where the tables know it as a whole Japanese one."""
    readings = given_names(whole.native)
    joined = map("".join, pairwise(words)) if len(words) > 2 else ()  # noqa: PLR2004  two are a family and a given name
    for word in (*words, *joined) if readings else ():
        for reading in readings:
            if not effort.spend(MAKE):
                return True
            if alike(part(hepburn(short(word)), Kind.GIVEN), part(reading, Kind.GIVEN)).level >= AS_READ:
                return False
    return bool(readings)


def _is_left_out(whole: Part, words: Sequence[str], effort: Effort) -> bool:
    """Tell whether fewer words than characters leave one of the given name out: without it they are read in full."""
    if len(whole.slots) not in CHARACTERS or len(words) >= len(whole.slots):
        return False
    ways = list(map("".join, orders(words)[:2]))
    best = min(_price(whole, None, latin, effort) for latin in ways)
    return best > A_CHARACTER and any(
        _price(whole, place, latin, effort) <= min(IN_FULL, best - A_CHARACTER)
        for place in range(1, len(whole.slots))
        for latin in ways
    )


def _price(whole: Part, without: int | None, latin: str, effort: Effort) -> float:
    """Give what it costs to read letters as a name, or as what is left of it without one character."""
    slots = whole.slots if without is None else whole.slots[:without] + whole.slots[without + 1 :]
    if not effort.spend(JOIN + steps(slots, latin)):
        return 0.0
    return cost(slots, latin, whole.span, VOWEL)
