"""This module reads names as legacy systems list them: several in one field, several scripts in one name."""

import re
import unicodedata
from itertools import groupby

from contracts.identity import NameKind, PersonName

SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "HANGUL": "Hang",
    "CJK": "Hani",
    "HIRAGANA": "Hira",
    "KATAKANA": "Kana",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
    "DEVANAGARI": "Deva",
    "BENGALI": "Beng",
    "MYANMAR": "Mymr",
    "THAI": "Thai",
    "ETHIOPIC": "Ethi",
}
"""First word of a letter's name in Unicode, and its script (ISO 15924)."""
_BRACKETS = re.compile(r"\([^()]*\)")
_MARKS = " ,;:()[]\"'"


def script_of(text: str) -> str | None:
    """Give the script of a text by its letters: the most frequent one among those that are known here."""
    counted: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            script = SCRIPTS.get(unicodedata.name(character, "?").split(" ")[0].split("-")[0])
            if script:
                counted[script] = counted.get(script, 0) + 1
    return max(counted, key=lambda script: counted[script]) if counted else None


def listed_names(text: str | None, kind: NameKind, separator: str = ";") -> list[PersonName]:
    """Read whole names that stand in one field; one that is written in two scripts side by side becomes two."""
    return [name for part in (text or "").split(separator) for name in whole_name(part, kind)]


def whole_name(text: str | None, kind: NameKind = NameKind.PRIMARY) -> list[PersonName]:
    """Read one name as it is written, one name a script; what stands in brackets makes an alias of its own."""
    written = " ".join((text or "").split())
    bare = " ".join(_BRACKETS.sub(" ", written).split())
    names = [PersonName(full=part, kind=kind, script=script_of(part)) for part in _by_script(bare)]
    inner = written if bare and bare != written else "" if bare else written
    names += [PersonName(full=part, kind=NameKind.ALIAS, script=script_of(part)) for part in _by_script(inner)]
    return names


def _by_script(text: str) -> list[str]:
    """Part a text where its script changes."""
    words = text.split()
    scripts = [script_of(word) for word in words]
    known = [script for script in scripts if script]
    if len(set(known)) <= 1:
        return [text] if known or text.strip(_MARKS) else []
    for index, script in enumerate(scripts):  # a word without letters belongs to the one before it
        scripts[index] = script or (scripts[index - 1] if index else known[0])
    parted = groupby(zip(scripts, words, strict=True), key=lambda pair: pair[0])
    parts = (" ".join(word for _, word in group).strip(_MARKS) for _, group in parted)
    return [part for part in parts if part]
