"""This module makes the table `vietnamese`: how Han characters are read in Vietnamese.

Run as `python -m deploy.names_tables.vietnamese FILE`, where FILE is `Unihan_Readings.txt` of the Unicode Character
Database (Unicode Standard Annex 38, field kVietnamese). What it lacks of characters of names stands in `sino`, which is
written by hand.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.names_tables.han import TABLES, is_of_everyday_use
from search.names.latin import latin

FIELD = "kVietnamese"
MOST = 2
"""Readings kept of one character: the further ones are hardly in names."""


def readings(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each character of everyday use with its readings in the letters a to z."""
    for line in lines:
        found = re.fullmatch(rf"U\+([0-9A-F]+)\t{FIELD}\t(.*)", line.strip())
        if found is None or not is_of_everyday_use(character := chr(int(found[1], 16))):
            continue
        spelt = dict.fromkeys(latin(reading).replace(" ", "") for reading in found[2].split())
        yield character, " ".join(list(spelt)[:MOST])


def main(file: Path) -> None:
    """Write the table."""
    written = readings(file.read_text(encoding="utf-8").splitlines())
    lines = (f"{character}\t{spelt}\n" for character, spelt in sorted(written) if spelt)
    (TABLES / "vietnamese.tsv").write_text("character\tvietnamese\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
