"""This module is the drop folder of the document blacklist: one CSV file, French headings, the whole list each time.

Conventions of this agency: `;` between the fields, code page 1252, `JJ/MM/AAAA` dates. Each drop is the whole list; the
newest file by name counts, and a document that is no longer in it is no longer listed.
"""

import csv
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

COLUMNS = (
    "NUMERO",  # document number
    "TYPE",  # P passport, I identity card, A residence permit, V visa
    "PAYS",  # issuing state, three letters
    "MOTIF",  # VOLE stolen, PERDU lost, ANNULE revoked
    "DEPUIS",  # since, 31/12/2024
    "NOM",  # family name of the holder, may be empty
    "PRENOMS",  # given names of the holder, may be empty
    "NE_LE",  # birth date of the holder, 31/12/1980, may be empty
)
ENCODING = "cp1252"
DELIMITER = ";"


def write(folder: Path, name: str, rows: Iterable[Mapping[str, str]]) -> Path:
    """Drop a list as `folder/name.csv`: written aside and renamed, so that no reader meets a half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    aside = folder / f".{name}.part"
    with aside.open("w", encoding=ENCODING, errors="replace", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter=DELIMITER)
        writer.writeheader()
        writer.writerows(rows)
        file.flush()
        os.fsync(file.fileno())
    return aside.replace(folder / f"{name}.csv")
