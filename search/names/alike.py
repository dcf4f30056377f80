"""This module compares two parts of names, and says by which rule they are alike."""

from enum import StrEnum
from functools import lru_cache

from rapidfuzz.distance import OSA, Levenshtein

from search.names import data, spelling
from search.names.parts import Kind, Part
from search.names.skeleton import skeleton
from search.names.sound import sound


class Rule(StrEnum):
    """By what two parts are alike, or that one has no other."""

    SAME = "same"
    SPELLING = "spelling"
    INITIAL = "initial"
    NICKNAME = "nickname"
    PATRONYMIC = "patronymic"
    ROMANISATION = "romanisation"
    SKELETON = "skeleton"
    JOINED = "joined"
    MISSING = "missing"


Likeness = tuple[float, Rule]
NOT_ALIKE: Likeness = (0.0, Rule.MISSING)
LEAST = 0.55  # below this two parts are different words
LEAST_ACROSS = 0.6
DISTINCT = 1.8  # two known names that are spelt alike are the further apart
SCALE = 1.6
FAR, FAR_BONES = 0.4, 0.45
EXTRA_VOWEL = 0.12
INITIAL, NICKNAME = 0.9, 0.9
ABJADS = frozenset({"Arab", "Hebr"})


@lru_cache(maxsize=24_576)
def alike(one: Part, other: Part) -> Likeness:
    """Compare two parts: 1 for the same word, 0 for different ones. The order does not matter."""
    if one.latin == other.latin and (one.script == other.script == "Latn" or one.native == other.native):
        return 1.0, Rule.SAME
    if one.kind is Kind.INITIAL or other.kind is Kind.INITIAL:
        return _initial(one, other)
    if one.script == other.script != "Latn":
        return _same_script(one, other)
    if one.native and not other.native:
        return across((one,), other.latin)
    if other.native and not one.native:
        return across((other,), one.latin)
    if one.native and other.native:
        return max(across((one,), other.latin), across((other,), one.latin))
    return _latin(one, other)


def _initial(one: Part, other: Part) -> Likeness:
    short, long = (one, other) if one.kind is Kind.INITIAL else (other, one)
    if not long.latin or not short.latin:
        return NOT_ALIKE
    if short.latin[0] == long.latin[0]:
        return INITIAL, Rule.INITIAL
    return (INITIAL - 0.05, Rule.INITIAL) if long.native and short.latin[0] in long.slots[0].starts else NOT_ALIKE


def _same_script(one: Part, other: Part) -> Likeness:
    if one.native == other.native:
        return 1.0, Rule.SAME
    edits = OSA.normalized_similarity(one.native, other.native)
    return (edits, Rule.SPELLING) if edits >= LEAST else NOT_ALIKE


def _latin(one: Part, other: Part) -> Likeness:
    if len(one.forms) + len(other.forms) > 2 and not set(one.forms).isdisjoint(other.forms):
        return 0.99, Rule.ROMANISATION
    groups = data.nicknames()
    mine = groups.get(one.latin)
    best = NOT_ALIKE
    if mine and (theirs := groups.get(other.latin)) and not mine.isdisjoint(theirs):
        best = (NICKNAME, Rule.NICKNAME)
    level = OSA.normalized_similarity(one.latin, other.latin, score_cutoff=LEAST)
    if level >= LEAST or Levenshtein.normalized_similarity(one.sound, other.sound, score_cutoff=LEAST):
        level = max(level, _read_as(one, other), _read_as(other, one))
    if one.known and other.known:
        level = 1.0 - DISTINCT * (1.0 - level)
    if level < LEAST:
        return best
    if level > best[0]:
        best = (level, Rule.SPELLING)
    return best


def _read_as(one: Part, other: Part) -> float:
    """Read a Latin word by the spellings that its sounds have in other romanisations."""
    span = max(len(one.latin), len(other.latin), 2)
    return 1.0 - SCALE * spelling.cost(one.slots, other.latin, span * (1.0 - LEAST), 0.6) / span


@lru_cache(maxsize=12_288)
def across(native: tuple[Part, ...], latin: str) -> Likeness:
    """Compare a word in its own script, or several that are joined, with a Latin one."""
    script = native[0].script
    if not native[0].slots or not latin or not _may_be(native, script, latin):
        return NOT_ALIKE
    span = sum(one.span for one in native)
    if script in ABJADS:
        span = max(span, sum(letter not in spelling.VOWELS for letter in latin))
    elif script not in {"Hang", "Hani"}:
        span = max(span, len(latin))
    span = max(span, 2.0)
    limit = span * (1.0 - LEAST_ACROSS)
    slots = native[0].slots if len(native) == 1 else tuple(slot for one in native for slot in one.slots)
    price = spelling.cost(slots, latin, limit, EXTRA_VOWEL if script in ABJADS else 0.45)
    return (1.0 - price / span, Rule.ROMANISATION) if price <= limit else NOT_ALIKE


def _may_be(native: tuple[Part, ...], script: str, latin: str) -> bool:
    """Tell quickly, by one romanisation, that two words are far apart; Han has too many readings for that."""
    if script == "Hani":
        reach = 0
        for one in native:
            reach |= one.letters
        return (spelling.mask(latin) & ~reach).bit_count() <= 1 + len(latin) // 5
    if script in ABJADS or script == "Hang":
        if (
            script == "Hang"
            and Levenshtein.normalized_similarity("".join(one.sound for one in native), sound(latin)) >= FAR
        ):
            return True
        return Levenshtein.normalized_similarity("".join(one.bones for one in native), skeleton(latin)) >= FAR_BONES
    return Levenshtein.normalized_similarity("".join(one.sound for one in native), sound(latin)) >= FAR
