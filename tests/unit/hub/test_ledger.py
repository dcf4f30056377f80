"""What the ledger takes into its index, and what it refuses."""

import datetime as dt
import re
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from elastic_transport import ApiResponseMeta, HttpHeaders, NodeConfig
from elasticsearch import AuthorizationException
from fastapi import FastAPI
from pydantic import ValidationError
from structlog.testing import capture_logs

from contracts.audit import AuditAction, AuditEntryV1, AuditPageV1
from hub.audit import Auditor
from hub.bulk import IndexForbidden
from hub.ledger.api import routes
from hub.ledger.finding import find_trace
from hub.ledger.handler import Ledger
from hub.ledger.index import LedgerIndex, LedgerUnavailable
from hub.ledger.pages import MAPPING
from hub.message import MAX_STORED_BYTES, Message
from hub.security.principal import Principal, Scope


class Index:
    """Keeps documents by their ids."""

    def __init__(self):
        self.documents = {}

    async def store(self, documents):
        self.documents.update(documents)
        return {}


class Client:
    """Answers a bulk request with a status for each page, and notes which indices it was asked to make."""

    def __init__(self, *statuses, kind="document_parsing_exception"):
        self.indices = self
        self.made = []
        self._items = [
            {"index": {"status": status} | ({"error": {"type": kind}} if status >= 400 else {})} for status in statuses
        ]

    def options(self, **_options):
        return self

    @property
    def cluster(self):
        return self

    async def health(self, **_options):
        return {"status": "green"}

    async def exists(self, *, index):
        return False

    async def create(self, *, index, **_options):
        self.made.append(index)

    async def get_mapping(self, *, index):
        return {index: {"mappings": MAPPING}}

    async def bulk(self, **_request):
        return {"errors": any("error" in item["index"] for item in self._items), "items": self._items}


def entry(service="adapter-alerts", **about):
    fields = {"entry": uuid4(), "at": dt.datetime.now(dt.UTC), "actor": "u", "action": AuditAction.ROUTED, "flow": "f"}
    return AuditEntryV1(service=service, **(fields | about))


def message(*entries, writer="adapter-alerts", topic="audit.adapter-alerts", offset=0):
    """A page as the writer's own code makes it, on the topic where it was found."""
    (page,) = Auditor(None, writer).pages(entries)
    return Message(topic, 0, offset, 0, page.key, page.value, tuple(page.headers))


async def test_pages_of_two_services_at_the_same_offset_are_two_documents():
    index = Index()
    pages = [message(entry()), message(entry("router"), writer="router", topic="audit.router")]
    assert await Ledger(index)(pages) == []
    assert set(index.documents) == {"audit.adapter-alerts/0/0", "audit.router/0/0"}


@pytest.mark.parametrize(
    "forged",
    [
        message(entry("router")),
        message(entry(), entry("router")),
        message(entry("router"), entry()),
        message(entry(), writer="router"),
        message(entry(), writer="adapter-alerts-2"),  # a name that begins like its own
        message(entry("router"), writer="router"),
        message(entry("router"), writer="router", topic="audit.adapter-alerts-2"),
    ],
)
async def test_a_page_in_the_name_of_another_service_is_refused_and_the_rest_goes_on(forged):
    index = Index()
    sound = message(entry(), offset=1)
    (rejection,) = await Ledger(index)([forged, sound])
    assert (rejection.message, rejection.error.reason) == (forged, "foreign-service")
    assert list(index.documents) == [sound.place]


@pytest.mark.parametrize("value", [None, b"", b"{}", b"\xff", b'{"contract":"person"}'])
async def test_what_is_no_page_is_refused(value):
    bad = Message("audit.router", 0, 0, 0, b"k", value, ())
    (rejection,) = await Ledger(Index())([bad])
    assert rejection.error.reason == "contract-broken"


async def test_a_page_larger_than_any_that_a_service_writes_is_refused_for_the_index_may_not_take_it():
    sound = message(entry())
    large = sound._replace(value=sound.value.ljust(MAX_STORED_BYTES + 1))
    (rejection,) = await Ledger(Index())([large])
    assert (rejection.error.reason, rejection.error.field) == ("too-large", "payload")


def test_a_page_is_of_the_service_that_its_writer_and_all_its_entries_name():
    page = AuditPageV1(page=uuid4(), writer="router-0a1b", sequence=0, entries=(entry("router"),))
    assert page.is_of("router")
    assert not page.is_of("rout")


LARGEST = 2**63 - 1


@pytest.mark.parametrize("field", ["partition", "offset", "count"])
def test_the_integers_of_an_entry_are_those_that_the_index_can_hold(field):
    assert getattr(entry(**{field: LARGEST}), field) == LARGEST
    with pytest.raises(ValidationError, match="less_than_equal"):
        entry(**{field: LARGEST + 1})


async def test_a_page_whose_sequence_the_index_cannot_hold_is_refused_before_it_is_sent_there():
    index = Index()
    sound = message(entry())
    value = sound.value.replace(b'"sequence":0', b'"sequence":1' + b"0" * 30)
    assert value != sound.value
    forged = Message(sound.topic, 0, 1, 0, sound.key, value, sound.headers)
    (rejection,) = await Ledger(index)([forged, sound])
    assert (rejection.message, rejection.error.reason) == (forged, "contract-broken")
    assert list(index.documents) == [sound.place]


async def test_a_page_that_the_index_refuses_for_good_is_rejected_and_the_rest_is_stored():
    pages = [message(entry(), offset=offset) for offset in range(3)]
    (rejection,) = await Ledger(LedgerIndex(Client(201, 400, 200)))(pages)
    assert (rejection.message, rejection.error.reason) == (pages[1], "not-indexable")
    assert "document_parsing_exception" in str(rejection.error)


async def test_a_batch_is_one_line_of_the_log_with_how_many_pages_are_stored_and_rejected():
    pages = [message(entry(), offset=offset) for offset in range(3)]
    with capture_logs() as told:
        await Ledger(LedgerIndex(Client(201, 400, 200)))([*pages, pages[0]._replace(offset=3, value=b"{}")])
    assert told == [{"event": "batch indexed", "log_level": "info", "count": 2, "rejected": 2}]


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_index_that_cannot_store_now_is_tried_again_with_the_whole_batch(status):
    pages = [message(entry(), offset=offset) for offset in range(2)]
    with pytest.raises(LedgerUnavailable):
        await Ledger(LedgerIndex(Client(400, status)))(pages)


async def test_an_index_that_is_gone_is_made_anew_and_no_page_is_rejected():
    client = Client(404, kind="index_not_found_exception")
    ledger = Ledger(LedgerIndex(client))
    for _attempt in range(2):
        with pytest.raises(LedgerUnavailable):
            await ledger([message(entry())])
    assert client.made == ["audit-pages"] * 2


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("security_exception", "audit-pages; give .* the right `index`"),
        ("cluster_block_exception", "audit-pages is b"),
    ],
)
async def test_an_index_that_may_not_be_written_is_a_fault_of_health_that_names_it_until_it_is_mended(kind, told):
    index = LedgerIndex(Client(403, kind=kind))
    assert index.fault is None
    with pytest.raises(IndexForbidden, match=told):
        await Ledger(index)([message(entry())])
    answer = await health_of(index)
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
    assert re.search(told, answer.json()["fault"])

    index._client = Client(201)
    await Ledger(index)([message(entry())])
    answer = await health_of(index)
    assert (answer.status_code, answer.json()["status"], answer.json()["fault"]) == (200, "ready", None)


async def health_of(index):
    api = FastAPI()
    api.include_router(routes(index, SimpleNamespace(waiting=0)))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(api), base_url="http://test") as client:
        return await client.get("/health")


async def test_a_right_that_is_missing_to_make_the_index_is_the_same_fault():
    class Denied(Client):
        async def exists(self, *, index):
            meta = ApiResponseMeta(403, "1.1", HttpHeaders(), 0.0, NodeConfig("http", "localhost", 9200))
            raise AuthorizationException("denied", meta, {})

    index = LedgerIndex(Denied())
    with pytest.raises(IndexForbidden):
        await index.store([("p", b"{}")])
    assert "audit-pages" in index.fault


class Held:
    """An index that finds one page under every reference."""

    def __init__(self, *entries):
        self._page = AuditPageV1(page=uuid4(), writer="search-0a1b", sequence=0, entries=entries)

    async def pages_with(self, *_asked):
        return [{"page": self._page.model_dump(mode="json")}]


FOREIGN = "entry-exit:person:1"
OPENED = entry(system="alerts", record="alerts:persons:77")
CLOSED = entry(system="entry-exit", record=FOREIGN)
SEARCH_OF_ANOTHER = entry("search", actor="guard-7", action=AuditAction.SEARCHED, count=12)
VIEW_OF_ANOTHER = entry("ledger", actor="auditor-2", action=AuditAction.VIEWED, detail=f"trace {FOREIGN}")
OWN_ACT = entry("ledger", actor="auditor-1", action=AuditAction.VIEWED, detail="trace alerts:persons:77")
ALL = (OPENED, CLOSED, SEARCH_OF_ANOTHER, VIEW_OF_ANOTHER, OWN_ACT)


async def shown(systems, ref="f"):
    """The entries that auditor-1 is shown, with a token for these systems."""
    auditor = Principal("auditor-1", frozenset({Scope.AUDIT_READ}), frozenset(systems))
    found = await find_trace(Held(*ALL), ref, auditor, limit=20, before=None)
    return {hop.entry for flow in found.flows for root in flow.roots for hop in root.hops}


@pytest.mark.parametrize(
    ("systems", "visible"),
    [({"*"}, ALL), ({"alerts"}, (OPENED, OWN_ACT)), ({"entry-exit"}, (CLOSED, OWN_ACT)), ((), (OWN_ACT,))],
)
async def test_an_auditor_sees_the_systems_that_the_token_opens_and_own_acts(systems, visible):
    assert await shown(systems) == {one.entry for one in visible}


@pytest.mark.parametrize("ref", ["guard-7", "auditor-2", FOREIGN])
async def test_what_an_auditor_may_not_see_leads_to_no_flow(ref):
    assert await shown({"*"}, ref)
    assert await shown({"alerts"}, ref) == set()
