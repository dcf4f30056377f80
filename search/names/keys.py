"""This module gives the keys by which a name is found: the same code at index and at query time.

The index then needs keyword fields only. Two names that a person would take for one share a key, in whatever scripts,
spellings and order they are written; what they share is for the comparison to judge.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product, starmap
from typing import NamedTuple

from contracts.identity import PersonName
from search.names import data
from search.names.aloud import Way, aloud, japanese, whole
from search.names.heard import outlines_by_ear
from search.names.kontsevich import romanised
from search.names.outline import combined, outlines, outlines_as_marked, outlines_of
from search.names.parse import parse, parse_name
from search.names.part import part
from search.names.parts import Kind, Name, Part
from search.names.romanised import as_others_spell
from search.names.units import SYLLABIC
from search.names.words import MAX_WORD

MAX_TOKENS, MAX_SKELETONS, MAX_SLIPS = 12, 23, 16
MAX_KEYS = 1 + MAX_TOKENS + MAX_SKELETONS + MAX_SLIPS
"""What one name has at most; most have some 20 to 25. What each family of keys brings: `docs/names.md`."""
SLIPS_FROM = 4  # letters of a word, from which on a slip leaves enough of it
SLIPPED = 2  # words, the longest, in which slips are looked for: the others are then right, or the name is another
SLIPS_WITHIN = 7  # letters at its beginning, in which slips are looked for (as SymSpell's prefix)
PAIRED = 4  # words, of which each two make a key
HEADS = 3  # names of which a word may be the form in another language
FROM_RUSSIAN = 3  # readings of a name that Russian writes by rules of its own
READINGS = 3  # of a word, where a letter may be of several sounds
_OUTLINE, _JOINED, _PAIR = "o:", "j:", "p:"


def tells_name(key: str) -> bool:
    """Tell whether a key of consonants is of more than one word, so that few names share it."""
    return key.startswith((_JOINED, _PAIR))


class NameKeys(NamedTuple):
    """The keys of a name.

    Attributes:
        whole: all its words in the order of the alphabet, each in its script: equal for every order of writing.
        tokens: its words, in Latin letters and, where that is another, in their own script; with the particles before
            them, too.
        skeletons: consonants by sound (plain) and by place of articulation (`o:`), the latter also of all words
            together, however they are parted (`j:`), and of each two words in any order (`p:`): these cross scripts
            and spellings. Many words share their consonants, few names share those of two words.
        slips: for the two longest words themselves and without each of their letters in turn: two words that differ by
            one letter more, less, other or swapped share one.
    """

    whole: str
    tokens: tuple[str, ...]
    skeletons: tuple[str, ...]
    slips: tuple[str, ...]


def keys_of(name: PersonName) -> NameKeys:
    """Give the keys of a name of a record or a query."""
    return keys_of_name(parse_name(name))


def keys_of_text(text: str) -> NameKeys:
    """Give the keys of a name that stands on one line."""
    return keys_of_name(parse(text))


@lru_cache(maxsize=2_048)
def keys_of_name(name: Name) -> NameKeys:
    """Give the keys of a parsed name, at most `MAX_KEYS`."""
    parts, bound = name.telling, with_particles(name)
    read = _readings(name) if name.latin or name.korean else ()
    return NameKeys(
        name.whole,
        _first(MAX_TOKENS, (*_tokens(parts, bound), *(one.latin for words in read for one in words))),
        _first(MAX_SKELETONS, (*_of_readings(read), *_skeletons(name, parts, bound))),
        _first(MAX_SLIPS, _slips(parts)),
    )


def _readings(name: Name) -> tuple[tuple[Part, ...], ...]:
    """Give what a name in Cyrillic may be in Latin letters, where Russian writes it by rules of its own."""
    koreans = (tuple(part(word, Kind.GIVEN) for word in romanised(way)) for way in name.korean)
    return (*(reading.words for reading in name.latin), *koreans)


def _of_readings(readings: Sequence[Sequence[Part]]) -> Iterator[str]:
    """Give the consonants of what a name may be, of all its words together and in pairs, or of the one that it has."""
    for words in readings[:FROM_RUSSIAN]:
        shapes = [shape for word in words if (shape := _outlines(word)[:2])]
        yield from (_JOINED + shape for shape in combined(shapes))
        yield from _pairs([shape[0] for shape in shapes]) if len(shapes) > 1 else (_OUTLINE + one[0] for one in shapes)


def with_particles(name: Name) -> dict[Part, Part]:
    """Give for each Latin word behind particles the word that all of them make where no space is left: Vanderberg."""
    found: dict[Part, Part] = {}
    before = ""
    for one in name.parts:
        if one.kind is Kind.PARTICLE and not one.native:
            before += one.latin
            continue
        if before and one in name.telling and not one.native and len(before) + len(one.latin) <= MAX_WORD:
            found[one] = part(before + one.latin, Kind.FAMILY)
        before = ""
    return found


def _first(most: int, keys: Iterable[str]) -> tuple[str, ...]:
    found = dict.fromkeys(keys)
    found.pop("", None)
    return tuple(found)[:most]


def _tokens(parts: Sequence[Part], bound: Mapping[Part, Part]) -> Iterator[str]:
    yield from (one.latin for one in parts)
    yield from (one.latin for one in bound.values())
    for one in parts:
        yield one.native
        yield from one.forms[1:]
        yield from data.surnames().get(one.text[0], ()) if one.script == "Hang" else ()
        for chain in _chains(one):
            yield from ("".join(half) for end in (1, 2) for half in (chain[:end], chain[end:]))


def _skeletons(name: Name, parts: Sequence[Part], bound: Mapping[Part, Part]) -> Iterator[str]:
    yield from (one.bones for one in parts if len(one.bones) > 1)
    shapes = [_outlines(one) for one in parts]
    for shape in shapes:
        yield from (_OUTLINE + one for one in shape[:1])
    if len(parts) > 1:
        yield from (_JOINED + one for one in combined(shape[:READINGS] for shape in shapes if shape))
        yield from _pairs([shape[0] for shape in shapes if shape])
        yield from _as_others_spell(name, parts)
        yield from _with_articles(parts)
        yield from _bound(parts, bound)
    else:
        yield from _syllables(parts[0]) if parts else ()
        yield from _as_others_spell(name, parts)
    for shape in shapes:
        yield from (_OUTLINE + one for one in shape[1:])
    if any(len(shape) > 1 for shape in shapes):  # else all pairs are told
        for one, other in combinations([shape for shape in shapes if shape][:PAIRED], 2):
            yield from starmap(_pair, product(one[:READINGS], other[:READINGS]))


def _as_others_spell(name: Name, parts: Sequence[Part]) -> Iterator[str]:
    """Join all words of a name of East Asia in Latin letters as other romanisations write them, and pair its ends."""
    if len(parts) < len(name.parts):
        parts = [one for one in name.parts if one.kind is Kind.TITLE or one in parts]
    for words in as_others_spell(parts):
        shapes = [shape for word in words if (shape := outlines(word)[:1])]
        yield from (_JOINED + shape for shape in combined(shapes))
        yield from _ends([shape for (shape,) in shapes])


def _with_articles(parts: Sequence[Part]) -> Iterator[str]:
    """Join all words with their Arabic articles, as Latin letters may: dhu and al-Faqar in Zulfiqar."""
    if any(one.article for one in parts[1:]):
        head, *others = map(_outlines, parts)
        tails = (
            outlines_of(one.article.slots)[:1] if one.article else told[:1]
            for one, told in zip(parts[1:], others, strict=True)
        )
        yield from (_JOINED + shape for shape in combined((head[:READINGS] or ("",), *tails)))


def _bound(parts: Sequence[Part], bound: Mapping[Part, Part]) -> Iterator[str]:
    """Join and pair words with the particles before them: Johan van der Berg is Johan Vanderberg in many zones."""
    if bound:
        shapes = [_outlines(bound.get(one, one))[:1] for one in parts if one.kind is not Kind.PARTICLE]
        yield from (_JOINED + one for one in combined(shape for shape in shapes if shape))
        yield from _pairs([shape[0] for shape in shapes if shape])


def _pairs(shapes: Sequence[str]) -> Iterator[str]:
    """Pair each two words, and the first and the last with all others joined."""
    yield from starmap(_pair, combinations(shapes[:PAIRED], 2))
    if len(shapes) > 2:  # noqa: PLR2004  two words are a pair already
        yield from _ends(shapes)


def _ends(shapes: Sequence[str]) -> Iterator[str]:
    """Pair the first and the last word with all others joined: family names stand at either end."""
    if len(shapes) > 1:
        yield _pair(shapes[0], "".join(combined((shape,) for shape in shapes[1:])))
        yield _pair(shapes[-1], "".join(combined((shape,) for shape in shapes[:-1])))


def _pair(one: str, other: str) -> str:
    return f"{_PAIR}{one}.{other}" if one <= other else f"{_PAIR}{other}.{one}"


def _syllables(one: Part) -> Iterator[str]:
    """Give the keys of a name in one word, as Han and Hangul write it: whole, and parted after its family name."""
    yield from (_JOINED + shape for shape in _outlines(one)[:1])
    chains = _chains(one)
    # First of every language what few names share, then all else: there may be more than is kept.
    for chain in chains:
        yield from (_JOINED + shape for shape in outlines("".join(chain))[:1])
        yield from _family_and_given(one, chain, 1)
    for chain in chains:
        for end in (1, 2):
            halves = (outlines("".join(half))[:1] for half in (chain[:end], chain[end:]))
            yield from (_OUTLINE + shape for shapes in halves for shape in shapes)
    for chain in chains:
        yield from _family_and_given(one, chain, 2)
        yield from (_JOINED + shape for shape in outlines("".join(chain))[1:])


def _family_and_given(one: Part, chain: Way, end: int) -> Iterator[str]:
    """Pair the consonants of a family name of so many syllables with those of the given name."""
    family, given = (outlines("".join(half))[:1] for half in (chain[:end], chain[end:]))
    if end == 1 and one.script == "Hang":
        spelt = data.surnames().get(one.text[0], ())
        family = tuple(dict.fromkeys(shape for spelling in spelt for shape in outlines(spelling)[:1])) or family
    yield from starmap(_pair, product(family, given))


def _chains(one: Part) -> Sequence[Way]:
    """Give a name in one word as each language reads it: in syllables, or in family and given name."""
    if one.script == "Hani":
        return aloud(one.native) if len(one.text) > 1 else japanese(one.native)
    is_name = one.script == "Hang" and len(one.text) > 1
    return [tuple(part(syllable, Kind.GIVEN).latin for syllable in one.text)] if is_name else []


@lru_cache(maxsize=8_192)
def _outlines(one: Part) -> tuple[str, ...]:
    """Give the outlines of a word, second those of what it may be instead.

    That is the word with its article, that of Arabic in a zone, a name in Han as it is read in Japanese and in foreign
    names, the name of which it is another language's form, or a Latin word as other alphabets hear it.
    """
    told = outlines_of(one.slots) if one.native else outlines(one.latin)
    if other := one.article or one.arabic:
        instead = outlines_of(other.slots)[:1]
    elif one.script == "Hani":
        instead = tuple(shape for way in whole(one.native) for shape in outlines("".join(way))[:1])
    elif marked := () if one.native or one.text.isascii() else outlines_as_marked(one.text):
        instead, told = outlines_by_ear(one.text), (*marked, *told)
    else:
        instead = tuple(shape for head in _heads(one) for shape in outlines(head)[:1])
        if not one.native:
            instead += outlines_by_ear(one.text)
    return tuple(dict.fromkeys((*told[:1], *instead, *told[1:]))) if instead else told


def _heads(one: Part) -> list[str]:
    """Give the names of which a word is the form in a language: by these the forms find each other."""
    every = one.groups | one.translations
    return (
        sorted(group.removesuffix(data.FORMS) for group in every if group.endswith(data.FORMS))[:HEADS] if every else []
    )


def _slips(parts: Sequence[Part]) -> Iterator[str]:
    written = [one.native if one.native and one.script not in SYLLABIC else one.latin for one in parts]
    for word in sorted(written, key=len, reverse=True)[:SLIPPED]:
        if len(word) >= SLIPS_FROM:
            yield word
            yield from [word[:place] + word[place + 1 :] for place in range(min(len(word), SLIPS_WITHIN))]
