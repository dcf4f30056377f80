"""This module parses names: the one path by which a name comes to its parts, at index and at query time."""

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from contracts.identity import PersonName
from search.names import data, words
from search.names.latin import MAX_TEXT, latin
from search.names.parts import Kind, Name, Part
from search.names.skeleton import skeleton
from search.names.sound import sound
from search.names.spelling import Slot, mask, slot
from search.names.units import OTHER, script_of, units

MAX_PARTS = 12
_LATIN_UNIT = re.compile(
    "shch|tsch|tch|sch|dzh|ou|oo|ee|ea|ei|ey|ai|ay|ie|ye|je|iy|yi|ij|yy|ii|ia|ya|ja|yu|iu|ju|yo|io|jo|au|ao|eo|eu|oe|ue|ae"
    "|ch|dd|dj|dz|dh|ff|gu|gh|kk|ck|kh|ks|ll|ng|nn|ph|qu|rr|ss|sh|sz|hs|tt|th|ts|tz|cz|zh|."
)
_SON_OF = frozenset({"bin", "ibn", "ben", "bint", "binti", "bn", "ould", "wuld", "oglu"})
_MISREAD = str.maketrans("01589", "oisbg")  # digits that optical reading takes for letters
_ARTICLE = "\u0627\u0644"  # the Arabic article, which is written with its word
_PATRONYMIC = re.compile(
    r"(?:[oeiy]v|w)(?:ich|itch|itsch|ych|icz|yc|ic|ics|na)$|(?:ov|ev|iv|yev)na$|(?:ichna|ilyich|ilich)$"
)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "ñ": "nxx", "œ": "oe"}


def parse_name(name: PersonName) -> Name:
    """Parse a name of a record or a query; what its source calls family and given names is kept."""
    return parse(name.text, family=name.family, given=name.given)


@lru_cache(maxsize=4_096)
def parse(text: str, family: str | None = None, given: str | None = None) -> Name:
    """Parse a name that stands on one line.

    Args:
        text: the name in any script and order; what follows the first 400 characters is not looked at.
        family: its words that are known to be the family name.
        given: its words that are known to be given names.

    Returns:
        Its parts, at most twelve; none where the text holds no letter and no digit.
    """
    known = dict.fromkeys(words.words(given or ""), Kind.GIVEN) | dict.fromkeys(words.words(family or ""), Kind.FAMILY)
    before_comma, comma, _ = text[:MAX_TEXT].partition(",")
    if comma and not family:
        known |= dict.fromkeys(words.words(before_comma), Kind.FAMILY)
    parts = _placed([part(word, known.get(word, Kind.PLAIN)) for word in words.words(text)])
    parts = tuple(one for one in parts if one.latin or one.native)[:MAX_PARTS]
    return Name(text, parts, " ".join(sorted(one.native or one.latin for one in parts)))


def _placed(parts: list[Part]) -> tuple[Part, ...]:
    """Judge parts by where they stand: who follows `bin` is a father, a `Ben` before one name is no particle."""
    if len(parts) == 2 and parts[0].kind is Kind.PARTICLE:  # noqa: PLR2004
        parts[0] = part(parts[0].text, Kind.GIVEN)
    for place in range(1, len(parts)):
        if parts[place].kind is Kind.PLAIN and parts[place - 1].latin in _SON_OF and place > 1:
            parts[place] = part(parts[place].text, Kind.PATRONYMIC)
    return tuple(parts)


@lru_cache(maxsize=8_192)
def part(word: str, kind: Kind) -> Part:
    """Give the forms of one word; `kind` is what is known of it from elsewhere."""
    script = script_of(word[0])
    native = units(word) if script not in {"Latn", OTHER} else ()
    body = native
    if script == "Arab" and len(native) > 4 and "".join(native[:2]) == _ARTICLE:  # noqa: PLR2004
        body = native[2:]
    plain = latin(word).replace(" ", "")
    if script in {"Arab", "Hebr", "Cyrl", "Hang", "Kana", "Grek", "Geor", "Armn"} and body:
        plain = "".join(data.usual().get(unit, "") for unit in body) or plain
    if not plain.isalpha() and sum(letter.isalpha() for letter in plain) > 2:  # noqa: PLR2004
        plain = plain.translate(_MISREAD)
    kind, weight = _judge(word, plain, kind)
    slots = tuple(_slot(unit, script) for unit in body or _LATIN_UNIT.findall(plain))
    return Part(
        text=word,
        kind=kind,
        script=script,
        latin=plain,
        forms=_forms(word, plain, script),
        sound=sound(plain),
        bones=skeleton(plain),
        slots=slots,
        weight=weight,
        mass=max(0.01, weight * (0.5 + min(len(plain), 6) / 12)),
        native="".join(body),
        letters=_reach(slots) if body else mask(plain),
        known=plain in data.known(),
        span=_span(slots, script) if body else float(len(plain)),
    )


def _reach(slots: tuple[Slot, ...]) -> int:
    bits = 0
    for one in slots:
        bits |= one.letters
    return bits


def _span(slots: tuple[Slot, ...], script: str) -> float:
    """Measure a word in what a whole mistake weighs: letters, or consonants where vowels are not written."""
    if script in {"Arab", "Hebr", "Hang"}:
        return float(len(slots))
    return 2.5 * len(slots) if script == "Hani" else float(sum(one.size for one in slots))


def _judge(word: str, plain: str, kind: Kind) -> tuple[Kind, float]:
    if kind in {Kind.GIVEN, Kind.FAMILY} and len(plain) > 1:
        return kind, 1.0
    folded = word.casefold()
    for key in (folded, plain):
        if key in data.weights("particles"):
            return Kind.PARTICLE, data.weights("particles")[key]
        if key in data.weights("titles"):
            return Kind.TITLE, data.weights("titles")[key]
    if len(plain) == 1 and script_of(word[0]) not in {"Hani", "Hang", "Kana"}:
        return Kind.INITIAL, 0.4
    if kind is Kind.PLAIN and _PATRONYMIC.search(plain):
        return Kind.PATRONYMIC, 0.9
    return kind, 1.0


def _slot(unit: str, script: str) -> Slot:
    known = data.han(unit) if script == "Hani" else data.spellings().get(unit)
    if known:
        return known
    return slot({re.sub("[^a-z0-9]", "", anyascii(unit).casefold()): 0.0, "": 0.5})


def _forms(word: str, plain: str, script: str) -> tuple[str, ...]:
    """Give the Latin spellings that documents use beside the plain one (ICAO Doc 9303-3, section 6, table A)."""
    if script != "Latn" or word.isascii():
        return (plain,)
    folded = unicodedata.normalize("NFC", word).casefold()
    long = latin("".join(_UMLAUTS.get(letter, letter) for letter in folded)).replace(" ", "")
    return (plain,) if long == plain else (plain, long)
