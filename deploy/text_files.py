"""This module reads the text files that are evaluated, plain or packed with gzip, and writes what came of it."""

import csv
import gzip
import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from hub.errors import Misconfigured


class UnreadableFile(Misconfigured):
    """A file to evaluate cannot be read."""

    code = "unreadable-file"


def lines_of(path: Path) -> Iterator[str]:
    """Read a file as UTF-8 line by line, with or without a byte order mark; one whose name ends in `.gz` is unpacked.

    Bytes that are no UTF-8 become the replacement character: what holds them is wrong by itself, and no more. Line ends
    stay as they are, as the csv module wants them.

    Raises:
        UnreadableFile: it is not there, may not be read, or is not packed as its name says.
    """
    packed = path.suffix == ".gz"
    try:
        with (gzip.open if packed else open)(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as file:
            yield from file
    except (OSError, EOFError, zlib.error):
        kind = "the gzip file" if packed else "the file"
        raise UnreadableFile(f"The contents of {kind} {path} cannot be read; look at its name and mode.") from None


class UnwritableFile(Misconfigured):
    """A file cannot be written where it was asked for."""

    code = "unwritable-file"


def write_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a CSV file, UTF-8.

    Raises:
        UnwritableFile: its folder is not there, or may not be written.
    """
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            writer.writerows(rows)
    except OSError:
        raise UnwritableFile(f"The file {path} cannot be written; choose another place.") from None
