"""This module parts words of any script into the units that are spelt: letters, jamo, morae, characters.

A unit is the least thing of a script that has spellings of its own in Latin letters. Scripts are named by their codes
of ISO 15924.
"""

import re
import unicodedata
from functools import lru_cache

from search.names import data

_RANGES = (
    # first, last, script; the blocks of the Unicode Character Database that hold letters of names
    (0x0041, 0x024F, "Latn"),
    (0x1E00, 0x1EFF, "Latn"),
    (0xA720, 0xA7FF, "Latn"),
    (0x0370, 0x03FF, "Grek"),
    (0x1F00, 0x1FFF, "Grek"),
    (0x0400, 0x052F, "Cyrl"),
    (0x2DE0, 0x2DFF, "Cyrl"),
    (0xA640, 0xA69F, "Cyrl"),
    (0x0531, 0x058F, "Armn"),
    (0x0590, 0x05FF, "Hebr"),
    (0xFB1D, 0xFB4F, "Hebr"),
    (0x0600, 0x06FF, "Arab"),
    (0x0750, 0x077F, "Arab"),
    (0x08A0, 0x08FF, "Arab"),
    (0xFB50, 0xFDFF, "Arab"),
    (0xFE70, 0xFEFC, "Arab"),
    (0x10A0, 0x10FF, "Geor"),
    (0x1C90, 0x1CBF, "Geor"),
    (0x1100, 0x11FF, "Hang"),
    (0x3130, 0x318F, "Hang"),
    (0xAC00, 0xD7FB, "Hang"),
    (0x3040, 0x30FF, "Kana"),
    (0x31F0, 0x31FF, "Kana"),
    (0xFF66, 0xFF9F, "Kana"),
    (0x3005, 0x3007, "Hani"),
    (0x3400, 0x4DBF, "Hani"),
    (0x4E00, 0x9FFF, "Hani"),
    (0xF900, 0xFAFF, "Hani"),
    (0x20000, 0x323AF, "Hani"),
)
OTHER = "Zyyy"
SYLLABIC = frozenset({"Hang", "Hani", "Kana"})
ABJADS = frozenset({"Arab", "Hebr"})  # which do not write most vowels
_LETTERS_WITH_STRESS = frozenset("\u0453\u045c")  # Macedonian gje and kje, which only look stressed
_GREEK_PAIRS = re.compile("[αεου]ι|[αεηο]υ|μπ|ντ|γ[κγχξ]|τ[ζσ]|.")  # noqa: RUF001  two letters that are one sound
_STRESS = "\u0301\u0300\u0342\u0313\u0314\u0345"
_SMALL_KANA = frozenset("ァィゥェォャュョヮ")


@lru_cache(maxsize=8192)
def script_of(character: str) -> str:
    """Give the script of a letter, `Zyyy` for what belongs to none that is known here."""
    point = ord(character)
    for first, last, script in _RANGES:
        if first <= point <= last:
            return script
    return OTHER


def units(word: str) -> tuple[str, ...]:
    """Part a word of one script into its units; marks that only help reading are dropped.

    Hangul gives its jamo without the silent onset, kana one unit a mora in katakana, Hebrew a letter with its geresh,
    Greek two letters where they are one sound, every other script its letters.
    """
    script = script_of(word[0]) if word else OTHER
    if script == "Hang":
        return tuple(jamo for jamo in unicodedata.normalize("NFD", word) if jamo != data.SILENT_ONSET)
    plain = unicodedata.normalize("NFKC", word).casefold()
    if script == "Kana":
        return _morae(plain)
    if script in {"Hebr", "Arab"}:
        plain = plain.translate(data.same_letters())
        letters: list[str] = []
        for letter in plain:
            if letter == "'" and letters and script == "Hebr":
                letters[-1] += "'"
            elif unicodedata.category(letter) == "Lo" and letter != "ـ":
                letters.append(letter)
        return tuple(letters)
    if script in {"Cyrl", "Grek"}:
        plain = unicodedata.normalize("NFC", "".join(_without_stress(plain)))
    plain = plain.translate(data.same_letters())
    return tuple(unit for unit in (_GREEK_PAIRS.findall(plain) if script == "Grek" else plain) if unit.isalnum())


def _without_stress(word: str) -> list[str]:
    """Drop the accents that dictionaries and Greek write, and keep what makes a letter of its own, as in й and ї."""
    return [
        piece
        for letter in unicodedata.normalize("NFC", word)
        for piece in (letter if letter in _LETTERS_WITH_STRESS else unicodedata.normalize("NFD", letter))
        if piece not in _STRESS
    ]


def _morae(word: str) -> tuple[str, ...]:
    morae: list[str] = []
    for letter in word:
        kana = chr(ord(letter) + 0x60) if "ぁ" <= letter <= "ゖ" else letter
        if kana in _SMALL_KANA and morae:
            morae[-1] += kana
        elif kana == "ー" or kana.isalpha():
            morae.append(kana)
    return tuple(morae)


def unmixed(word: str) -> str:
    """Write a word of one script that mixes letters of Latin and Cyrillic which look alike.

    The script of most of its letters is kept; where a letter has no like in that script, the word stays as it is.
    """
    scripts = [script_of(letter) for letter in word]
    if "Cyrl" not in scripts or "Latn" not in scripts:
        return word
    kept = "Cyrl" if scripts.count("Cyrl") >= scripts.count("Latn") else "Latn"
    pairs = data.look_alikes(kept)
    plain = "".join(
        letter if script in {kept, OTHER} else pairs.get(letter, letter)
        for letter, script in zip(word, scripts, strict=True)
    )
    return plain if {script_of(letter) for letter in plain} <= {kept, OTHER} else word
