"""This module reads the first sheet of an Excel workbook, and tells which of its cells hold no value that was saved."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from itertools import repeat
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter

from adapters.failures import SpoiltList

MAX_ROWS = 1_048_576  # of a sheet, by Excel; a larger number is none, and readers would count up to it
UNSAVED = "Cell {} holds a formula whose value was not saved; open the workbook, calculate it, and save it again."
ERROR = "Cell {} holds an error in place of a value; mend it in the workbook."
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_CHUNK = 1 << 20
_OVERLAP = 64


class Line(NamedTuple):
    """A row of the sheet: its number, its values, and by column what is wrong with a cell."""

    number: int
    cells: tuple[Any, ...]
    faults: dict[int, str]


def lines(path: Path) -> Iterator[Line]:
    """Give the rows of the first sheet in their order, empty ones too.

    Raises:
        SpoiltList: it is no workbook, or not whole.
    """
    try:
        # The library leaves a file open that it cannot read, so it is given files that are ours to close.
        with path.open("rb") as file, path.open("rb") as again:
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            written = openpyxl.load_workbook(again, read_only=True) if _has_formulas(path) else None
            formulas: Iterable[Any] = _rows(written) if written else repeat(())
            for number, (values, same_row) in _numbered(zip(_rows(book), formulas, strict=False)):
                yield Line(number, tuple(cell.value for cell in values), _faults(number, values, same_row))
    except Exception as error:  # what is spoilt makes the library raise whatever it stumbles over
        raise SpoiltList(path.name) from error


def _numbered(rows: Iterable[Any]) -> Iterator[tuple[int, Any]]:
    for number, row in enumerate(rows, 1):
        if number > MAX_ROWS:
            raise ValueError("more rows than a sheet has")
        yield number, row


def _rows(book: openpyxl.Workbook) -> Iterator[Any]:
    sheet: Any = book.worksheets[0]
    sheet.reset_dimensions()  # what the sheet says of its own size may be wrong, and rows beyond it would be lost
    return iter(sheet.iter_rows())


def _faults(number: int, values: tuple[Any, ...], formulas: tuple[Any, ...]) -> dict[int, str]:
    found = {}
    for at, cell in enumerate(values):
        text = None
        if cell.data_type == "e":
            text = ERROR
        # A formula that gives an empty text has a value, and says so by its type.
        elif cell.value is None and at < len(formulas) and formulas[at].data_type == "f" and cell.data_type != "str":
            text = UNSAVED
        if text:
            found[at] = text.format(f"{get_column_letter(at + 1)}{number}")
    return found


def _has_formulas(path: Path) -> bool:
    """Tell whether a sheet has formulas: few lists have, and looking for each of them takes as long as reading."""
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.startswith("xl/worksheets/"):
                continue
            with archive.open(name) as sheet:
                tail = b""
                while chunk := sheet.read(_CHUNK):
                    if _FORMULA.search(tail + chunk):
                        return True
                    tail = chunk[-_OVERLAP:]
    return False
