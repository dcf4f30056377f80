"""This module writes a Latin word as it is heard in the languages that it may be of.

Other alphabets write foreign names by ear: Jacques is `jak` in Russian and in Arabic letters, and nobody hears the t of
Bardot. A word is read by the rules of one language from its beginning to its end, and only by those whose ways it
shows: letters that a language says otherwise than they are written. The letters of what is heard are those of plain
romanisations: j for the sounds of French j and English j, kh for German ch.
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

from search.names import data
from search.names.latin import latin
from search.names.outline import outlines

LEAST = 2  # letters; of a shorter word nothing is heard otherwise than it is written


class _Language:
    """The rules of one language: the first that fits a place counts."""

    def __init__(self, rules: list[tuple[str, str, bool]]) -> None:
        self._sounds = [sound for _, sound, _ in rules]
        self._rules = re.compile("|".join(f"({written})" for written, *_ in rules))
        self._shown = re.compile("|".join(written for written, _, tells in rules if tells))

    def heard(self, word: str) -> str | None:
        """Give what is heard; nothing where the word shows nothing of the language."""
        return self._rules.sub(self._sound, word) if self._shown.search(word) else None

    def _sound(self, match: re.Match[str]) -> str:
        return self._sounds[(match.lastindex or 1) - 1]


@cache
def _languages() -> Mapping[str, _Language]:
    rules: dict[str, list[tuple[str, str, bool]]] = {}
    for languages, written, sound, tells in data.rows("heard"):
        for language in languages.split():
            rules.setdefault(language, []).append((written, sound, bool(tells)))
    return {language: _Language(found) for language, found in rules.items()}


@lru_cache(maxsize=8_192)
def heard(word: str) -> Mapping[str, tuple[str, ...]]:
    """Give for each outline that a Latin word may have by ear the ways in which it is heard so."""
    written = unicodedata.normalize("NFC", word).casefold()
    found: dict[str, dict[str, None]] = {}
    if len(written) >= LEAST:
        for language in _languages().values():
            sound = language.heard(written)
            if sound is None:
                continue
            plain = sound if sound.isascii() else latin(sound).replace(" ", "")
            for shape in outlines(plain)[:1]:
                found.setdefault(shape, {})[plain] = None
    return {shape: tuple(sounds) for shape, sounds in found.items()}
