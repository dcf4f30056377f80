"""The health of the search while what it stands on answers, is away, or is silent."""

import asyncio
from types import SimpleNamespace

import httpx
import pytest

from search import app
from search.settings import SearchSettings


class Silent:
    """Something that never answers."""

    async def is_reachable(self):
        return False

    async def get(self, _path, **_about):
        await asyncio.Event().wait()


class Together:
    """Elasticsearch and biometrics, each of which answers once the other is asked as well."""

    def __init__(self):
        self._asked = asyncio.Barrier(2)

    async def is_reachable(self):
        await self._asked.wait()
        return True

    async def get(self, _path, **_about):
        await self._asked.wait()
        return httpx.Response(200)


class Standing:
    """Elasticsearch and biometrics, each there or not; it counts how often biometrics is asked."""

    def __init__(self, *, stored=True, matches=True):
        self._stored, self._matches = stored, matches
        self.asked = 0

    async def is_reachable(self):
        return self._stored

    async def get(self, _path, **_about):
        self.asked += 1
        return httpx.Response(200 if self._matches else 503)


async def health(monkeypatch, tmp_path, stand, url="http://biometrics.test", *, listening=True):
    """What health says of (the whole, Elasticsearch, biometrics), if it says anything at all."""
    monkeypatch.setattr(app, "Answers", lambda *_about: SimpleNamespace(is_listening=listening))
    monkeypatch.setattr(app, "TokenVerifier", lambda _settings: None)
    monkeypatch.setattr(app, "Indices", lambda _client: stand)
    monkeypatch.setattr(app, "httpx", SimpleNamespace(AsyncClient=lambda **_about: stand, HTTPError=httpx.HTTPError))
    api = app.create_app(SearchSettings(biometrics_url=url or None, state=tmp_path))
    async with (
        asyncio.timeout(20),  # without a bound it would be for ever
        httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://search.test") as client,
    ):
        told = (await client.get("/health")).json()
    assert told["kafka"] is listening
    return told["status"], told["elasticsearch"], told["biometrics"]


async def test_elasticsearch_and_biometrics_are_asked_at_once(monkeypatch, tmp_path):
    assert await health(monkeypatch, tmp_path, Together()) == ("ready", True, True)


async def test_a_biometrics_service_that_never_answers_is_told_as_away(monkeypatch, tmp_path):
    monkeypatch.setattr(app, "REACHED_S", 0.01)
    assert await health(monkeypatch, tmp_path, Silent()) == ("degraded", False, False)


async def test_where_there_is_no_biometrics_service_none_is_asked(monkeypatch, tmp_path):
    stand = Standing()
    assert await health(monkeypatch, tmp_path, stand, url="") == ("ready", True, False)
    assert stand.asked == 0


@pytest.mark.parametrize("url", ["http://biometrics.test", ""])
@pytest.mark.parametrize("lacks", ["elasticsearch", "kafka", "biometrics"])
async def test_the_search_is_degraded_while_something_that_it_asks_is_away(monkeypatch, tmp_path, lacks, url):
    stand = Standing(stored=lacks != "elasticsearch", matches=lacks != "biometrics")
    told, _, matches = await health(monkeypatch, tmp_path, stand, url, listening=lacks != "kafka")
    assert told == ("ready" if lacks == "biometrics" and not url else "degraded")
    assert matches == (bool(url) and lacks != "biometrics")
