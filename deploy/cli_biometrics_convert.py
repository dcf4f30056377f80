"""This module is `isthmus biometrics convert`: files of fingers in, files of another format out."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.conversion import Target, Written
from biometrics.conversion import convert as converted
from biometrics.formats.contents import Contents
from biometrics.formats.images import Decoding
from deploy.fingers import (
    AsJson,
    Dpi,
    Estimate,
    FingerFile,
    Height,
    Jars,
    Paths,
    UnwritableFile,
    Width,
    contents_of,
    decoding,
    engine,
    finger_files,
    noted,
    raw_size,
    work_on,
    write_bytes,
)

FOLDER = Path("converted")


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made of every file."""

    target: Target
    folder: Path
    apart: bool
    jars: Path | None
    decoding: Decoding


def convert(
    paths: Paths,
    to: Annotated[Target, typer.Option("--to", help="The format to write.")],
    out: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to write; made if it is not there.")] = (
        FOLDER
    ),
    apart: Annotated[bool, typer.Option("--apart", help="Write each finger of a record into a file of its own.")] = (
        False
    ),
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    jars: Jars = None,
    as_json: AsJson = False,
) -> None:
    """Convert images, templates and records of fingers. `docs/biometrics.md` lists the formats.

    A file keeps its name, but for the ending. What is refused is named on standard error with the reason, and the
    others are converted. Files of a folder that hold no finger are passed over.

    Example: `isthmus biometrics convert prints/ --to iso-19794-2:2011 --dpi 500 --out templates`
    """
    size = raw_size(width, height)
    found = finger_files(paths, size)
    order = _Order(to, out, apart, jars, decoding(dpi, estimate, jars))
    inputs = {file.path.resolve() for file in found.files}

    def convert_one(file: FingerFile) -> list[dict[str, Any]]:
        contents = contents_of(file.path, order.decoding, size)
        made = converted(contents, to, partial(engine, jars), apart=apart)
        return _write(file, contents, made, order, inputs)

    work_on(found, convert_one).tell("written", _line, as_json=as_json)


def _write(
    file: FingerFile, contents: Contents, made: list[Written], order: _Order, inputs: set[Path]
) -> list[dict[str, Any]]:
    """Write what was made of a file, and describe it.

    Raises:
        UnwritableFile: there is no room, no right, or a file that is read would be written over.
    """
    described = []
    for number, each in enumerate(made, start=1):
        ending = f"-{number}" if len(made) > 1 else ""
        path = order.folder / file.name.with_name(f"{file.name.name}{ending}{order.target.suffix}")
        if path.resolve() in inputs:
            raise UnwritableFile(f"{path.name} is read, and would be written over; name another folder with --out.")
        notes = [note for sample in each.samples for note in contents.notes_of(sample)]
        described.append(
            {
                "file": str(file.path),
                "format": contents.format,
                "written": write_bytes(path, each.data),
                "fingers": [sample.capture.position.said for sample in each.samples],
                "missing": {missing.position.said: missing.reason for missing in contents.missing},
                "notes": list(dict.fromkeys(notes)),
            }
        )
    return described


def _line(each: dict[str, Any]) -> str:
    return f"{each['file']} -> {each['written']}: {', '.join(each['fingers'])}{noted(each['notes'])}"
