"""This module is `isthmus biometrics quality`: images of fingers in, their quality and advice out."""

from dataclasses import replace
from typing import Annotated, Any

import typer

from biometrics.answers import image_quality
from biometrics.enhancement.coherence import check_coherent
from biometrics.formats.contents import ImageSample, Sample
from biometrics.formats.positions import Position
from biometrics.formats.reading import check_one_fingertip
from biometrics.quality.gate import Gate, Use
from biometrics.quality.quality import Measurement
from biometrics.rejections import NoFinger
from contracts.records import FingerPosition
from deploy.finger_by_finger import held_by, tried
from deploy.finger_outcomes import AT_ONCE, Result, Which, said, work_on
from deploy.finger_service import Finger, position_named
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
    finger_files,
    judged,
    noted,
    quality_meter,
    raw_size,
)


def quality(
    paths: Paths,
    use: Annotated[Use, typer.Option(help="What the gate is to judge for.")] = Use.ENROLMENT,
    finger: Finger = None,
    child: Annotated[bool, typer.Option("--child", help="They are of a child, of which less is asked.")] = False,
    dpi: Dpi = None,
    estimate: Estimate = False,
    width: Width = None,
    height: Height = None,
    jars: Jars = None,
    as_json: AsJson = False,
) -> None:
    """Measure the quality of images by NFIQ 2, and say what would make better ones. No stack is needed.

    The gate's thresholds are those that the service starts with; `docs/biometrics.md` tells where they come from. With
    `--json` all measures of NFIQ 2 are told, too.

    Example: `isthmus biometrics quality prints/ --dpi 500`
    """
    wanted = position_named(finger)
    size = raw_size(width, height)
    files = finger_files(paths, size)
    read = decoding(dpi, estimate, jars)
    with quality_meter(AT_ONCE) as meter:
        assert meter is not None, "it is wanted"

        def judge_one(file: FingerFile) -> list[Result]:
            held = held_by(file.path, read, size, wanted)
            images = tuple(sample for sample in held.contents.samples if isinstance(sample, ImageSample))
            if not images and not held.unread:
                raise NoFinger("The file holds no image, and only images have a quality that can be measured.")
            held = replace(held, contents=replace(held.contents, samples=images))
            measured = {sample: Measurement(meter, sample.image) for sample in images}

            def judge_finger(sample: Sample, which: Which) -> dict[str, Any]:
                assert isinstance(sample, ImageSample), "templates were left out"
                # NFIQ 2 finds something good in noise, and in four fingers.
                check_one_fingertip(sample)
                check_coherent(sample.image)
                told: dict[str, Any] = {"file": str(file.path), "number": which.number}
                told |= _told(sample, measured[sample], use, wanted, child)
                return told | {"notes": list(held.contents.notes_of(sample))}

            done, refused = tried(file.path, held, judge_finger)
            return [*done, *refused]

        outcome = work_on(files, judge_one, at_once=AT_ONCE)
    outcome.tell("measured", _line, as_json=as_json)


def _told(
    sample: ImageSample, measured: Measurement, use: Use, wanted: FingerPosition | None, child: bool
) -> dict[str, Any]:
    found = measured.result()
    told = sample.capture.position
    finger = told.finger or wanted or FingerPosition.UNKNOWN
    quality = image_quality(found, Gate().demand(use, finger, child=child))
    assert quality is not None, "it was measured"
    return {
        "finger": (told or Position(finger)).said,
        **quality.model_dump(mode="json"),
        "dpi": sample.image.dpi,
        "resolution": sample.source,
        "measures": dict(found.nfiq2.measures),
    }


def _line(each: dict[str, Any]) -> str:
    score = "nothing to judge" if each["nfiq2"] is None else f"{each['nfiq2']:3} of 100"
    advice = " ".join(advice["text"] for advice in each["advice"])
    of = f"{each['file']}: {said(each['finger'], each['number'])}"
    return f"{score}  {judged(each['verdict']):5}  {of}{noted(each['notes'])}{'  ' + advice if advice else ''}"
