"""This module tells in which script a name is written, as figures are given for each pair of scripts."""

import unicodedata
from collections import Counter
from functools import lru_cache

from search.names import units
from search.names.units import OTHER

_COMPARED_IN_LATIN = {"DEVANAGARI": "Deva", "BENGALI": "Beng", "THAI": "Thai", "MYANMAR": "Mymr", "ETHIOPIC": "Ethi"}
"""Scripts that names are compared in by their romanisation alone: the first word of a letter's name in Unicode, and
the code of its script (ISO 15924). All others `search.names.units` knows."""
ENOUGH = 300
"""Letters that are looked at; what follows does not change the script of a name."""


def script_of(text: str) -> str:
    """Give the script of most letters of a text."""
    counted = Counter(code for letter in text[:ENOUGH] if letter.isalpha() and (code := _code(letter)) != OTHER)
    return counted.most_common(1)[0][0] if counted else OTHER


def script_pair(left: str, right: str) -> str:
    """Name the scripts of two texts, in alphabetical order: `Arab-Latn`."""
    return "-".join(sorted((script_of(left), script_of(right))))


@lru_cache(maxsize=16_384)
def _code(letter: str) -> str:
    known = units.script_of(letter)
    return known if known != OTHER else _COMPARED_IN_LATIN.get(unicodedata.name(letter, "").split(" ")[0], OTHER)
