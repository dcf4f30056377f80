"""This module is `isthmus biometrics convert`: files of fingers in, files of another format out."""

import json
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.conversion import Target, Written
from biometrics.conversion import convert as converted
from biometrics.formats.contents import Contents
from biometrics.formats.images import Decoding
from biometrics.formats.reading import read_file
from deploy.bench.telling import Teller
from deploy.exits import Exit
from deploy.fingers import (
    Dpi,
    Estimate,
    FingerFile,
    Jars,
    Paths,
    decoding,
    engine,
    finger_files,
    read_bytes,
    refusals,
)
from hub.errors import Misconfigured, Rejected

FOLDER = Path("converted")


class UnwritableFolder(Misconfigured):
    """What is made cannot be written where it was asked for."""

    code = "unwritable-folder"


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
    jars: Jars = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one object of JSON.")] = False,
) -> None:
    """Convert images, templates and records of fingers. `docs/biometrics.md` lists the formats.

    A file keeps its name, but for the ending. What is refused is named on standard error with the reason, and the
    others are converted. Files of a folder that hold no finger are passed over.

    Example: `isthmus biometrics convert prints/ --to iso-19794-2:2011 --dpi 500 --out templates`
    """
    found = finger_files(paths)
    order = _Order(to, out, apart, jars, decoding(dpi, estimate, jars))
    written: list[dict[str, Any]] = []
    refused: list[tuple[Path, Rejected]] = []
    inputs = {file.path.resolve() for file in found.files}
    with Teller().counting("Files", len(found.files)) as tell:
        for done, file in enumerate(found.files, start=1):
            try:
                contents = read_file(read_bytes(file.path), order.decoding)
                made = converted(contents, to, partial(engine, jars), apart=apart)
                written += _write(file, contents, made, order, inputs)
            except Rejected as error:
                refused.append((file.path, error))
                typer.echo(f"{file.path}: {error}", err=True)
            tell(done)
    _tell(written, refused, found.passed_over, as_json)
    if not written:
        raise typer.Exit(Exit.FAILED)
    if refused:
        raise typer.Exit(Exit.PARTLY)


def _write(
    file: FingerFile, contents: Contents, made: list[Written], order: _Order, inputs: set[Path]
) -> list[dict[str, Any]]:
    """Write what was made of a file, and describe it.

    Raises:
        UnwritableFolder: there is no room, no right, or a file that is read would be written over.
    """
    described = []
    for number, each in enumerate(made, start=1):
        ending = f"-{number}" if len(made) > 1 else ""
        path = order.folder / file.name.with_name(f"{file.name.name}{ending}{order.target.suffix}")
        if path.resolve() in inputs:
            raise UnwritableFolder(f"{path.name} is read, and would be written over; name another folder with --out.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(each.data)
        except OSError:
            raise UnwritableFolder(f"{path} cannot be written; name another folder with --out.") from None
        notes = [*contents.notes, *(note for sample in each.samples for note in sample.notes)]
        described.append(
            {
                "file": str(file.path),
                "format": contents.format,
                "written": str(path),
                "fingers": [sample.capture.position.said for sample in each.samples],
                "missing": {missing.position.said: missing.reason for missing in contents.missing},
                "notes": list(dict.fromkeys(notes)),
            }
        )
    return described


def _tell(written: list[dict[str, Any]], refused: list[tuple[Path, Rejected]], passed_over: int, as_json: bool) -> None:
    if as_json:
        told = {"written": written, "refused": list(refusals(refused)), "passed_over": passed_over}
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    for each in written:
        notes = f" ({'; '.join(each['notes'])})" if each["notes"] else ""
        typer.echo(f"{each['file']} -> {each['written']}: {', '.join(each['fingers'])}{notes}")
    over = f", {passed_over:,} passed over" if passed_over else ""
    typer.echo(f"{len(written):,} written, {len(refused):,} refused{over}.", err=True)
