"""This module makes the parts of names: one word with all its forms."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from anyascii import anyascii

from search.names import data
from search.names.latin import latin
from search.names.parts import Kind, Part
from search.names.skeleton import skeleton
from search.names.sound import sound
from search.names.spelling import SKIP, Slot, mask, slot
from search.names.units import ABJADS, OTHER, SYLLABIC, script_of, units

TABLED = frozenset({"Arab", "Hebr", "Cyrl", "Hang", "Kana", "Grek", "Geor", "Armn"})
WHOLE_WEIGHT, FATHER_WEIGHT, INITIAL_WEIGHT = 1.0, 0.9, 0.4
LEAST_MASS = 0.01
_BY_TABLE = frozenset({Kind.PLAIN, Kind.PARTICLE, Kind.TITLE})
"""What a table tells of a word, and how much it weighs, also of one that was told before."""
FULL_LENGTH = 6  # letters, from which on a word says as much as any
_LATIN_UNIT = re.compile(
    "shch|tsch|tch|sch|dzh|ou|oo|ee|ea|ei|ey|ai|ay|ie|ye|je|iy|yi|ij|yy|ii|ia|ya|ja|yu|iu|ju|yo|io|jo|au|ao|eo|eu|oe|ue|ae"
    "|ch|dd|dj|dz|dh|ff|gu|gh|kk|ck|kh|ks|ll|ng|nn|ph|qu|rr|ss|sh|sz|hs|tt|th|ts|tz|cz|zh|."
)
_ZONE_VARIANT = re.compile("([un])xx")  # how a zone may write u and n with their marks (ICAO Doc 9303-3, section 6)
_MISREAD = str.maketrans("01589", "oisbg")  # digits that optical reading takes for letters
_ARTICLE = "\u0627\u0644"  # the Arabic article, which is written with its word
FEW_VOWELS = 4  # letters, of which one may be an A or U, in the Arabic of a zone
_AIN = "(?<!x)(?<!x[ab])e"
_NOT_ARABIC = re.compile(f"{_AIN}(?!al).(?:(?!al).)*{_AIN}|(?!^)(?<!al)(?<!x)i", re.IGNORECASE)
"""What no Arabic word has in a zone: E is ain, which no root has twice, and I an alef that begins a word.

Behind an X they are other letters, as XE is a hamza.
"""
_LONG_WORD = 4  # letters with the article, from which on it is one
_PATRONYMIC = re.compile(
    r"(?:ov|ev|yov|yev|ow|ew|av|yav)(?:i|y|e)?(?:ch|tch|tsch|cz|c|cs|j)$|[oiea]?[yi]?(?:ov|ev|yev|iv|av)n[ay]$|inichna$|ichna$|ilyich$|ilich$"
)
_SIMPLER = {"Cyrl": (("kh", "h"), ("dzh", "j")), "Grek": (("ch", "h"),)}
"""What the usual romanisation of a script needs more letters for than others do."""
_SON = re.compile("mc[a-z]{3,}")  # Mac, as most of its bearers write it
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "đ": "dj"}


@lru_cache(maxsize=8_192)
def part(word: str, kind: Kind, *, zone: bool = False, cut: bool = False, whole: bool = False) -> Part:
    """Give the forms of one word.

    Args:
        word: letters and marks of one script.
        kind: what is known of it from elsewhere; `PLAIN` where nothing is.
        zone: whether it may be Arabic as a machine readable zone writes it.
        cut: whether it may be the beginning of a longer word.
        whole: whether what looks like the Arabic article belongs to the word.
    """
    script = script_of(word[0])
    letters = () if script in {"Latn", OTHER} else units(word)
    native = letters if whole else _without_article(letters, script)
    plain = _plain(word, script, native)
    kind, weight = _judge(word, plain, native, kind)
    bones = _bones(native, plain, script)
    slots = tuple(_slot(unit, script) for unit in native or _LATIN_UNIT.findall(plain))
    return Part(
        text=word,
        kind=kind,
        script=script,
        latin=plain,
        forms=_forms(word, plain, script),
        sound=sound(plain),
        bones=bones,
        letters=0 if script in SYLLABIC else mask(bones),
        slots=slots,
        native="".join(native).translate(data.variants()) if script == "Hani" else "".join(native),
        span=_span(slots, script) if native else float(len(plain)),
        written=_written(slots, script) if native else float(len(plain)),
        weight=weight,
        mass=max(LEAST_MASS, weight * (1 + min(len(plain), FULL_LENGTH) / FULL_LENGTH) / 2),
        stem=_stem(plain) if kind is Kind.PATRONYMIC else "",
        known=plain in data.known(),
        groups=_groups(plain, native),
        translations=data.translated().get(plain, frozenset()),
        cut=cut,
        article=part(word, kind, whole=True) if native != letters else None,
        arabic=_arabic(plain, kind) if zone and script == "Latn" else None,
    )


def _stem(plain: str) -> str:
    """Give the father's name in a word that ends as a patronymic does; one that only stands behind `bin` has none.

    It is compared as any other name: in the letters a to z, Arabic lacks the vowels of Muhammad.
    """
    stem = _PATRONYMIC.sub("", plain)
    return stem if stem != plain else ""


def _groups(plain: str, native: tuple[str, ...]) -> frozenset[str]:
    """Give the groups of a word in its own script, or of its romanisation."""
    found = data.nicknames().get(plain, frozenset[str]())
    return found | _in_their_scripts().get("".join(native), frozenset()) if native else found


@cache
def _in_their_scripts() -> Mapping[str, frozenset[str]]:
    """Give the groups of the names that tables have in other scripts, as these are compared."""
    found: dict[str, frozenset[str]] = {}
    for name, groups in data.nicknames().items():
        if not name.isascii():
            letters = units(name)
            native = "".join(_without_article(letters, script_of(name[0])))
            found[native] = found.get(native, frozenset()) | groups
    return found


def is_particle(word: str) -> bool:
    """Tell whether a word is a particle or a title, in its own script or in Latin letters."""
    plain = latin(word)
    return any(key in data.weights(table) for table in ("particles", "titles") for key in (word.casefold(), plain))


def is_of_zone(words: Sequence[str]) -> bool:
    """Tell whether words may be Arabic in the letters of a machine readable zone: capitals, all of its table.

    One must have an X that stands for no sound of its own, or all together hardly a vowel (ICAO Doc 9303-3, app. B).
    """
    text = "".join(words)
    if not (text.isascii() and text.isupper()):
        return False
    if "X" not in text and (text.count("A") + text.count("U")) * FEW_VOWELS > len(text):
        return False
    return all(_zone_word().fullmatch(word.casefold()) and not _NOT_ARABIC.search(word) for word in words)


@cache
def _zone_word() -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(sorted(data.zone_letters(), key=len, reverse=True))})+")


@cache
def _zone_letter() -> re.Pattern[str]:
    return re.compile("|".join(sorted(data.zone_letters(), key=len, reverse=True)))


def _arabic(plain: str, kind: Kind) -> Part | None:
    """Read a word back as a zone writes Arabic: `mxhmd`; a letter that is doubled within it is one (shadda)."""
    letters = _zone_letter().findall(plain)
    if "".join(letters) != plain or not letters:
        return None
    kept = [one for place, one in enumerate(letters) if place < 2 or one != letters[place - 1]]  # noqa: PLR2004
    return part("".join(data.zone_letters()[one] for one in kept), kind)


def _without_article(letters: tuple[str, ...], script: str) -> tuple[str, ...]:
    has_article = script == "Arab" and len(letters) >= _LONG_WORD and "".join(letters[:2]) == _ARTICLE
    return letters[2:] if has_article else letters


def _plain(word: str, script: str, native: tuple[str, ...]) -> str:
    """Write a word in the letters a to z, the one romanisation that keys start from."""
    if script in TABLED:
        usual = data.usual()
        if spelt := "".join(usual.get(unit, "") for unit in native):
            return spelt
    plain = word.lower() if word.isascii() and word.isalnum() else latin(word).replace(" ", "")
    if script == "Latn" and "xx" in plain:
        plain = _ZONE_VARIANT.sub(r"\1", plain)
    misread = not plain.isalpha() and sum(letter.isalpha() for letter in plain) > 2  # noqa: PLR2004
    return plain.translate(_MISREAD) if misread else plain


def _bones(native: tuple[str, ...], plain: str, script: str) -> str:
    """Reduce a word to its consonants; where vowels are not written, two letters side by side are two sounds."""
    if script not in ABJADS:
        return skeleton(plain) or plain
    usual = data.usual()
    return skeleton("'".join(usual.get(unit, "") for unit in native)) or plain


def _judge(word: str, plain: str, native: tuple[str, ...], kind: Kind) -> tuple[Kind, float]:
    """Tell what a word is and how much it weighs beside others; an initial is one letter of its own script, as Ю."""
    if kind in _BY_TABLE:
        folded = word.casefold()
        for table, found in (("particles", Kind.PARTICLE), ("titles", Kind.TITLE)):
            weights = data.weights(table)
            if folded in weights or plain in weights:
                return found, weights.get(folded, weights.get(plain, WHOLE_WEIGHT))
    if kind is Kind.INITIAL:
        return kind, INITIAL_WEIGHT
    if 1 in {len(plain), len(native or word)} and script_of(word[0]) not in SYLLABIC:
        return Kind.INITIAL, INITIAL_WEIGHT
    if kind is Kind.PATRONYMIC or (kind is not Kind.FAMILY and _PATRONYMIC.search(plain)):
        return Kind.PATRONYMIC, FATHER_WEIGHT
    return kind, WHOLE_WEIGHT


@lru_cache(maxsize=4_096)
def simply(word: Part) -> Part:
    """Give a word of Cyrillic or Greek with one letter where its romanisation needs more: `Хасан` as Hasan."""
    spelt = word.latin
    for usual, simple in _SIMPLER.get(word.script, ()):
        spelt = spelt.replace(usual, simple)
    return replace(word, latin=spelt) if spelt != word.latin else word


def _slot(unit: str, script: str) -> Slot:
    known = data.han(unit) if script == "Hani" else data.spellings().get(unit)
    return known or unknown(unit)


@lru_cache(maxsize=1_024)
def unknown(unit: str) -> Slot:
    """Give the one spelling of a unit that no table knows; it need not be written."""
    return slot({re.sub("[^a-z0-9]", "", anyascii(unit).casefold()): 0.0, "": 0.5})


def _span(slots: tuple[Slot, ...], script: str) -> float:
    """Measure a word in what a whole mistake weighs: letters, or consonants where vowels are not written."""
    if script in {"Arab", "Hebr", "Hang"}:
        return float(len(slots))
    return 2.5 * len(slots) if script == "Hani" else float(sum(one.size for one in slots))


def _written(slots: tuple[Slot, ...], script: str) -> float:
    """Measure what of a word is surely written: where vowels mostly are not, each letter by what its absence costs."""
    return sum(one.skip for one in slots) / SKIP if script in ABJADS else _span(slots, script)


def _forms(word: str, plain: str, script: str) -> tuple[str, ...]:
    """Give the Latin spellings that documents use beside the plain one (ICAO Doc 9303-3, section 6, table A)."""
    if script != "Latn":
        return (plain,)
    if word.isascii():
        return (plain, f"mac{plain[2:]}") if _SON.match(plain) else (plain,)
    folded = unicodedata.normalize("NFC", word).casefold()
    long = latin("".join(_UMLAUTS.get(letter, letter) for letter in folded)).replace(" ", "")
    return (plain,) if long == plain else (plain, long)
