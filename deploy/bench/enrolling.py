"""This module measures what the service adds to an enrolment, beside the bare work on the image."""

import asyncio
import base64
import time
from collections.abc import Awaitable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from biometrics.calibration import CALIBRATION
from biometrics.engine import SourceAfis, start_jvm
from biometrics.engine_threads import EngineThreads
from biometrics.enhancement.views import enhance
from biometrics.formats.pictures import write_png
from biometrics.gallery import Gallery
from biometrics.gray import GrayImage
from biometrics.quality.meter import QualityMeter
from biometrics.quality.quality import Measurement
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from deploy.bench.figures import percentile
from deploy.bench.matching_service import matching_service
from hub.security.principal import Scope

FINGERS, WARM_UP = 30, 10
HEAP_MEGABYTES = 512


def enrol_overhead_ms(jars: Path) -> float:
    """Give the milliseconds that enrolling one image over HTTP takes beyond the work on it: the median.

    That is the extraction of the image, its enhancement, the extraction of the view, and its quality.

    Both in turns, on other fingers each time. The service measures quality while the engine extracts, and so does the
    bare work. Kafka is left out: an enrolment's way through it is that of every record (`row_to_searchable_per_s`).
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine, meter = SourceAfis(), QualityMeter(1)
    try:
        return asyncio.run(_measure(engine, meter))
    finally:
        meter.stop()


async def _measure(engine: SourceAfis, meter: QualityMeter) -> float:
    threads = EngineThreads(2)
    over = []
    with TemporaryDirectory() as folder:
        gallery, scopes = Gallery(engine, CALIBRATION), [Scope.ENROL]
        async with matching_service(engine, gallery, threads, Path(folder), scopes, meter) as client:
            for seed in range(WARM_UP + FINGERS):
                image = press(make_finger(seed), 0)
                data = base64.b64encode(write_png(image)).decode()
                whole = await _timed(_enrol(client, seed, data))
                bare = await _timed(threads.run(_bare, engine, meter, image))
                over.append((whole - bare) * 1000)
    threads.stop()
    return percentile(over[WARM_UP:], 0.5)


async def _enrol(client: httpx.AsyncClient, seed: int, data: str) -> None:
    sample = {"format": "png", "data": data}
    answer = await client.post("/v1/enrol", json={"subject": f"registration:person:{seed}", "samples": [sample]})
    answer.raise_for_status()


def _bare(engine: SourceAfis, meter: QualityMeter, image: GrayImage) -> None:
    measurement = Measurement(meter, image)
    for each in (image, *enhance(image)):
        engine.extract(each)
    measurement.result()


async def _timed(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started
