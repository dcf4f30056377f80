"""This module reads names in Han aloud, as whole names: what each language makes of them, in Latin letters.

A character by itself has a dozen readings in Japanese; a family name mostly has one, and so has a given name. Where the
tables know neither, a name of four characters or more is read character by character, its first two as the family name.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from search.names import data

Way = tuple[str, ...]
"""A name as it is read: in syllables, or in family and given name."""
MOST = 6  # ways to read a name in Japanese
BY_CHARACTER = 2  # readings of a character that are tried where the name as a whole is not known
LONGEST = 8  # characters of a name; of more it is a text
COMPOUND = 2  # characters of most Japanese family names


def aloud(word: str) -> tuple[Way, ...]:
    """Give the ways in which a word in simplified Han is read: in Mandarin, in Japanese, and in other languages."""
    if len(word) > LONGEST:
        return ()
    mandarin, *others = _in_syllables(word)
    return tuple(dict.fromkeys((mandarin, *japanese(word), *others)))


@lru_cache(maxsize=4_096)
def japanese(word: str) -> tuple[Way, ...]:
    """Give the ways in which a word in simplified Han may be read as a Japanese name, the likeliest first.

    A family name of one character is as likely a Chinese one: it needs a given name that is known.
    """
    if len(word) > LONGEST:
        return ()
    return tuple(islice(dict.fromkeys(tuple(map(short, way)) for way in _japanese(word)), MOST))


@lru_cache(maxsize=4_096)
def given_names(word: str) -> frozenset[str]:
    """Give how the given name of a Japanese name is read, where the tables know it and the family name as wholes.

    Shorter names than of four characters, and family names of one, may as well be Chinese or Korean ones: none.
    """
    if not COMPOUND * 2 <= len(word) <= LONGEST:
        return frozenset()
    ends = [end for end in range(COMPOUND, COMPOUND + 2) if data.japanese_names(word[:end])[0]]
    return frozenset(short(reading) for end in ends for reading in data.japanese_names(word[end:])[1])


def _japanese(word: str) -> Iterator[Way]:
    as_family, as_given = data.japanese_names(word)
    yield from ((reading,) for reading in (*as_family, *as_given))
    parted = list(_parted(word))
    for family, _, given in parted:
        yield from product(family, given)
    if not parted and len(word) > COMPOUND + 1:
        head, tail = word[:COMPOUND], word[COMPOUND:]
        yield from product(_by_character(head), data.japanese_names(tail)[1] or _by_character(tail))


def _parted(word: str) -> Iterator[tuple[Sequence[str], str, Sequence[str]]]:
    """Part a name after a family name that is known: how that is read, the given name, and how this is read."""
    for end in range(min(len(word) - 1, COMPOUND + 1), 0, -1):
        family, given = data.japanese_names(word[:end])[0], data.japanese_names(word[end:])[1]
        if family and (given or end >= COMPOUND):
            yield family, word[end:], given or _by_character(word[end:])


def short(reading: str) -> str:
    """Write long vowels as passports and Hangul do: short."""
    return reading.replace("ou", "o").replace("oo", "o").replace("uu", "u")


def _by_character(word: str) -> list[str]:
    readings = [data.japanese_readings(character)[:BY_CHARACTER] for character in word]
    return ["".join(way) for way in product(*readings)] if all(readings) else []


@lru_cache(maxsize=4_096)
def _in_syllables(word: str) -> tuple[Way, ...]:
    return tuple(dict.fromkeys(zip(*map(data.readings, word), strict=True)))
