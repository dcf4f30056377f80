"""The HTTP edge of a service, on fakes."""

from contextlib import asynccontextmanager
from typing import Annotated

import httpx
import pytest
from fastapi import Depends

from hub.http import caller, create_api
from hub.security.principal import Principal, Scope
from hub.security.tokens import TokenVerifier, public_keys
from hub.settings import TokenSettings
from tests.unit.hub.edge import FAILURES, KEY, Audit, Question


@pytest.fixture
def audit():
    return Audit()


@pytest.fixture
async def api(tmp_path, audit):
    """An edge with two routes."""
    (tmp_path / "jwks.json").write_text(public_keys(KEY))

    @asynccontextmanager
    async def lifespan(_api):
        yield

    api = create_api(
        "t",
        version="1",
        description="d",
        verifier=TokenVerifier(TokenSettings(jwks_file=tmp_path / "jwks.json")),
        auditor=audit,
        lifespan=lifespan,
    )

    @api.post("/v1/ask")
    async def ask(question: Question, who: Annotated[Principal, Depends(caller(Scope.SEARCH))]) -> str:
        if question.name in FAILURES:
            raise FAILURES[question.name]
        return who.user

    @api.get("/v1/records/{record}")
    async def read(record: str, who: Annotated[Principal, Depends(caller(Scope.ENROL))]) -> str:
        return record

    return api


@pytest.fixture
async def client(api):
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://t") as client:
        yield client
