"""This module reads the tables that people measure with: CSV with a header. It is pure: lines are handed in.

A row that cannot be used is noted with its line, and the rest is read.
"""

import csv
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from hub.errors import Rejected

SEPARATOR = "|"
"""Parts several values of one cell."""
DELIMITERS = ",;\t"
"""What parts cells: the one that the header has most of; spreadsheets write semicolons where a comma parts decimals."""
LONGEST_CELL = 1_000_000
NOT_DECODED = "\ufffd"
"""What stands for bytes that are no text in the encoding of the file (Unicode, 5.22)."""
NUL = "\0"
MOST_LINES = 20
"""Lines that one row may have: some tables hold addresses on several."""
_OPEN = "unexpected end of data"
"""What the parser of the standard library says of a quote that is open where the text ends."""


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

    def but(self, added: Collection[str]) -> tuple[str, ...]:
        """Give the cells, in the order of the columns, but those of columns that are `added` anew."""
        return tuple(cell for column, cell in self.cells.items() if column not in added)

    def values(self, column: str) -> tuple[str, ...]:
        """Give the values of a cell, in their order, each once."""
        parts = (part.strip() for part in self.text(column).split(SEPARATOR))
        return tuple(dict.fromkeys(part for part in parts if part))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong on a line, in words, without what stands there; `counts` where the row is measured nevertheless."""

    line: int
    text: str
    counts: bool = field(default=False, compare=False)


@dataclass(slots=True)
class Table:
    """A table as far as it could be read."""

    columns: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def with_added(columns: Sequence[str], added: Sequence[str]) -> tuple[str, ...]:
    """Give the columns of a table with those that are added at its end; one that it has already is replaced."""
    return (*(column for column in columns if column not in added), *added)


def table_of(lines: Iterable[str], needed: Collection[str], name: str) -> Table:
    """Read a table from its lines, which has at least the `needed` columns; `name` is what is told of the file.

    Rows without anything, as spreadsheets leave them, are none, and blank lines may stand before the header.

    Raises:
        NotMeasurable: the first line names no columns, names one twice, or a needed one is not there.
    """
    csv.field_size_limit(LONGEST_CELL)
    lines = iter(lines)
    header, first = next(((number, line) for number, line in enumerate(lines, 1) if line.strip()), (1, ""))
    delimiter = max(DELIMITERS, key=first.count)
    table = Table(_columns(_cells([first], delimiter), name, needed))
    for line, cells in _rows(lines, delimiter, len(table.columns), header):
        if isinstance(cells, str):
            table.faults.append(Fault(line, f"{cells}; it is passed over"))
        elif fault := _fault_of(cells, len(table.columns)):
            table.faults.append(Fault(line, f"{fault}; it is passed over"))
        elif any(map(str.strip, cells)):
            missing = [""] * (len(table.columns) - len(cells))
            table.rows.append(Row(line, dict(zip(table.columns, [*cells, *missing], strict=False))))
    return table


def _rows(lines: Iterator[str], delimiter: str, columns: int, header: int) -> Iterator[tuple[int, list[str] | str]]:
    """Give each row below the `header` with the line on which it ends, or what is wrong with that on which it begins.

    A quote that is opened and never closed would swallow all that follows: then its line alone is at fault.
    """
    waiting: deque[str] = deque()
    number = header
    while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
        number += 1
        if _closes([line], delimiter):
            yield number, _cells([line], delimiter)
            continue
        waiting.extend(islice(lines, MOST_LINES - 1 - len(waiting)))
        following = list(waiting)
        more = _end([line, *following], delimiter, columns)
        if not more:
            yield number, "a quote is opened and not closed on the line"
            continue
        for _ in range(more):
            waiting.popleft()
        number += more
        yield number, _cells([line, *following[:more]], delimiter)


def _end(lines: Sequence[str], delimiter: str, columns: int) -> int:
    """Tell how many more lines a row has whose first line leaves a quote open: none, where that is a stray quote.

    It is one, if it is closed too far below or not at all, if a line before that would be a whole row by itself, or if
    the row had too many cells.
    """
    for more in range(1, len(lines)):
        if _closes(lines[: more + 1], delimiter):
            return more if len(_cells(lines[: more + 1], delimiter)) <= columns else 0
        if columns > 1 and _closes([lines[more]], delimiter) and len(_cells([lines[more]], delimiter)) == columns:
            return 0
    return 0


def _closes(lines: Sequence[str], delimiter: str) -> bool:
    """Tell whether a row ends with the last of some lines; of several lines each quote must stand where it may."""
    if len(lines) == 1 and '"' not in lines[0]:
        return True
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True, strict=True)
    try:
        next(reader)
    except StopIteration:
        return True
    except csv.Error as error:
        return len(lines) == 1 and _OPEN not in str(error)
    return reader.line_num == len(lines)


def _cells(lines: Sequence[str], delimiter: str) -> list[str] | str:
    """Part lines that are one row, or say what keeps them from being one."""
    try:
        return next(csv.reader(lines, delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return "the line is no CSV"


def _columns(cells: list[str] | str, name: str, needed: Collection[str]) -> tuple[str, ...]:
    columns = tuple(column.strip() for column in cells) if isinstance(cells, list) else ()
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
