"""The edge of every HTTP service: who may, and how it says no."""

import pytest

from contracts.audit import AuditAction, AuditOutcome
from hub.observed import MAX_BODY_BYTES
from hub.security.tokens import new_signing_key
from tests.unit.hub.edge import ask, token


async def test_a_good_token_opens_the_route_and_the_answer_names_its_flow(client):
    answer = await ask(client, token())
    assert (answer.status_code, answer.json()) == (200, "guard-1")
    assert answer.headers["x-correlation-id"]


@pytest.mark.parametrize(
    ("bearer", "status", "code"),
    [
        (None, 401, "not-authenticated"),
        ("nonsense", 401, "not-authenticated"),
        (token(new_signing_key()), 401, "not-authenticated"),
        (token(lifetime_s=-60), 401, "not-authenticated"),
        (token(issuer="somebody"), 401, "not-authenticated"),
        (token(audience="elsewhere"), 401, "not-authenticated"),
        ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", 401, "not-authenticated"),
        (token(scopes=["audit:read"]), 403, "not-authorised"),
        (token(scopes=[]), 403, "not-authorised"),
    ],
)
async def test_any_other_token_does_not(client, bearer, status, code):
    answer = await ask(client, bearer)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("bearer", "who", "why"),
    [
        (None, "unknown", "not-authenticated GET /v1/records/{record}"),
        ("nonsense", "unknown", "not-authenticated GET /v1/records/{record}"),
        (token(), "guard-1", "not-authorised GET /v1/records/{record}"),
    ],
)
async def test_a_denial_is_on_record_with_who_why_and_the_route_and_nothing_of_its_path(
    client, audit, bearer, who, why
):
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    answer = await client.get("/v1/records/Ada-Testova", headers=headers)
    (denied,) = audit.entries
    assert (denied.action, denied.outcome) == (AuditAction.DENIED, AuditOutcome.REFUSED)
    assert (denied.service, denied.actor, denied.detail) == ("t", who, why)
    assert denied.flow == answer.json()["flow"]


async def test_what_a_route_itself_denies_is_on_record(client, audit):
    assert (await ask(client, token(), {"name": "closed", "size": 1})).status_code == 403
    assert [(entry.actor, entry.detail) for entry in audit.entries] == [("guard-1", "not-authorised POST /v1/ask")]


async def test_a_request_without_a_right_purpose_is_on_record(client, audit):
    assert (await ask(client, token(), {"name": "n", "size": 1, "purpose": "Ada Testova"})).status_code == 422
    assert [entry.detail for entry in audit.entries] == ["invalid-request purpose POST /v1/ask"]


@pytest.mark.parametrize("body", [{"name": "n", "size": 1}, {"name": "n", "size": "x"}, {"name": "bug", "size": 1}])
async def test_what_is_not_denied_leaves_no_such_entry(client, audit, body):
    await ask(client, token(), body)
    assert audit.entries == []


@pytest.mark.parametrize(("bearer", "status"), [(None, 401), (token(scopes=[]), 403)])
async def test_a_denial_stands_when_it_cannot_be_recorded(client, audit, bearer, status):
    audit.away = True
    assert (await ask(client, bearer)).status_code == status


@pytest.mark.parametrize("user", [" ", "u" * 400])
async def test_whatever_a_token_calls_its_user_the_denial_is_recorded(client, audit, user):
    assert (await ask(client, token(scopes=[], user=user))).status_code == 403
    assert [entry.actor for entry in audit.entries] == [user.strip()[:300] or "unknown"]


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("rejected", 422, "bad-thing"),
        ("missing", 404, "not-found"),
        ("away", 503, "unavailable"),
        ("config", 500, "misconfigured"),
        ("bug", 500, "internal-error"),
    ],
)
async def test_each_kind_of_failure_is_a_problem_answer_without_a_stack_trace(client, name, status, code):
    answer = await ask(client, token(), {"name": name, "size": 1})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "Testova" not in answer.text
    assert "Traceback" not in answer.text


async def test_a_wrong_request_names_the_field_and_echoes_nothing(client):
    answer = await ask(client, token(), {"name": "Ada Testova", "size": "Ada Testova"})
    assert answer.status_code == 422
    assert answer.json()["faults"] == [{"field": "size", "fault": "int_parsing"}]
    assert "Testova" not in answer.text


async def test_a_field_that_is_not_known_is_told_by_its_parent_for_its_name_may_say_anything(client):
    sent = {"name": "n", "size": 1, "of": {"Ada Testova": 1, "Eva Testova": 2}, "Testova Ada 1960-08-11": 1}
    answer = await ask(client, token(), sent)
    told = answer.json()
    assert told["faults"] == [
        {"field": "of", "fault": "extra_forbidden"},
        {"field": "body", "fault": "extra_forbidden"},
    ]
    assert "look at of (a field that is not known), body (a field that is not known)" in told["detail"]
    assert "Testova" not in answer.text


async def test_a_body_that_is_no_json_is_named_and_not_the_place_where_it_breaks(client):
    said = {"Content-Type": "application/json", "Authorization": f"Bearer {token()}"}
    answer = await client.post("/v1/ask", content=b'{"name": Ada}', headers=said)
    assert answer.json()["faults"] == [{"field": "body", "fault": "json_invalid"}]


async def test_what_is_no_route_and_what_is_too_large_are_problems_too(client):
    assert (await client.get("/nowhere")).json()["status"] == 404
    large = await ask(client, token(), **{"Content-Length": str(MAX_BODY_BYTES + 1)})
    assert (large.status_code, large.json()["code"]) == (413, "body-too-large")


async def test_a_body_without_a_length_is_refused_before_it_is_read(client):
    async def endless():
        yield b"{"

    answer = await client.post("/v1/ask", content=endless())
    assert answer.status_code == 411


FLOW = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"


@pytest.mark.parametrize(("given", "continued"), [(FLOW, True), ("nonsense", False), ("", False)])
async def test_the_callers_flow_is_continued_where_it_is_one(client, given, continued):
    answer = await ask(client, token(), **{"X-Correlation-Id": given})
    assert (answer.headers["x-correlation-id"] == FLOW) is continued
