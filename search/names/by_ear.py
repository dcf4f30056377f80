"""This module compares a word in its own script with a Latin one as this is heard in a language that it may be of.

Only what has all consonants of the word, by place of articulation, can be it: vowels alone are bent.
"""

from functools import lru_cache

from search.names import arabic
from search.names.alike import BENT, NOT_ALIKE, Likeness, Rule, across
from search.names.heard import heard, heard_in_syllables
from search.names.outline import outlines_of
from search.names.parts import Kind, Part
from search.names.spelling import mask
from search.names.units import SYLLABIC

SURE = 0.93
"""How much alike words are that need not be heard."""
A_LANGUAGE = 0.03
"""How much less alike words are that are so in one language only."""
UNHEARD, MUTE = 1, 2
"""Classes of consonants that only what is heard has, and only what is written: by more it is another word."""
_VOWEL_OR_V = mask("f")  # by class of sound; a v may be written w or u
_AS_WRITTEN = frozenset({Kind.INITIAL, Kind.PATRONYMIC})


def may_sound(one: Part, other: Part) -> bool:
    """Tell at sight whether one word may be what is heard of the other: by their scripts and consonants."""
    if bool(one.native) is bool(other.native) or one.kind in _AS_WRITTEN or other.kind in _AS_WRITTEN:
        return False
    native, latin = (one, other) if one.native else (other, one)
    if native.native in arabic.names():
        return False  # a common name of its own, which the tables tell from others
    if not native.letters:
        return native.script != "Hani"
    unheard = native.letters & ~latin.letters & ~_VOWEL_OR_V
    return unheard.bit_count() <= UNHEARD and (latin.letters & ~native.letters).bit_count() <= MUTE


def by_ear(one: Part, other: Part) -> Likeness:
    """Compare a word in its own script with a Latin one as it is heard, in whatever order they are given."""
    return _by_ear(one, other) if one.native else _by_ear(other, one)


@lru_cache(maxsize=2_048)
def _by_ear(native: Part, latin: Part) -> Likeness:
    is_bent = native.script in SYLLABIC
    sounds = (heard_in_syllables if is_bent else heard)(latin.text)
    best, steps = 0.0, 0
    for shape in outlines_of(native.slots) if sounds else ():
        for sound in sounds.get(shape, ()):
            likeness = across((native,), sound)
            best, steps = max(best, likeness.level), steps + likeness.steps
    if not best:
        return NOT_ALIKE._replace(steps=steps)
    level = (1.0 - BENT * (1.0 - best) if is_bent else best) - A_LANGUAGE
    return Likeness(max(0.0, level), Rule.ROMANISATION, steps)
