"""This module reads the tables that people measure with: CSV with a header, in UTF-8, compressed with gzip or not.

A row that cannot be used is noted with its line, and the rest is read.
"""

import csv
import gzip
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from hub.errors import Rejected

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, 2.3.1
SEPARATOR = "|"
"""Parts several values of one cell."""
LONGEST_CELL = 1_000_000


class UnreadableTable(Rejected):
    """A file is no table, or lacks a column."""

    code = "unreadable-table"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it ends, and its cells by column, as they are written."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Give a cell without the space around it; a column that is not there is empty."""
        return (self.cells.get(column) or "").strip()

    def values(self, column: str) -> tuple[str, ...]:
        """Give the values of a cell, in their order, each once."""
        parts = (part.strip() for part in self.text(column).split(SEPARATOR))
        return tuple(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line, in words, without what stands there."""

    line: int
    text: str


@dataclass(slots=True)
class Table:
    """A table as far as it could be read."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def read_table(path: Path, needed: Collection[str]) -> Table:
    """Read a table that has at least the `needed` columns; others are kept.

    Raises:
        UnreadableTable: the file cannot be read, is not UTF-8, or lacks a column.
    """
    try:
        with opened(path) as stream:
            return table_of(stream, needed, path.name)
    except UnicodeDecodeError:
        raise UnreadableTable(f"{path.name} is not UTF-8; save it in that encoding.") from None
    except (OSError, EOFError) as error:
        why = "cannot be read" if isinstance(error, gzip.BadGzipFile | EOFError) else "is not there or not readable"
        raise UnreadableTable(f"{path.name} {why}; name a file in CSV, compressed with gzip or not.") from None


@contextmanager
def opened(path: Path) -> Iterator[TextIO]:
    """Open a text file, compressed with gzip or not: its first bytes tell, not its name."""
    with path.open("rb") as raw:
        packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    if packed:
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
            yield stream
    else:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield stream


def table_of(lines: Iterable[str], needed: Collection[str], name: str) -> Table:
    """Read a table from its lines; `name` is what faults call the file.

    Raises:
        UnreadableTable: a needed column is not there.
    """
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(lines)
    header = _header(reader, name)
    columns = tuple(column.strip() for column in header)
    missing = [column for column in needed if column not in columns]
    if missing:
        raise UnreadableTable(f"{name} lacks the column {', '.join(missing)}; its first line must name it.")
    table = Table(columns)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return table
        except csv.Error:
            table.faults.append(Fault(reader.line_num, "the line is no CSV"))
            continue
        if not cells:
            continue
        if len(cells) > len(columns):
            table.faults.append(Fault(reader.line_num, "the row has more cells than the header"))
            continue
        cells += [""] * (len(columns) - len(cells))
        table.rows.append(Row(reader.line_num, dict(zip(columns, cells, strict=True))))


def _header(reader: Iterator[list[str]], name: str) -> list[str]:
    try:
        return next(reader)
    except (StopIteration, csv.Error):
        raise UnreadableTable(f"{name} is empty; its first line must name the columns.") from None
