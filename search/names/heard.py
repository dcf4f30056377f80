"""This module writes a Latin word as it is heard in the languages that it may be of.

Other alphabets write foreign names by ear: Jacques is `jak` in Russian and in Arabic letters, and nobody hears the t of
Bardot. A word is read by the rules of one language from its beginning to its end, and only by those whose ways it
shows: letters that a language says otherwise than they are written. What is heard is written in the letters of plain
romanisations: j for the sounds of French j and English j, kh for German ch.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import NamedTuple

from search.names import data
from search.names.latin import latin
from search.names.outline import outlines

LEAST = 2  # letters; of a shorter word nothing is heard otherwise than it is written
_IN_SYLLABLES = "-"  # ends a language as Hangul and kana write it, which have no r behind a vowel, and no ł
_CONSONANTS = "consonants"  # what a rule tells that makes consonants mute, or others heard; the others tell `sound`
_MARKED = {
    "fr": "àâæçèéêëîïôœùûüÿ", "en": "", "de": "äöüß", "es": "áéíñóúü", "it": "àèéìíòóùú", "pt": "àáâãçéêíóôõúü",
    "pl": "ąćęłńóśźż", "tr": "âçğıîöşûü", "hu": "áéíóöőúüű", "nl": "áéëíïóöúü",
}  # fmt: skip
"""The letters with marks of each alphabet, but of Vietnamese; a word with others is of another language."""


class _Rule(NamedTuple):
    written: str
    heard: str
    tells: str


class _Language:
    """The rules of one language: the first that fits a place counts."""

    def __init__(self, rules: list[_Rule], marked: str | None) -> None:
        self._sounds = [rule.heard for rule in rules]
        self._rules = re.compile("|".join(f"({rule.written})" for rule in rules))
        self._shown = re.compile("|".join(rule.written for rule in rules if rule.tells))
        self._other = None if marked is None else re.compile(f"[^\\x00-\\x7f{marked}]")
        self.consonants = "|".join(rule.written for rule in rules if rule.tells == _CONSONANTS)
        self._other_consonants = re.compile(self.consonants or "(?!)")

    def has_other_consonants(self, word: str) -> bool:
        """Tell whether consonants of a word are mute, or some are spoken that are not written."""
        return self._other_consonants.search(word) is not None

    def heard(self, word: str) -> str | None:
        """Give what is heard; nothing where the word shows nothing of the language."""
        if not self._shown.search(word) or (self._other and not word.isascii() and self._other.search(word)):
            return None
        return self._rules.sub(self._sound, word)

    def _sound(self, match: re.Match[str]) -> str:
        return self._sounds[(match.lastindex or 1) - 1]


@cache
def _languages() -> Mapping[str, _Language]:
    rules: dict[str, list[_Rule]] = {}
    for languages, *rule in data.rows("heard"):
        for language in languages.split():
            rules.setdefault(language, []).append(_Rule(*rule))
    return {
        language: _Language(found, _MARKED.get(language.removesuffix(_IN_SYLLABLES)))
        for language, found in rules.items()
    }


@cache
def _hearing(*, in_syllables: bool) -> tuple[_Language, ...]:
    every = _languages()
    if not in_syllables:
        return tuple(rules for language, rules in every.items() if not language.endswith(_IN_SYLLABLES))
    return tuple(rules for language, rules in every.items() if language + _IN_SYLLABLES not in every)


@lru_cache(maxsize=8_192)
def heard(word: str) -> Mapping[str, tuple[str, ...]]:
    """Give for each outline that a Latin word may have by ear the ways in which it is heard so."""
    return _by_outline(_sounds(word, _hearing(in_syllables=False)))


@lru_cache(maxsize=2_048)
def heard_in_syllables(word: str) -> Mapping[str, tuple[str, ...]]:
    """Give the same as Korean and Japanese have it, which have no kh and mostly b for v."""
    sounds = [sound.replace("kh", "h") for sound in _sounds(word, _hearing(in_syllables=True))]
    return _by_outline((*sounds, *(sound.replace("v", "b") for sound in sounds)))


@cache
def _other_consonants() -> re.Pattern[str]:
    return re.compile("|".join(rules.consonants for rules in _hearing(in_syllables=False) if rules.consonants))


def outlines_by_ear(word: str) -> tuple[str, ...]:
    """Give the outlines of a Latin word in languages that leave consonants mute, or speak some that are not written."""
    written = _written(word)
    if not _other_consonants().search(written):
        return ()
    speaking = [rules for rules in _hearing(in_syllables=False) if rules.has_other_consonants(written)]
    return tuple(_by_outline(_sounds(word, speaking)))


def _written(word: str) -> str:
    return word.lower() if word.isascii() else unicodedata.normalize("NFC", word).casefold()


def _sounds(word: str, languages: Iterable[_Language]) -> Iterator[str]:
    written = _written(word)
    if len(written) < LEAST:
        return
    for language in languages:
        if sound := language.heard(written):
            yield sound if sound.isascii() else latin(sound).replace(" ", "")


def _by_outline(sounds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for sound in sounds:
        for shape in outlines(sound)[:1]:
            found.setdefault(shape, {})[sound] = None
    return {shape: tuple(ways) for shape, ways in found.items()}
