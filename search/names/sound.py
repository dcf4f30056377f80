"""This module writes a Latin word with one letter for each sound, so that spellings of one sound meet."""

import re
from functools import lru_cache

# Longest first. Capitals are sounds that need two letters: C ch, S sh, J zh or dj, X kh, T th or ts.
_SOUNDS = {
    "shch": "S", "tsch": "C", "tch": "C", "sch": "S", "dzh": "J", "cz": "C", "sz": "S", "zh": "J", "dj": "J", "kh": "X",
    "ch": "C", "sh": "S", "gh": "g", "ph": "f", "th": "t", "dh": "d", "ts": "T", "tz": "T", "tc": "T", "ck": "k",
    "qu": "k", "kk": "k", "ou": "u", "oo": "u", "ee": "i", "ie": "i", "ei": "e", "ey": "e", "ai": "e", "ay": "e",
    "ae": "e", "oe": "o", "ue": "u", "aa": "a", "iy": "i", "yi": "i", "ij": "i", "yy": "i", "ii": "i", "uu": "u",
    "ya": "a", "ia": "a", "ja": "a", "yu": "u", "iu": "u", "ju": "u", "ye": "e", "yo": "o", "io": "o",
}  # fmt: skip
_SOUND = re.compile("|".join(sorted(_SOUNDS, key=len, reverse=True)))
_LETTERS = str.maketrans({"c": "k", "q": "k", "w": "v", "y": "i", "j": "i", "x": "X"})
_DOUBLED = re.compile(r"(.)(?=\1)")


@lru_cache(maxsize=8_192)
def sound(word: str) -> str:
    """Write a word of the letters a to z by its sounds: `Shaykh` and `Sheikh` both become `SeX`."""
    return _DOUBLED.sub("", _SOUND.sub(lambda match: _SOUNDS[match[0]], word).translate(_LETTERS))
