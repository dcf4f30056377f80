"""This module holds an engine without a JVM, a hub without Kafka, and the service put together of them."""

import datetime as dt
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import numpy as np

from biometrics.api import health_route, make_routes
from biometrics.engine_threads import EngineThreads
from biometrics.events import ERASURES, FINGERPRINTS, read_event
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.gallery import Gallery
from biometrics.matching import Matching
from biometrics.progress import Progress
from biometrics.quality.gate import Gate
from biometrics.registration import Registration
from biometrics.rejections import BlankImage, UndecodableImage, UnreadableTemplate
from biometrics.service import BiometricsService
from biometrics.wire import Health
from hub.batches import Place
from hub.http import create_api
from hub.message import Message
from hub.security.principal import Scope
from hub.security.tokens import TokenVerifier, issue_token, new_signing_key, public_keys
from hub.settings import TokenSettings

ALL_SCOPES = tuple(scope for scope in Scope if scope.startswith("biometrics:"))


class FakeEngine:
    """A template is the bytes after `FAKE`; equal ones score 100, others what they have in common at the start.

    It sees of an image its corner, coarsely, so that it makes the same of a print and of its view: white.
    """

    name = "sourceafis-0.0-fake"

    def extract(self, image):
        if image.pixels[0] == 0 and image.pixels[1] == 0:
            raise BlankImage("The image shows no ridge endings or forks; take the finger again.")
        return b"FAKE" + bytes(each & 0xC0 for each in image.pixels[:8])

    def minutiae(self, template):
        return len(template)

    def to_bytes(self, template):
        return template

    def from_bytes(self, data):
        if not data.startswith(b"FAKE"):
            raise UnreadableTemplate("The template cannot be read; extract it again from the image.")
        return data

    def from_stranger(self, data):
        return self.from_bytes(data)

    def import_standard(self, data):
        return [b"FAKE" + bytes(each.x % 256 for each in finger.minutiae) for finger in read_minutiae(data).fingers]

    def decode_wsq(self, data):
        raise UndecodableImage("The WSQ image is broken or cut short; send it again.")

    def score(self, probe, candidate):
        if probe == candidate:
            return 100.0
        return float(sum(a == b for a, b in zip(probe[4:], candidate[4:], strict=False)))

    def mirrored(self, template):
        return template[:4] + template[:3:-1]

    def scores(self, probe, candidates):
        return self.scan(probe, candidates, len(candidates))

    def new_scan(self, capacity, templates=()):
        return [*templates, *([None] * (capacity - len(templates)))]

    def enlarge(self, scan, capacity):
        return [*scan, *([None] * (capacity - len(scan)))]

    def put(self, scan, place, template):
        scan[place] = template

    def scan(self, probe, scan, count):
        return np.array([0.0 if each is None else self.score(probe, each) for each in scan[:count]])

    def scan_views(self, probes, scans, count):
        return sum(self.scan(probe, scan, count) for probe, scan in zip(probes, scans, strict=True))

    def scan_places(self, probes, scans, places):
        return self.scan_views(probes, scans, len(scans[0]))[places]

    def positions(self, template):
        return np.array([[9.0 * each, 0, 0] for each in template[4:]])


class FakeHub:
    """Takes what is published to the gallery at once, as router and log would; or holds it back."""

    service = "biometrics"

    def __init__(self, engine, gallery, progress):
        self._engine, self._gallery, self._progress = engine, gallery, progress
        self.holding_back = False
        self.log = []
        self.entries = []

    async def send_all(self, messages):
        for message in messages:
            topic = ERASURES if "erasure" in message.topic else FINGERPRINTS
            self.log.append(Message(topic, 0, len(self.log), 0, message.key, message.value, tuple(message.headers)))
        if not self.holding_back:
            await self.deliver()
        return [Place(0, 0) for _ in messages]

    async def deliver(self):
        self._gallery.apply(
            read_event(message, self._engine, by_views=self._gallery.comparing.by_views).change for message in self.log
        )
        await self._progress.move({("log", 0): len(self.log)})

    async def end_offsets(self, deadline_s):
        return {("log", 0): len(self.log)} if self.log else {}

    async def record(self, entries):
        self.entries += entries


class Issuer:
    """Signs tokens for tests."""

    def __init__(self, folder: Path) -> None:
        self._key = new_signing_key()
        (folder / "jwks.json").write_text(public_keys(self._key))
        self.verifier = TokenVerifier(TokenSettings(jwks_file=folder / "jwks.json"))

    def token(self, scopes=ALL_SCOPES, systems=("*",)):
        return issue_token(
            self._key,
            issuer="isthmus-local",
            audience="isthmus",
            user="test",
            scopes=scopes,
            systems=systems,
            now=dt.datetime.now(dt.UTC),
            lifetime=dt.timedelta(minutes=5),
        )


class Stand:
    """The service on an engine and a fake hub, with a client that carries a token of every scope."""

    def __init__(
        self, engine, folder: Path, wait_s: float = 0.3, *, meter=None, gate=None, calibration=None, gallery=None
    ) -> None:
        self.engine, self.gallery, self.progress = engine, gallery or Gallery(engine, calibration), Progress()
        self.meter = meter
        self.hub = FakeHub(engine, self.gallery, self.progress)
        self.issuer = Issuer(folder)
        self.now = 0.0
        self.threads = EngineThreads(2)
        service = BiometricsService(
            extractor=engine,
            meter=meter,
            gate=gate or Gate(),
            gallery=self.gallery,
            matching=Matching(self.gallery),
            registration=Registration(self.hub, self.gallery, self.progress, wait_s, lambda: self.now),
            progress=self.progress,
            log=self.hub,
            audit=self.hub,
            threads=self.threads,
            batch_threads=self.threads,
            wait_s=wait_s,
        )
        self.api = create_api(
            "test", version="1", description="", verifier=self.issuer.verifier, auditor=self.hub, lifespan=_nothing
        )
        self.api.include_router(make_routes(service))
        self.api.include_router(health_route(self._health))

    def client(self, **token) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.api),
            base_url="http://test",
            headers={"Authorization": f"Bearer {self.issuer.token(**token)}"},
        )

    async def post(self, route: str, **body) -> httpx.Response:
        """Ask for a route of the service's first version."""
        async with self.client() as client:
            return await client.post(f"/v1/{route}", json=body)

    async def ask(self, route: str, **body):
        """Ask for what is answered, and no refusal."""
        answer = await self.post(route, **body)
        assert answer.is_success, answer.text
        return answer.json()

    def _health(self) -> Health:
        return Health(
            status="ready",
            engine=self.engine.name,
            fingers=self.gallery.fingers,
            templates=self.gallery.templates,
            engines=self.gallery.engines(),
            unreadable=0,
            heap_megabytes={},
        )


@asynccontextmanager
async def _nothing(_app) -> AsyncIterator[None]:
    yield
