"""The audit on real servers: what is denied is found in the ledger, and nobody tells of another."""

import asyncio
import datetime as dt
from uuid import uuid4

import httpx
import pytest

from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1
from deploy import cli_dead
from deploy.local.environment import elasticsearch_settings
from hub.audit import Auditor
from hub.denials import UNKNOWN
from hub.errors import Misconfigured
from hub.ledger import index
from hub.message import Outgoing
from hub.producer import Producer
from hub.security.principal import Scope
from tests.integration.search_stand import kafka_of, until

pytestmark = pytest.mark.servers

SEARCH = {"name": "Ada Testova", "purpose": "border-check"}


@pytest.fixture(scope="module")
def services(stack):
    stack.start_services(["ledger", "search"])


def client(stack, service, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.AsyncClient(base_url=stack.addresses.url(service), headers=headers, timeout=30)


async def entries_of(stack, reference):
    """What the ledger holds under a reference, once it holds anything."""
    token = stack.token("auditor-1", [Scope.AUDIT_READ])

    async def found():
        async with client(stack, "ledger", token) as ledger:
            answer = await ledger.get(f"/v1/trace/{reference}")
        return answer.json()["flows"] if answer.status_code == 200 else None

    flows = await until(found)

    def within(node):
        yield from (AuditEntryV1.model_validate(hop) for hop in node["hops"])
        for child in node["children"]:
            yield from within(child)

    return [entry for flow in flows for root in flow["roots"] for entry in within(root)]


@pytest.mark.usefixtures("services")
async def test_whoever_was_denied_a_search_is_found_by_the_flow_of_the_answer(stack):
    trusted = stack.token("guard-7", ["search"])
    unfit = stack.token("guard-7", ["audit:read"])
    told = {}
    for name, token, body in (("401", None, SEARCH), ("403", unfit, SEARCH), ("422", trusted, {"name": "Ada Testova"})):
        async with client(stack, "search", token) as search:
            answer = await search.post("/v1/search", json=body)
        assert str(answer.status_code) == name
        (entry,) = await entries_of(stack, answer.json()["flow"])
        assert (entry.action, entry.service) == (AuditAction.DENIED, "search")
        told[name] = (entry.actor, entry.detail)
    assert told == {
        "401": (UNKNOWN, "not-authenticated POST /v1/search"),
        "403": ("guard-7", "not-authorised POST /v1/search"),
        "422": ("guard-7", "invalid-request purpose POST /v1/search"),
    }


@pytest.mark.usefixtures("services")
async def test_whoever_was_denied_the_ledger_is_in_the_ledger(stack):
    async with client(stack, "ledger", stack.token("guard-8", ["search"])) as ledger:
        answer = await ledger.get("/v1/trace/alerts:persons:77")
    assert answer.status_code == 403
    (entry,) = await entries_of(stack, "guard-8")
    assert (entry.service, entry.detail) == ("ledger", "not-authorised GET /v1/trace/{ref}")


@pytest.mark.usefixtures("services")
async def test_a_flood_of_strangers_leaves_their_number_and_few_entries(stack):
    async with client(stack, "search", "nonsense") as search:
        answers = await asyncio.gather(*(search.post("/v1/search", json=SEARCH) for _ in range(200)))
    assert {answer.status_code for answer in answers} == {401}

    async def counted():
        entries = await entries_of(stack, UNKNOWN)
        told = [entry.count for entry in entries if entry.service == "search" and entry.count]
        return told if sum(told) >= 199 else None

    assert len(await until(counted)) <= 3


def forged(service, flow):
    return AuditEntryV1(
        entry=uuid4(),
        at=dt.datetime.now(dt.UTC),
        service=service,
        actor=service,
        action=AuditAction.ROUTED,
        flow=flow,
        event=flow,
    )


@pytest.mark.usefixtures("services")
async def test_what_an_adapter_writes_in_anothers_name_is_refused_and_the_audit_says_where_it_came_from(stack):
    flow = str(uuid4())
    async with Producer(kafka_of(stack, "adapter-alerts"), "test-forger") as producer:
        auditor = Auditor(producer, "adapter-alerts")
        own, others = auditor.pages([forged("adapter-alerts", flow)]), auditor.pages([forged("router", flow)])
        (place, _) = await producer.send_all([*others, *own])
    (entry,) = await entries_of(stack, flow)
    assert entry.service == "adapter-alerts"
    # The refusal goes by the headers of the page, which carry the flow in which it was written.
    (refused,) = await entries_of(stack, dict(others[0].headers)["correlationid"].decode())
    assert (refused.service, refused.action, refused.detail) == (
        "ledger",
        AuditAction.REJECTED,
        "foreign-service service",
    )
    assert (refused.topic, refused.offset) == (topics.audit("adapter-alerts"), place.offset)


@pytest.mark.usefixtures("services")
async def test_whoever_lists_dead_letters_is_in_the_ledger(stack, monkeypatch):
    flow = str(uuid4())
    letter = Outgoing(topics.dead("alerts"), None, b"", (("correlationid", flow.encode()),))
    async with Producer(kafka_of(stack, "adapter-alerts"), "test-letters") as producer:
        await producer.send(letter)
    user = f"lister-{uuid4().hex[:8]}@local"
    monkeypatch.setattr(cli_dead, "user_name", lambda: user)
    await cli_dead._list(cli_dead.operator_kafka(stack), cli_dead.Wanted("alerts"))
    (entry,) = await entries_of(stack, user)
    assert (entry.service, entry.action, entry.topic) == ("operator", AuditAction.VIEWED, "dead.alerts")


@pytest.mark.usefixtures("services")
async def test_a_ledger_whose_index_was_dropped_fills_it_from_the_log(stack):
    async with client(stack, "search", stack.token("guard-7", ["audit:read"])) as search:
        flow = (await search.post("/v1/search", json=SEARCH)).json()["flow"]
    (before,) = await entries_of(stack, flow)
    operator = ("operator", stack.secrets.password("elasticsearch-operator"))
    async with httpx.AsyncClient(auth=operator, timeout=30) as elasticsearch:
        dropped = await elasticsearch.delete(f"{stack.addresses.elasticsearch_url}/audit-pages")
        assert dropped.is_success
        (after,) = await entries_of(stack, flow)
        made = await elasticsearch.get(f"{stack.addresses.elasticsearch_url}/audit-pages/_mapping")
    assert after == before
    assert made.json()["audit-pages"]["mappings"]["dynamic"] == "strict"

    async def whole():
        async with client(stack, "ledger", stack.token("auditor-1", [Scope.AUDIT_READ])) as ledger:
            return (await ledger.get(f"/v1/trace/{flow}")).json()["complete"]

    assert await until(whole)


async def test_elasticsearch_makes_no_index_by_itself_and_one_that_is_not_the_ledgers_is_told_and_not_filled(
    stack, monkeypatch
):
    monkeypatch.setattr(index, "INDEX", "audit-of-another")
    page = [("audit.router/0/0", b'{"refs":["a"]}')]
    settings = elasticsearch_settings("ledger", stack.secrets, stack.addresses)
    operator = ("operator", stack.secrets.password("elasticsearch-operator"))
    url = f"{stack.addresses.elasticsearch_url}/audit-of-another"
    async with (
        index.LedgerIndex(index.connect(settings)) as one,
        index.LedgerIndex(index.connect(settings)) as other,
        httpx.AsyncClient(auth=settings.basic_auth, timeout=30) as ledger,
        httpx.AsyncClient(auth=operator, timeout=30) as elasticsearch,
    ):
        assert (await ledger.put(f"{url}/_doc/1", json={"refs": "a"})).status_code == 404
        assert (await ledger.put(url)).is_success
        with pytest.raises(Misconfigured):
            await one.store(page)
        assert (await elasticsearch.delete(url)).is_success
        try:
            assert [await each.is_whole() for each in (one, other)] == [False, False]
            marks = [await each.begin_filling() for each in (one, other)]
            assert marks[0] == marks[1]
            assert await one.store(page) == {}
            for each in (one, other):
                await each.end_filling(marks[0])
                assert await each.is_whole()
            assert (await ledger.get(f"{url}/_search", params={"q": "refs:a"})).json()["hits"]["total"]["value"] == 1
            assert one.fault is None
        finally:
            await elasticsearch.delete(url)
