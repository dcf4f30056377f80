"""A service that answers over HTTP ends when its reading does: nothing else would tell of it."""

import asyncio

import pytest

import hub.ledger.app
import search.app
from hub.producer import Producer
from hub.security.tokens import new_signing_key, public_keys
from hub.serving import has_failed
from search.live import Answers
from tests.unit.search.cluster import Client, Cluster, Index


async def fail(*_given):
    raise ZeroDivisionError


async def nothing(*_given):
    pass


@pytest.fixture(params=["search", "ledger"])
def service(request, monkeypatch, tmp_path):
    monkeypatch.setattr(Producer, "start", nothing)
    monkeypatch.setattr(Answers, "listen", fail)
    monkeypatch.setattr(hub.ledger.app, "consume_until_it_fails", fail)
    (tmp_path / "jwks.json").write_text(public_keys(new_signing_key()))
    settings = {"state": tmp_path, "tokens": {"jwks_file": tmp_path / "jwks.json"}}
    if request.param == "search":
        return search.app.create_app(search.app.SearchSettings(**settings))
    return hub.ledger.app.create_app(hub.ledger.app.LedgerSettings(**settings))


async def test_a_search_does_not_read_what_others_have_under_the_name_of_the_repository(monkeypatch, tmp_path):
    cluster = Cluster()
    cluster.held = {"records": Index(set(), meta={})}
    monkeypatch.setattr(Producer, "start", nothing)
    monkeypatch.setattr(Answers, "listen", nothing)
    monkeypatch.setattr(search.app, "connect", lambda _: Client(cluster))
    monkeypatch.setattr(search.app, "warm_up", nothing)
    (tmp_path / "jwks.json").write_text(public_keys(new_signing_key()))
    settings = search.app.SearchSettings(state=tmp_path, tokens={"jwks_file": tmp_path / "jwks.json"})
    service = search.app.create_app(settings)
    async with service.router.lifespan_context(service):
        await asyncio.sleep(0.01)
    assert has_failed(service)


async def test_a_service_whose_reading_fails_has_failed(service):
    async with service.router.lifespan_context(service):
        await asyncio.sleep(0.01)
    assert has_failed(service)
