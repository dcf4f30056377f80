"""This module is what the `isthmus biometrics` commands share: files of fingers, the engine, options."""

import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.engine import SourceAfis, start_jvm
from biometrics.formats.contents import Contents
from biometrics.formats.images import Decoding, declared_size
from biometrics.formats.kinds import Family, SampleFormat, recognise
from biometrics.formats.reading import read_file
from biometrics.formats.resolution import HIGHEST_DPI, LOWEST_DPI
from biometrics.quality.gate import Verdict
from biometrics.quality.meter import QualityMeter, can_be_measured
from biometrics.rejections import UndecodableImage, UnknownFormat
from contracts.records import FingerPosition
from deploy.bench.telling import Teller
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


class IsFolder(Misconfigured):
    """A folder was named where a file is meant."""

    code = "is-folder"


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
    """The files that were named.

    Attributes:
        files: the files.
        passed_over: how many files of folders hold no finger, or are results.
        empty: folders that were named and hold no files.
        results: the folder of results, where it lies below one that was named and is passed over.
    """

    files: tuple[FingerFile, ...]
    passed_over: int
    empty: tuple[Path, ...] = ()
    results: Path | None = None


def finger_files(paths: Iterable[Path], size: Size | None = None, out: Path | None = None) -> FingerFiles:
    """List files, and all files below folders that begin like a format that holds fingers, or are raw pixels of a size.

    Names of results are those of the files without their ending, below a folder with the way to them; with their
    ending where two would be the same otherwise, and with the folders above as far as that tells them apart.

    Args:
        paths: what was named.
        size: of raw pixels, where it was said.
        out: the folder of results; below one that was named it is passed over.

    Raises:
        NoSuchFile: one of the paths is not there.
    """
    found: dict[Path, tuple[Path, Path]] = {}
    passed_over = 0
    empty: list[Path] = []
    results, written = None, None if out is None else _whole(out)
    for path in paths:
        whole = _whole(path)
        if not path.is_dir():
            found.setdefault(whole, (there(path), whole.parent))
            continue
        held = sorted(each for each in path.rglob("*") if each.is_file() or _leads_nowhere(each))
        empty += [] if held else [path]
        for below in held:
            if written is not None and whole in written.parents and written in _whole(below).parents:
                results = out
                passed_over += 1
            elif _begins_like_a_finger(below) or _has_size(below, size):
                found.setdefault(_whole(below), (below, whole))
            else:
                passed_over += 1
    names = _names({whole: folder for whole, (_, folder) in found.items()})
    bare = Counter(name.with_suffix("") for name in names.values())
    taken = set(names.values())

    def short(name: Path) -> Path:
        stem = name.with_suffix("")
        return name if bare[stem] > 1 or stem in taken else stem

    files = tuple(FingerFile(path, short(names[whole])) for whole, (path, _) in found.items())
    return FingerFiles(files, passed_over, tuple(empty), results)


def _whole(path: Path) -> Path:
    """Give the whole way to a file, links left as they are."""
    whole = os.path.abspath(path)  # noqa: PTH100  `absolute` leaves `..` in it
    # Two slashes at the beginning stay two (POSIX, 4.13), and would make two files of one.
    return Path(f"/{whole.lstrip('/')}" if whole.startswith("//") else whole)


def _leads_nowhere(path: Path) -> bool:
    return path.is_symlink() and not path.exists()


def _names(folders: Mapping[Path, Path]) -> dict[Path, Path]:
    """Name files by the way to them, so that no two have one name.

    Args:
        folders: of each file the folder that was named, or the one that it is in. Folders whose files have the name of
            another begin the names with their own, and where that is not enough with those above them.
    """
    tops = {folder: folder for folder in folders.values()}
    while True:
        names = {file: file.relative_to(tops[folder]) for file, folder in folders.items()}
        count = Counter(names.values())
        same = {folders[file] for file, name in names.items() if count[name] > 1}
        if not same:
            return names
        tops |= {folder: tops[folder].parent for folder in same}


def there(path: Path) -> Path:
    """Give a file that was named by itself.

    Raises:
        NoSuchFile: it is not there.
        IsFolder: it is a folder.
    """
    if not path.exists():
        raise NoSuchFile(f"{path} is not there; look at its name.")
    if path.is_dir():
        raise IsFolder(f"{path} is a folder; name a file in it.")
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
    """Tell whether a file is raw pixels: where a size is said, what is of no other format.

    Pixels may begin like an image by chance; where they fill the size, they are taken for one only with its header.
    """
    if size is None:
        return False
    kind = recognise(data)
    if kind is None:
        return True
    return kind.family is Family.IMAGE and len(data) == math.prod(size) and not _has_header(data)


def _has_header(data: bytes) -> bool:
    try:
        declared_size(data)
    except UndecodableImage:
        return False
    except Rejected:
        return True  # what it declares is too large
    return True


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
    if data and said is None and recognise(data) is None:
        raise UnknownFormat(
            "The file is of no known format; give an image, a template or a record of one that the documents list, or "
            "raw pixels with --width and --height."
        )
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


def judged(verdict: str) -> str:
    """Say in plain text what the gate would say of an image; `refused` is said of files, and this one is not."""
    return "unfit" if verdict == Verdict.REFUSED else verdict


def quality_told(quality: dict[str, Any]) -> str:
    """Say the quality of an image in a few words."""
    score = "none" if quality["nfiq2"] is None else quality["nfiq2"]
    return f"quality {score} ({judged(quality['verdict'])})"


def noted(notes: Iterable[str]) -> str:
    """Say what was odd, in brackets behind a line; nothing where nothing was."""
    told = "; ".join(dict.fromkeys(notes))
    return f" ({told})" if told else ""


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
