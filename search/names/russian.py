"""This module reads names of China, Japan, Vietnam and Korea that Russian writes by rules of its own: `Си` is Xi.

A name is read so where all its words consist of syllables of one language: most Russian names have a letter or a
cluster that no such syllable has. What is read in Latin letters then compares, and has keys, as any Latin name does,
beside what it is by its letters. Of Korean names Russian leaves open too much for one Latin reading: `kontsevich.py`.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import product

from search.names import data
from search.names.part import part
from search.names.parts import Kind, Part

MOST_WORDS = 5  # of such a name, one of a foreign given name among them
VIETNAMESE_WORDS = range(2, 6)  # one of the family and at least one given name
_LONGEST_SYLLABLE = 6  # letters
_FAMILIES = frozenset(
    "bui cao chau chu dam dang dao dinh do doan duong ha ho hoang huynh khuc kieu la lai lam le luong luu ly mac mai"
    " nghiem ngo nguyen nong pham phan phung quach ta tang thai to tong tran trieu trinh truong tu vo vu vuong".split()
)
"""Families of nearly all Vietnamese. By hand, from general knowledge."""
_SURELY_CHINESE = re.compile("чж|цз|сяо|цяо|юй|юэ|хуэй")  # what no other language of Russian letters has in a name
_NO_LETTER = "ъ'"  # stand between syllables of which one might take a letter of the other

Latin = tuple[Part, ...]
"""A name in Latin letters, word by word; each word keeps the text that it was read of."""


def latin_readings(parts: Sequence[Part]) -> tuple[Latin, ...]:
    """Give what a name in Cyrillic may be in Latin letters, if it is Chinese, Japanese or Vietnamese."""
    if len(parts) > MOST_WORDS or any(one.script != "Cyrl" for one in parts):
        return ()
    found = (
        reading for read in (_chinese, _japanese, _vietnamese) if (reading := read([one.text for one in parts]))
    )
    return tuple(
        tuple(_word(one, text) if text else one for one, text in zip(parts, reading, strict=True)) for reading in found
    )


@lru_cache(maxsize=4_096)
def _word(one: Part, latin: str) -> Part:
    """Give a word in Latin letters; one letter of Cyrillic is no initial there: `У` is Wu."""
    kind = one.kind if one.kind in {Kind.FAMILY, Kind.GIVEN} else Kind.PLAIN
    return replace(part(latin, kind), text=one.text)


def _chinese(words: Sequence[str]) -> list[str]:
    """Read words as Chinese ones; a foreign given name may stand beside one that is surely Chinese."""
    read = [_in_syllables(word, "chinese") for word in words]
    if all(read):
        return read
    return read if any(map(_SURELY_CHINESE.search, map(str.casefold, words))) and any(read) else []


def _japanese(words: Sequence[str]) -> list[str]:
    read = [_in_syllables(word, "japanese") for word in words]
    return read if all(read) else []


def _vietnamese(words: Sequence[str]) -> list[str]:
    if len(words) not in VIETNAMESE_WORDS:
        return []
    read = [_vietnamese_syllables().get(word.casefold(), "") for word in words]
    return read if all(read) and not _FAMILIES.isdisjoint((read[0], read[-1])) else []


@cache
def table(system: str) -> Mapping[str, str]:
    """Give what Russian writes in a language with what that stands for."""
    return {written: read for of, written, read in data.rows("russian") if of == system}


@cache
def _vietnamese_syllables() -> Mapping[str, str]:
    initials, rimes = table("vietnamese initial"), table("vietnamese rime")
    return {a + b: first + second for (a, first), (b, second) in product(initials.items(), rimes.items())}


@lru_cache(maxsize=4_096)
def _in_syllables(word: str, system: str) -> str:
    """Read a word as the fewest syllables of a language that it consists of; nothing where it consists of none."""
    known = table(system)
    best: list[tuple[int, str] | None] = [(0, "")]
    letters = word.casefold()
    for end in range(1, len(letters) + 1):
        if not any(best[-_LONGEST_SYLLABLE:]):
            return ""
        if letters[end - 1] in _NO_LETTER:
            best.append(best[-1])
            continue
        ways = (
            (before[0] + 1, before[1] + known[letters[start:end]])
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
            if (before := best[start]) and letters[start:end] in known
        )
        best.append(min(ways, key=lambda way: way[0], default=None))
    return best[-1][1] if best[-1] else ""
