"""This module is `isthmus biometrics convert`: files of fingers in, files of another format out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.conversion import Target, Written
from biometrics.conversion import convert as converted
from biometrics.formats.contents import Contents, Sample
from deploy.finger_by_finger import Held, held_by, tried
from deploy.finger_outcomes import Result, Which, work_on
from deploy.finger_results import Overwrite, Results
from deploy.fingers import (
    AsJson,
    Dpi,
    Estimate,
    FingerFile,
    Height,
    Jars,
    Paths,
    Width,
    decoding,
    engine,
    finger_files,
    noted,
    raw_size,
)
from hub.errors import Rejected

FOLDER = Path("converted")
_OF_ONE_FINGER = {Target.PNG, Target.SOURCEAFIS}
"""What holds one finger alone."""


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be made of every file."""

    target: Target
    folder: Path
    apart: bool
    jars: Path | None

    def made_of(self, contents: Contents, samples: Sequence[Sample]) -> Written:
        """Make one file of some fingers of what was read.

        Raises:
            Rejected: what is wrong with one of them, or with all in one record.
        """
        (made,) = converted(replace(contents, samples=tuple(samples)), self.target, partial(engine, self.jars))
        return made


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
    overwrite: Overwrite = False,
    jars: Jars = None,
    as_json: AsJson = False,
) -> None:
    """Convert images, templates and records of fingers. `docs/biometrics.md` lists the formats.

    A file keeps its name, but for the ending. What is refused is named on standard error with the reason, and the
    others are converted. Files of a folder that hold no finger are passed over.

    Example: `isthmus biometrics convert prints/ --to iso-19794-2:2011 --dpi 500 --out templates`
    """
    size = raw_size(width, height)
    found = finger_files(paths, size, out)
    order = _Order(to, out, apart or to in _OF_ONE_FINGER, jars)
    read = decoding(dpi, estimate, jars)
    results = Results((file.path for file in found.files), overwrite=overwrite)

    def convert_one(file: FingerFile) -> Sequence[Result]:
        return _convert(file, held_by(file.path, read, size), order, results)

    work_on(found, convert_one).tell("written", _line, as_json=as_json)


def _convert(file: FingerFile, held: Held, order: _Order, results: Results) -> Sequence[Result]:
    """Write each finger of a file, or all in one record but those that are refused.

    Raises:
        Rejected: what is wrong with the file or with its only finger, or something would be written over.
        UnwritableFile: there is no room, or no right.
    """

    def apart(sample: Sample, which: Which) -> dict[str, Any]:
        written = order.made_of(held.contents, [sample])
        return _write(file, which.ending, held.contents, written, order, results)

    def checked(sample: Sample, _: Which) -> Sample:
        order.made_of(held.contents, [sample])
        return sample

    if order.apart:
        done, refused = tried(file.path, held, apart)
        return [*done, *refused]
    try:
        written = order.made_of(held.contents, held.contents.samples)
        refused = held.refused(file.path)
    except Rejected:
        fit, refused = tried(file.path, held, checked)
        if not fit:
            return refused
        written = order.made_of(held.contents, fit)
    return [_write(file, "", held.contents, written, order, results), *refused]


def _write(
    file: FingerFile, ending: str, contents: Contents, made: Written, order: _Order, results: Results
) -> dict[str, Any]:
    """Write what was made of a file, or of one finger of it, and describe it.

    Raises:
        NameTaken: something would be written over.
        UnwritableFile: there is no room, or no right.
    """
    path = order.folder / file.name.with_name(f"{file.name.name}{ending}{order.target.suffix}")
    notes = [note for sample in made.samples for note in contents.notes_of(sample)]
    return {
        "file": str(file.path),
        "format": contents.format,
        "written": results.write(path, made.data),
        "fingers": [sample.capture.position.said for sample in made.samples],
        "missing": {missing.position.said: missing.reason for missing in contents.missing},
        "notes": list(dict.fromkeys(notes)),
    }


def _line(each: dict[str, Any]) -> str:
    return f"{each['file']} -> {each['written']}: {', '.join(each['fingers'])}{noted(each['notes'])}"
