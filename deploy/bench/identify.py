"""This module measures identification: comparisons a second through the service, beside the bare Java stream."""

import asyncio
import base64
import datetime as dt
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from fastapi import FastAPI

from biometrics.api import make_routes
from biometrics.engine import SourceAfis, Template, start_jvm
from biometrics.engine_threads import EngineThreads
from biometrics.gallery import Enrolled, Enrolment, Gallery
from biometrics.matching import Matching
from biometrics.progress import Offsets, Progress
from biometrics.registration import Registration
from biometrics.service import BiometricsService
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from biometrics.wire import Health
from contracts.audit import AuditEntryV1
from contracts.records import FingerPosition
from hub.http import create_api
from hub.logs import configure_logs
from hub.message import Outgoing
from hub.producer import Place
from hub.security.principal import Scope
from hub.security.tokens import TokenVerifier, issue_token, new_signing_key, public_keys
from hub.settings import LogSettings, TokenSettings

FINGERS = 48  # different ones; the gallery holds copies of their templates, each an object of its own
WARM_UP = 3
ROUNDS = 9
HEAP_MEGABYTES = 1024


class _NoKafka:
    """Stands where log and audit are: this measures matching, and the machine is to do nothing else."""

    service = "bench"

    async def end_offsets(self, deadline_s: float) -> Offsets:
        _ = deadline_s
        return {}

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        _ = entries

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Place]:
        return [Place(0, 0) for _ in messages]


def identify_comparisons(jars: Path, templates: int = 20_000) -> list[dict[str, Any]]:
    """Measure `identify_comparisons_per_s`: requests over HTTP in this process, in turns with the bare stream.

    The ceiling is the engine's stream alone, on the same row and with its probe already prepared.

    Args:
        jars: the folder of the engine's jars.
        templates: how many a probe is compared with; 11 kB of memory each.
    """
    configure_logs(LogSettings(level="warning"), "bench")
    start_jvm(jars, HEAP_MEGABYTES)
    engine = SourceAfis()
    gallery = Gallery(engine)
    probes = _fill(engine, gallery, templates)
    seconds, bare_seconds = asyncio.run(_measure(engine, gallery, probes))
    # The least disturbed pass of each: whatever else the machine does then falls on neither.
    value = templates / min(seconds)
    ceiling = templates / min(bare_seconds)
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
            (engine.from_bytes(data[n % FINGERS]),),
        )
        for n in range(templates)
    )
    probes = [engine.extract(press(finger, 1)) for finger in fingers[: WARM_UP + ROUNDS]]
    return [(engine.to_bytes(probe), probe) for probe in probes]


async def _measure(
    engine: SourceAfis, gallery: Gallery, probes: Sequence[tuple[bytes, Template]]
) -> tuple[list[float], list[float]]:
    threads = EngineThreads(4)
    seen = gallery.snapshot()
    seconds: list[float] = []
    bare_seconds: list[float] = []
    with TemporaryDirectory() as folder:
        async with _client(engine, gallery, threads, Path(folder)) as client:
            for data, probe in probes:
                body = {
                    "probes": [{"format": "sourceafis", "data": base64.b64encode(data).decode()}],
                    "purpose": "identification",
                }
                started = time.perf_counter()
                answer = await client.post("/v1/identify", json=body)
                seconds.append(time.perf_counter() - started)
                answer.raise_for_status()
                stream = engine.prepared(probe, seen.row, seen.count)
                started = time.perf_counter()
                await threads.run(stream)
                bare_seconds.append(time.perf_counter() - started)
    threads.stop()
    return seconds[WARM_UP:], bare_seconds[WARM_UP:]


@asynccontextmanager
async def _client(
    engine: SourceAfis, gallery: Gallery, threads: EngineThreads, folder: Path
) -> AsyncIterator[httpx.AsyncClient]:
    without, progress = _NoKafka(), Progress()
    service = BiometricsService(
        extractor=engine,
        gallery=gallery,
        matching=Matching(gallery, engine),
        registration=Registration(without, gallery, progress, 1.0),
        progress=progress,
        log=without,
        audit=without,
        threads=threads,
        batch_threads=threads,
        wait_s=1.0,
    )
    key = new_signing_key()
    (folder / "jwks.json").write_text(public_keys(key))
    settings = TokenSettings(jwks_file=folder / "jwks.json")
    api = create_api("bench", version="1", description="", verifier=TokenVerifier(settings), lifespan=_no_lifespan)
    api.include_router(make_routes(service, _no_health))
    token = issue_token(
        key,
        issuer=settings.issuer,
        audience=settings.audience,
        user="bench",
        scopes=[Scope.IDENTIFY],
        systems=["*"],
        now=dt.datetime.now(dt.UTC),
        lifetime=dt.timedelta(hours=1),
    )
    transport, headers = httpx.ASGITransport(api), {"Authorization": f"Bearer {token}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://bench", headers=headers, timeout=60) as client:
        yield client


@asynccontextmanager
async def _no_lifespan(_api: FastAPI) -> AsyncIterator[None]:
    yield


def _no_health() -> Health:
    raise NotImplementedError
