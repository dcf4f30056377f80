"""This module makes the tables `han` and `syllables`: how Han characters of names are read in Latin letters.

Run as `python -m deploy.names_tables.han FOLDER`, where FOLDER holds the unpacked wheels that `docs/names.md` names, it
writes both tables anew. Mandarin readings come from pypinyin, Cantonese ones from cantonese-romanisation; Japanese ones
are learned from half of the names of japanese-personal-name-dataset.
"""

import json
import random
import re
import sys
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from pathlib import Path

from deploy.names_tables.learning import MOST_PAIRS, Pair, is_learned_from, learn, plain, priced
from search.names.syllables import WADE_FINALS, WADE_INITIALS, in_wade
from search.names.units import script_of

TABLES = Path(__file__).parents[2] / "search" / "names" / "tables"
ENCODINGS = ("gb2312", "big5", "euc_jp", "euc_kr")
"""Standards that list the characters of everyday use in China, Taiwan, Japan and Korea; others are hardly in names."""
MANDARIN, CANTONESE, JAPANESE = 3, 4, 16  # readings kept of one character
LONG_VOWELS, LONG = {"ou": "o oh", "oo": "o oh", "uu": "u uh"}, 0.02
RARE_TIMES = 2.0  # how often a Japanese reading has to be seen
LONGEST = 6  # letters of a Japanese reading: murasaki is read by its beginning
TONES = re.compile("[\u0300\u0301\u0304\u030c]")
FAMILY_COUNT, MOST_TIMES = 20_000, 8  # bearers of a family name that count as one pair, and how many pairs at most

# By hand: the letters in which other romanisations of Mandarin than Wade-Giles differ from pinyin.
INITIALS = {"zh": "j z", "ch": "c", "x": "sh s", "j": "k ts", "z": "tz", "sh": "s"}
FINALS = {
    "uo": "o", "ui": "uei", "ue": "uo", "e": "eh o", "iu": "iou", "ao": "au", "ou": "ow", "i": "ih", "ei": "ay",
    "ai": "ay", "an": "en", "u": "oo wu", "ang": "ung eung",
}  # fmt: skip
RARER_FINALS = frozenset({"ung", "eung", "ay", "en", "oo"})
OTHER, RARER = 0.08, 0.05  # what a letter of another romanisation costs, and what a rarer one costs more
SYLLABLE = re.compile("(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)")


def spellings(syllable: str) -> dict[str, float]:
    """Give the spellings of a syllable of pinyin (v for u with its dots), each with its cost in letters.

    Whoever leaves Wade-Giles in one half of a syllable may leave it in the other: its letters are as any others.
    """
    parts = SYLLABLE.fullmatch(syllable)
    assert parts is not None
    initial, final = parts[1] or "", parts[2]
    # Passports of China write LYU for it, and earlier ones LV.
    prices = {syllable.replace("v", "yu"): 0.1, syllable: 0.1} if "v" in syllable else {}
    prices[syllable.replace("v", "u")] = 0.0
    initials = {initial: 0.0} | dict.fromkeys(_spelt(initial, WADE_INITIALS, INITIALS), OTHER)
    finals = {final: 0.0} | {one: OTHER + RARER * (one in RARER_FINALS) for one in _spelt(final, WADE_FINALS, FINALS)}
    for (head, head_price), (tail, tail_price) in product(initials.items(), finals.items()):
        spelling, price = (head + tail).replace("v", "u"), head_price + tail_price
        prices[spelling] = min(price, prices.get(spelling, price))
    for spelling in in_wade(syllable):
        if len(spelling) > 1:  # the I that it writes for yi would be read into most words
            prices.setdefault(spelling, 2 * OTHER)
    return {spelling: price for spelling, price in prices.items() if spelling}


def _spelt(letters: str, *tables: Mapping[str, str]) -> list[str]:
    return [one for table in tables for one in table.get(letters, "").split()]


def toneless(reading: str) -> str:
    """Write pinyin with tone marks in the letters a to z, v for u with its dots."""
    bare = unicodedata.normalize("NFC", TONES.sub("", unicodedata.normalize("NFD", reading)))
    return re.sub("[^a-z]", "", bare.replace("ü", "v"))


def is_of_everyday_use(character: str) -> bool:
    """Tell whether any of the standards lists a character."""
    for encoding in ENCODINGS:
        try:
            character.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return False


def japanese_pairs(folder: Path) -> Iterator[Pair]:
    """Read family and given names in Han with their readings; the half that is learned from."""
    for line in _lines(folder / "last_name_org.csv"):
        family, bearers, _, reading, *_ = line.split(",")
        yield from _pair(family, reading, max(1, min(MOST_TIMES, int(bearers) // FAMILY_COUNT)))
    for name in ("first_name_man_opti.csv", "first_name_woman_opti.csv"):
        for line in _lines(folder / name):
            _, reading, *givens = line.split(",")
            for given in givens:
                yield from _pair(given, reading, 1)


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _pair(native: str, reading: str, times: int) -> Iterator[Pair]:
    latin = plain(reading)
    is_han = bool(native) and all(script_of(character) == "Hani" for character in native)
    if is_han and len(latin) in range(2, 15) and is_learned_from(latin, native):
        yield tuple(native), latin, times


def japanese_readings(folder: Path) -> dict[str, dict[str, float]]:
    """Learn which letters of its reading each character of a name stands for."""
    pairs = list(japanese_pairs(folder))
    random.Random(1).shuffle(pairs)  # noqa: S311  a sample of pairs, no secret
    shares, seen = learn(pairs[:MOST_PAIRS], LONGEST, may_be_silent=False)
    often = {
        character: {reading: share for reading, share in readings.items() if share * seen[character] >= RARE_TIMES}
        for character, readings in shares.items()
    }
    return priced(often, seen, "Jpan", most=JAPANESE)


def with_long_vowels(prices: Mapping[str, float]) -> dict[str, float]:
    """Add what passports write for a long vowel: Sato, Satoh or Satou, Ono, Ohno or Oono (Hepburn, 1886)."""
    every = dict(prices)
    for reading, price in prices.items():
        for written, spelt in LONG_VOWELS.items():
            if written in reading:
                for one in spelt.split():
                    longer = reading.replace(written, one)
                    every[longer] = min(price + LONG, every.get(longer, price + LONG))
    return every


def rows(
    mandarin: Mapping[str, Sequence[str]],
    cantonese: Mapping[str, Sequence[str]],
    japanese: Mapping[str, Mapping[str, float]],
) -> Iterator[tuple[str, str, str, str]]:
    """Join the readings of each character, in the order of Unicode."""
    for character in sorted(mandarin.keys() | japanese.keys()):
        prices = sorted(with_long_vowels(japanese.get(character, {})).items(), key=lambda item: (item[1], item[0]))
        yield (
            character,
            " ".join(mandarin.get(character, ())),
            " ".join(list(dict.fromkeys(cantonese.get(character, ())))[:CANTONESE]),
            " ".join(f"{reading}:{round(price, 2):g}" for reading, price in prices),
        )


def main(folder: Path) -> None:
    """Write both tables."""
    pinyin = json.loads((folder / "pypinyin" / "pinyin_dict.json").read_text(encoding="utf-8"))
    mandarin = {
        chr(int(point)): [one for one in dict.fromkeys(map(toneless, line.split(",")[:MANDARIN])) if one]
        for point, line in pinyin.items()
        if is_of_everyday_use(chr(int(point)))
    }
    path = folder / "cantoroman" / "data" / "charToRoman.json"
    cantonese = json.loads(path.read_text(encoding="utf-8"))
    japanese = japanese_readings(folder / "japanese_personal_name_dataset" / "dataset")
    written = "".join("\t".join(row) + "\n" for row in rows(mandarin, cantonese, japanese))
    (TABLES / "han.tsv").write_text("character\tmandarin\tcantonese\tjapanese\n" + written, encoding="utf-8")
    lines = []
    for syllable in sorted({one for readings in mandarin.values() for one in readings}):
        prices = sorted(spellings(syllable).items(), key=lambda item: (item[1], item[0]))
        lines.append(f"{syllable}\t{' '.join(f'{spelling}:{round(price, 2):g}' for spelling, price in prices)}\n")
    (TABLES / "syllables.tsv").write_text("pinyin\tspellings\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
