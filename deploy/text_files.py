"""This module reads the files that people measure with, whatever they are packed in, and writes the scores."""

import codecs
import csv
import gzip
import io
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import BinaryIO, TextIO

from hub.errors import Misconfigured
from search.evaluation.tables import Table, table_of

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, 2.3.1
PACKED = ".gz"
"""Ends the name of a file that is to be written with gzip; of those that are read the content tells."""
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
STANDARD_INPUT = "-"
UNENCODABLE = "backslashreplace"
"""What becomes of bytes of a file's name that are no text."""

Write = Callable[[Sequence[str], Iterable[Sequence[object]]], None]
"""Takes the header of a table, and its rows."""


class UnreadableFile(Misconfigured):
    """A file to measure with cannot be read."""

    code = "unreadable-file"


class UnwritableFile(Misconfigured):
    """The scores cannot be written where they were asked for."""

    code = "unwritable-file"


def name_of(path: Path) -> str:
    """Give what a file is called in what is told of it."""
    return "standard input" if str(path) == STANDARD_INPUT else path.name


def lines_of(path: Path) -> Iterator[str]:
    """Read a text file line by line, line ends left as they are; `-` is standard input.

    The first bytes tell, and not the name, whether it is packed with gzip, and whether it is UTF-16; all else is UTF-8,
    with or without a byte order mark. What cannot be decoded becomes the replacement character.

    Raises:
        UnreadableFile: it is not there, may not be read, or was cut short.
    """
    name = name_of(path)
    standard = str(path) == STANDARD_INPUT
    try:
        with nullcontext(sys.stdin.buffer) if standard else path.open("rb") as file:
            # Not all streams can be looked into before they are read.
            raw = file if isinstance(file, io.BufferedReader) else io.BufferedReader(file)  # type: ignore[type-var]
            packed = raw.peek(2)[:2] == GZIP_MAGIC
            stream = io.BufferedReader(gzip.GzipFile(fileobj=raw)) if packed else raw
            encoding = "utf-16" if stream.peek(2)[:2] in UTF_16 else "utf-8-sig"
            with io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="") as text:
                yield from text
    except FileNotFoundError:
        raise UnreadableFile(f"{name} is not there; look at its name.") from None
    except IsADirectoryError:
        raise UnreadableFile(f"{name} is a folder; name a file.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise UnreadableFile(f"{name} is packed with gzip, and cut short or damaged; copy it anew.") from None
    except OSError:
        raise UnreadableFile(f"{name} may not be read; look at its mode.") from None
    except ValueError:  # closed by whoever read it
        raise UnreadableFile(f"{name} was read before, and can be read once; name a file.") from None


def read_table(path: Path, needed: Collection[str] = ()) -> Table:
    """Read a table that has at least the `needed` columns; others are kept.

    Raises:
        UnreadableFile: the file cannot be read.
        NotMeasurable: it is no table, or lacks a column.
    """
    return table_of(lines_of(path), needed, name_of(path))


@contextmanager
def scores_file(path: Path | None, read: Collection[Path]) -> Iterator[Write]:
    """Open the CSV file for scores, before anybody waits for what could not be written; without a path write nothing.

    A file that was there is kept until there is something to write. One whose name ends in `.gz` is packed with gzip.

    Raises:
        UnwritableFile: its folder is not there or may not be written, it is one of those that are `read`, or it is `-`.
    """
    if path is None:
        yield lambda _header, _rows: None
        return
    if str(path) == STANDARD_INPUT:  # the figures are written to standard output
        raise UnwritableFile("Scores go to a file of their own, and - is none; name a file.")
    if path.resolve() in {each.resolve() for each in read}:
        raise UnwritableFile(f"{path.name} is read, and would be written over; name another file for the scores.")
    was_there = path.exists()
    with _writable(path):
        file = path.open("ab")
    written = False

    def write(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        nonlocal written
        written = True
        with _writable(path):
            if file.seekable():
                file.truncate(0)
            with _text_into(file, packed=path.suffix == PACKED) as stream:
                writer = csv.writer(stream)
                writer.writerow(header)
                writer.writerows(rows)
            file.close()

    try:
        with file:
            yield write
    finally:
        if not (was_there or written):
            path.unlink(missing_ok=True)


def _text_into(file: BinaryIO, *, packed: bool) -> TextIO:
    if packed:
        return gzip.open(file, "wt", encoding="utf-8", errors=UNENCODABLE, newline="")
    return io.TextIOWrapper(file, encoding="utf-8", errors=UNENCODABLE, newline="")


@contextmanager
def _writable(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise UnwritableFile(f"{path.name} cannot be written; name a file in a folder that is there.") from None
