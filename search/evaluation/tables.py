"""This module reads the tables that people measure with: CSV with a header. It is pure: lines are handed in.

A row that cannot be used is noted with its line, and the rest is read.
"""

import csv
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from hub.errors import Rejected

SEPARATOR = "|"
"""Parts several values of one cell."""
DELIMITERS = ",;\t"
"""What parts cells: the one that the header has most of; spreadsheets write semicolons where a comma parts decimals."""
LONGEST_CELL = 1_000_000
NOT_DECODED = "\ufffd"
"""What stands for bytes that are no text in the encoding of the file (Unicode, 5.22)."""
NUL = "\0"


class NotMeasurable(Rejected):
    """What was given to measure on is not as it has to be."""

    code = "not-measurable"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line of the file on which it ends, and its cells by column, as they are written."""

    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        """Give a cell without the space around it; a column that is not there is empty."""
        return (self.cells.get(column) or "").strip()

    @property
    def all(self) -> tuple[str, ...]:
        """All cells, in the order of the columns."""
        return tuple(self.cells.values())

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


def table_of(lines: Iterable[str], needed: Collection[str], name: str) -> Table:
    """Read a table from its lines, which has at least the `needed` columns; `name` is what is told of the file.

    Raises:
        NotMeasurable: the first line names no columns, names one twice, or a needed one is not there.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = iter(lines)
    first = next(lines, "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(chain([first], lines), delimiter=delimiter, skipinitialspace=True)
    table = Table(_columns(reader, name, needed))
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return table
        except csv.Error:
            table.faults.append(Fault(reader.line_num, "the line is no CSV; it is passed over"))
            continue
        if not cells:
            continue
        if fault := _fault_of(cells, len(table.columns)):
            table.faults.append(Fault(reader.line_num, f"{fault}; it is passed over"))
            continue
        cells += [""] * (len(table.columns) - len(cells))
        table.rows.append(Row(reader.line_num, dict(zip(table.columns, cells, strict=False))))


def _columns(reader: Iterator[list[str]], name: str, needed: Collection[str]) -> tuple[str, ...]:
    try:
        columns = tuple(column.strip() for column in next(reader))
    except (StopIteration, csv.Error):
        columns = ()
    if not any(columns):
        raise NotMeasurable(f"{name} is empty; its first line must name the columns.")
    if any(sign in column for column in columns for sign in (NUL, NOT_DECODED)):
        raise NotMeasurable(f"{name} is no text in UTF-8; save it in that encoding.")
    twice = next((column for at, column in enumerate(columns) if column and column in columns[:at]), None)
    if twice:
        raise NotMeasurable(f"{name} has two columns {twice}; name each otherwise.")
    missing = [column for column in needed if column not in columns]
    if missing:
        raise NotMeasurable(f"{name} lacks the column {', '.join(missing)}; {_hint(missing[0], columns)}.")
    return columns


def _hint(missing: str, columns: Collection[str]) -> str:
    like = next((column for column in columns if column.casefold() == missing.casefold()), None)
    return f"write {missing} instead of {like}" if like else "its first line must name it"


def _fault_of(cells: list[str], columns: int) -> str:
    """Say what is wrong with a row, or nothing. Empty cells beyond the header, as spreadsheets leave them, are not."""
    if any(cells[columns:]):
        return "the row has more cells than the header"
    if any(NUL in cell for cell in cells):
        return "the row has a NUL character"
    if any(NOT_DECODED in cell for cell in cells):
        return "the row is no text in UTF-8"
    return ""
