"""This module writes names of any script in the letters of a machine readable zone (ICAO Doc 9303-3, section 6)."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from anyascii import anyascii

from search.mrz.check_digits import FILLER

_DROPPED = re.compile("['`\u2018\u2019\u02bb\u02bc\u02be\u02bf\u00b4.]")  # they vanish (Doc 9303-3, 4.6)
_WRITTEN = re.compile(r"[^A-Z0-9]+")
_NUMBER = re.compile(r"[0-9]+")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_LARGEST_ROMAN = 3999
_DOUBLE, _TEH_MARBUTA = "+", "TEH"
_TEH_INSIDE, _TEH_AT_THE_END = "XTA", "XAH"
_ANYWHERE, _AT_THE_START = "", "^"


@dataclass(frozen=True, slots=True)
class Letter:
    """How one letter is written: as a rule, as some states do, and by language (`^` before it: as first letter)."""

    zone: str
    also: tuple[str, ...]
    exceptions: Mapping[str, str]


@cache
def letters() -> Mapping[str, Letter]:
    """Read the tables of the package once."""
    rows = (files(__package__) / "letters.tsv").read_text("utf-8").splitlines()
    table = {}
    for row in rows:
        if row.startswith(("#", "letter\t")):
            continue
        letter, zone, also, exceptions = row.split("\t")
        by_language = dict(pair.split("=") for pair in exceptions.split(",") if pair)
        table[letter] = Letter(zone, tuple(filter(None, also.split(","))), by_language)
    return table


def transliterate(text: str, language: str | None = None) -> str:
    """Write a name, or a part of one, in the letters A to Z, its words parted by single fillers.

    Hyphens and spaces become fillers, apostrophes vanish, numbers become Roman ones. What no table of Doc 9303 holds
    (Greek, Han and so on) is romanised as best as may be. `language` is a code of ISO 639-1, where the letters of
    Cyrillic depend on it.
    """
    composed = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).upper())
    written = "".join(_word(word, language) for word in re.split(r"(\s+)", _DROPPED.sub("", composed)))
    romanised = _NUMBER.sub(lambda match: _roman(match[0]), written)
    return _WRITTEN.sub(FILLER, romanised).strip(FILLER)


def _word(word: str, language: str | None) -> str:
    table, written = letters(), []
    for place, character in enumerate(word):
        if character.isascii():
            written.append(character)
            continue
        letter = table.get(character)
        if letter is None:
            written.append(_outside_the_tables(character))
        elif letter.zone == _DOUBLE:
            written.append(written[-1] if written else "")
        elif letter.zone == _TEH_MARBUTA:
            is_last = not any(each.isalpha() for each in word[place + 1 :])
            written.append(_TEH_AT_THE_END if is_last else _TEH_INSIDE)
        else:
            start = _AT_THE_START if place == 0 else _ANYWHERE
            written.append(
                letter.exceptions.get(f"{start}{language}") or letter.exceptions.get(f"{language}") or letter.zone
            )
    return "".join(written)


def _outside_the_tables(character: str) -> str:
    if unicodedata.combining(character):
        return ""  # a sign that no composed letter holds
    return _DROPPED.sub("", anyascii(character)).upper() if character.isalnum() else FILLER


def _roman(digits: str) -> str:
    number = int(digits) if len(digits) <= len(str(_LARGEST_ROMAN)) else 0
    if number > _LARGEST_ROMAN:
        return FILLER
    written = ""
    for value, letter in _ROMAN:
        written += letter * (number // value)
        number %= value
    return written or FILLER
