"""This module gives the keys by which a name is found: the same code at index and at query time.

The index then needs keyword fields only. Two names that a person would take for one share a key, in whatever scripts,
spellings and order they are written; what they share is for the comparison to judge.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from contracts.identity import PersonName
from search.names.outline import combined, outlines, outlines_of
from search.names.parse import parse, parse_name
from search.names.parts import Kind, Name, Part
from search.names.sound import sound

MAX_TOKENS, MAX_SKELETONS, MAX_SLIPS = 12, 23, 24
MAX_KEYS = 1 + MAX_TOKENS + MAX_SKELETONS + MAX_SLIPS
"""What one name has at most; most have some 25."""
SLIPS_FROM = 4  # letters of a word, from which on a slip leaves enough of it
SLIPS_WITHIN = 7  # letters at its beginning, in which slips are looked for (as SymSpell's prefix)
_OUTLINE, _JOINED, _SOUND = "o:", "j:", "s:"
_SYLLABIC = frozenset({"Hang", "Hani", "Kana"})


class NameKeys(NamedTuple):
    """The keys of a name.

    Attributes:
        whole: all its words in the order of the alphabet, each in its script: equal for every order of writing.
        tokens: its words, in Latin letters and, where that is another, in their own script.
        skeletons: consonants by sound (plain), by place of articulation (`o:`), of neighbours that are written in one
            word or in several (`j:`), and phonetic keys (`s:`): these cross scripts and spellings.
        slips: for each longer word itself and without each of its letters in turn: two words that differ by one letter
            more, less, other or swapped share one.
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


@lru_cache(maxsize=4_096)
def keys_of_name(name: Name) -> NameKeys:
    """Give the keys of a parsed name, at most `MAX_KEYS`."""
    telling = [one for one in name.parts if one.weight and one.kind is not Kind.INITIAL] or list(name.parts)
    return NameKeys(
        name.whole,
        _first(MAX_TOKENS, _tokens(telling)),
        _first(MAX_SKELETONS, _skeletons(telling)),
        _first(MAX_SLIPS, _slips(telling)),
    )


def _first(most: int, keys: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for key in keys if key))[:most]


def _tokens(parts: Sequence[Part]) -> Iterator[str]:
    yield from (one.latin for one in parts)
    for one in parts:
        yield one.native
        yield from one.forms[1:]


def _skeletons(parts: Sequence[Part]) -> Iterator[str]:
    yield from (one.bones for one in parts if len(one.bones) > 1)
    shapes = [_outlines(one) for one in parts]
    for shape in shapes:
        yield from (_OUTLINE + one for one in shape[:1])
    if len(parts) > 1:
        yield from _orders(shapes)
    else:
        yield from _syllables(parts[0]) if parts else ()
    for first, second in pairwise(shapes):
        yield from (_OUTLINE + joined for joined in combined((first[:1], second[:1])))
    for one in parts:
        if not one.native and len(one.latin) > 2:  # noqa: PLR2004  two letters are a token already
            yield _SOUND + sound(one.latin)
    for shape in shapes:
        yield from (_OUTLINE + one for one in shape[1:])


def _orders(shapes: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """Join all words as they stand, with the last first, and with the first last: family names stand at either end."""
    heads = [shape[:1] for shape in shapes if shape]
    for order in (heads, heads[-1:] + heads[:-1], heads[1:] + heads[:1]):
        yield from (_JOINED + one for one in combined(order))


def _syllables(one: Part) -> Iterator[str]:
    """Give the keys of a name in one word, as Han and Hangul write it: whole, and its family name of one syllable."""
    yield from (_JOINED + shape for shape in _outlines(one))
    if one.script in _SYLLABIC and len(one.slots) > 1:
        first = 1
        while one.script == "Hang" and first < len(one.slots) and not one.native[first] < "\u1113":
            first += 1
        for slots in (one.slots[:first], one.slots[first:]):
            yield from (_OUTLINE + shape for shape in outlines_of(slots))


@lru_cache(maxsize=4_096)
def _outlines(one: Part) -> tuple[str, ...]:
    return outlines_of(one.slots) if one.native else outlines(one.latin)


def _slips(parts: Sequence[Part]) -> Iterator[str]:
    longest = sorted(parts, key=lambda one: -len(one.latin))
    for one in longest:
        word = one.native if one.native and one.script not in _SYLLABIC else one.latin
        if len(word) >= SLIPS_FROM:
            yield word
            for place in range(min(len(word), SLIPS_WITHIN)):
                yield word[:place] + word[place + 1 :]
