"""This module parses names: the one path by which a name comes to its parts, at index and at query time."""

import re
from collections.abc import Sequence
from functools import lru_cache

from contracts.identity import PersonName
from search.names.honorifics import without_honorifics
from search.names.kontsevich import korean_readings
from search.names.latin import MAX_TEXT
from search.names.part import is_of_zone, is_particle, part
from search.names.parts import Kind, Name, Part
from search.names.russian import readings
from search.names.servants import parted_in_zone
from search.names.words import words

MAX_PARTS = 12
"""Of a longer name the words that tell most, the longest: the same in whatever order they are written."""
_ARTICLES = frozenset({"al", "el", "ul", "il"})
_SON_OF = frozenset({"bin", "ibn", "ben", "bint", "binti", "bn", "ould", "wuld"})
_INITIAL = re.compile(r"\b(shch|[cdgkpstz]h|ts|dz|dj|y[aeou]|[ij][aeu])(?=\.)", re.IGNORECASE)
"""Letters that are one in another alphabet or at the beginning of a name, where a dot tells an initial: Yu. Testov."""


def parse_name(name: PersonName) -> Name:
    """Parse a name of a record or a query; what its source calls family and given names is kept."""
    return parse(name.text, name.family, name.given, cut=bool(name.cut))


@lru_cache(maxsize=8_192)
def parse(text: str, family: str | None = None, given: str | None = None, *, cut: bool = False) -> Name:
    """Parse a name that stands on one line.

    Args:
        text: the name in any script and order; what follows the first 400 characters is not looked at.
        family: its words that are known to be the family name.
        given: its words that are known to be given names.
        cut: whether words may have been cut, as where the field of a machine readable zone is full: the states choose
            which words they shorten (ICAO Doc 9303-4, 4.2.3).

    Returns:
        Its parts, at most twelve, those that tell most; none where the text holds no letter and no digit.
    """
    written = _words(text)
    zone = is_of_zone(written)
    if zone:
        written = parted_in_zone(written)
    kinds = _kinds(text, family, given, zone=zone)
    every = (_part(word, kinds.get(word, Kind.PLAIN), zone) for word in written)
    parts = _weightiest(_placed([one for one in every if one.word]))
    if cut:
        parts = [part(one.text, one.kind, zone=zone, cut=True) for one in parts]
    whole = " ".join(sorted(one.word for one in parts))
    if not parts or parts[0].script != "Cyrl" or "." in text:  # a dot tells an initial, which is no syllable
        return Name(text, tuple(parts), whole)
    return Name(text, tuple(parts), whole, readings(parts), korean_readings(parts))


def _words(text: str) -> list[str]:
    return words(text) if text.isascii() else without_honorifics(words(text))


def _weightiest(parts: list[Part]) -> list[Part]:
    """Leave the words out that tell least, where there are too many."""
    if len(parts) <= MAX_PARTS:
        return parts
    order = sorted(
        range(len(parts)), key=lambda place: (-parts[place].weight, -len(parts[place].text), parts[place].word)
    )
    return [parts[place] for place in sorted(order[:MAX_PARTS])]


def _part(word: str, kind: Kind, zone: bool) -> Part:
    return part(word, kind, zone=True) if zone else part(word, kind)


def _kinds(text: str, family: str | None, given: str | None, *, zone: bool) -> dict[str, Kind]:
    """Tell what is known of the words of a name from its source, by a comma behind the family name, or by a dot."""
    short = dict.fromkeys(_INITIAL.findall(text[:MAX_TEXT]), Kind.INITIAL) if "." in text else {}
    if not family and "," in text:
        before_comma, comma, _ = text[:MAX_TEXT].partition(",")
        family = before_comma if comma else None
    named = {}
    if given or family:
        named = _named(given, Kind.GIVEN, zone=zone) | _named(family, Kind.FAMILY, zone=zone)
    return named | {word: kind for word, kind in short.items() if not is_particle(word)}


def _named(text: str | None, kind: Kind, *, zone: bool) -> dict[str, Kind]:
    """Tell what is known of words; a particle among others stays one, whether it belongs to the family name or not."""
    named = _words(text) if text else []
    if zone:
        named = parted_in_zone(named)
    return {word: kind for word in named if len(named) == 1 or not is_particle(word)}


def _placed(parts: Sequence[Part]) -> list[Part]:
    """Judge parts by where they stand: who follows `bin` is a father, and `Ben` before one word is a name.

    Nothing is an article that has no word behind it.
    """
    placed = list(parts)
    if len(placed) == 2 and placed[0].kind is Kind.PARTICLE and placed[0].latin not in _ARTICLES:  # noqa: PLR2004
        placed[0] = part(placed[0].text, Kind.GIVEN)
    if len(placed) > 1 and placed[-1].kind is Kind.PARTICLE and placed[-1].latin in _ARTICLES:
        placed[-1] = part(placed[-1].text, Kind.GIVEN)  # an article stands before its word: Park Sung Il has none
    for place in range(2, len(placed)):
        if placed[place].kind is Kind.PLAIN and placed[place - 1].latin in _SON_OF:
            placed[place] = part(placed[place].text, Kind.PATRONYMIC, zone=placed[place].arabic is not None)
    return placed
