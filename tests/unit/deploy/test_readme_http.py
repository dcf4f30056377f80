"""What the README shows of HTTP is as the services take it."""

import json
import re

import pytest

import biometrics.api
import hub.ledger.api
import search.api
from biometrics.wire import EnrolRequest
from deploy.local.home import CHECKOUT
from hub.http import caller
from hub.security.principal import Scope
from search.request import SearchRequest

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")


def test_the_enrolment_of_the_readme_is_one():
    (body,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    assert EnrolRequest.model_validate_json(body).subject == "registration:person:p1"


def test_the_search_of_the_readme_is_one():
    (body,) = re.findall(r"-d '(\{.*?\})'", README)
    assert SearchRequest.model_validate(json.loads(body)).purpose == "border-check"


def _scopes(dependant):
    own = [dependant.call.scope] if isinstance(dependant.call, caller) else []
    return own + [scope for below in dependant.dependencies for scope in _scopes(below)]


@pytest.mark.parametrize(
    ("routes", "path", "scope"),
    [
        (search.api.routes(None, None), "/v1/search", Scope.SEARCH),
        (biometrics.api.make_routes(None), "/v1/enrol", Scope.ENROL),
        (hub.ledger.api.routes(None, None), "/v1/trace/{ref}", Scope.AUDIT_READ),
    ],
)
def test_the_routes_of_the_readme_want_the_scopes_that_it_names(routes, path, scope):
    (route,) = [each for each in routes.routes if each.path_format == path]
    assert _scopes(route.dependant) == [scope]
    assert re.search(rf"--scope {scope}\)[^$]+?{path.partition('{')[0]}", README)
