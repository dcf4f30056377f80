"""This module starts the biometrics service: `python -m biometrics.app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from biometrics.api import health_route, make_routes
from biometrics.calibration import CALIBRATION
from biometrics.engine import SourceAfis, start_jvm
from biometrics.engine_threads import EngineThreads
from biometrics.gallery import Gallery
from biometrics.matching import Matching
from biometrics.progress import Progress
from biometrics.quality.meter import QualityMeter, can_be_measured
from biometrics.reader import LogReader
from biometrics.receipts import Receipts
from biometrics.registration import Registration
from biometrics.service import BiometricsService
from biometrics.settings import BiometricsSettings
from biometrics.warm_up import warm_up
from biometrics.wire import Health
from hub.audit import Auditor, SpoolingAuditor
from hub.http import create_api
from hub.logs import configure_logs, get_logger
from hub.producer import Producer
from hub.security.tokens import TokenVerifier
from hub.service import run_to_the_end, until_reachable
from hub.serving import beside, serve

NAME = "biometrics"
DESCRIPTION = "One service that holds the fingerprint templates of all systems, verifies and identifies."


def create_app(settings: BiometricsSettings) -> FastAPI:
    """Make the service of these settings; it starts the JVM, and connects when the application starts."""
    start_jvm(settings.jars, settings.heap_megabytes)
    engine = SourceAfis()
    meter = _meter(settings)
    gallery = Gallery(engine, CALIBRATION if settings.views else None, engine.heap.room)
    progress = Progress()
    threads, batch_threads = EngineThreads(settings.threads), EngineThreads(settings.batch_threads, spared=0)
    producer = Producer(settings.kafka, NAME, linger_ms=0)
    audit = SpoolingAuditor(Auditor(producer, NAME), settings.state / "audit.spool")
    receipts = Receipts(producer, Auditor(producer, NAME), settings.state / "receipts.json")
    reader = LogReader(
        settings.kafka,
        NAME,
        gallery=gallery,
        extractor=engine,
        threads=threads,
        progress=progress,
        receipts=receipts,
    )
    service = BiometricsService(
        extractor=engine,
        meter=meter,
        gate=settings.gate,
        gallery=gallery,
        matching=Matching(gallery),
        registration=Registration(producer, gallery, progress, settings.wait_s),
        progress=progress,
        log=reader,
        audit=audit,
        threads=threads,
        batch_threads=batch_threads,
        wait_s=settings.wait_s,
    )

    def health() -> Health:
        return Health(
            status=reader.status,
            waits_for=reader.waits_for,
            engine=engine.name,
            fingers=gallery.fingers,
            templates=gallery.templates,
            views=gallery.comparing.by_views,
            engines=gallery.engines(),
            unreadable=reader.unreadable,
            quality=meter.name if meter else None,
            heap_megabytes=engine.heap.megabytes(),
        )

    @asynccontextmanager
    async def lifespan(api: FastAPI) -> AsyncIterator[None]:
        receipts.open()
        audit.open()
        connecting = until_reachable(producer.start, "kafka")
        try:
            async with beside(api, connecting, audit.keep_flushing(), reader.run()):
                # While the gallery fills; nobody is let in before.
                await batch_threads.run(warm_up, engine, meter, by_views=gallery.comparing.by_views)
                yield
        finally:
            await producer.stop()
            threads.stop()
            batch_threads.stop()
            if meter:
                meter.stop()

    api = create_api(
        "Isthmus biometrics",
        version="1",
        description=DESCRIPTION,
        verifier=TokenVerifier(settings.tokens),
        auditor=audit,
        lifespan=lifespan,
    )
    api.include_router(make_routes(service))
    api.include_router(health_route(health))
    return api


def _meter(settings: BiometricsSettings) -> QualityMeter | None:
    """Give what measures quality, where that is wanted and can be done."""
    if not settings.quality_processes:
        return None
    if not can_be_measured():
        get_logger().warning("quality is not measured: the library of NFIQ 2 is not made for this machine")
        return None
    return QualityMeter(settings.quality_processes)


def main() -> None:
    """Run until told to stop."""
    settings = BiometricsSettings.load()
    configure_logs(settings.log, NAME)
    serve(create_app(settings), settings.http)


if __name__ == "__main__":
    run_to_the_end(main)
