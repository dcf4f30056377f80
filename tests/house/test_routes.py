"""Every route of every service names the one scope that it wants."""

import pytest

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
