"""This module reads the tables of the package, each once, when first needed; `docs/names.md` tells their sources."""

import math
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from itertools import product
from typing import NamedTuple

from search.names.spelling import Slot, slot

SECOND_READING, OTHER_LANGUAGE = 0.05, 0.08  # what a rarer reading costs, in letters
SKIP_HAN, SILENT_HAN = 1.5, 3.0
"""What it costs, in letters, not to write a Han character: it is a syllable, and mostly half a given name. What was
learned of those that foreign names use for a sound that is not heard counts three times."""
FOREIGN = 4  # the place of what is read in foreign names among the readings of a character
SILENT_ONSET = "\u110b"  # the Hangul letter ieung, which begins a syllable without a consonant
KOREAN_SPELLINGS, KOREAN_DEAREST = 6, 0.12
"""How many spellings of a Korean reading are kept, and what they cost at most, in letters: others are hardly used."""
FORMS = "="
"""Ends the name of a group that is of the forms of one name, not of its nicknames."""
CHARACTERS = 4_096  # of Han, whose readings are kept: names have some three thousand
NOTHING = "-"  # stands in a table for "is not written"


def rows(table: str) -> list[list[str]]:
    """Give the rows of a table without its head, each parted into its columns."""
    return [line.split("\t") for line in lines(table)]


def lines(table: str) -> list[str]:
    """Give the lines of a table without its head."""
    text = (files("search.names") / "tables" / f"{table}.tsv").read_text(encoding="utf-8")
    return [line for line in text.splitlines()[1:] if line]


@cache
def weights(table: str) -> Mapping[str, float]:
    """Give the words of `titles` or `particles` with what they weigh beside other words."""
    return {row[0]: float(row[1]) for row in rows(table)}


@cache
def _learned() -> Mapping[tuple[str, str], str]:
    return {(script, unit): line for script, unit, line in rows("learned")}


@cache
def _prices() -> Mapping[str, Mapping[str, float]]:
    """Join what standards and hands wrote with what was learned; the cheaper of two prices counts."""
    prices = dict(prices_by_hand())
    for (script, unit), line in _learned().items():
        if script != "Hani":
            prices[unit] = cheapest(prices.get(unit, {}), priced(line))
    return prices


@cache
def spellings() -> Mapping[str, Slot]:
    """Give for each unit of an alphabet its Latin spellings with their costs in letters."""
    return {unit: slot(prices) for unit, prices in _prices().items()}


@cache
def by_hand() -> Mapping[str, Slot]:
    """Give for each unit the spellings that standards and habits give it, without what foreign names bend it to."""
    return {unit: slot(prices) for unit, prices in prices_by_hand().items()}


@cache
def prices_by_hand() -> Mapping[str, Mapping[str, float]]:
    """Give the same with the cost of each, in letters."""
    return {unit: priced(line) for _, unit, line in rows("spellings")}


def any_of(units: Iterable[str]) -> Slot:
    """Give the spellings, by hand, of what may be any of some units; an empty one is that it is not written."""
    prices: dict[str, float] = {}
    for unit in units:
        prices = cheapest(prices, prices_by_hand()[unit] if unit else {"": 0.0})
    return slot(prices)


@cache
def usual() -> Mapping[str, str]:
    """Give for each unit of an alphabet the one spelling that stands for it in keys."""
    return {
        unit: min((price, place, spelling) for place, (spelling, price) in enumerate(prices.items()) if spelling)[2]
        for unit, prices in _prices().items()
    }


@cache
def _by_character(table: str) -> Mapping[str, str]:
    """Give the rows of a table by the characters that begin them, each in one piece: some are read in, most never."""
    parted = (line.partition("\t") for line in lines(table))
    return {character: columns for character, _, columns in parted}


def _vietnamese(character: str, by_hand: str) -> str:
    """Give the Vietnamese readings of two tables."""
    return " ".join(dict.fromkeys(f"{by_hand} {_read_in('vietnamese', character, 1)[0]}".split()))


def _read_in_other_languages(character: str) -> tuple[str, str, str]:
    """Give the Korean and Vietnamese readings, and those of Min and Hakka."""
    korean, by_hand, southern = _read_in("sino", character, 3)
    return korean, _vietnamese(character, by_hand), southern


@cache
def _twins() -> Mapping[str, tuple[str, ...]]:
    """Give for a Han character what is written for it in Taiwan, Hong Kong, Japan and on the mainland."""
    forms: dict[str, list[str]] = {}
    for point, simplified in variants().items():
        forms.setdefault(simplified, [simplified]).append(chr(point))
    return {form: tuple(one for one in family if one != form) for family in forms.values() for form in family}


def _read_in(table: str, character: str, columns: int) -> list[str]:
    """Give the readings of a character by language; where it has none itself, those of its twins."""
    known = _by_character(table)
    family = [known.get(one, "\t" * (columns - 1)).split("\t") for one in (character, *_twins().get(character, ()))]
    return [next(filter(None, readings), "") for readings in zip(*family, strict=True)]


@lru_cache(maxsize=CHARACTERS)
def hangul(character: str) -> str:
    """Give the syllables of Hangul as which a Han character may be read."""
    return _read_in("korean", character, 1)[0]


def _korean(character: str) -> str:
    """Spell the syllables of a character in Latin letters, by the letters that each consists of."""
    found: dict[str, float] = {}
    for syllable in hangul(character):
        jamo = unicodedata.normalize("NFD", syllable).removeprefix(SILENT_ONSET)
        for way in product(*map(_kept, jamo)):
            spelling, price = "".join(one for one, _ in way), sum(cost for _, cost in way)
            found[spelling] = min(price, found.get(spelling, math.inf))
    order = sorted(found, key=lambda spelling: (found[spelling], spelling))
    return " ".join(spelling for spelling in order[:KOREAN_SPELLINGS] if spelling and found[spelling] <= KOREAN_DEAREST)


@cache
def _kept(jamo: str) -> list[tuple[str, float]]:
    """Give the spellings of a letter of Hangul that a spelling which is kept can have."""
    return [(spelling, price) for spelling, price in _prices()[jamo].items() if price <= KOREAN_DEAREST]


@cache
def _syllables() -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows("syllables")}


def pinyin(syllable: str) -> str:
    """Write a syllable of Mandarin as most do; the tables have a v for the ü."""
    return syllable.replace("v", "u")


@lru_cache(maxsize=512)
def mandarin_spellings(syllable: str) -> frozenset[str]:
    """Give the spellings of a syllable of Mandarin."""
    return frozenset(priced(_syllables()[syllable]))


@lru_cache(maxsize=CHARACTERS)
def mandarin(character: str) -> frozenset[str]:
    """Give the syllables of Mandarin as which a Han character is read."""
    return frozenset(_read_in("han", character, 3)[0].split())


@lru_cache(maxsize=CHARACTERS)
def vietnamese(character: str) -> frozenset[str]:
    """Give the Vietnamese readings of a Han character."""
    return frozenset(_read_in_other_languages(character)[1].split())


@cache
def _cantonese() -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows("cantonese")}


def _foreign(character: str) -> tuple[str, str]:
    """Give how a character is read in foreign names: by the rules of transcription, and as was learned with costs."""
    return _read_in("transcribed", character, 1)[0], _learned().get(("Hani", character), "")


@lru_cache(maxsize=CHARACTERS)
def han(character: str) -> Slot | None:
    """Give the readings of a Han character in the languages of the tables, and in foreign names."""
    mandarin, cantonese, japanese = _read_in("han", character, 3)
    transcribed, learned = _foreign(character)
    others_spelt = " ".join((*_read_in_other_languages(character), _korean(character), transcribed))
    prices = cheapest(priced(japanese), priced(learned))
    for place, syllable in enumerate(mandarin.split()):
        readings = priced(_syllables()[syllable])
        prices = cheapest(prices, {one: price + SECOND_READING * place for one, price in readings.items()})
    for syllable in cantonese.split():
        spelt = priced(_cantonese()[syllable])
        prices = cheapest(prices, {one: price + OTHER_LANGUAGE for one, price in spelt.items()})
    prices = cheapest(prices, dict.fromkeys(others_spelt.split(), OTHER_LANGUAGE))
    if "" in prices:
        prices[""] *= SILENT_HAN
    return slot(prices, SKIP_HAN) if prices else None


@cache
def _japanese() -> Mapping[str, str]:
    """Give the rows of both tables by their first character, in one piece; first those with the usual readings.

    As many texts as there are names would take ten times the room.
    """
    found: dict[str, list[str]] = {}
    simplified = variants()
    for line in (*lines("sudachi"), *lines("japanese")):
        name, tab, readings = line.partition("\t")
        name = name.translate(simplified)
        found.setdefault(name[0], []).append(f"\n{name}{tab}{readings}")
    return {first: "".join(rows) + "\n" for first, rows in found.items()}


def japanese_names(name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Give for a name in simplified Han its readings as a Japanese family name, and those as a given name.

    The usual ones come first. Of names that are one in simplified characters they are those of all.
    """
    table, start = _japanese().get(name[:1], ""), f"\n{name}\t"
    families: dict[str, None] = {}
    givens: dict[str, None] = {}
    place = table.find(start)
    while place >= 0:
        place += len(start)
        family, given = table[place : table.index("\n", place)].split("\t")
        families |= dict.fromkeys(family.split())
        givens |= dict.fromkeys(given.split())
        place = table.find(start, place)
    return tuple(families), tuple(givens)


@lru_cache(maxsize=CHARACTERS)
def japanese_readings(character: str) -> tuple[str, ...]:
    """Give the Japanese readings of a Han character by itself, the commonest first."""
    return tuple(priced(_read_in("han", character, 3)[2]))


@lru_cache(maxsize=CHARACTERS)
def readings(character: str) -> tuple[str, ...]:
    """Give the usual reading of a Han character in each language and in foreign names; the first where one has none."""
    korean, vietnamese, southern = _read_in_other_languages(character)
    transcribed, learned = _foreign(character)
    columns = (
        *_read_in("han", character, 3),
        korean or _korean(character),
        transcribed or learned,
        vietnamese,
        southern,
    )
    first = [(column.split() or [""])[0].split(":")[0].strip(NOTHING).replace("v", "u") for column in columns]
    usual_one = next((one for one in first if one), "")
    return tuple(one or usual_one for one in first)


def cheapest(one: Mapping[str, float], other: Mapping[str, float]) -> dict[str, float]:
    """Join two price lists."""
    return {spelling: min(one.get(spelling, math.inf), other.get(spelling, math.inf)) for spelling in (*one, *other)}


def priced(line: str) -> dict[str, float]:
    """Read `a:0 ah:0.1 -:0.3`: spellings with their costs."""
    pairs = (item.rsplit(":", 1) for item in line.split())
    return {"" if spelling == NOTHING else spelling: float(price) for spelling, price in pairs}


@cache
def nicknames() -> Mapping[str, frozenset[str]]:
    """Give for each name the groups that it belongs to; names of one group may stand for each other.

    Some are in the letters of another script, as that writes them.
    """
    nicknamed = ((name, (name, *line.split())) for name, line in rows("nicknames"))
    written = ((f"{name}{FORMS}", (name, *line.split())) for name, line, _ in rows("equivalents"))
    return _grouped((*nicknamed, *written))


@cache
def translated() -> Mapping[str, frozenset[str]]:
    """Give for each name the groups that it belongs to in another language, where it is another name in documents."""
    return _grouped((f"{name}{FORMS}", line.split()) for name, _, line in rows("equivalents"))


def _grouped(groups: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for group, members in groups:
        for member in members:
            found.setdefault(member, set()).add(group)
    return {member: frozenset(names) for member, names in found.items()}


@cache
def known() -> frozenset[str]:
    """Give words that are names of their own: two of them, though spelt alike, are no slip of one another."""
    return frozenset(word for (word,) in rows("common")) | nicknames().keys() | translated().keys()


class Said(NamedTuple):
    """What a word says of the sex of its bearer: the customs in which it is a man's, and a woman's.

    `before_father` tells that it stands between a child and its father, and then between him and his own.
    """

    of_men: frozenset[str]
    of_women: frozenset[str]
    before_father: bool


@cache
def sexes() -> Mapping[str, Said]:
    """Give the words that say the sex of their bearer with what they say."""
    men, women = (_grouped((row[0], row[column].split()) for row in rows("sexes")) for column in (1, 2))
    fathers = {word for _, *words, before in rows("sexes") if before for word in " ".join(words).split()}
    none = frozenset[str]()
    return {
        word: Said(men.get(word, none), women.get(word, none), word in fathers) for word in men.keys() | women.keys()
    }


@cache
def bearers() -> Mapping[str, str]:
    """Give for given names that nearly only men or only women bear which of the two: `man`, `woman`."""
    return {row[0]: row[1] for row in rows("bearers")}


@cache
def given_in_japan() -> frozenset[str]:
    """Give Japanese given names as passports write them, their long vowels short: each is a name of its own."""
    return frozenset(lines("given_in_japan"))


@cache
def same_letters() -> Mapping[int, str]:
    """Give letters that are one letter in another shape: of a language, at the end of a word, of a keyboard."""
    return {ord(letter): other for letter, other, kind in rows("letters") if kind == "same"}


@cache
def look_alikes(script: str) -> Mapping[str, str]:
    """Give letters that look like letters of `script`, `Cyrl` or `Latn` (Unicode Technical Standard 39)."""
    pairs = [(latin, cyrillic) for latin, cyrillic, kind in rows("letters") if kind == "look-alike"]
    return dict(pairs) if script == "Cyrl" else {cyrillic: latin for latin, cyrillic in reversed(pairs)}


@cache
def zone_letters() -> Mapping[str, str]:
    """Give what a machine readable zone writes for Arabic letters, turned round (ICAO Doc 9303-3, section 6, C)."""
    return {row[0]: row[1] for row in rows("zone")}


@cache
def variants() -> Mapping[int, str]:
    """Give Han characters of Taiwan, Hong Kong and Japan as mainland China writes them."""
    return {ord(character): simplified for character, simplified in rows("variants")}


@cache
def surnames() -> Mapping[str, tuple[str, ...]]:
    """Give for a syllable of Hangul that is a family name the spellings that bearers of it use."""
    return {row[0]: tuple(row[1].split()) for row in rows("surnames")}


@cache
def vietnamese_families() -> Mapping[str, bool]:
    """Give Vietnamese family names without their marks, and whether each is one of those that nine of ten bear."""
    return {family: bool(common) for family, common in rows("vietnamese_families")}
