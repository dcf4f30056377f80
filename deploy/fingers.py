"""This module is what the `isthmus biometrics` commands share: files of fingers, the engine, options."""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

import typer

from biometrics.engine import SourceAfis, start_jvm
from biometrics.formats.images import Decoding
from biometrics.formats.kinds import recognise
from biometrics.formats.resolution import HIGHEST_DPI, LOWEST_DPI
from deploy.bench.telling import Teller
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from hub.errors import Misconfigured, Rejected

LARGEST = 64 << 20
"""Bytes of a file that is read: an ANSI/NIST-ITL transaction of ten rolled fingers takes a few millions."""
HEAP_MEGABYTES = 512
_TOLD = 4096
"""Bytes that tell what a file is."""

Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders of files.")]
Dpi = Annotated[
    int | None,
    typer.Option("--dpi", min=LOWEST_DPI, max=HIGHEST_DPI, help="The true resolution; it wins over what files tell."),
]
Estimate = Annotated[
    bool, typer.Option("--estimate", help="Estimate the resolution from the ridges where nothing possible tells it.")
]
Jars = Annotated[
    Path | None,
    typer.Option("--jars", envvar="ISTHMUS_JARS", help="The folder of the engine's jars; else they are downloaded."),
]


class NoSuchFile(Misconfigured):
    """A file or folder that was named is not there."""

    code = "no-such-file"


class SameName(Misconfigured):
    """What is made of two files would have one name."""

    code = "same-name"


class UnreadableFile(Rejected):
    """A file may not be read, or is too large to be one of a finger."""

    code = "unreadable-file"


@dataclass(frozen=True, slots=True)
class FingerFile:
    """A file, and under which name what is made of it is written."""

    path: Path
    name: Path


@dataclass(frozen=True, slots=True)
class FingerFiles:
    """The files that were named; `passed_over` counts those of a folder that hold no finger."""

    files: tuple[FingerFile, ...]
    passed_over: int


def finger_files(paths: Iterable[Path]) -> FingerFiles:
    """List files, and all files below folders that begin like a format that holds fingers.

    Names of results are those of the files without their ending, below a folder with the way to them; with their
    ending where two would be the same otherwise.

    Raises:
        NoSuchFile: one of the paths is not there.
        SameName: results of two files would have one name all the same.
    """
    found: dict[Path, Path] = {}
    passed_over = 0
    for path in paths:
        if path.is_dir():
            for below in sorted(each for each in path.rglob("*") if each.is_file()):
                if _begins_like_a_finger(below):
                    found.setdefault(below, below.relative_to(path))
                else:
                    passed_over += 1
        elif path.exists():
            found.setdefault(path, Path(path.name))
        else:
            raise NoSuchFile(f"{path.name} is not there; look at its name.")
    bare = Counter(name.with_suffix("") for name in found.values())
    files = tuple(
        FingerFile(path, name if bare[name.with_suffix("")] > 1 else name.with_suffix(""))
        for path, name in found.items()
    )
    names = Counter(file.name for file in files)
    if same := [str(name) for name, count in names.items() if count > 1]:
        raise SameName(f"Several files would become {same[0]}; name them one after the other.")
    return FingerFiles(files, passed_over)


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        UnreadableFile: it may not be read, or is too large.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableFile(f"The file is larger than {LARGEST >> 20} MB, which no record of fingers is.")
        return path.read_bytes()
    except OSError:
        raise UnreadableFile("The file cannot be read; look at its mode.") from None


@cache
def engine(jars: Path | None) -> SourceAfis:
    """Start the engine's JVM, once, and give the engine; the jars are downloaded where no folder is named.

    Raises:
        Misconfigured: the folder holds no engine.
        DownloadFailed: the jars cannot be had.
    """
    start_jvm(jars or Downloads(cache_folder(), Teller()).jars(Bundle.SOURCEAFIS), HEAP_MEGABYTES)
    return SourceAfis()


def decoding(dpi: int | None, estimate: bool, jars: Path | None) -> Decoding:
    """Say how images are read; the engine is started by the first WSQ image."""
    return Decoding(lambda data: engine(jars).decode_wsq(data), dpi, estimate)


def refusals(refused: Iterable[tuple[Path, Rejected]]) -> Iterator[dict[str, str]]:
    """Tell of refused files: which, why in short for programs, and in a sentence."""
    return ({"file": str(path), "code": error.reason, "detail": str(error)} for path, error in refused)


def _begins_like_a_finger(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return recognise(file.read(_TOLD)) is not None
    except OSError:
        return os.path.lexists(path)  # told when it is read
