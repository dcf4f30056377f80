"""What the ledger takes into its index, and what it refuses."""

import datetime as dt
from uuid import uuid4

import pytest

from contracts.audit import AuditAction, AuditEntryV1, AuditPageV1
from hub.audit import Auditor
from hub.ledger.handler import Ledger
from hub.message import Message


class Index:
    """Keeps documents by their ids."""

    def __init__(self):
        self.documents = {}

    async def store(self, documents):
        self.documents.update(documents)


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


def test_a_page_is_of_the_service_that_its_writer_and_all_its_entries_name():
    page = AuditPageV1(page=uuid4(), writer="router-0a1b", sequence=0, entries=(entry("router"),))
    assert page.is_of("router")
    assert not page.is_of("rout")
