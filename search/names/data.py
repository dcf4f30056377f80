"""This module reads the tables of the package, each once, when first needed; `docs/names.md` tells their sources."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from search.names.spelling import Slot, slot

NOTHING = "-"  # stands in a table for "is not written"


def rows(table: str) -> list[list[str]]:
    """Give the rows of a table without its head, each parted into its columns."""
    text = (files("search.names") / "tables" / f"{table}.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()[1:] if line]


@cache
def weights(table: str) -> Mapping[str, float]:
    """Give the words of `titles` or `particles` with what they weigh beside other words."""
    return {row[0]: float(row[1]) for row in rows(table)}


@cache
def spellings() -> Mapping[str, Slot]:
    """Give for each unit of an alphabet its Latin spellings with their costs in letters."""
    return {unit: slot(priced(line)) for _, unit, line in rows("spellings")}


@cache
def usual() -> Mapping[str, str]:
    """Give for each unit of an alphabet the one spelling that stands for it in keys."""
    return {unit: next((s for s in priced(line) if s), "") for _, unit, line in rows("spellings")}


@cache
def _han() -> Mapping[str, str]:
    return {row[0]: row[1] for row in rows("han")}


@cache
def han(character: str) -> Slot | None:
    """Give the readings of a Han character: Mandarin, Cantonese, Japanese, of surnames, and of foreign names."""
    line = _han().get(character)
    return slot(priced(line)) if line else None


def priced(line: str) -> dict[str, float]:
    """Read `a:0 ah:0.1 -:0.3`: spellings with their costs."""
    pairs = (item.rsplit(":", 1) for item in line.split())
    return {"" if spelling == NOTHING else spelling: float(price) for spelling, price in pairs}


@cache
def nicknames() -> Mapping[str, frozenset[str]]:
    """Give for each name the groups that it belongs to; names of one group may stand for each other."""
    groups: dict[str, set[str]] = {}
    for name, line in rows("nicknames"):
        for member in (name, *line.split()):
            groups.setdefault(member, set()).add(name)
    return {member: frozenset(names) for member, names in groups.items()}


@cache
def known() -> frozenset[str]:
    """Give words that are names of their own: two of them that are spelt alike are no slip of one another."""
    return frozenset(word for word, _ in rows("common")) | nicknames().keys()


@cache
def same_letters() -> Mapping[int, str]:
    """Give letters that are one letter in another shape: of a language, at the end of a word, in a keyboard's layout."""
    return {ord(letter): other for letter, other, kind in rows("letters") if kind == "same"}


@cache
def look_alikes(script: str) -> Mapping[str, str]:
    """Give letters that look like letters of `script`, `Cyrl` or `Latn` (Unicode Technical Standard 39)."""
    pairs = [(latin, cyrillic) for latin, cyrillic, kind in rows("letters") if kind == "look-alike"]
    return dict(pairs) if script == "Cyrl" else {cyrillic: latin for latin, cyrillic in reversed(pairs)}
