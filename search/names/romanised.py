"""This module compares two Latin names as syllables: of Chinese, Korean and Vietnamese names, each a word or a half.

Japanese names are compared in Hepburn's romanisation.

Two romanisations of one name may have hardly a letter in common (Tsai Ing-mei, Cai Yingmei; Roh, No), and two names of
brothers nearly all (Young-sam, Young-nam). What tells is whether both can spell the same syllables, in the same order.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from search.names import data
from search.names.alike import family_spellings
from search.names.aloud import short
from search.names.given import DOUBTFUL
from search.names.hepburn import hepburn, is_japanese
from search.names.parts import Kind, Part
from search.names.syllables import (
    KOREAN,
    PINYIN,
    SYSTEMS,
    VIETNAMESE,
    WADE,
    Syllables,
    korean_families,
    southern,
    syllables,
    wade,
)
from search.names.words import orders

SPELT_ALIKE = 0.95  # of two that may spell one name: each may spell others, too
FULL = 3  # syllables of a name that has a given name of two; of fewer one may be anything
WORDS = range(2, 5)
MOST_LETTERS = 14  # of a word of at most three syllables, all long ones: longer words are read in no way
MOST_READINGS = 8  # ways in which a name is parted that are looked at


class _Spelt(NamedTuple):
    """A name as syllables, in each way that it may be parted and ordered, by romanisation; the family name first.

    Attributes:
        words: its words as they stand.
        pinyin: the syllables of Mandarin that it spells in pinyin.
        wade: those that it spells in Wade-Giles; none where it is in pinyin, for all of a name is written by one.
        korean: the syllables of Hangul that it may spell.
        vietnamese: its words in the order of the alphabet, where it is a Vietnamese name.
        japanese: its words as Hepburn writes them, where it may be a Japanese name.
    """

    words: tuple[str, ...]
    pinyin: tuple[Syllables, ...]
    wade: tuple[Syllables, ...]
    korean: tuple[Syllables, ...]
    vietnamese: tuple[str, ...]
    japanese: tuple[str, ...]

    @property
    def is_parted(self) -> bool:
        """Whether it has a word for each syllable, where it has three."""
        return len(self.words) == FULL


def as_romanised(ones: Sequence[Part], others: Sequence[Part], score: float) -> float:
    """Judge a score by the syllables of two names: raised where they spell one name, lowered where they spell two.

    It stays as it is where one of them is no Chinese, Korean, Vietnamese or Japanese name in Latin letters.
    """
    if not all(map(_may_be_read, (ones[0], others[0], ones[-1], others[-1]))):
        return score
    one = _spelt(tuple(ones))
    other = _spelt(tuple(others)) if one else None
    if not one or not other:
        return score
    if one.vietnamese and other.vietnamese:
        return min(score, DOUBTFUL) if _differ_in_a_word(one.vietnamese, other.vietnamese) else score
    if one.pinyin and other.pinyin:
        return _in_pinyin(one, other, score)
    verdicts = [
        _verdict(one.pinyin, other.wade),
        _verdict(one.wade, other.pinyin),
        _verdict(one.korean, other.korean) if one.is_parted or other.is_parted else None,
        True if one.japanese and sorted(one.japanese) == sorted(other.japanese) else None,
    ]
    if True in verdicts:
        return max(score, SPELT_ALIKE)
    return min(score, DOUBTFUL) if False in verdicts else score


def _in_pinyin(one: _Spelt, other: _Spelt, score: float) -> float:
    if _verdict(one.pinyin[:1], other.pinyin[:1]):
        return max(score, SPELT_ALIKE)  # Lü is Lv and Lyu in passports
    are_parted = one.is_parted and other.is_parted
    return min(score, DOUBTFUL) if are_parted and _are_swapped(one.pinyin, other.pinyin) else score


@lru_cache(maxsize=8_192)
def _may_be_read(one: Part) -> bool:
    """Tell whether a word may consist of syllables, as all words of a name must that is read so."""
    if one.native:
        return False
    if one.kind is Kind.TITLE or one.latin in korean_families() or is_japanese(one.latin):
        return True
    return any(syllables(one.latin, system) for system in SYSTEMS)


@lru_cache(maxsize=8_192)
def _spelt(parts: tuple[Part, ...]) -> _Spelt | None:
    if any(one.native or len(one.latin) > MOST_LETTERS or one.cut for one in parts):
        return None
    spelt = _as_syllables([one.latin for one in parts])
    if spelt or not any(one.kind is Kind.TITLE for one in parts):
        return spelt
    return _as_syllables([one.latin for one in parts if one.kind is not Kind.TITLE])


def _as_syllables(words: Sequence[str]) -> _Spelt | None:
    if len(words) not in WORDS:
        return None
    pinyin = _readings(words, PINYIN)
    spelt = _Spelt(
        tuple(words),
        pinyin,
        wade=() if pinyin else _readings(words, WADE),
        korean=tuple(_of_families(words)),
        vietnamese=_vietnamese(words),
        japanese=_japanese(words),
    )
    return spelt if any(spelt[1:]) else None


def _readings(words: Sequence[str], system: str) -> tuple[Syllables, ...]:
    read = {}
    for word in words:
        read[word] = syllables(word, system)
        if not read[word]:
            return ()
    return tuple(
        tuple(syllable for word in way for syllable in word)
        for order in orders(words)[:2]
        for way in product(*(read[word] for word in order))
    )[:MOST_READINGS]


def _of_families(words: Sequence[str]) -> Iterable[Syllables]:
    """Read a name as a Korean one: a family name in one syllable, and a given name."""
    families = korean_families()
    for order in orders(words)[:2]:
        if family := families.get(order[0]):
            givens = product(*(syllables(word, KOREAN) for word in order[1:]))
            every = ((family, *(one for word in way for one in word)) for way in givens)
            yield from ((name[0], _as_in_the_south(name[1]), name[2]) for name in every if len(name) == FULL)


@lru_cache(maxsize=1_024)
def _as_in_the_south(meant: frozenset[str]) -> frozenset[str]:
    """Add to what begins a given name what the south makes of it, which speaks no r before an i or y there: 룡, 용."""
    return meant | frozenset(map(southern, meant))


def as_others_spell(parts: Sequence[Part]) -> list[tuple[str, ...]]:
    """Give the words of a name as its other romanisations have their consonants, for keys.

    What Wade-Giles writes for a name in pinyin is one name; the way back is not. Of a Korean name the spellings of the
    family differ, and it is written by the rules that the table has. What is a title elsewhere may be a syllable: Ing.
    """
    spelt = _spelt(tuple(parts)) if parts and _may_be_read(parts[0]) and _may_be_read(parts[-1]) else None
    if spelt is None:
        return []
    found = [spelt.words] if any(one.kind is Kind.TITLE for one in parts) else []
    if spelt.japanese and not spelt.pinyin:
        found.append(spelt.japanese)
    found += [tuple(wade(min(one)) for one in way) for way in spelt.pinyin[:1]]
    if spelt.korean:
        families = korean_families()
        for order in orders(spelt.words)[:2]:
            usual = (family_spellings(syllable)[1] for syllable in sorted(families.get(order[0], ())))
            found += ((family, *order[1:]) for family in usual)
    return found


def _vietnamese(words: Sequence[str]) -> tuple[str, ...]:
    """Give the words of a name that has one of the common family names of Vietnam at one of its ends; else none."""
    common = (data.vietnamese_families().get(words[place], False) for place in (0, -1))
    is_read = len(words) >= FULL and any(common) and all(syllables(word, VIETNAMESE) for word in words)
    return tuple(sorted(words)) if is_read else ()


def _japanese(words: Sequence[str]) -> tuple[str, ...]:
    """Write a name as Hepburn does, its long vowels short, where one word is a given name of Japan; else none."""
    if not all(map(is_japanese, words)):
        return ()
    written = tuple(short(hepburn(word)) for word in words)
    return () if data.given_in_japan().isdisjoint(written) else written


def _verdict(ones: Iterable[Syllables], others: Sequence[Syllables]) -> bool | None:
    """Tell whether two names may spell the same syllables, and whether two of three syllables each surely do not.

    It tells nothing where they have not equally many in any way. Names with fewer or more syllables may be no names of
    East Asia at all: Eman Ali.
    """
    said = None
    for one in ones:
        for other in others:
            if len(one) == len(other):
                if all(map(frozenset.intersection, one, other)):
                    return True
                if len(one) == FULL:
                    said = False
    return said


def _are_swapped(ones: Sequence[Syllables], others: Sequence[Syllables]) -> bool:
    """Tell whether two names have the same syllables in another order, wherever the family name stands."""
    return not set(ones) & set(others) and sorted(map(sorted, ones[0])) == sorted(map(sorted, others[0]))


def _differ_in_a_word(ones: Sequence[str], others: Sequence[str]) -> bool:
    return len(ones) == len(others) and len(set(ones) ^ set(others)) == 2  # noqa: PLR2004  one of each
