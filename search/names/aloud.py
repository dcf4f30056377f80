"""This module reads names in Han aloud, as whole names: what each language makes of them, in Latin letters.

A character by itself has a dozen readings in Japanese; a family name mostly has one, and so has a given name. Where the
tables do not know the family name, a name of four characters or more is read character by character, and parted before
a given name that they know, or else behind the second one.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product

from search.names import data

Way = tuple[str, ...]
"""A name as it is read: in syllables, or in family and given name."""
_Readings = tuple[Sequence[str], Sequence[str]]  # of a family name and of a given name, the likeliest first
MOST = 6  # ways to read a name in Japanese
BY_CHARACTER = 2  # readings of a character that are tried where the name as a whole is not known
LONGEST = 8  # characters of a name; of more it is a text
COMPOUND = 2  # characters of most Japanese family names
_FAMILY = (COMPOUND, COMPOUND + 1)  # characters of family names that no table knows


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
def whole(word: str) -> tuple[Way, ...]:
    """Give the ways in which a word in simplified Han may be read as one name, the likeliest first.

    What no table has as a Japanese name is rather a foreign one: between other words it is no Chinese name.
    """
    if len(word) > LONGEST:
        return ()
    foreign = ("".join(data.readings(character)[data.FOREIGN] for character in word),)
    return (*japanese(word), foreign) if any(data.japanese_names(word)) else (foreign, *japanese(word))


@lru_cache(maxsize=4_096)
def given_names(word: str) -> frozenset[str]:
    """Give how the given name of a Japanese name is read, where the tables know it and the family name as wholes.

    Shorter names than of four characters, and family names of one, may as well be Chinese or Korean ones: none. So may
    a few of four characters, Ouyang Xiaohong: what other languages make of the given name is among the readings.
    """
    if not COMPOUND * 2 <= len(word) <= LONGEST:
        return frozenset()
    readings: set[str] = set()
    for end in _FAMILY:
        givens = data.japanese_names(word[end:])[1] if data.japanese_names(word[:end])[0] else ()
        if givens:
            readings.update(map(short, givens), ("".join(way[end:]) for way in _in_syllables(word)))
    return frozenset(readings)


def _japanese(word: str) -> Iterator[Way]:
    as_family, as_given = data.japanese_names(word)
    yield from ((reading,) for reading in (*as_family, *as_given))
    both, only_family, only_given = list[_Readings](), list[_Readings](), list[_Readings]()
    for end in range(min(len(word) - 1, COMPOUND + 1), 0, -1):
        family, given = data.japanese_names(word[:end])[0], data.japanese_names(word[end:])[1]
        if family and given:
            both.append((family, given))
        elif family and end >= COMPOUND:
            only_family.append((family, _by_character(word[end:])))
        elif given and end >= COMPOUND and len(word) > COMPOUND + 1:
            only_given.append((_by_character(word[:end]), given))
    yield from _likeliest(both)
    yield from _likeliest(only_family if both else only_family + only_given)
    if not (both or only_family or only_given) and len(word) > COMPOUND + 1:
        yield from _likeliest([(_by_character(word[:COMPOUND]), _by_character(word[COMPOUND:]))])


def _likeliest(parted: Iterable[_Readings]) -> Iterator[Way]:
    """Pair the readings of family and given names, so that no rare one of either stands before two usual ones."""
    pairs = [pair for family, given in parted for pair in product(enumerate(family), enumerate(given))]
    pairs.sort(key=lambda pair: pair[0][0] + pair[1][0])
    yield from ((family, given) for (_, family), (_, given) in pairs)


def short(reading: str) -> str:
    """Write long vowels as passports and Hangul do: short."""
    return reading.replace("ou", "o").replace("oo", "o").replace("uu", "u")


def _by_character(word: str) -> list[str]:
    readings = [data.japanese_readings(character)[:BY_CHARACTER] for character in word]
    return ["".join(way) for way in product(*readings)] if all(readings) else []


@lru_cache(maxsize=4_096)
def _in_syllables(word: str) -> tuple[Way, ...]:
    return tuple(dict.fromkeys(zip(*map(data.readings, word), strict=True)))
