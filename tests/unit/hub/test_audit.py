"""The audit: pages, and a spool that bridges a short outage and no more."""

import asyncio
import datetime as dt
from uuid import uuid4

import pytest

from contracts.audit import AuditAction, AuditEntryV1, AuditPageV1
from hub.audit import PAGE_ENTRIES, Auditor, AuditUnavailable, SpoolingAuditor, entry_id
from hub.message import MAX_STORED_BYTES
from hub.producer import KafkaUnavailable
from tests.unit.hub.edge import stored_bytes


class Kafka:
    """A sender that can be away, or never answer."""

    def __init__(self) -> None:
        self.away = False
        self.silent = False
        self.entries: list[AuditEntryV1] = []

    async def send_all(self, messages):
        if self.silent:
            await asyncio.Event().wait()
        if self.away:
            raise KafkaUnavailable("away")
        for message in messages:
            self.entries += AuditPageV1.model_validate_json(message.value).entries
        return []


def entry(service="s", action=AuditAction.SEARCHED) -> AuditEntryV1:
    return AuditEntryV1(entry=uuid4(), at=dt.datetime.now(dt.UTC), service=service, actor="u", action=action, flow="f")


def spooling(kafka: Kafka, tmp_path, grace_s: float = 60.0) -> SpoolingAuditor:
    auditor = SpoolingAuditor(Auditor(kafka, "search"), tmp_path / "spool" / "audit", deadline_s=0.05, grace_s=grace_s)
    auditor.open()
    return auditor


def test_many_entries_are_cut_into_pages_numbered_without_a_hole():
    auditor = Auditor(Kafka(), "router")
    pages = [AuditPageV1.model_validate_json(page.value) for page in auditor.pages([entry()] * (2 * PAGE_ENTRIES + 1))]
    assert [(page.sequence, len(page.entries)) for page in pages] == [(0, PAGE_ENTRIES), (1, PAGE_ENTRIES), (2, 1)]
    assert len({page.writer for page in pages}) == 1


def test_a_page_is_taken_by_its_topic_however_long_its_entries_are_in_json():
    long = "\u0001" * 300  # what a sender may write in a header, and JSON writes in six letters
    entries = [entry().model_copy(update={"record": long, "cause": long, "detail": long})] * PAGE_ENTRIES
    messages = Auditor(Kafka(), "router").pages(entries)
    assert max(map(stored_bytes, messages)) <= MAX_STORED_BYTES
    pages = [AuditPageV1.model_validate_json(message.value) for message in messages]
    assert [page.sequence for page in pages] == list(range(len(pages)))
    assert [each for page in pages for each in page.entries] == entries


def test_a_service_writes_its_own_topic_as_what_it_is():
    (page,) = Auditor(Kafka(), "adapter-entry-exit").pages([entry("adapter-entry-exit")])
    assert page.topic == "audit.adapter-entry-exit"
    assert AuditPageV1.model_validate_json(page.value).is_of("adapter-entry-exit")


def test_an_act_on_an_event_done_twice_has_one_entry_id():
    assert entry_id(AuditAction.ROUTED, "router", "e1") == entry_id(AuditAction.ROUTED, "router", "e1")
    assert entry_id(AuditAction.ROUTED, "router", "e1") != entry_id(AuditAction.DELIVERED, "router", "e1")


@pytest.mark.parametrize("fault", ["away", "silent"])
async def test_while_kafka_is_gone_entries_wait_on_the_disk_and_are_sent_in_their_order(tmp_path, fault):
    kafka = Kafka()
    auditor = spooling(kafka, tmp_path)
    first, second, third = entry(), entry(), entry()
    setattr(kafka, fault, True)
    await auditor.record([first])
    await auditor.record([second])
    assert auditor.waiting == len([first, second])
    setattr(kafka, fault, False)
    await auditor.record([third])
    assert kafka.entries == [first, second, third]
    assert (tmp_path / "spool" / "audit").read_bytes() == b""


async def test_what_waits_survives_the_death_of_the_service(tmp_path):
    kafka = Kafka()
    kafka.away = True
    lost = entry()
    await spooling(kafka, tmp_path).record([lost])
    kafka.away = False
    reborn = spooling(kafka, tmp_path)
    await reborn.record([entry()])
    assert kafka.entries[0] == lost


async def test_a_line_cut_by_a_crash_does_not_keep_the_service_from_starting(tmp_path):
    kafka = Kafka()
    kafka.away = True
    await spooling(kafka, tmp_path).record([entry()])
    with (tmp_path / "spool" / "audit").open("ab") as file:
        file.write(b'{"entry": "7d2')
    assert spooling(kafka, tmp_path).waiting == 1


async def test_after_the_time_of_grace_nothing_happens_unaudited(tmp_path):
    kafka = Kafka()
    kafka.away = True
    auditor = spooling(kafka, tmp_path, grace_s=0.0)
    await auditor.record([entry()])
    with pytest.raises(AuditUnavailable):
        await auditor.record([entry()])
    kafka.away = False
    await auditor.record([entry()])
    assert auditor.waiting == 0


async def test_a_denial_is_kept_even_after_the_time_of_grace(tmp_path):
    kafka = Kafka()
    kafka.away = True
    auditor = spooling(kafka, tmp_path, grace_s=0.0)
    first, denied = entry(), entry(action=AuditAction.DENIED)
    await auditor.record([first])
    await auditor.record([denied])
    with pytest.raises(AuditUnavailable):
        await auditor.record([denied, entry()])
    kafka.away = False
    await auditor.record([])
    assert kafka.entries == [first, denied]
