"""This module makes the table `japanese`: whole family and given names in Han, with how they are read.

Run as `python -m deploy.names_tables.japanese FOLDER`, where FOLDER holds the unpacked wheel of
japanese-personal-name-dataset that `docs/names.md` names. What a character stands for in a name depends on the others
beside it: 安倍 is Abe, and 安 by itself hardly ever A.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from deploy.names_tables.han import TABLES
from deploy.names_tables.learning import plain
from search.names.units import script_of

READINGS = 6  # of one name, the first that the lists have
FAMILY, GIVEN = "last_name_org.csv", ("first_name_man_org.csv", "first_name_woman_org.csv")


def families(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Read family names with their readings."""
    for line in lines:
        family, _, _, reading, *_ = line.split(",")
        yield family, plain(reading)


def givens(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Read given names with their readings."""
    for line in lines:
        _, reading, *names = line.split(",")
        yield from ((name, plain(reading)) for name in names)


def table(family: Iterable[tuple[str, str]], given: Iterable[tuple[str, str]]) -> Iterator[str]:
    """Give the lines of the table: a name, its readings as a family name and those as a given one."""
    columns = [_gathered(pairs) for pairs in (family, given)]
    for name in sorted(columns[0].keys() | columns[1].keys()):
        yield "\t".join((name, *(" ".join(column.get(name, [])[:READINGS]) for column in columns)))


def _gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, reading in pairs:
        if name and reading and all(script_of(character) == "Hani" for character in name):
            readings = found.setdefault(name, [])
            if reading not in readings:
                readings.append(reading)
    return found


def main(folder: Path) -> None:
    """Write the table."""

    def lines(name: str) -> list[str]:
        return (folder / "japanese_personal_name_dataset" / "dataset" / name).read_text("utf-8").splitlines()

    found = table(families(lines(FAMILY)), (pair for name in GIVEN for pair in givens(lines(name))))
    text = "name\tfamily\tgiven\n" + "".join(f"{line}\n" for line in found)
    (TABLES / "japanese.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
