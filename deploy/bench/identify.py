"""This module measures identification: comparisons a second through the service, beside the bare Java stream."""

import asyncio
import base64
import datetime as dt
import time
from collections.abc import Awaitable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from biometrics.comparing import Views
from biometrics.engine import SourceAfis, Template, start_jvm
from biometrics.engine_threads import EngineThreads
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from contracts.records import FingerPosition
from deploy.bench.matching_service import matching_service
from hub.security.principal import Scope

FINGERS = 48  # different ones; the gallery holds copies of their templates, each an object of its own
WARM_UP = 3
PROBES = 4
PASSES = 7
HEAP_MEGABYTES = 1024


def identify_comparisons(jars: Path, templates: int = 20_000) -> list[dict[str, Any]]:
    """Measure `identify_comparisons_per_s`: requests over HTTP in this process, in turns with the bare stream.

    The ceiling is the engine's stream alone, on the same row and with its probe already prepared.

    Args:
        jars: the folder of the engine's jars.
        templates: how many a probe is compared with; 11 kB of memory each.
    """
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    gallery = Gallery(engine)
    probes = _fill(engine, gallery, templates)
    seconds, bare_seconds = asyncio.run(_measure(engine, gallery, probes))
    value = templates * PROBES / seconds
    ceiling = templates * PROBES / bare_seconds
    return [
        {
            "name": "identify_comparisons_per_s",
            "value": round(value),
            "unit": "comparisons/s",
            "ceiling": round(ceiling),
            "ratio": round(value / ceiling, 4),
            "at": dt.datetime.now(dt.UTC).isoformat(),
        }
    ]


def _fill(engine: SourceAfis, gallery: Gallery, templates: int) -> list[tuple[bytes, Template]]:
    fingers = [make_finger(seed) for seed in range(FINGERS)]
    data = [engine.to_bytes(engine.extract(press(finger, 0))) for finger in fingers]
    gallery.apply(
        Enrolment(
            Enrolled(f"bench:finger:{n}", f"bench:person:{n}", "bench", FingerPosition.UNKNOWN, 1, engine.name),
            (Views(engine.from_bytes(data[n % FINGERS])),),
        )
        for n in range(templates)
    )
    probes = [engine.extract(press(finger, 1)) for finger in fingers[: WARM_UP + PROBES]]
    return [(engine.to_bytes(probe), probe) for probe in probes]


async def _measure(
    engine: SourceAfis, gallery: Gallery, probes: Sequence[tuple[bytes, Template]]
) -> tuple[float, float]:
    """Give the seconds that all probes took, through the service and bare, in turns.

    Of each probe the least disturbed pass counts: whatever else the machine does then falls on neither.
    """
    threads = EngineThreads(4)
    through: list[float] = []
    bare: list[float] = []
    with gallery.search() as seen, TemporaryDirectory() as folder:
        async with matching_service(engine, gallery, threads, Path(folder), [Scope.IDENTIFY]) as client:

            async def identify(data: bytes) -> None:
                probe = {"format": "sourceafis", "data": base64.b64encode(data).decode()}
                answer = await client.post("/v1/identify", json={"probes": [probe], "purpose": "identification"})
                answer.raise_for_status()

            for data, _ in probes[:WARM_UP]:
                await identify(data)
            for data, probe in probes[WARM_UP:]:
                stream = engine.prepared(probe, seen.rows[0], seen.count)
                passes = [(await _timed(identify(data)), await _timed(threads.run(stream))) for _ in range(PASSES)]
                through.append(min(service for service, _ in passes))
                bare.append(min(alone for _, alone in passes))
    threads.stop()
    return sum(through), sum(bare)


async def _timed(work: Awaitable[object]) -> float:
    started = time.perf_counter()
    await work
    return time.perf_counter() - started
