"""This module is the biometrics service for measurements: its HTTP face and its engine, with no Kafka behind it."""

import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from fastapi import FastAPI

from biometrics.api import make_routes
from biometrics.engine import SourceAfis
from biometrics.engine_threads import EngineThreads
from biometrics.events import FINGERPRINTS, read_event
from biometrics.gallery import Gallery
from biometrics.matching import Matching
from biometrics.progress import Offsets, Progress
from biometrics.quality.gate import Gate
from biometrics.quality.quality import Meter
from biometrics.registration import Registration
from biometrics.service import BiometricsService
from contracts.audit import AuditEntryV1
from hub.batches import Place
from hub.collector import collect_rarely
from hub.http import create_api
from hub.message import Message, Outgoing
from hub.security.principal import Scope
from hub.security.tokens import TokenVerifier, issue_token, new_signing_key, public_keys
from hub.settings import TokenSettings


class _NoKafka:
    """Stands where log and audit are: this measures matching, and the machine is to do nothing else.

    What is published is in the gallery at once, as if router and log took no time.
    """

    service = "bench"

    def __init__(self, engine: SourceAfis, gallery: Gallery, progress: Progress) -> None:
        self._engine, self._gallery, self._progress = engine, gallery, progress
        self._published = 0

    async def end_offsets(self, deadline_s: float) -> Offsets:
        _ = deadline_s
        return {(FINGERPRINTS, 0): self._published}

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        _ = entries

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Place]:
        for message in messages:
            record = Message(FINGERPRINTS, 0, self._published, 0, message.key, message.value, tuple(message.headers))
            event = read_event(record, self._engine, by_views=self._gallery.comparing.by_views)
            assert event is not None, "it is a fingerprint"
            self._gallery.apply([event.change])
            self._published += 1
        await self._progress.move({(FINGERPRINTS, 0): self._published})
        return [Place(0, 0) for _ in messages]


@asynccontextmanager
async def matching_service(
    engine: SourceAfis,
    gallery: Gallery,
    threads: EngineThreads,
    folder: Path,
    scopes: Sequence[Scope],
    meter: Meter | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the biometrics service, in this process and without log and audit; its gallery is the caller's.

    Args:
        engine: the fingerprint engine, its JVM started.
        gallery: what is searched.
        threads: in which the engine works.
        folder: a place for the public keys of the client's token.
        scopes: what the client may do.
        meter: what measures quality.
    """
    collect_rarely()  # as in the service's own process
    progress = Progress()
    without = _NoKafka(engine, gallery, progress)
    service = BiometricsService(
        extractor=engine,
        meter=meter,
        gate=Gate(),
        gallery=gallery,
        matching=Matching(gallery),
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
    verifier = TokenVerifier(settings)
    api = create_api("bench", version="1", description="", verifier=verifier, auditor=without, lifespan=_no_lifespan)
    api.include_router(make_routes(service))
    token = issue_token(
        key,
        issuer=settings.issuer,
        audience=settings.audience,
        user="bench",
        scopes=scopes,
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
