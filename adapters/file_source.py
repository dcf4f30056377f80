"""This module reads whole lists that are dropped as files: CSV, also compressed, and Excel sheets.

A line that cannot be read becomes a row with a fault, so that one bad byte costs one record. A file that breaks off is
not a list: nothing vanishes because of it.
"""

import csv
import gzip
import io
import re
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from adapters.declaration import File
from adapters.failures import SourceUnavailable, SpoiltLine, SpoiltList
from adapters.mapping_faults import COLUMN
from adapters.messages import RAW
from adapters.row import RawLine

PAGE = 1_000
MAX_FIELD = 1_000_000
MAX_LINE = 4 * MAX_FIELD  # characters; more could never become an event, and every line is held in memory
ARITY = "number of fields"
ENCODING = "encoding"
CONFIRMED = ".confirmed"
NO_FOLDER = "There is no folder {folder}; make it, or correct the source."


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

    def is_unchanged(self) -> bool:
        """Tell whether the file is still the one that was met: one that is written while it is read is no whole."""
        try:
            status = self.path.stat()
        except OSError:
            return False
        return (status.st_mtime_ns, status.st_size) == (self.modified_ns, self.size)

    def confirmed(self) -> bool:
        """Tell whether a person confirmed this very list: the mark beside it is not older than it."""
        try:
            mark = self.path.with_name(self.path.name + CONFIRMED).stat()
        except OSError:
            return False
        return mark.st_mtime_ns >= self.modified_ns


class FileRow(NamedTuple):
    """One line: its columns, what is wrong with it (`fault` names the part, `why` says it), and where it stands."""

    columns: dict[str, Any]
    fault: str | None = None
    why: str = "The line cannot be read."
    place: str = ""


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
                raise SourceUnavailable(NO_FOLDER.format(folder=self._folder))
            matching = self._folder.glob(self.source.pattern)
            found = [path for path in matching if path.is_file() and path.suffix != CONFIRMED]
            if not found:
                return None
            last = max(found, key=natural_order)
            status = last.stat()
        except OSError as error:
            raise SourceUnavailable(
                f"The folder {self._folder} cannot be read; let the adapter's account read it."
            ) from error
        if 0 <= time.time_ns() - status.st_mtime_ns < self.source.settle_s * 1e9:
            return None
        return Drop(last, status.st_mtime_ns, status.st_size)

    def pages(self, drop: Drop, *, page: int = PAGE) -> Iterator[list[FileRow]]:
        """Give the rows of a list in their order.

        Raises:
            SourceUnavailable: the file is gone, is no such file, breaks off, lacks a heading, or has an endless line.
        """
        try:
            drop.path.open("rb").close()
        except OSError as error:
            raise SourceUnavailable(
                f"The list {drop.path.name} cannot be opened; let the adapter's account read it."
            ) from error
        try:
            rows = self._sheet(drop.path) if _suffix(drop.path) == ".xlsx" else self._lines(drop.path)
            while chunk := list(islice(rows, page)):
                yield chunk
        except (OSError, EOFError, UnicodeError, csv.Error, zlib.error) as error:
            raise SpoiltList(drop.path.name) from error

    def _lines(self, path: Path) -> Iterator[FileRow]:
        with _opened(path) as raw:
            # Undecodable bytes are carried through as lone surrogates, and found again in the row where they stand.
            text = io.TextIOWrapper(raw, encoding=self.source.encoding, errors="surrogateescape", newline="")
            csv.field_size_limit(MAX_FIELD)
            lines = _Lines(text, path.name)
            # Strict: a stray quotation mark would else swallow the lines after it, and their records would end.
            reader = csv.reader(lines, delimiter=self.source.delimiter, strict=True)
            records = _records(reader, path.name)
            headings = [heading.strip() for heading in next(records, [])]
            if not headings:
                raise EOFError("no headings")
            self._look_for_columns(headings, path.name)
            for fields in records:
                lines.taken = 0
                if fields:
                    yield self._row(headings, fields, f"{path.name} line {reader.line_num}")

    def _row(self, headings: list[str], fields: list[str], place: str) -> FileRow:
        columns: dict[str, Any] = dict(zip(headings, fields, strict=False))
        if any("\udc80" <= character <= "\udcff" for field in fields for character in field):
            line = self.source.delimiter.join(fields)
            raw = RawLine(line.encode(self._bytes_codec(), "surrogateescape"))
            return FileRow({**columns, RAW: raw}, ENCODING, place=place)
        if len(fields) != len(headings):
            surplus = fields[len(headings) :]
            return FileRow({**dict.fromkeys(headings), **columns, "surplus": surplus}, ARITY, place=place)
        return FileRow(columns, place=place)

    def _look_for_columns(self, headings: list[str], name: str) -> None:
        missing = [column for column in self._needed if headings.count(column) != 1]
        if missing:
            raise SourceUnavailable(
                f"There is no column {', '.join(missing)} in the list {name}, or more than one; correct its headings, "
                "its encoding, or the declaration."
            )

    def _bytes_codec(self) -> str:
        return self.source.encoding.removesuffix("-sig")

    def _sheet(self, path: Path) -> Iterator[FileRow]:
        # A fifth of an adapter's start, and few lists are workbooks.
        from adapters.workbook import lines  # noqa: PLC0415

        rows = lines(path)
        first = next(rows, None)
        if first is None:
            raise EOFError("no headings")
        headings = [str(cell).strip() if cell is not None else "" for cell in first.cells]
        self._look_for_columns(headings, path.name)
        for line in rows:
            faults = [(COLUMN + name, why) for at, name in enumerate(headings) if name and (why := line.faults.get(at))]
            if not faults and all(cell is None for cell in line.cells):
                continue
            cells = {name: cell for name, cell in zip_longest(headings, line.cells[: len(headings)]) if name}
            fault, why = faults[0] if faults else (None, "")
            yield FileRow(cells, fault, why, f"{path.name} row {line.number}")


def _records(reader: Any, name: str) -> Iterator[list[str]]:
    """Give the records of a CSV reader; where one cannot be parsed, the line in which it begins is the one to mend."""
    begins = 1
    try:
        for fields in reader:
            yield fields
            begins = reader.line_num + 1
    except csv.Error as error:
        raise SpoiltLine(name, begins) from error


class _Lines:
    """The lines of a text, none of them endless; `taken` counts the characters of one record, perhaps of many lines."""

    def __init__(self, text: io.TextIOWrapper, name: str) -> None:
        self._text = text
        self._name = name
        self.taken = 0

    def __iter__(self) -> Iterator[str]:
        while line := self._text.readline(MAX_LINE + 1):
            self.taken += len(line)
            if self.taken > MAX_LINE:
                raise SourceUnavailable(
                    f"A line of the list {self._name} has more than {MAX_LINE:,} characters; drop it with shorter ones."
                )
            yield line


def natural_order(path: Path) -> tuple[list[str | int], Path]:
    """Give what lists are ordered by: their names, with runs of digits as numbers, so that 10 comes after 9."""
    parts = re.split("([0-9]+)", str(path))
    return [int(part) if at % 2 else part for at, part in enumerate(parts)], path


def _suffix(path: Path) -> str:
    return path.suffix.lower()


def _opened(path: Path) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if _suffix(path) == ".gz" else path.open("rb")
