"""This module makes the table `variants`: Han characters that are written otherwise in mainland China.

Run as `python -m deploy.names_tables.variants FOLDER`, where FOLDER holds the unpacked wheel of opencc that
`docs/names.md` names. Traditional characters, and those of Japan after 1946, get their simplified form, so that a name
is the same name in Taipei, Tokyo and Beijing. Where several simplified forms are possible the first counts.
"""

import sys
from pathlib import Path

from deploy.names_tables.han import TABLES

OF_REGISTERS = {"髙": "高", "栁": "柳", "邉": "边", "\ufa11": "崎", "𠮷": "吉"}
"""Forms of characters in Japanese family names, as registers of families write them; by hand."""


def read(path: Path) -> dict[str, str]:
    """Read lines of a character and its forms; of several the first counts."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line)
    return {row[0]: row[1].split()[0] for row in rows}


def main(folder: Path) -> None:
    """Write the table."""
    dictionaries = folder / "opencc" / "dictionary"
    simplified = read(dictionaries / "TSCharacters.txt")
    japanese = {new: simplified.get(old, old) for old, new in read(dictionaries / "JPVariants.txt").items()}
    pairs = {one: other for one, other in {**OF_REGISTERS, **japanese, **simplified}.items() if one != other}
    lines = (f"{one}\t{simplified.get(other, other)}\n" for one, other in sorted(pairs.items()))
    (TABLES / "variants.tsv").write_text("character\tsimplified\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
