"""This module measures what a verification over HTTP takes beyond the extraction of its image."""

import asyncio
import base64
import json
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx

from biometrics.comparing import Views
from biometrics.engine import SourceAfis, start_jvm
from biometrics.engine_threads import EngineThreads
from biometrics.formats.pictures import write_png
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.gray import GrayImage
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.records import FingerPosition
from deploy.bench.figures import percentile
from deploy.bench.matching_service import matching_service
from hub.http import JSON
from hub.security.principal import Scope

FINGERS = 24
ROUNDS, TIMES, WARM_UP = 5, 240, 60
"""Of so many rounds the median one counts: what else runs on a machine disturbs one or the other."""
HEAP_MEGABYTES = 512


def verify_p95_over_extraction_ms(jars: Path) -> float:
    """Give what 95 of 100 verifications take at most, image in and decision out, less the median of bare extraction.

    It is the median of some rounds. Both are done in turns on the same images, by the plain engine; the gate asks
    nothing of a verification, so that no quality is measured. Bare extraction itself takes four times its median in one
    of eight.
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    gallery = Gallery(engine)
    fingers = [make_finger(seed) for seed in range(FINGERS)]
    gallery.apply(
        Enrolment(
            Enrolled(f"bench:finger:{n}", f"bench:person:{n}", "bench", FingerPosition.UNKNOWN, 1, engine.name),
            (Views(engine.extract(press(finger, 0))),),
        )
        for n, finger in enumerate(fingers)
    )
    probes = [press(finger, 1) for finger in fingers]
    return asyncio.run(_measure(engine, gallery, probes))


async def _measure(engine: SourceAfis, gallery: Gallery, probes: Sequence[GrayImage]) -> float:
    threads = EngineThreads(2)
    bodies = [_body(n, probe) for n, probe in enumerate(probes)]
    with TemporaryDirectory() as folder:
        async with matching_service(engine, gallery, threads, Path(folder), [Scope.VERIFY]) as client:

            async def over(times: int) -> float:
                whole, bare = [], []
                for turn in range(times):
                    n = turn % len(probes)
                    whole.append(await _timed(_verify(client, bodies[n])))
                    bare.append(await _timed(threads.run(engine.extract, probes[n])))
                return percentile(whole, 0.95) - percentile(bare, 0.5)

            await over(WARM_UP)
            rounds = [await over(TIMES) for _ in range(ROUNDS)]
    threads.stop()
    return median(rounds)


def _body(number: int, probe: GrayImage) -> bytes:
    """Write the request beforehand: what a registration point takes to write it is its own."""
    sample = {"format": "png", "data": base64.b64encode(write_png(probe)).decode()}
    return json.dumps({"probe": sample, "record": f"bench:finger:{number}", "purpose": "identification"}).encode()


async def _verify(client: httpx.AsyncClient, body: bytes) -> None:
    (await client.post("/v1/verify", content=body, headers={"Content-Type": JSON})).raise_for_status()


async def _timed(work: Awaitable[object]) -> float:
    """Give milliseconds."""
    started = time.perf_counter()
    await work
    return (time.perf_counter() - started) * 1000
