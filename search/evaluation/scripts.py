"""This module tells in which script a name is written, as figures are given for each pair of scripts."""

import unicodedata
from collections import Counter
from functools import lru_cache

# First word of a letter's name in Unicode, and its script (ISO 15924).
_CODES = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "HEBREW": "Hebr",
    "GREEK": "Grek",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "HANGUL": "Hang",
    "CJK": "Hani",
    "HIRAGANA": "Kana",
    "KATAKANA": "Kana",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "THAI": "Thai",
    "MYANMAR": "Mymr",
    "ETHIOPIC": "Ethi",
}
OTHER = "Zyyy"
"""No script, or one that is not known here (ISO 15924: undetermined)."""
ENOUGH = 300
"""Letters that are looked at; what follows does not change the script of a name."""


def script_of(text: str) -> str:
    """Give the script of most letters of a text."""
    counted = Counter(code for letter in text[:ENOUGH] if (code := _code(letter)))
    return counted.most_common(1)[0][0] if counted else OTHER


def script_pair(left: str, right: str) -> str:
    """Name the scripts of two texts, in alphabetical order: `Arab-Latn`."""
    return "-".join(sorted((script_of(left), script_of(right))))


@lru_cache(maxsize=16_384)
def _code(letter: str) -> str | None:
    return _CODES.get(unicodedata.name(letter, "").split(" ")[0].split("-")[0]) if letter.isalpha() else None
