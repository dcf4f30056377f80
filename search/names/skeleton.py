"""This module reduces words to the consonants that their spellings have in common."""

import re
from functools import lru_cache

# Spellings of one sound in different romanisations, longest first (cf. ICAO Doc 9303-3, section 6, and ISO 9, ISO 233).
_SOUNDS = (
    ("shch", "s"),
    ("tsch", "s"),
    ("sch", "s"),
    ("tch", "s"),
    ("dzh", "j"),
    ("ch", "s"),
    ("sh", "s"),
    ("zh", "j"),
    ("dj", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("ts", "s"),
    ("tz", "s"),
    ("ck", "k"),
    ("qu", "k"),
    ("x", "ks"),
)
_SOUND = re.compile("|".join(spelling for spelling, _ in _SOUNDS))
_SOUND_OF = dict(_SOUNDS)
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "p": "b", "d": "t", "g": "j", "'": None})
_WEAK = re.compile("[aeiouwy]")
_DOUBLED = re.compile(r"(.)(?=\1)")


@lru_cache(maxsize=8_192)
def skeleton(token: str) -> str:
    """Give the consonants of a word by class of sound, so that romanisations of one name meet: Mohammed, Muhamad, mhmd.

    Scripts that do not write vowels leave no other common ground; a word of vowels alone is its own skeleton. Letters
    that an apostrophe parts are no digraph.
    """
    sounds = _SOUND.sub(lambda match: _SOUND_OF[match[0]], token).translate(_LETTERS)
    bones = _DOUBLED.sub("", _WEAK.sub("", _DOUBLED.sub("", sounds)))
    if len(bones) > 1:
        bones = bones.rstrip("h") or bones  # a closing h is written or not: Fatima, Fatimah
    return bones or token.replace("'", "")
