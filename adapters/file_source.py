"""This module reads whole lists that are dropped as files: CSV, also compressed, and Excel sheets.

A line that cannot be read becomes a row with a fault, so that one bad byte costs one record. A file that breaks off is
not a list: nothing vanishes because of it.
"""

import csv
import gzip
import io
import time
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, Any, cast

from adapters.declaration import File
from adapters.failures import SourceUnavailable
from adapters.messages import RAW

PAGE = 1_000
MAX_FIELD = 1_000_000
ARITY = "number of fields"
ENCODING = "encoding"
CONFIRMED = ".confirmed"


@dataclass(frozen=True, slots=True)
class Drop:
    """A file as it was met: its name, time of change (nanoseconds) and size tell whether it is the same one."""

    path: Path
    modified_ns: int
    size: int

    @property
    def token(self) -> str:
        """What is kept of a list that was read."""
        return f"{self.path.name}|{self.modified_ns}|{self.size}"

    def confirmed(self) -> bool:
        """Tell whether a person confirmed this very list: the mark beside it is not older than it."""
        try:
            mark = self.path.with_name(self.path.name + CONFIRMED).stat()
        except OSError:
            return False
        return mark.st_mtime_ns >= self.modified_ns


@dataclass(frozen=True, slots=True)
class FileRow:
    """One line: its columns, or what is wrong with it."""

    columns: dict[str, Any]
    fault: str | None = None


class FileSource:
    """One declared kind of file in a folder; a list must have the headings `needed`."""

    def __init__(self, folder: Path, source: File, needed: Sequence[str] = ()) -> None:
        self._folder = folder
        self._needed = needed
        self.source = source

    def newest(self) -> Drop | None:
        """Give the list that counts, if one is there and has come to rest.

        Raises:
            SourceUnavailable: the folder cannot be read.
        """
        try:
            if not self._folder.is_dir():
                raise SourceUnavailable(f"There is no folder {self._folder}; make it, or correct the source.")
            matching = self._folder.glob(self.source.pattern)
            found = sorted(path for path in matching if path.is_file() and path.suffix != CONFIRMED)
            if not found:
                return None
            status = found[-1].stat()
        except OSError as error:
            raise SourceUnavailable("The folder of drops cannot be read; it is tried again.") from error
        if 0 <= time.time_ns() - status.st_mtime_ns < self.source.settle_s * 1e9:
            return None
        return Drop(found[-1], status.st_mtime_ns, status.st_size)

    def pages(self, drop: Drop, *, page: int = PAGE) -> Iterator[list[FileRow]]:
        """Give the rows of a list in their order.

        Raises:
            SourceUnavailable: the file is gone, is no such file, breaks off, or lacks a heading.
        """
        try:
            rows = self._sheet(drop.path) if drop.path.suffix == ".xlsx" else self._lines(drop.path)
            while chunk := list(islice(rows, page)):
                yield chunk
        except (OSError, EOFError, csv.Error, zipfile.BadZipFile, KeyError, StopIteration) as error:
            raise SourceUnavailable("The dropped file is not whole or not of its kind; drop it again.") from error

    def _lines(self, path: Path) -> Iterator[FileRow]:
        with _opened(path) as raw:
            # Undecodable bytes are carried through as lone surrogates, and found again in the row where they stand.
            text = io.TextIOWrapper(raw, encoding=self.source.encoding, errors="surrogateescape", newline="")
            csv.field_size_limit(MAX_FIELD)
            # Strict: a stray quotation mark would else swallow the lines after it, and their records would end.
            reader = csv.reader(text, delimiter=self.source.delimiter, strict=True)
            headings = [heading.strip() for heading in next(reader, [])]
            if not headings:
                raise EOFError("no headings")
            self._look_for_columns(headings)
            for fields in reader:
                if fields:
                    yield self._row(headings, fields)

    def _row(self, headings: list[str], fields: list[str]) -> FileRow:
        columns: dict[str, Any] = dict(zip(headings, fields, strict=False))
        if any("\udc80" <= character <= "\udcff" for field in fields for character in field):
            line = self.source.delimiter.join(fields)
            return FileRow({**columns, RAW: line.encode(self._bytes_codec(), "surrogateescape")}, ENCODING)
        if len(fields) != len(headings):
            return FileRow({**dict.fromkeys(headings), **columns, "surplus": fields[len(headings) :]}, ARITY)
        return FileRow(columns)

    def _look_for_columns(self, headings: list[str]) -> None:
        missing = [name for name in self._needed if headings.count(name) != 1]
        if missing:
            raise SourceUnavailable(
                f"There is no column {', '.join(missing)} in the list, or more than one; correct its headings, its "
                "encoding, or the declaration."
            )

    def _bytes_codec(self) -> str:
        return self.source.encoding.removesuffix("-sig")

    def _sheet(self, path: Path) -> Iterator[FileRow]:
        # A fifth of an adapter's start, and few lists are workbooks.
        import openpyxl  # noqa: PLC0415

        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            rows = book.worksheets[0].iter_rows(values_only=True)
            headings = [str(cell).strip() if cell is not None else "" for cell in next(rows)]
            self._look_for_columns(headings)
            for cells in rows:
                if any(cell is not None for cell in cells):
                    yield FileRow({name: cell for name, cell in zip(headings, cells, strict=False) if name})
        finally:
            book.close()


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if path.suffix == ".gz" else path.open("rb")
