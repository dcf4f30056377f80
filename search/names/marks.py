"""This module tells that two Latin words mark their vowels otherwise: Müller and Möller, Moeller."""

import re
import unicodedata
from functools import lru_cache

_POINTED = {"ä": "a", "ö": "o", "ü": "u", "ø": "o", "æ": "a", "ő": "o", "ű": "u"}
_TWO_FOR_ONE = re.compile("[aou]e(?!la?$)")  # not as in Manuel, Manoel


def are_marked_otherwise(one: str, other: str) -> bool:
    """Tell whether both words write vowels with marks, and not the same ones: Müller and Möller.

    Who writes marks says which vowel it is. Where one of them leaves them out, it may be another spelling.
    """
    if one.isascii() or other.isascii():
        return False
    mine, theirs = _marked(one), _marked(other)
    return len(mine) == len(theirs) > 0 and mine != theirs


def are_written_otherwise(one: str, other: str) -> bool:
    """Tell whether two words differ in what documents write for marked vowels: Müller, Moeller. `oe` writes no ü."""
    return (
        len(one) == len(other)
        and one[0] == other[0]
        and _TWO_FOR_ONE.sub("*", one) == _TWO_FOR_ONE.sub("*", other)
        and one != other
    )


@lru_cache(maxsize=4_096)
def _marked(word: str) -> str:
    """Give the vowels of a word that a mark makes other ones, in the letters a to z."""
    return "".join(_POINTED.get(letter, "") for letter in unicodedata.normalize("NFC", word).casefold())
