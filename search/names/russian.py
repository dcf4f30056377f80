"""This module reads names of China, Japan, Vietnam and Korea that Russian writes by rules of its own: `Си` is Xi.

A name is read so where all its words consist of syllables of one language: most Russian names have a letter or a
cluster that no such syllable has. What is read in Latin letters then compares, and has keys, as any Latin name does,
beside what it is by its letters. Of Korean names Russian leaves open too much for one Latin reading: `kontsevich.py`.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache
from itertools import islice, product

from search.names import data
from search.names.aloud import japanese
from search.names.hepburn import hepburn
from search.names.part import part
from search.names.parts import Kind, Language, Part, Reading
from search.names.words import orders

MOST_WORDS = 5  # of such a name, one of a foreign given name among them
CHINESE_SYLLABLES = 2  # of a word at most: each name, of the family or given, has one or two
LEAST_FOREIGN = 4  # letters of a foreign given name beside a Chinese name; what has fewer may be a syllable
MOST_WAYS = 3  # to part a word, or a name, into syllables: `Чанань` is Chang'an or Chanan
VIETNAMESE_WORDS = range(2, 6)  # one of the family and at least one given name
_LONGEST_SYLLABLE = 6  # letters
_SURELY_CHINESE = re.compile(
    "чж|цз|сяо|цяо|юй|юэ|хуэй"
)  # what in Russian letters only names of Chinese have, and Korean ones beside other words
_NO_LETTER = "ъ'"  # stand between syllables of which one might take a letter of the other

_LONG_VOWEL = re.compile("([aeou])(?:\\1|(?<=o)h(?![aeiou]))")
_BEFORE_LABIAL = re.compile("m(?=[bmp])")


def readings(parts: Sequence[Part]) -> tuple[Reading, ...]:
    """Give what a name in Cyrillic may be in Latin letters, if it is Chinese, Japanese or Vietnamese."""
    if len(parts) > MOST_WORDS or any(one.script != "Cyrl" for one in parts):
        return ()
    texts = [one.text.casefold() for one in parts]
    return (*_chinese(parts, texts), *_japanese(parts, texts), *_vietnamese(parts, texts))


@lru_cache(maxsize=4_096)
def _word(one: Part, latin: str) -> Part:
    """Give a word in Latin letters; one letter of Cyrillic is no initial there: `Ю` is You."""
    kind = one.kind if one.kind in {Kind.FAMILY, Kind.GIVEN} else Kind.PLAIN
    return replace(part(latin, kind), text=one.text)


def _reading(language: Language, parts: Sequence[Part], read: Sequence[str], syllables: Sequence[str] = ()) -> Reading:
    words = (_word(one, text) if text else one for one, text in zip(parts, read, strict=True))
    return Reading(language, tuple(words), tuple(syllables))


def _chinese(parts: Sequence[Part], texts: Sequence[str]) -> Iterator[Reading]:
    """Read words as Chinese ones; a foreign given name may stand beside one that is surely Chinese."""
    ways = [_in_syllables(text, Language.CHINESE) for text in texts]
    if all(ways):
        for read in islice(product(*ways), MOST_WAYS):
            if max(map(len, read)) <= CHINESE_SYLLABLES:
                yield _reading(Language.CHINESE, parts, _in_pinyin(read), [one for word in read for one in word])
    if any(map(_SURELY_CHINESE.search, texts)):
        read = tuple(way[0] if way and not _is_foreign(one) else () for one, way in zip(parts, ways, strict=True))
        if any(read) and not all(read):
            yield _reading(Language.CHINESE, parts, _in_pinyin(read))


def _is_foreign(one: Part) -> bool:
    """Tell whether a word that might be Chinese is rather a common name of another language."""
    return one.known and len(one.text) >= LEAST_FOREIGN and not _SURELY_CHINESE.search(one.text.casefold())


def _in_pinyin(words: Sequence[Sequence[str]]) -> list[str]:
    return ["".join(map(data.pinyin, word)) for word in words]


def _japanese(parts: Sequence[Part], texts: Sequence[str]) -> Iterator[Reading]:
    ways = [_in_syllables(text, Language.JAPANESE) for text in texts]
    if all(ways):
        yield _reading(Language.JAPANESE, parts, ["".join(way[0]) for way in ways])


def _vietnamese(parts: Sequence[Part], texts: Sequence[str]) -> Iterator[Reading]:
    read = [_vietnamese_syllables().get(text, "") for text in texts] if len(texts) in VIETNAMESE_WORDS else [""]
    if all(read) and not data.vietnamese_families().keys().isdisjoint((read[0], read[-1])):
        yield _reading(Language.VIETNAMESE, parts, read, read)


def is_spelt(reading: Reading, words: Sequence[Part]) -> bool:
    """Tell whether words of Latin letters, in any usual order, spell what was read, letter by letter.

    What is only like it is as much like the Cyrillic: nothing is to be added to that.
    """
    without = [one for one in words if one.kind is not Kind.TITLE]  # what is a title may be a syllable: U, Sen
    return any(_is_spelt(reading, order) for kept in (words, without) for order in _in_one([one.latin for one in kept]))


def _in_one(words: Sequence[str]) -> set[str]:
    return set(map("".join, orders(words)))


def _is_spelt(reading: Reading, latin: str) -> bool:
    if reading.language is Language.CHINESE:
        return _are_spelt(reading.syllables, latin)
    mine = "".join(word.latin for word in reading.words)
    return _as_today(mine) == _as_today(latin) if reading.language is Language.JAPANESE else mine == latin


def _are_spelt(syllables: Sequence[str], latin: str) -> bool:
    """Tell whether letters spell syllables of pinyin, in whatever romanisations of the table."""
    reached = {0}
    for syllable in syllables:
        reached = {
            place + len(spelling)
            for place in reached
            for spelling in data.mandarin_spellings(syllable)
            if latin.startswith(spelling, place)
        }
    return len(latin) in reached


def _as_today(word: str) -> str:
    """Write a Japanese word as Hepburn does, its long vowels short, and the n before b, m and p as it is today."""
    spelt = hepburn(word).replace("tch", "cch").replace("ou", "o")
    return _LONG_VOWEL.sub(r"\1", _BEFORE_LABIAL.sub("n", spelt))


def is_written(reading: Reading, words: Sequence[Part]) -> bool:
    """Tell whether words of Han characters are read as a name: as a whole in Japanese, else syllable by syllable."""
    text = "".join(one.native for one in words)
    if reading.language is Language.JAPANESE:
        ways = {_as_today("".join(way)) for way in japanese(text)}
        return not ways.isdisjoint(map(_as_today, _in_one([one.latin for one in reading.words])))
    read = data.mandarin if reading.language is Language.CHINESE else data.vietnamese
    return len(text) == len(reading.syllables) and all(
        syllable in read(character) for character, syllable in zip(text, reading.syllables, strict=True)
    )


@cache
def table(system: str) -> Mapping[str, str]:
    """Give what Russian writes in a language with what that stands for."""
    return {written: read for of, written, read in data.rows("russian") if of == system}


@cache
def _vietnamese_syllables() -> Mapping[str, str]:
    initials, rimes = table("vietnamese initial"), table("vietnamese rime")
    return {a + b: first + second for (a, first), (b, second) in product(initials.items(), rimes.items())}


@lru_cache(maxsize=4_096)
def _in_syllables(word: str, system: str) -> tuple[tuple[str, ...], ...]:
    """Read a word as the fewest syllables of a language that it consists of, in each way; in none where it does not."""
    known = table(system)
    best: list[list[tuple[str, ...]]] = [[()]]
    for end in range(1, len(word) + 1):
        if word[end - 1] in _NO_LETTER:
            best.append(best[-1])
            continue
        ways = [
            (*before, known[word[start:end]])
            for start in range(max(0, end - _LONGEST_SYLLABLE), end)
            if word[start:end] in known
            for before in best[start]
        ]
        fewest = min(map(len, ways), default=0)
        best.append([way for way in ways if len(way) == fewest][:MOST_WAYS])
        if not any(best[-_LONGEST_SYLLABLE:]):
            return ()
    return tuple(best[-1])
