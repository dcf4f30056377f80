"""Every route of every service names the one scope that it wants."""

import pytest
from fastapi import FastAPI

import biometrics.api
import hub.ledger.api
import search.api
from hub.http import caller
from hub.security.principal import Scope

ROUTERS = {
    "search": search.api.routes(None, None),
    "ledger": hub.ledger.api.routes(None, None),
    "biometrics": biometrics.api.make_routes(None),
    "biometrics' health": biometrics.api.health_route(None),
}


def scopes(dependant):
    """What a route wants, through whatever stands between it and `caller`."""
    own = [dependant.call.scope] if isinstance(dependant.call, caller) else []
    return own + [scope for below in dependant.dependencies for scope in scopes(below)]


@pytest.mark.parametrize("service", ROUTERS)
def test_every_route_but_health_wants_one_scope(service):
    wanted = {f"{sorted(route.methods)} {route.path}": scopes(route.dependant) for route in ROUTERS[service].routes}
    assert wanted
    assert {name: len(found) for name, found in wanted.items()} == {
        name: int(not name.endswith(" /health")) for name in wanted
    }


def test_every_scope_opens_some_route():
    routes = [route for router in ROUTERS.values() for route in router.routes]
    assert {scope for route in routes for scope in scopes(route.dependant)} == set(Scope)


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


def described(service):
    api = FastAPI()
    api.include_router(ROUTERS[service])
    return api.openapi()


@pytest.mark.parametrize("service", ROUTERS)
def test_no_request_has_keys_that_the_caller_chooses_for_a_problem_would_name_them(service):
    api = described(service)
    bodies = [way["requestBody"] for path in api["paths"].values() for way in path.values() if "requestBody" in way]
    assert mappings(bodies, api["components"]["schemas"]) == []


def test_such_keys_would_be_found():
    definitions = {"A": {"properties": {"b": {"$ref": "#/A"}, "c": {"title": "C", "additionalProperties": {}}}}}
    assert mappings({"$ref": "#/A"}, definitions) == []
    definitions["A"]["properties"]["c"]["additionalProperties"] = {"type": "string"}
    assert mappings({"$ref": "#/A"}, definitions) == ["C"]
