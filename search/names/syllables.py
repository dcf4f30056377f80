"""This module reads a Latin word as syllables of Chinese, Korean or Vietnamese, by one romanisation at a time.

A syllable is told by what it is, not by how it is spelt: those of Mandarin by their pinyin, those of Korean in Hangul.
A spelling may stand for several: Wade-Giles, without the apostrophes that documents leave out, writes `chu` for zhu,
chu, ju and qu, and Koreans write `jung` for 정 and 중.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import product
from unicodedata import normalize

from search.names import data

_RIEUL, _HIEUH = "\u1105", "\u1112"
_BEGINNING_WITH_I = frozenset("\u1163\u1167\u1168\u116d\u1172\u1175")  # ya, yeo, ye, yo, yu, i

_ASPIRATED = re.compile("w?h")
_STRAY = re.compile("(?:[^aeou]|[eo]o|eu|ae)h$")  # an h that lengthens no vowel, as in ah, eh, oh and uh
_VOICED = frozenset("aeiouyw")

Syllables = tuple[frozenset[str], ...]
"""A word as syllables, each with all that it may be."""


PINYIN, WADE, KOREAN, VIETNAMESE = SYSTEMS = ("pinyin", "wade-giles", "korean", "vietnamese")
"""By what rules a name is written in Latin letters. Plain words, for an enumeration is dear as a key of a cache."""
LONGEST = 7  # letters of a syllable: chyoung
MOST = 3  # syllables of one word
AS_KOREANS_SPELL = 0.1  # what a spelling of a letter of Hangul costs at most: rarer ones stand for too much

# Wade-Giles (H. Giles, A Chinese-English Dictionary, 1912) by initial and final of pinyin.
_INITIAL = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcs])?(.+)")
WADE_INITIALS = {
    "b": "p", "d": "t", "g": "k", "j": "ch", "q": "ch", "x": "hs", "zh": "ch", "r": "j", "z": "ts", "c": "ts",
}  # fmt: skip
WADE_FINALS = {"ian": "ien", "ie": "ieh", "ue": "ueh", "ve": "ueh", "v": "u", "ong": "ung", "iong": "iung"}
_NO_VOWEL = re.compile("[hmng]+")
_BUZZED = {"zh": "chih", "ch": "chih", "sh": "shih", "r": "jih", "z": "tzu", "c": "tzu", "s": "szu"}
"""What stands for a syllable in -i that is no vowel but goes on buzzing."""
_WHOLE = {
    "ge": "ko", "ke": "ko", "he": "ho", "gui": "kuei", "kui": "kuei", "yi": "i", "you": "yu", "yan": "yen", "ye": "yeh",
    "yong": "yung", "yue": "yueh", "er": "erh",
}  # fmt: skip
_NO_U = frozenset({"d", "t", "n", "l", "z", "c", "s", "zh", "ch", "r"})  # before uo, which is then written o
# By hand: what bearers in Taiwan and abroad write beside Wade-Giles, in a name that else keeps it.
_HABITS = {
    "li": "lee", "ying": "ing", "song": "soong", "jiu": "jeou", "zhou": "chow", "yi": "yi", "de": "teh",
    "si": "ssu sze", "zi": "tze", "ge": "ke", "wu": "woo", "gu": "koo", "su": "soo", "luo": "loh", "lv": "leu",
}  # fmt: skip


@lru_cache(maxsize=8_192)
def syllables(word: str, system: str) -> tuple[Syllables, ...]:
    """Give all ways to part a word in the letters a to z into at most three syllables: none where it is no such word.

    Within a word no syllable of Mandarin begins with a vowel that an apostrophe does not part: Xian is one syllable.
    """
    if len(word) > MOST * LONGEST:
        return ()
    most = 1 if system is VIETNAMESE else MOST
    return tuple(_parted(word, _known(system), most, "" if system is KOREAN else "aeo"))


def _parted(word: str, known: Mapping[str, frozenset[str]], most: int, no_heads: str) -> Iterator[Syllables]:
    if whole := known.get(word):
        yield (whole,)
    if most > 1:
        for end in range(1, min(len(word), LONGEST + 1)):
            if word[end : end + 1] not in no_heads and (head := known.get(word[:end])):
                yield from ((head, *tail) for tail in _parted(word[end:], known, most - 1, no_heads))


@cache
def _known(system: str) -> Mapping[str, frozenset[str]]:
    """Give the spellings of a romanisation with the syllables that each may stand for."""
    made: dict[str, Callable[[], Iterator[tuple[str, str]]]] = {
        PINYIN: _of_pinyin,
        WADE: _of_wade,
        KOREAN: _of_korean,
        VIETNAMESE: _of_vietnamese,
    }
    found: dict[str, set[str]] = {}
    for spelling, syllable in made[system]():
        found.setdefault(spelling, set()).add(syllable)
    shared: dict[frozenset[str], frozenset[str]] = {}
    every = ((spelling, frozenset(meant)) for spelling, meant in found.items())
    return {spelling: shared.setdefault(meant, meant) for spelling, meant in every}


def _mandarin() -> list[str]:
    """Give the syllables of Mandarin, those left out that are no word but a sound: hm, ng."""
    return [syllable for syllable, _ in data.rows("syllables") if not _NO_VOWEL.fullmatch(syllable)]


def _of_pinyin() -> Iterator[tuple[str, str]]:
    """Spell the syllables of Mandarin in pinyin; the u with two points is u, v or yu in documents."""
    for syllable in _mandarin():
        yield syllable, syllable
        if "v" in syllable:
            yield syllable.replace("v", "u"), syllable
            yield syllable.replace("v", "yu"), syllable


def _of_wade() -> Iterator[tuple[str, str]]:
    for syllable in _mandarin():
        yield from ((spelling, syllable) for spelling in in_wade(syllable))


def in_wade(syllable: str) -> tuple[str, ...]:
    """Give what names in Wade-Giles have for a syllable of pinyin: first what it writes, then what their bearers do."""
    return wade(syllable), *_HABITS.get(syllable, "").split()


def wade(syllable: str) -> str:
    """Write a syllable of pinyin in Wade-Giles, without apostrophes and marks."""
    if whole := _WHOLE.get(syllable):
        return whole
    spelt = _INITIAL.match(syllable)
    initial, final = spelt.groups(default="") if spelt else ("", syllable)
    if final == "i" and initial in _BUZZED:
        return _BUZZED[initial]
    if final == "uo" and initial in _NO_U:
        final = "o"
    return WADE_INITIALS.get(initial, initial) + WADE_FINALS.get(final, final)


def _of_korean() -> Iterator[tuple[str, str]]:
    """Spell the syllables that Korean names are made of, those in which Han characters are read, letter by letter."""
    spelt = data.prices_by_hand().items()
    kept = {unit: [one for one, price in prices.items() if price <= AS_KOREANS_SPELL] for unit, prices in spelt}
    for syllable in sorted(set("".join(row[1] for row in data.rows("korean")))):
        jamo = normalize("NFD", syllable).removeprefix(data.SILENT_ONSET)
        yield from (("".join(way), syllable) for way in product(*(kept.get(one, []) for one in jamo)))


def _of_vietnamese() -> Iterator[tuple[str, str]]:
    for _, readings in data.rows("vietnamese"):
        yield from ((reading, reading) for reading in readings.split())


def southern(syllable: str) -> str:
    """Give a syllable of Hangul as the south begins a word with it, without the r of the north before an i or y."""
    jamo = normalize("NFD", syllable)
    is_northern = jamo.startswith(_RIEUL) and jamo[1] in _BEGINNING_WITH_I
    return normalize("NFC", data.SILENT_ONSET + jamo[1:]) if is_northern else syllable


def begins_with_h(hangul: str) -> bool:
    """Tell whether a syllable of Hangul begins with an h: all that tells Min-ho from Min-woo, and Hyung from Young."""
    return normalize("NFD", hangul).startswith(_HIEUH)


def is_spelt_with_h(latin: str, before: str) -> bool:
    """Tell whether the letters of a Korean syllable begin with an h, or those before it end with the h that it has.

    An h before a vowel begins a syllable, unless it lengthens the vowel before it: Ah-young.
    """
    return _ASPIRATED.match(latin) is not None or (latin[0] in _VOICED and _STRAY.search(before) is not None)


@cache
def korean_families() -> Mapping[str, frozenset[str]]:
    """Give for the spellings that Koreans use for a family name the syllables of Hangul that it may be."""
    found: dict[str, set[str]] = {}
    families = data.surnames()
    for spelling, meant in _known(KOREAN).items():
        if kept := meant & families.keys():
            found.setdefault(spelling, set()).update(kept)
    for syllable, spellings in families.items():
        for spelling in spellings:
            found.setdefault(spelling, set()).add(syllable)
    return {spelling: frozenset(meant) for spelling, meant in found.items()}
