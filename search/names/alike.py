"""This module compares two parts of names, and says by which rule they are alike."""

import math
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple

from rapidfuzz.distance import OSA, Levenshtein

from search.names import arabic, data, spelling
from search.names.aloud import Way, aloud, japanese, short
from search.names.effort import A_READING, JOIN, SPEAK, Effort
from search.names.hepburn import hepburn
from search.names.marks import are_marked_otherwise, are_written_otherwise
from search.names.part import part, simply
from search.names.parts import Kind, Part
from search.names.units import ABJADS, SYLLABIC


class Rule(StrEnum):
    """By what two parts are alike, or that one has no other."""

    SAME = "same"
    SPELLING = "spelling"
    INITIAL = "initial"
    NICKNAME = "nickname"
    PATRONYMIC = "patronymic"
    ROMANISATION = "romanisation"
    JOINED = "joined"
    MISSING = "missing"


class Likeness(NamedTuple):
    """How much alike two words are.

    Attributes:
        level: between 0 and 1.
        rule: by what.
        steps: how many steps of reading it took to tell.
        is_read: whether they are of two scripts. Such words may stand for each other even where they are not alike, and
            so contradict less than two words of one script: the tables do not know all readings.
    """

    level: float
    rule: Rule
    steps: int = 0
    is_read: bool = False


NOT_ALIKE = Likeness(0.0, Rule.MISSING)
SAME_WORD = Likeness(1.0, Rule.SAME)
OTHER_SPELLING = Likeness(0.99, Rule.ROMANISATION)
LEAST = 0.55  # below this two parts are different words
LEAST_ACROSS = 0.6  # the same for words of two scripts
SHORTEST = 2.0  # letters; of a word of one a mistake would be all
DISTINCT = 1.8  # two known names that are spelt alike are the further apart
LEAST_OF_KNOWN = 1.0 - (1.0 - LEAST) / DISTINCT
SCALE = 1.6  # by which what differs between two Latin words counts more than what a reading costs
INITIAL, NICKNAME, SAME_BONES, CUT = 0.9, 0.93, 0.9, 0.9
DEAREST_INITIAL = 0.3
"""What a spelling may cost that an initial stands for: as much as those of standards and habits. Those that were
learned from single names, such as Ж for an A, are dearer."""
TRANSLATED = 0.65
"""John and Jean: a name in two languages, with the same family name less than `compare.THRESHOLD`."""
HARDLY = 0.65
"""Salem and سليم, mostly two names: with the same family name less than `compare.THRESHOLD`, but no contradiction."""
SHORT_BONES = 2  # consonants; so few are no proof
LEAST_STEM = 0.6  # below this two patronymics are of different fathers
LONG_STEM = 3  # letters; a word that has fewer before its ending is a family name as likely, and spelt in many ways
MOST_JAMO = 6  # of Hangul for each character of Han: it sounds as two syllables at most
BENT = 0.75  # of what differs from a word in a syllabary; the rest it cannot write otherwise
_NO_NAMES = frozenset[str]()
_ENDINGS = ("", "i", "y", "iy", "ey", "ei", "a", "o")  # what a name loses before the ending of a patronymic


@lru_cache(maxsize=8_192)
def alike(one: Part, other: Part) -> Likeness:
    """Compare two parts: 1 for the same word, 0 for different ones. The order does not matter."""
    if one.native == other.native and one.latin == other.latin:
        return SAME_WORD
    if one.arabic or other.arabic:
        return _better(_in_letters(one, other), _in_letters(one.arabic or one, other.arabic or other))
    return _in_letters(one, other)


def at_sight(one: Part, other: Part) -> Likeness:
    """Compare two parts as they are written: equal ones are one word, all others are not alike."""
    is_same = one.latin == other.latin and one.native == other.native
    return SAME_WORD if is_same else NOT_ALIKE


def _in_letters(one: Part, other: Part) -> Likeness:
    if one.kind is Kind.INITIAL or other.kind is Kind.INITIAL:
        return _initial(one, other)
    if min(len(one.stem), len(other.stem)) >= LONG_STEM and _stems(one.stem, other.stem) < LEAST_STEM:
        return NOT_ALIKE
    if not one.native and not other.native:
        likeness = _latin(one, other)
    elif one.script == other.script:
        likeness = _same_script(one, other)
    elif _is_sino_korean(one, other) or _is_sino_korean(other, one):
        likeness = OTHER_SPELLING
    elif one.native and other.native:
        likeness = _of_two_scripts(one, other)
    else:
        likeness = _read(one, other) if one.native else _read(other, one)
    if likeness.level < NICKNAME and (_are_grouped(one, other) or (one.stem and other.stem)):
        return _better(likeness, _by_table(one, other))
    return likeness


def _not_alike(steps: int) -> Likeness:
    return Likeness(0.0, Rule.MISSING, steps)


def _better(one: Likeness, other: Likeness) -> Likeness:
    """Give the higher likeness, with what both cost."""
    better = other if other[:2] > one[:2] else one
    return Likeness(better.level, better.rule, one.steps + other.steps, better.is_read)


@cache
def family_spellings(syllable: str) -> tuple[tuple[str, ...], str]:
    """Give the spellings of a syllable of Hangul that its bearers use as a family name, and how it sounds."""
    return data.surnames().get(syllable, ()), part(syllable, Kind.PLAIN).latin


def _read(native: Part, other: Part) -> Likeness:
    """Read one word as another; a syllabary bends foreign names, so that what differs tells less."""
    if len(native.text) == 1 and native.script == "Hang" and other.latin in family_spellings(native.text)[0]:
        return Likeness(1.0, Rule.ROMANISATION)
    if native.script == "Arab" and native.native in arabic.names():
        names = arabic.of_latin().get(other.latin)
        if names and native.native not in names:
            return NOT_ALIKE  # two common names that have the same consonants: Hassan and Hussein
        if other.latin in arabic.hardly().get(native.native, _NO_NAMES):
            return Likeness(HARDLY, Rule.ROMANISATION, is_read=True)
    likeness = across((native,), other.latin)
    if native.article:
        likeness = _better(likeness, across((native.article,), other.latin))
    elif native.script == "Hani":
        effort = Effort(A_READING)
        in_full = (
            spoken_in_hangul(native, (other,), effort)
            if other.script == "Hang"
            else spoken(native, other.latin, effort)
        )
        likeness = _better(likeness, in_full)
    level = likeness.level
    if level and native.script in SYLLABIC:
        level = 1.0 - BENT * (1.0 - level)
    return Likeness(level, likeness.rule, likeness.steps, is_read=True)


def _of_two_scripts(one: Part, other: Part) -> Likeness:
    """Read each of two words as the other, also as that would be spelt by who does not come from its letters."""
    likeness = _better(_read(one, other), _read(other, one))
    for native, read in ((one, other), (other, one)):
        simple = simply(read)
        if native.script == "Arab" and native.native in arabic.names():
            known = arabic.of_latin()
            names = known.get(read.latin, _NO_NAMES) | known.get(simple.latin, _NO_NAMES)
            if names and native.native not in names:
                return NOT_ALIKE
        if simple is not read:
            likeness = _better(likeness, _read(native, simple))
    return likeness


def spoken(han: Part, latin: str, effort: Effort) -> Likeness:
    """Compare a name in Han, read as a Japanese one, with a Latin word, in as many ways as effort is left for."""
    return _likest(_spoken(han, hepburn(latin), effort))


def _spoken(han: Part, latin: str, effort: Effort) -> Iterator[Sequence[Likeness]]:
    for way in japanese(han.native):
        if not effort.spend(SPEAK):
            return
        read = across((part("".join(way), Kind.PLAIN),), latin)
        effort.left -= read.steps
        yield (read,)


def spoken_in_hangul(han: Part, hangul: tuple[Part, ...], effort: Effort) -> Likeness:
    """Compare a name in Han, read aloud in any language, with the words of Hangul that write what is heard.

    The letters of Hangul know what they may stand for; their one romanisation does not. Where a name is read in as many
    words, each stands for one: a given name that is another one is not made good by a long family name. It is read in
    as many ways as effort is left for, and in none where there is more Hangul than it can sound.
    """
    if sum(len(word.slots) for word in hangul) > MOST_JAMO * len(han.native):
        return NOT_ALIKE
    return _likest(_spoken_in_hangul(han, hangul, effort))


def _spoken_in_hangul(han: Part, hangul: tuple[Part, ...], effort: Effort) -> Iterator[Sequence[Likeness]]:
    jamo = sum(len(word.slots) for word in hangul)
    for way in aloud(han.native):
        pairs = _word_by_word(hangul, way)
        if not effort.spend(JOIN + jamo * (max(len(spelt) for _, spelt in pairs) + 1)):
            return
        yield [across(words, spelt) for words, spelt in pairs]


def _word_by_word(hangul: tuple[Part, ...], way: Way) -> list[tuple[tuple[Part, ...], str]]:
    if len(way) == len(hangul):
        return [((word,), spelt) for word, spelt in zip(hangul, way, strict=True)]
    return [(hangul, "".join(way))]


def _likest(ways: Iterable[Sequence[Likeness]]) -> Likeness:
    """Give the likest of several ways to read a name, each word by word (in their root mean square)."""
    best = NOT_ALIKE
    for words in ways:
        level = math.sqrt(sum(word.level**2 for word in words) / len(words))
        best = _better(best, Likeness(level, Rule.ROMANISATION, sum(word.steps for word in words)))
    return best


def _is_sino_korean(han: Part, hangul: Part) -> bool:
    """Tell whether a name in Hangul is one in Han characters, syllable by character."""
    if han.script != "Hani" or hangul.script != "Hang" or len(han.text) != len(hangul.text):
        return False
    return all(syllable in data.hangul(one) for one, syllable in zip(han.text, hangul.text, strict=True))


def _are_grouped(one: Part, other: Part) -> bool:
    return bool((one.groups or one.translations) and (other.groups or other.translations))


def _by_table(one: Part, other: Part) -> Likeness:
    """Compare names that stand for each other, and fathers' names made of such names."""
    if not one.groups.isdisjoint(other.groups):
        return Likeness(NICKNAME, Rule.NICKNAME)
    if not (one.groups | one.translations).isdisjoint(other.groups | other.translations):
        # In another script a name stands as it is there: Γιάννης is John. In one script documents translate no names.
        return Likeness(NICKNAME if one.native or other.native else TRANSLATED, Rule.NICKNAME)
    if one.stem and other.stem and _stems(one.stem, other.stem) == 1.0:
        return Likeness(NICKNAME, Rule.PATRONYMIC)
    return NOT_ALIKE


def _stems(one: str, other: str) -> float:
    """Compare the fathers of two patronymics, whose endings tell nothing."""
    if not _fathers(one).isdisjoint(_fathers(other)):
        return 1.0
    return OSA.normalized_similarity(one, other)


@lru_cache(maxsize=1_024)
def _fathers(stem: str) -> frozenset[str]:
    """Give the groups of the names that a patronymic may be made of: `Sergei` of `Serge`."""
    groups = data.nicknames()
    return frozenset[str]().union(*(groups.get(stem + ending, frozenset()) for ending in _ENDINGS))


def _initial(one: Part, other: Part) -> Likeness:
    """Compare an initial with a word, or two of them; in its own script one letter may be several of Latin: Ю is Yu."""
    short, long = (one, other) if one.kind is Kind.INITIAL else (other, one)
    if not long.latin or not short.latin:
        return NOT_ALIKE
    if long.kind is Kind.INITIAL and len(long.latin) < len(short.latin):
        short, long = long, short
    if short.native and long.native and short.script == long.script:
        is_one = long.native.startswith(short.native) or part(long.native[0], Kind.PLAIN).latin == short.latin
        return Likeness(INITIAL, Rule.INITIAL) if is_one else NOT_ALIKE
    if long.latin.startswith(short.latin):
        return Likeness(INITIAL, Rule.INITIAL)
    begins = long.native and any(spelling[0] == short.latin for spelling in _spellings(long))
    may_be = begins or (short.native and any(map(long.latin.startswith, _spellings(short))))
    return Likeness(INITIAL - 0.05, Rule.INITIAL) if may_be else NOT_ALIKE


def _spellings(word: Part) -> Iterator[str]:
    """Give how the first letter of a word in another script is spelt, but not as hardly anybody spells it."""
    starts = word.slots[0].starts.values()
    return (spelling for every in starts for spelling, _, cost in every if cost <= DEAREST_INITIAL)


def _same_script(one: Part, other: Part) -> Likeness:
    if one.native == other.native:
        return SAME_WORD
    if _are_two_of_arabic(one.native, other.native):
        return NOT_ALIKE
    if _have_other_long_vowels(one.native, other.native):
        return Likeness(HARDLY, Rule.SPELLING)
    level = OSA.normalized_similarity(one.native, other.native)
    if one.bones == other.bones and len(one.bones) > SHORT_BONES and one.script in ABJADS:
        level = max(level, SAME_BONES)
    return Likeness(level, Rule.SPELLING) if level >= LEAST else NOT_ALIKE


def _are_two_of_arabic(one: str, other: str) -> bool:
    """Tell whether two words are common Arabic names that no Latin spelling stands for both of: حسن and حسين."""
    names = arabic.names()
    return one in names and other in names and names[one].isdisjoint(names[other])


def _have_other_long_vowels(one: str, other: str) -> bool:
    """Tell whether two words are common Arabic names that no Latin spelling mostly stands for both of: سالم and سليم.

    Arabic writes which vowel is long; who had only a Latin spelling before him may have guessed.
    """
    names = arabic.first()
    mine, theirs = names.get(one), names.get(other)
    return bool(mine and theirs and mine.isdisjoint(theirs))


def _latin(one: Part, other: Part) -> Likeness:
    if len(one.forms) + len(other.forms) > 2 and not set(one.forms).isdisjoint(other.forms):  # noqa: PLR2004
        return OTHER_SPELLING
    common = _of_arabic(one.latin, other.latin)
    if common and (common.level or not (one.cut or other.cut)):
        return common
    level = OSA.normalized_similarity(one.latin, other.latin, score_cutoff=LEAST)
    are_known = one.known and other.known
    steps = 0
    if are_written_otherwise(one.forms[-1], other.forms[-1]):
        level = min(level, HARDLY)
    elif are_marked_otherwise(one.text, other.text):
        level = 1.0 - DISTINCT * (1.0 - level)
    elif level or Levenshtein.normalized_similarity(one.sound, other.sound, score_cutoff=LEAST):
        # What would not be alike at the end, or no more alike than now, need not be read to its end.
        level = _read_as(one, other, max(level, LEAST_OF_KNOWN if are_known else LEAST), level)
        level = _read_as(other, one, max(level, LEAST_OF_KNOWN if are_known else LEAST), level)
        steps = spelling.steps(one.slots, other.latin) + spelling.steps(other.slots, one.latin)
    elif not (one.cut or other.cut):
        return NOT_ALIKE
    if are_known:
        level = 1.0 - DISTINCT * (1.0 - level)
    if level < CUT and (one.cut or other.cut) and _is_begun(one, other):
        level = CUT
    if level > HARDLY and _are_two_of_japan(one.latin, other.latin):
        level = HARDLY  # Yuko and Yuka, two names that are hardly longer than what tells them apart
    return Likeness(level, Rule.SPELLING, steps) if level >= LEAST else _not_alike(steps)


def _are_two_of_japan(one: str, other: str) -> bool:
    names = data.given_in_japan()
    return one in names and other in names and short(one) != short(other)


def _of_arabic(one: str, other: str) -> Likeness | None:
    """Compare Latin spellings of common Arabic names: spellings of one, names of two, or nothing that can be told."""
    names = arabic.of_latin()
    if one not in names or other not in names:
        return None
    meant = arabic.meant()
    if not meant.get(one, _NO_NAMES).isdisjoint(meant.get(other, _NO_NAMES)):
        return OTHER_SPELLING
    return NOT_ALIKE if names[one].isdisjoint(names[other]) else None


def _is_begun(one: Part, other: Part) -> bool:
    """Tell whether a word that may have been cut, where a zone was full, is the beginning of the other."""
    short, long = (one, other) if len(one.latin) < len(other.latin) else (other, one)
    return short.cut and long.latin.startswith(short.latin)


def _read_as(one: Part, other: Part, least: float, level: float) -> float:
    """Read a Latin word by the spellings that its sounds have in other romanisations; give what is more than `level`.

    What is less alike than `least` does not count.
    """
    span = max(len(one.latin), len(other.latin), 2)
    price = spelling.cost(
        one.slots, other.latin, span * (1.0 - least) / SCALE + spelling.ROUNDING, spelling.VOWEL_IN_LATIN
    )
    return max(level, 1.0 - SCALE * price / span)


def across(native: tuple[Part, ...], latin: str, least: float = LEAST_ACROSS) -> Likeness:
    """Compare a word in its own script, or several that are joined, with a Latin one.

    What is less alike than `least`, or than two words ever are, is not alike.
    """
    script = native[0].script
    if not native[0].slots or not latin:
        return NOT_ALIKE
    least_span = SHORTEST
    if script in ABJADS:
        least_span = max(SHORTEST, spelling.consonants(latin))
    elif script not in {"Hang", "Hani"}:
        least_span = max(SHORTEST, len(latin))
    span, written, slots = native[0].span, native[0].written, native[0].slots
    for one in native[1:]:
        span, written, slots = span + one.span, written + one.written, slots + one.slots
    span = max(least_span, span)
    # Letters that need not be written make no word longer: the more of them, the more would be amiss unseen.
    limit = max(least_span, written) * (1.0 - LEAST_ACROSS)
    if least > LEAST_ACROSS:
        limit = min(limit, span * (1.0 - least) + spelling.ROUNDING)
    price = spelling.cost(slots, latin, limit, spelling.VOWEL_UNWRITTEN if script in ABJADS else spelling.VOWEL)
    if math.isinf(price):
        return NOT_ALIKE
    steps = spelling.steps(slots, latin)
    return Likeness(1.0 - price / span, Rule.ROMANISATION, steps) if price <= limit else _not_alike(steps)
