"""This module compares a Korean name in Cyrillic, as Russian writes it, with one in Hangul, Han or Latin letters.

Russian writes one letter for several of Hangul (`н` for n and ng, `ё` for yo and yeo), so that a syllable of it may be
any of some syllables of Hangul (the systems of L. R. Kontsevich and, before him, A. A. Kholodovich). The other name is
compared syllable by syllable, and each must be one of these: one syllable is all that tells a man from his brother.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import product
from unicodedata import normalize

from search.names import data
from search.names.effort import Effort
from search.names.parts import HangulSyllables, Kind, Part
from search.names.russian import table
from search.names.spelling import Slot
from search.names.syllables import LONGEST, begins_with_h, is_spelt_with_h, southern
from search.names.words import orders

SYLLABLES = range(2, 5)  # of Korean names; nearly all have three
MOST_WAYS = 4  # to part words into syllables
A_SYLLABLE = 0.19  # letters; what spelling a syllable may cost: what only foreign names are bent to costs more
_INITIALS, _VOWELS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ", "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ"
_FINALS = " ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ"
_FIRST_SYLLABLE = 0xAC00  # of Hangul, which has them in the order of these letters (Unicode Standard, 3.12)
_SIBILANTS = "ㅅㅆㅈㅉㅊ"


def korean_readings(parts: Sequence[Part]) -> tuple[HangulSyllables, ...]:
    """Give the syllables of Hangul that words of Cyrillic may stand for, the family name first; none if none is one.

    It is the first word, as Koreans write it, or else the last, but not behind a common name: `Анна Сон` is one by its
    letters.
    """
    if len(parts) not in SYLLABLES or any(one.script != "Cyrl" for one in parts):
        return ()
    words = tuple(_parted(one.text.casefold().replace("ъ", "")) for one in parts)
    if not all(words):
        return ()
    ways = _with_family(words)
    if not (ways or any(one.known for one in parts[:-1])):
        ways = _with_family((*words[-1:], *words[:-1]))
    return tuple(dict.fromkeys(way for way in ways if len(way) in SYLLABLES))[:MOST_WAYS]


def _with_family(words: Sequence[Sequence[HangulSyllables]]) -> list[HangulSyllables]:
    """Give the ways to read words of which the first is a family name."""
    families = (_families_among(way[0]) for way in words[0] if len(way) == 1)
    return [(family, *sum(given, ())) for family in families if family for given in product(*words[1:])]


@lru_cache(maxsize=1_024)
def _families_among(syllables: str) -> str:
    """Give the family names among some syllables; before an i or y the south does not write the r of the north."""
    every = dict.fromkeys((*syllables, *map(southern, syllables)))
    return "".join(one for one in every if one in data.surnames())


@lru_cache(maxsize=4_096)
def _parted(word: str) -> tuple[HangulSyllables, ...]:
    """Part a word into syllables, in each way."""
    return tuple(_ways(word, SYLLABLES.stop - 2)) if word else ()


def _ways(word: str, most: int) -> Iterator[HangulSyllables]:
    known = _known()
    for end in range(1, len(word) + 1):
        if syllables := known.get(word[:end]):
            if end == len(word):
                yield (syllables,)
            elif most > 1:
                yield from ((syllables, *others) for others in _ways(word[end:], most - 1))


@cache
def _known() -> dict[str, str]:
    """Give for each syllable in Cyrillic all syllables of Hangul that it may stand for."""
    vowels, softened = table("korean vowel"), table("korean vowel after sibilants")
    known = {}
    for (initial, first), (vowel, second), (final, third) in product(
        table("korean initial").items(), vowels.items(), table("korean final").items()
    ):
        may_be = second + softened.get(vowel, "") if first in _SIBILANTS else second
        known[initial + vowel + final] = "".join(_hangul(*jamo) for jamo in product(first, may_be, third))
    return known


def _hangul(initial: str, vowel: str, final: str) -> str:
    place = _INITIALS.index(initial) * len(_VOWELS) + _VOWELS.index(vowel)
    return chr(_FIRST_SYLLABLE + place * len(_FINALS) + _FINALS.index(final))


@lru_cache(maxsize=1_024)
def _families(syllables: str) -> frozenset[str]:
    """Give the spellings of the Korean family names that a syllable may be."""
    return frozenset(spelling for one in syllables for spelling in data.surnames().get(one, ()))


def romanised(way: HangulSyllables) -> tuple[str, ...]:
    """Spell a name as Koreans may: its keys are those of all its spellings."""
    return data.surnames()[way[0][0]][0], *("".join(_usual(one) for one in _slots(given)) for given in way[1:])


def _usual(one: Slot) -> str:
    return min(((price, text) for found in one.starts.values() for text, _, price in found), default=(0, ""))[1]


def as_korean(ways: Sequence[HangulSyllables], words: Sequence[Part], effort: Effort) -> float:
    """Tell how alike a name in Cyrillic, read as a Korean one, is to the words of another name: 0 if not surely."""
    scripts = {one.script for one in words}
    if scripts <= {"Hang", "Hani"}:
        text = "".join(one.text for one in words)
        return float(any(_is_written(way, text) for way in ways))
    if scripts != {"Latn"}:
        return 0.0
    latin = [one.latin for one in words if one.kind is not Kind.TITLE]
    if len(latin) < len(words) and (level := _likest(ways, [one.latin for one in words], effort)):
        return level  # what is a title may be a syllable: U
    return _likest(ways, latin, effort)


def _likest(ways: Sequence[HangulSyllables], latin: Sequence[str], effort: Effort) -> float:
    """Give the likest of several ways, with the words in each usual order: of several the first is the family name."""
    return max((_spelt(way, order, effort) for way in ways for order in orders(latin)), default=0.0)


def are_one(ways: Sequence[HangulSyllables], others: Sequence[HangulSyllables]) -> bool:
    """Tell whether two names in Cyrillic may be one Korean name: `Чен` and `Чжон` are."""
    return any(
        len(way) == len(other) and not any(set(one).isdisjoint(two) for one, two in zip(way, other, strict=True))
        for way, other in product(ways, others)
    )


def _is_written(way: HangulSyllables, text: str) -> bool:
    return len(way) == len(text) and all(
        not set(may_be).isdisjoint((one, *data.hangul(one))) for may_be, one in zip(way, text, strict=True)
    )


def _spelt(way: HangulSyllables, words: Sequence[str], effort: Effort) -> float:
    """Tell how alike Latin letters are to a name, each of whose syllables they spell."""
    latin = "".join(words)
    if not len(way) <= len(latin) <= LONGEST * len(way):
        return 0.0
    reached = {0: 0.0}
    for place, syllables in enumerate(way):
        further: dict[int, float] = {}
        for start, spent in reached.items():
            ends: Sequence[int] = range(start + 1, min(len(latin), start + LONGEST) + 1)
            if place == 0 and len(words) > 1:
                ends = (len(words[0]),)
            for end in ends:
                if not effort.spend(len(way)):
                    return 0.0
                price = spent + _price(syllables, latin[start:end], latin[:start], is_family=place == 0)
                if price < further.get(end, math.inf):
                    further[end] = price
        reached = further
    size = sum(len(_slots(syllables)) for syllables in way)
    return max(0.0, 1.0 - reached.get(len(latin), size) / size)


@lru_cache(maxsize=8_192)
def _price(syllables: str, latin: str, before: str, *, is_family: bool) -> float:
    """Give what it costs to spell a syllable, infinity where that is another one.

    Families spell their name as they like; of all other syllables an h begins those that have one, and no others.
    """
    if is_family and latin in _families(syllables):
        return 0.0
    if is_spelt_with_h(latin, before) is not begins_with_h(syllables[0]):
        return math.inf
    price = _price_of_letters(_slots(syllables), latin.replace("wh", "hw"))  # Kyung-wha
    return price if price <= A_SYLLABLE else math.inf


def _price_of_letters(slots: Sequence[Slot], latin: str) -> float:
    """Give what it costs to spell letters, and nothing else, in Latin ones."""
    reached = {0: 0.0}
    for one in slots:
        further = {place: spent + one.skip for place, spent in reached.items()}
        for place, spent in reached.items():
            for spelling, length, price in one.starts.get(latin[place : place + 1], ()):
                if latin.startswith(spelling, place):
                    further[place + length] = min(spent + price, further.get(place + length, math.inf))
        reached = further
    return reached.get(len(latin), math.inf)


@lru_cache(maxsize=1_024)
def _slots(syllables: str) -> tuple[Slot, ...]:
    """Give the letters of a syllable with all spellings that they have in one of those that it may be."""
    places = (frozenset(letters) for letters in zip(*map(_letters, syllables), strict=True))
    return tuple(data.any_of(letters) for letters in places if letters != {""})


def _letters(syllable: str) -> tuple[str, str, str]:
    """Give the letters of a syllable as the tables spell them; an initial or a final that is not there is empty."""
    initial, vowel, *final = tuple(normalize("NFD", syllable))
    return "" if initial == data.SILENT_ONSET else initial, vowel, "".join(final)
