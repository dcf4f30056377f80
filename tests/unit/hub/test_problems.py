"""Problem answers (RFC 9457) and the description of an API: what is said can be looked up, without the Internet."""

import importlib
import pkgutil
import re
from pathlib import Path

import pytest
from fastapi import APIRouter

from hub.errors import Conflict
from hub.problem_kinds import EDGE, failures, kind_of, kinds
from tests.unit.hub.edge import FAILURES, ask, token

DOCUMENT = Path(__file__).parents[3] / "docs" / "problems.md"
SERVICES = ("hub", "search", "biometrics")


def test_the_document_lists_every_kind_with_its_status_and_meaning():
    for package in SERVICES:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.startswith("biometrics.synthetic"):
                importlib.import_module(module.name)
    ours = {kind_of(cls) for cls in failures() if cls.__module__.split(".")[0] in SERVICES}
    told = {
        (code, int(status), meaning)
        for code, status, meaning in re.findall(
            r"^\| `([a-z-]+)` \| (\d{3}) \| (.+) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert told == {(kind.code, kind.status, kind.title) for kind in {*EDGE, *ours}}


def test_a_class_without_a_code_of_its_own_is_of_the_kind_of_its_parent():
    class Busy(Conflict):
        """Never shown."""

    assert kind_of(Busy) == kind_of(Conflict)


@pytest.mark.parametrize("name", [name for name in FAILURES if name != "closed"])
async def test_the_type_of_a_problem_is_answered_with_its_title_and_code(client, name):
    told = (await ask(client, token(), {"name": name, "size": 1})).json()
    page = await client.get(told["type"])
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert told["title"] in page.text
    assert str(told["status"]) in page.text


async def test_a_nearer_code_keeps_the_type_of_its_kind(client):
    told = (await ask(client, token(), {"name": "rejected", "size": 1})).json()
    assert (told["type"], told["code"]) == ("/problems/rejected", "bad-thing")


async def test_all_kinds_are_listed_and_another_is_not_found(client):
    listed = (await client.get("/problems")).text
    assert all(f"/problems/{code}" in listed for code in kinds())
    assert (await client.get("/problems/nosuch")).json()["type"] == "/problems/not-found"


@pytest.mark.parametrize(
    ("method", "path", "status", "title"),
    [("GET", "/nowhere", 404, "Not Found"), ("PATCH", "/v1/ask", 405, "Method Not Allowed")],
)
async def test_where_the_status_says_all_the_type_is_blank_and_the_title_is_its_phrase(
    client, method, path, status, title
):
    told = (await client.request(method, path, json={})).json()
    assert (told["type"], told["status"], told["title"]) == ("about:blank", status, title)


@pytest.mark.parametrize("path", ["/v1/records/7", "/v1/apart/7"])
async def test_a_wrong_method_is_told_all_right_ones(client, api, path):
    async def forget(record: str) -> None:
        """Share a path with a route that reads."""

    router = APIRouter()
    router.delete("/v1/apart/{record}")(forget)
    router.get("/v1/apart/{record}")(forget)
    api.include_router(router)
    api.delete("/v1/records/{record}")(forget)

    answer = await client.post(path, json={})
    assert (answer.status_code, answer.headers["allow"]) == (405, "DELETE, GET")


@pytest.mark.parametrize(
    ("bearer", "status", "challenge"),
    [
        (None, 401, 'Bearer realm="isthmus"'),
        ("nonsense", 401, 'Bearer realm="isthmus", error="invalid_token"'),
        (token(scopes=[]), 403, 'Bearer realm="isthmus", error="insufficient_scope"'),
    ],
)
async def test_who_is_denied_is_told_what_token_is_wanted(client, bearer, status, challenge):
    answer = await ask(client, bearer)
    assert (answer.status_code, answer.headers["www-authenticate"]) == (status, challenge)


async def test_what_is_away_is_told_when_to_come_again(client):
    assert (await ask(client, token(), {"name": "away", "size": 1})).headers["retry-after"] == "1"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml"])
async def test_a_body_that_is_not_json_is_told_what_is_accepted(client, kind):
    answer = await client.post(
        "/v1/ask", content=b"a=1", headers={"Authorization": f"Bearer {token()}", "Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported-media-type")
    assert answer.headers["accept"] == "application/json"


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/merge-patch+json"]
)
async def test_a_wrong_json_body_is_not_blamed_on_its_type(client, kind):
    answer = await client.post(
        "/v1/ask", content=b"{}", headers={"Authorization": f"Bearer {token()}", "Content-Type": kind}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid-request")


async def test_the_description_of_the_api_loads_nothing_from_elsewhere(client):
    page = await client.get("/docs")
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert {"docs/swagger-ui.css", "docs/swagger-ui-bundle.js", "docs/start.js", "openapi.json"} <= set(loaded)
    for name in loaded:
        if not name.startswith("data:"):
            assert (await client.get(f"/{name}")).status_code == 200
    assert "//" not in page.text
    assert "SwaggerUIBundle" in (await client.get("/docs/swagger-ui-bundle.js")).text


async def test_the_description_runs_no_script_that_stands_in_the_page(client):
    page = await client.get("/docs")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert (policy["default-src"], policy["script-src"], policy["connect-src"]) == ("'none'", "'self'", "'self'")
    assert re.findall(r"<script[^>]*>([^<]+)", page.text) == []
