"""This module is `isthmus biometrics extract`: files of fingers in, templates with all that is known of them out."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from biometrics.answers import image_quality
from biometrics.formats.contents import ImageSample, Sample
from biometrics.formats.reading import check_one_fingertip
from biometrics.quality.gate import Gate, Use
from biometrics.quality.quality import Measurement
from biometrics.samples import template_of
from contracts.records import FingerPosition
from deploy.finger_by_finger import held_by, tried
from deploy.finger_outcomes import AT_ONCE, Result, Which, said, work_on
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
    quality_meter,
    quality_told,
    raw_size,
)


def extract(
    paths: Paths,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Write the templates there; made if it is not there.")
    ] = None,
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    quality: Annotated[bool, typer.Option(help="Measure the quality of images, too; it takes 0.2 s each.")] = True,
    overwrite: Overwrite = False,
    jars: Jars = None,
    as_json: AsJson = False,
) -> None:
    """Find the minutiae of fingers, and tell the quality of their images. No stack is needed: the engine starts here.

    With `--json` every template is told in base64; with `--out` it is written into a file, as `convert --to sourceafis`
    does. What is refused is named on standard error with the reason.

    Example: `isthmus biometrics extract prints/ --dpi 500 --json`
    """
    size = raw_size(width, height)
    files = finger_files(paths, size, out)
    results = Results((file.path for file in files.files), overwrite=overwrite)
    read = decoding(dpi, estimate, jars)
    with quality_meter(AT_ONCE, wanted=quality) as meter:

        def extract_one(file: FingerFile) -> list[Result]:
            with results.of(file.path) as write:
                return extract_fingers(file, write)

        def extract_fingers(file: FingerFile, write: Callable[[Path, bytes], str]) -> list[Result]:
            held = held_by(file.path, read, size)
            missing = {each.position.said: each.reason for each in held.contents.missing}

            def extract_finger(sample: Sample, which: Which) -> dict[str, Any]:
                measured = Measurement(meter, sample.image) if meter and isinstance(sample, ImageSample) else None
                told: dict[str, Any] = {"file": str(file.path), "finger": which.finger, "number": which.number}
                told |= _told(sample, measured, jars)
                told |= {"notes": list(held.contents.notes_of(sample)), "missing": missing}
                if out is not None:
                    path = out / file.name.with_name(f"{file.name.name}{which.ending}.sourceafis")
                    told["written"] = write(path, base64.b64decode(told["template"]))
                return told

            done, refused = tried(file.path, held, extract_finger)
            return [*done, *refused]

        outcome = work_on(files, extract_one, at_once=AT_ONCE)
    outcome.tell("extracted", _line, as_json=as_json)


def _told(sample: Sample, measured: Measurement | None, jars: Path | None) -> dict[str, Any]:
    check_one_fingertip(sample)
    template = template_of(sample, engine(jars))
    position = sample.capture.position
    demand = Gate().demand(Use.ENROLMENT, position.finger or FingerPosition.UNKNOWN)
    quality = image_quality(measured.result(), demand) if measured else None
    image = sample if isinstance(sample, ImageSample) else None
    return {
        "impression": sample.capture.impression.word,
        "engine": engine(jars).name,
        "template": base64.b64encode(engine(jars).to_bytes(template)).decode(),
        "minutiae": engine(jars).minutiae(template),
        "dpi": image.image.dpi if image else None,
        "resolution": image.source if image else None,
        "image_quality": quality.model_dump(mode="json") if quality else None,
    }


def _line(each: dict[str, Any]) -> str:
    quality = each["image_quality"]
    judged = f", {quality_told(quality)}" if quality else ""
    advice = "".join(f"  {one['text']}" for one in quality["advice"][:1]) if quality else ""
    written = f" -> {each['written']}" if "written" in each else ""
    put_down = f", {each['impression']}" if each["impression"] else ""
    missing = "".join(f", {finger} {reason}" for finger, reason in each["missing"].items())
    found = f"{said(each['finger'], each['number'])}{put_down}, {each['minutiae']} minutiae"
    return f"{each['file']}{written}: {found}{judged}{missing}{noted(each['notes'])}{advice}"
