"""This module parts the text of a name into words: of letters of one script each, without signs and marks."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from search.names.latin import APOSTROPHES, MAX_TEXT
from search.names.servants import parted, slips_mended
from search.names.units import ABJADS, OTHER, script_of, unmixed

Word = TypeVar("Word")
MAX_WORD = 40  # letters; the longest zone has room for 39
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")
_NO_APOSTROPHES = dict.fromkeys(map(ord, "'`"))
_LONG_VOWEL = "ー"
_KIN = frozenset({"Latn", "Cyrl"})  # scripts that look alike and are mixed by mistake
# Of capitals without a vowel, beside words in small letters; not where l or r are the vowel, as in Vlk and Srb.
_INITIALS = re.compile(r"^(?!.[LR].$)[B-DF-HJ-NP-TV-XZ]{2,3}$")
_NO_INITIALS = frozenset({"DR", "MD", "MR", "NG", "ST"})  # a family name, and words that forms write so beside names


def words(text: str) -> list[str]:
    """Part a text into words. Accents of letters stay, apostrophes go, and joined Arabic names are parted."""
    mixed = not text.isupper()
    return slips_mended([piece for chunk in text[:MAX_TEXT].split() for piece in _pieces(chunk, mixed)])


@lru_cache(maxsize=8_192)
def _pieces(chunk: str, mixed: bool) -> tuple[str, ...]:
    """Part what stands between two spaces; `mixed` tells that the whole text is not in capitals."""
    return tuple(
        piece for word in _written(chunk) for piece in (word if mixed and _are_initials(word) else parted(word))
    )


def _are_initials(word: str) -> bool:
    return bool(_INITIALS.match(word)) and word not in _NO_INITIALS


def _written(text: str) -> list[str]:
    if text.isascii():
        return [word[:MAX_WORD] for word in _PLAIN_WORD.findall(text.translate(_NO_APOSTROPHES))]
    return _of_any_script(text)


def _of_any_script(text: str) -> list[str]:
    found: list[str] = []
    current, script = "", OTHER
    for letter in unicodedata.normalize("NFKC", text):
        category = unicodedata.category(letter)
        if letter in APOSTROPHES:
            current += "'" if script == "Hebr" and current else ""
        elif letter != _LONG_VOWEL and category in {"Cf", "Mn", "Mc", "Me", "Lm"} and letter != "々":
            current += letter if category in {"Mn", "Mc"} and script not in ABJADS and current else ""
        elif letter != _LONG_VOWEL and category[0] not in "LN":
            found.append(current)
            current, script = "", OTHER
        else:
            own = script_of(letter)
            if OTHER not in {script, own} and own != script and not {own, script} <= _KIN:
                found.append(current)
                current, script = "", OTHER
            current += letter
            script = script if own == OTHER else own
    found.append(current)
    return [unmixed(unicodedata.normalize("NFC", word[:MAX_WORD])) for word in found if word]


def orders(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Give words as they stand, with the last first and with the first last, for the family name stands at an end."""
    return list(dict.fromkeys((tuple(words), (*words[-1:], *words[:-1]), (*words[1:], *words[:1]))))
