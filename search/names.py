"""This module brings names to the forms that are compared: the same code at index and at query time.

The index then needs keyword fields only, and what was compared can be shown and explained.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

from contracts.identity import PersonName

_NOT_SPACING = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u05b0-\u05c7]")  # vowel marks of Arabic and Hebrew
_ARTICLE = re.compile("\\b\u0627\u0644(?=\\w{3})")  # the Arabic article, which joins its word; Latin spellings part it
_APOSTROPHES = re.compile("['`\u2018\u2019\u02bb\u02bc\u02be\u02bf\u00b4]")
_NO_WORD = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7af]")
MAX_TOKENS = 12  # of one name; what follows adds keys and tells nothing more

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
_LETTERS = str.maketrans({"c": "k", "q": "k", "z": "s", "v": "f", "p": "b", "d": "t", "g": "j"})
_WEAK = re.compile("[aeiouwy]")
_DOUBLED = re.compile(r"(.)\1+")


@dataclass(frozen=True, slots=True)
class NameKeys:
    """The keys by which a name is found: the whole name in any order, each of its words, and the skeleton of each."""

    whole: str
    tokens: tuple[str, ...]
    skeletons: tuple[str, ...]


def latin(text: str) -> str:
    """Write `text` in the letters a to z, digits and single spaces; what no alphabet knows becomes a space."""
    if not text.isascii():
        text = _ARTICLE.sub("", _NOT_SPACING.sub("", unicodedata.normalize("NFKC", text)))
        east_asian = _EAST_ASIAN.search(text) is not None
        text = anyascii(text)
        if east_asian:
            text = _CAMEL.sub(
                " ", text
            )  # one syllable, one word: how they join differs from romanisation to romanisation
    return _NO_WORD.sub(" ", _APOSTROPHES.sub("", text).casefold()).strip()


@lru_cache(maxsize=65_536)
def tokens(text: str) -> tuple[str, ...]:
    """Give the words of a name in Latin letters, in their order."""
    return tuple(latin(text).split()[:MAX_TOKENS])


@lru_cache(maxsize=65_536)
def skeleton(token: str) -> str:
    """Give the consonants of a word by class of sound, so that romanisations of one name meet: Mohammed, Muhamad, mhmd.

    Scripts that do not write vowels leave no other common ground; a word of vowels alone is its own skeleton.
    """
    sounds = _SOUND.sub(lambda match: _SOUND_OF[match[0]], token).translate(_LETTERS)
    bones = _DOUBLED.sub(r"\1", _WEAK.sub("", _DOUBLED.sub(r"\1", sounds)))
    if len(bones) > 1:
        bones = bones.rstrip("h") or bones  # a closing h is written or not: Fatima, Fatimah
    return bones or token


def keys_of(name: PersonName) -> NameKeys:
    """Give the keys of a name."""
    return keys_of_text(name.text)


@lru_cache(maxsize=65_536)
def keys_of_text(text: str) -> NameKeys:
    """Give the keys of a name that stands on one line."""
    words = tokens(text)
    telling = tuple(dict.fromkeys(word for word in words if len(word) > 1)) or tuple(dict.fromkeys(words))
    skeletons = tuple(dict.fromkeys(bones for word in telling if len(bones := skeleton(word)) > 1))
    return NameKeys(" ".join(sorted(words)), telling, skeletons)
