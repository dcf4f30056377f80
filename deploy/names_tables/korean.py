"""This module makes the table `korean`: how Han characters are read in Korean, in Hangul.

Run as `python -m deploy.names_tables.korean FILE`, where FILE is `Unihan_Readings.txt` of the Unicode Character
Database (Unicode Standard Annex 38, field kHangul). Latin spellings beside those of its letters stand in `sino`.
"""

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from deploy.names_tables.han import TABLES, is_of_everyday_use

FIELD = "kHangul"


def readings(lines: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Give each character of everyday use with its syllables, as at the beginning of a word and within it."""
    for line in lines:
        found = re.fullmatch(rf"U\+([0-9A-F]+)\t{FIELD}\t(.*)", line.strip())
        if found and is_of_everyday_use(character := chr(int(found[1], 16))):
            yield character, "".join(dict.fromkeys(reading[0] for reading in found[2].split()))


def main(file: Path) -> None:
    """Write the table."""
    lines = (f"{one}\t{read}\n" for one, read in sorted(readings(file.read_text(encoding="utf-8").splitlines())))
    (TABLES / "korean.tsv").write_text("character\tsyllables\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
