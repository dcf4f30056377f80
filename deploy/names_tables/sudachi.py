"""This module makes the table `sudachi`: more whole names in Han, each with how it is usually read.

Run as `python -m deploy.names_tables.sudachi FOLDER` with sudachipy 0.7.0 installed beside the project, where FOLDER
holds the unpacked wheel of sudachidict-small that `docs/names.md` names. It wants the table `japanese`: a family name
of one character that is not there is a Chinese one.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from anyascii import anyascii

from deploy.names_tables.han import TABLES
from search.names import data
from search.names.units import script_of

NAME_OF_A_PERSON = ("名詞", "固有名詞", "人名")
FAMILY, GIVEN = "姓", "名"
_SMALL = {"ャ": "a", "ュ": "u", "ョ": "o"}


class Entry(NamedTuple):
    """A word of the dictionary.

    Attributes:
        written: how it is written.
        speech: its part of speech, from the widest class to the narrowest.
        read: how it is read, in katakana.
    """

    written: str
    speech: tuple[str, ...]
    read: str


def hepburn(kana: str) -> str:
    """Write katakana in Latin letters as the table `japanese` does: long vowels in full, tch for a doubled ch."""
    kana = kana.replace("ヂ", "ジ").replace("ヅ", "ズ")
    glides = re.sub("(.)([ャュョ])", lambda pair: f"{anyascii(pair[1])[:-1]}y{_SMALL[pair[2]]}", kana)
    plain = "".join(letter if letter == "ッ" else anyascii(letter) for letter in glides)
    plain = re.sub("(sh|ch|j)y", r"\1", plain)
    return re.sub("ッ(.)", r"\1\1", plain).replace("cch", "tch")


def table(entries: Iterable[Entry], families: Iterable[str]) -> Iterator[str]:
    """Give the lines of the table: a name, its readings as a family name and those as a given one.

    `families` are the family names that are known already; of one character no others are taken.
    """
    known, found = set(families), dict[str, tuple[dict[str, None], dict[str, None]]]()
    for name, (*kind, which, _, _), read in entries:
        is_name = tuple(kind) == NAME_OF_A_PERSON and which in {FAMILY, GIVEN}
        if is_name and _is_taken(name, which, known) and re.fullmatch("[a-z]+", reading := hepburn(read)):
            columns = found.setdefault(name, ({}, {}))
            columns[which == GIVEN][reading] = None
    for name in sorted(found):
        yield "\t".join((name, *map(" ".join, found[name])))


def _is_taken(name: str, which: str, known: set[str]) -> bool:
    is_han = all(script_of(character) == "Hani" for character in name)
    return is_han and (which == GIVEN or len(name) > 1 or name in known)


def main(folder: Path) -> None:
    """Write the table."""
    dictionary = import_module("sudachipy").Dictionary(dict=str(next(folder.rglob("system.dic"))))
    words = sorted(dictionary.entries(), key=lambda word: word.word_id())
    entries = (Entry(word.surface(), tuple(word.part_of_speech()), word.reading_form()) for word in words)
    families = (name for name, family, _ in data.rows("japanese") if family)
    text = "name\tfamily\tgiven\n" + "".join(f"{line}\n" for line in table(entries, families))
    (TABLES / "sudachi.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
