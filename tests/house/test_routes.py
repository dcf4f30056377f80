"""Every route of every service names the one scope that it wants, and answers nobody without a token."""

from http import HTTPStatus
from types import SimpleNamespace

import httpx
import pytest
from fastapi.routing import iter_route_contexts

import biometrics.app
import hub.ledger.app
import search.app
from biometrics.settings import BiometricsSettings
from deploy.local.home import CHECKOUT
from hub.denials import Denials
from hub.http import caller
from hub.ledger.app import LedgerSettings
from hub.security.principal import Scope
from hub.security.tokens import new_signing_key, public_keys
from search.settings import SearchSettings
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.hub.edge import Audit

SERVICES = ("search", "ledger", "biometrics")
OPEN = {
    "/health",
    "/openapi.json",
    "/docs",
    "/docs/start.js",
    "/docs/swagger-ui.css",
    "/docs/swagger-ui-bundle.js",
    "/problems",
    "/problems/{code}",
}
"""How a service is, and what its routes and problems mean: none of them holds data."""


@pytest.fixture(scope="module")
def applications(tmp_path_factory):
    """The applications as the services compose them; only the engine is a stand-in, for it is a JVM."""
    folder = tmp_path_factory.mktemp("routes")
    (folder / "jwks.json").write_text(public_keys(new_signing_key()))
    settings = {"state": folder, "tokens": {"jwks_file": folder / "jwks.json"}}
    engine = FakeEngine()
    engine.heap = SimpleNamespace(room=lambda: 1 << 30, megabytes=dict)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(biometrics.app, "start_jvm", lambda *_: None)
        patch.setattr(biometrics.app, "SourceAfis", lambda: engine)
        return {
            "search": search.app.create_app(SearchSettings(**settings)),
            "ledger": hub.ledger.app.create_app(LedgerSettings(**settings)),
            "biometrics": biometrics.app.create_app(BiometricsSettings(**settings, quality_processes=0)),
        }


@pytest.fixture(params=SERVICES)
def api(request, applications):
    return applications[request.param]


def routes_of(api):
    """All routes, those of included routers among them."""
    return list(iter_route_contexts(api.routes))


def scopes(route):
    """What a route wants, through whatever stands between it and `caller`."""

    def wanted(dependant):
        own = [dependant.call.scope] if isinstance(dependant.call, caller) else []
        return own + [scope for below in dependant.dependencies for scope in wanted(below)]

    dependant = getattr(route, "dependant", None)  # a route of Starlette has none
    return wanted(dependant) if dependant else []


def test_these_are_all_services_that_answer_over_http():
    parts = ("adapters", "biometrics", "hub", "search")
    entries = [entry for part in parts for entry in CHECKOUT.glob(f"{part}/**/app.py")]
    answering = {entry.parent.name for entry in entries if "create_api(" in entry.read_text(encoding="utf-8")}
    assert answering == set(SERVICES)


def test_every_route_but_the_open_ones_wants_one_scope(api):
    assert {route.path for route in routes_of(api)} >= OPEN
    wanted = [(route.path, sorted(route.methods), len(scopes(route))) for route in routes_of(api)]
    assert wanted == [(path, methods, int(path not in OPEN)) for path, methods, _ in wanted]


async def test_every_route_but_the_open_ones_answers_nobody_without_a_token(api):
    api.state.denials = Denials(Audit())  # the service's own writes to Kafka
    asked = [(method, route.path) for route in routes_of(api) for method in sorted(route.methods)]
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://t") as client:
        closed = [each for each in asked if (await client.request(*each)).status_code == HTTPStatus.UNAUTHORIZED]
    assert closed
    assert closed == [(method, path) for method, path in asked if path not in OPEN]


def test_every_scope_opens_some_route(applications):
    routes = [route for api in applications.values() for route in routes_of(api)]
    assert {scope for route in routes for scope in scopes(route)} == set(Scope)


def mappings(schema, definitions, seen=frozenset()):
    """Where a schema takes any key, through whatever it refers to."""
    if isinstance(schema, list):
        return [found for each in schema for found in mappings(each, definitions, seen)]
    if not isinstance(schema, dict):
        return []
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    if name and name not in seen:
        return mappings(definitions[name], definitions, seen | {name})
    own = [schema.get("title", "?")] if schema.get("additionalProperties") else []
    return own + [found for each in schema.values() for found in mappings(each, definitions, seen)]


def test_no_request_has_keys_that_the_caller_chooses_for_a_problem_would_name_them(api):
    told = api.openapi()
    bodies = [way["requestBody"] for path in told["paths"].values() for way in path.values() if "requestBody" in way]
    assert mappings(bodies, told["components"]["schemas"]) == []


def test_such_keys_would_be_found():
    definitions = {"A": {"properties": {"b": {"$ref": "#/A"}, "c": {"title": "C", "additionalProperties": {}}}}}
    assert mappings({"$ref": "#/A"}, definitions) == []
    definitions["A"]["properties"]["c"]["additionalProperties"] = {"type": "string"}
    assert mappings({"$ref": "#/A"}, definitions) == ["C"]
