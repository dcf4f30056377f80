"""The search over HTTP on fakes, and tokens for it."""

import datetime as dt
from contextlib import asynccontextmanager

import httpx

from hub.http import create_api
from hub.security.tokens import TokenVerifier, issue_token, new_signing_key, public_keys
from hub.settings import TokenSettings
from search.api import Health, routes
from search.handler import SearchHandler
from search.settings import Deadlines
from search.single_search import SingleSearch
from tests.unit.search.people import NOW
from tests.unit.search.sources import FakeAudit, FakeLive, FakeRepository

KEY = new_signing_key()


def bearer(*, scopes=("search",), systems=("*",), user="guard-1"):
    token = issue_token(
        KEY,
        issuer="isthmus-local",
        audience="isthmus",
        user=user,
        scopes=scopes,
        systems=systems,
        now=dt.datetime.now(dt.UTC),
        lifetime=dt.timedelta(hours=1),
    )
    return {"Authorization": f"Bearer {token}"}


class Desk:
    """The service on fakes."""

    def __init__(self, folder, *, found=(), linked=(), live=None, biometrics=None, audit=None, zone=dt.UTC, now=NOW):
        (folder / "jwks.json").write_text(public_keys(KEY))
        self.audit = audit or FakeAudit()
        search = SingleSearch(
            FakeRepository(found, linked),
            live or FakeLive({"entry-exit": ()}),
            biometrics,
            systems=["entry-exit"],
            deadlines=Deadlines(repository_ms=500, live_ms=50, biometrics_ms=500),
            instance="search-1",
        )

        @asynccontextmanager
        async def lifespan(_api):
            yield

        async def health():
            return Health(status="ready", kafka=True, elasticsearch=True, biometrics=True, audit_waiting=0)

        verifier = TokenVerifier(TokenSettings(jwks_file=folder / "jwks.json"))
        api = create_api(
            "search", version="1", description="d", verifier=verifier, auditor=self.audit, lifespan=lifespan
        )
        api.include_router(routes(SearchHandler(search, self.audit, zone=zone, now=lambda: now), health))
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://search")

    async def ask(self, headers=None, **body):
        asked = {"purpose": "border-check", **body}
        return await self.client.post(
            "/v1/search",
            json={name: value for name, value in asked.items() if value is not None},
            headers=bearer() if headers is None else headers,
        )
