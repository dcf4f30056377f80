"""This module is what the `isthmus biometrics` commands share: files of fingers, the engine, options."""

import json
import math
import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.engine import SourceAfis, start_jvm
from biometrics.formats.contents import Contents
from biometrics.formats.images import Decoding
from biometrics.formats.kinds import SampleFormat, recognise
from biometrics.formats.reading import read_file
from biometrics.formats.resolution import HIGHEST_DPI, LOWEST_DPI
from biometrics.quality.meter import QualityMeter, can_be_measured
from contracts.records import FingerPosition
from deploy.bench.telling import Teller
from deploy.exits import Exit, exit_of
from deploy.local.artifacts import Bundle
from deploy.local.downloads import Downloads
from deploy.local.home import cache_folder
from hub.errors import Misconfigured, Rejected

LARGEST = 64 << 20
"""Bytes of a file that is read: an ANSI/NIST-ITL transaction of ten rolled fingers takes a few millions."""
HEAP_MEGABYTES = 512
_IMAGES = {".png", ".jpg", ".jpeg", ".jp2", ".j2k", ".wsq", ".bmp", ".tif", ".tiff"}
"""Endings of names of images."""
_TOLD = 4096
"""Bytes that tell what a file is."""
LONGEST_SIDE = 65_535

AsJson = Annotated[bool, typer.Option("--json", help="Print one object of JSON.")]
Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, and folders of files.")]
Dpi = Annotated[
    int | None,
    typer.Option("--dpi", min=LOWEST_DPI, max=HIGHEST_DPI, help="The true resolution; it wins over what files tell."),
]
Rate = Annotated[float, typer.Option("--rate", min=1e-9, max=0.1, help="The accepted probability of a false match.")]
Estimate = Annotated[
    bool, typer.Option("--estimate", help="Estimate the resolution from the ridges where nothing possible tells it.")
]
Width = Annotated[
    int | None,
    typer.Option("--width", min=1, max=LONGEST_SIDE, help="Of raw pixels, one byte each, 0 is black; with --height."),
]
Height = Annotated[int | None, typer.Option("--height", min=1, max=LONGEST_SIDE, help="Of raw pixels; with --width.")]
Size = tuple[int, int]
"""Width and height of raw pixels."""
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


class UnwritableFile(Misconfigured):
    """What is made cannot be written where it was asked for."""

    code = "unwritable-file"


class NotMeasurableHere(Misconfigured):
    """The library of NFIQ 2 is not made for this machine."""

    code = "quality-not-measurable"


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


def finger_files(paths: Iterable[Path], size: Size | None = None) -> FingerFiles:
    """List files, and all files below folders that begin like a format that holds fingers, or are raw pixels of a size.

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
                if _begins_like_a_finger(below) or _has_size(below, size):
                    found.setdefault(below, below.relative_to(path))
                else:
                    passed_over += 1
        else:
            found.setdefault(there(path), Path(path.name))
    bare = Counter(name.with_suffix("") for name in found.values())
    files = tuple(
        FingerFile(path, name if bare[name.with_suffix("")] > 1 else name.with_suffix(""))
        for path, name in found.items()
    )
    names = Counter(file.name for file in files)
    if same := [str(name) for name, count in names.items() if count > 1]:
        raise SameName(f"Several files would become {same[0]}; name them one after the other.")
    return FingerFiles(files, passed_over)


def there(path: Path) -> Path:
    """Give a file that was named by itself.

    Raises:
        NoSuchFile: it is not there.
    """
    if not path.exists():
        raise NoSuchFile(f"{path.name} is not there; look at its name.")
    return path


def read_bytes(path: Path) -> bytes:
    """Read a file.

    Raises:
        UnreadableFile: it may not be read, or is too large.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise UnreadableFile(f"{path.name} is larger than {LARGEST >> 20} MB, which no record of fingers is.")
        return path.read_bytes()
    except OSError:
        raise UnreadableFile(f"{path.name} cannot be read; look at its name and its mode.") from None


def raw_size(width: int | None, height: int | None) -> Size | None:
    """Give the size of raw pixels as it was typed.

    Raises:
        Misconfigured: half of it was.
    """
    if width is not None and height is not None:
        return width, height
    if width is not None or height is not None:
        raise Misconfigured("Raw pixels have two sides; say both --width and --height.")
    return None


def is_raw(data: bytes, size: Size | None) -> bool:
    """Tell whether a file is raw pixels: where a size is said, what fills it, and what is of no other format."""
    return size is not None and (len(data) == math.prod(size) or recognise(data) is None)


def contents_of(
    path: Path, decoding: Decoding, size: Size | None = None, finger: FingerPosition | None = None
) -> Contents:
    """Read the fingers of a file.

    Args:
        path: where it is.
        decoding: how images are read.
        size: of raw pixels, where it was said.
        finger: the only one that is wanted.

    Raises:
        Rejected: what is wrong with it.
    """
    data = read_bytes(path)
    said = SampleFormat.RAW if is_raw(data, size) else None
    return read_file(data, decoding, said=said, size=size, finger=finger)


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


@contextmanager
def quality_meter(processes: int, *, wanted: bool = True) -> Iterator[QualityMeter | None]:
    """Give what measures quality, and end its processes.

    Raises:
        NotMeasurableHere: it cannot be measured on this machine.
    """
    if not wanted:
        yield None
        return
    if not can_be_measured():
        raise NotMeasurableHere("The library of NFIQ 2 is not made for this machine; do without the quality.")
    meter = QualityMeter(processes)
    try:
        yield meter
    finally:
        meter.stop()


def write_bytes(path: Path, data: bytes) -> str:
    """Write a file, and the folders above it; give its name.

    Raises:
        UnwritableFile: there is no room, or no right.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    except OSError:
        raise UnwritableFile(f"{path} cannot be written; name another place with --out.") from None
    return str(path)


def noted(notes: Iterable[str]) -> str:
    """Say what was odd, in brackets behind a line; nothing where nothing was."""
    told = "; ".join(dict.fromkeys(notes))
    return f" ({told})" if told else ""


@dataclass(slots=True)
class Outcome:
    """What became of files: what was done of them, which were refused and why, how many of folders were passed over."""

    passed_over: int
    done: list[dict[str, Any]] = field(default_factory=list)
    refused: list[tuple[Path, Rejected]] = field(default_factory=list)

    def as_json(self, name: str) -> dict[str, Any]:
        """Tell of all; `name` is what the done ones are called."""
        refused = [{"file": str(path), "code": error.reason, "detail": str(error)} for path, error in self.refused]
        return {name: self.done, "refused": refused, "passed_over": self.passed_over}

    def tell(
        self,
        name: str,
        lines: Callable[[dict[str, Any]], str],
        *,
        as_json: bool,
        failed: Callable[[dict[str, Any]], bool] = lambda _: False,
    ) -> None:
        """Print what was done, one object of JSON or a line each, and end with the status that says how it went.

        Args:
            name: what the done ones are called.
            lines: what is printed of one, where it is not JSON.
            as_json: whether it is.
            failed: tells of one whether it ended as a failure, such as fingers that do not match.

        Raises:
            typer.Exit: nothing was done, or not all, or one failed.
        """
        if as_json:
            typer.echo(json.dumps(self.as_json(name), ensure_ascii=False))
        else:
            for each in self.done:
                typer.echo(lines(each))
            over = f", {self.passed_over:,} passed over" if self.passed_over else ""
            typer.echo(f"{len(self.done):,} {name}, {len(self.refused):,} refused{over}.", err=True)
        if not self.done:
            # What was typed wrongly is refused for every file alike.
            ends = {exit_of(error) for _, error in self.refused}
            raise typer.Exit(ends.pop() if len(ends) == 1 else Exit.FAILED)
        if any(failed(each) for each in self.done):
            raise typer.Exit(Exit.FAILED)
        if self.refused:
            raise typer.Exit(Exit.PARTLY)


def work_on(
    found: FingerFiles, work: Callable[[FingerFile], Sequence[dict[str, Any]]], label: str = "Files", at_once: int = 1
) -> Outcome:
    """Do the same with every file, and show how far it is; one that is refused is named, and the others go on.

    Args:
        found: the files.
        work: what is done with one; it gives what is told of it.
        label: what the progress bar counts.
        at_once: how many files are worked on at a time.
    """
    outcome = Outcome(found.passed_over)
    running: list[Future[Sequence[dict[str, Any]]]] = []
    pool = ThreadPoolExecutor(at_once, thread_name_prefix="file")
    try:
        with Teller().counting(label, len(found.files)) as tell:
            running += [pool.submit(work, file) for file in found.files]
            for count, (file, each) in enumerate(zip(found.files, running, strict=True), start=1):
                try:
                    outcome.done += each.result()
                except Rejected as error:
                    outcome.refused.append((file.path, error))
                    typer.echo(f"{file.path}: {error}", err=True)
                tell(count)
    except KeyboardInterrupt:
        pool.shutdown(wait=True, cancel_futures=True)  # what is under way comes to its end, and is told of
        _tell_interrupted(found.files, running)
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
    return outcome


def _tell_interrupted(files: Sequence[FingerFile], running: Sequence[Future[Sequence[dict[str, Any]]]]) -> None:
    """Name the files that were done before an end by Ctrl-C; those that were refused have been named."""
    ended = [(file, each) for file, each in zip(files, running, strict=False) if each.done() and not each.cancelled()]
    done = [str(file.path) for file, each in ended if each.exception() is None]
    told = f": {', '.join(done)}" if done else ""
    typer.echo(f"Interrupted; {len(done):,} of {len(files):,} files were done{told}.", err=True)


def _begins_like_a_finger(path: Path) -> bool:
    """Tell whether a file does, or is called like an image: one that is none, such as a broken copy, is then named."""
    if path.suffix.lower() in _IMAGES:
        return True
    try:
        with path.open("rb") as file:
            return recognise(file.read(_TOLD)) is not None
    except OSError:
        return os.path.lexists(path)  # told when it is read


def _has_size(path: Path, size: Size | None) -> bool:
    return size is not None and path.stat().st_size == math.prod(size)
