"""This module makes the table `nicknames` from the package of that name.

Run as `python -m deploy.names_tables.nicknames FOLDER`, where FOLDER holds the unpacked wheel that `docs/names.md`
names. Forms of one name in different languages are no nicknames: they stand in `equivalents`, which is written by hand.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

from deploy.names_tables.han import TABLES


def main(folder: Path) -> None:
    """Write the table: a line for each name with its nicknames, without their full stops."""
    nicknames: dict[str, set[str]] = defaultdict(set)
    with (folder / "nicknames" / "names.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            nicknames[row["name1"]].add(row["name2"].replace(".", ""))
    lines = (f"{name}\t{' '.join(sorted(others))}\n" for name, others in sorted(nicknames.items()))
    (TABLES / "nicknames.tsv").write_text("name\tnicknames\n" + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
