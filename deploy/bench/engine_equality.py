"""This module compares all scores of a real set of fingerprints through the service with the engine's own."""

import asyncio
import base64
from collections.abc import Sequence
from http import HTTPStatus
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from biometrics.comparing import Views
from biometrics.engine import SourceAfis, start_jvm
from biometrics.engine_threads import EngineThreads
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.gray import STANDARD_DPI, GrayImage
from biometrics.wire import ExtractAnswer, IdentifyAnswer
from contracts.records import FingerPosition
from deploy.bench.figures import MeasurementFailed
from deploy.bench.matching_service import matching_service
from hub.security.principal import Scope

HEAP_MEGABYTES = 512
SUBJECT = "registration:person:"

Scores = dict[tuple[str, str], float]
"""By the names of the probe's and the candidate's files."""


def engine_scores_equal(jars: Path, files: Sequence[Path]) -> float:
    """Give the share of all ordered pairs whose score through the service is the engine's own, bit by bit.

    The engine is given the gray pixels as another decoder reads them: its own reader of PNG files bends gray values.
    Images that the service refuses are left out.

    Raises:
        MeasurementFailed: it refuses all of them.
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    taken, through = asyncio.run(_through_the_service(engine, files))
    if not taken:
        raise MeasurementFailed("The service makes no template of any image of a set.")
    own = _own(engine, taken)
    return sum(through.get(pair) == score for pair, score in own.items()) / len(own)


def _own(engine: SourceAfis, files: Sequence[Path]) -> Scores:
    templates = {}
    for file in files:
        with Image.open(file) as image:
            gray = image.convert("L")
        templates[file.stem] = engine.extract(GrayImage(gray.width, gray.height, gray.tobytes()))
    return {
        (probe, candidate): engine.score(templates[probe], templates[candidate])
        for probe, candidate in product(templates, templates)
    }


async def _through_the_service(engine: SourceAfis, files: Sequence[Path]) -> tuple[list[Path], Scores]:
    """Extract over HTTP, enrol as the log's reader does, identify over HTTP; give the files that were taken, too."""
    gallery, threads = Gallery(engine), EngineThreads(2)
    samples: dict[Path, dict[str, str | int]] = {}
    scores: Scores = {}
    try:
        with TemporaryDirectory() as folder:
            scopes = [Scope.EXTRACT, Scope.IDENTIFY]
            async with matching_service(engine, gallery, threads, Path(folder), scopes) as client:
                for number, file in enumerate(files):
                    answer = await client.post("/v1/extract", json={"samples": [sample := _sample(file)]})
                    if answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
                        continue
                    made = ExtractAnswer.model_validate_json(answer.raise_for_status().content).results[0].template
                    assert made is not None, "an only sample has a template, or the answer is a refusal"
                    gallery.apply([_enrolment(engine, number, file.stem, made.data)])
                    samples[file] = sample
                for file, sample in samples.items():
                    body = {
                        "probes": [sample],
                        "purpose": "identification",
                        "limit": 1000,
                        "lowest_score": 0,
                    }
                    answer = await client.post("/v1/identify", json=body)
                    found = IdentifyAnswer.model_validate_json(answer.raise_for_status().content)
                    for candidate in found.candidates:
                        scores[file.stem, candidate.subject.removeprefix(SUBJECT)] = candidate.score
    finally:
        threads.stop()
    return list(samples), scores


def _sample(file: Path) -> dict[str, str | int]:
    return {"format": "png", "data": base64.b64encode(file.read_bytes()).decode(), "dpi": STANDARD_DPI}


def _enrolment(engine: SourceAfis, number: int, name: str, template: bytes) -> Enrolment:
    enrolled = Enrolled(
        f"registration:finger:{number}", SUBJECT + name, "registration", FingerPosition.UNKNOWN, 1, engine.name
    )
    return Enrolment(enrolled, (Views(engine.from_bytes(template)),))
