"""This module parts the text of a name into words: of letters of one script each, without signs and marks."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeVar

from search.names import data
from search.names.latin import APOSTROPHES, MAX_TEXT
from search.names.units import ABJADS, OTHER, script_of, unmixed

Word = TypeVar("Word")
MAX_WORD = 40  # letters; the longest zone has room for 39
_PLAIN_WORD = re.compile("[A-Za-z0-9]+")
_NO_APOSTROPHES = dict.fromkeys(map(ord, "'`"))
_LONG_VOWEL = "ー"
_KIN = frozenset({"Latn", "Cyrl"})  # scripts that look alike and are mixed by mistake
# One servant of God may be written in one word or three: each is parted into the servant and the name of God.
_SERVANT = re.compile(
    r"^(abd)(?:(?:ou|[aeiou])(?:l|r(?=r)|s(?=s)|z(?=z)|d(?=d)|n(?=n)|t(?=t))?|l)(?!l?ah$|l?l)([a-z]{4,})$"
)
_SERVANT_ALONE = re.compile(  # also Abdur, Abdus, and in Cyrillic
    "^(?:abd(?:(?:ou|[aeuo])l|(?:ou|u)(?:[dnrstz]|sh))|"
    "\u0430\u0431\u0434(?:[\u0430\u0435\u043e\u0443]\u043b\u044c?|\u0443[\u0434\u0437\u043d\u0440\u0441\u0442\u0448]))$"
)
_RELIGION = re.compile(r"^([a-z]{3,}?)(?:ou|[aeiou])(?:l-?)?d{1,2}(?:i|ee|y)n(?:e?)$")
# Of capitals without a vowel, beside words in small letters; not where l or r are the vowel, as in Vlk and Srb.
_INITIALS = re.compile(r"^(?!.[LR].$)[B-DF-HJ-NP-TV-XZ]{2,3}$")
_NO_INITIALS = frozenset({"DR", "MD", "MR", "NG", "ST"})  # a family name, and words that forms write so beside names
_RELIGION_ARABIC = re.compile("^(\\w{2,})(\u0627\u0644\u062f[\u064a\u06cc]\u0646)$")  # Nureddin, as one word
_SERVANT_ARABIC = "\u0639\u0628\u062f\u0627\u0644"
_SERVANT_OF_ZONE = re.compile("^(EBD)(AL[A-Z]{3,})$")  # in a zone; EBDALLH stays, as Abdullah does


def words(text: str) -> list[str]:
    """Part a text into words. Accents of letters stay, apostrophes go, and joined Arabic names are parted."""
    mixed = not text.isupper()
    return [piece for chunk in text[:MAX_TEXT].split() for piece in _pieces(chunk, mixed)]


@lru_cache(maxsize=8_192)
def _pieces(chunk: str, mixed: bool) -> tuple[str, ...]:
    """Part what stands between two spaces; `mixed` tells that the whole text is not in capitals."""
    return tuple(
        piece for word in _written(chunk) for piece in (word if mixed and _are_initials(word) else _parted(word))
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


def _parted(word: str) -> list[str]:
    folded = word.casefold()
    if _SERVANT_ALONE.match(folded):
        return [word[:3]]
    if word.isascii():
        if servant := _SERVANT.match(folded):
            return [word[:3], word[servant.start(2) :]]
        if len(word) > 6 and folded not in data.known() and (religion := _RELIGION.match(folded)):  # noqa: PLR2004  Saifuddin, not Aladdin
            return [word[: religion.end(1)], "din"]
    elif word.startswith(_SERVANT_ARABIC) and len(word) > len(_SERVANT_ARABIC) + 1:
        return [word[:3], word[3:]]
    elif religion := _RELIGION_ARABIC.match(word):
        return [religion[1], religion[2]]
    return [word]


def parted_in_zone(words_of_zone: list[str]) -> list[str]:
    """Part the servants of God in words that a zone has written for Arabic ones, as Arabic words are parted."""
    servants = ((word, _SERVANT_OF_ZONE.match(word)) for word in words_of_zone)
    return [half for word, servant in servants for half in (servant.groups() if servant else (word,))]


def orders(words: Sequence[Word]) -> list[tuple[Word, ...]]:
    """Give words as they stand, with the last first and with the first last, for the family name stands at an end."""
    return list(dict.fromkeys((tuple(words), (*words[-1:], *words[:-1]), (*words[1:], *words[:1]))))
