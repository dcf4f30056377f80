"""How a batch is carried to its end: nothing is committed before it is done or buried."""

import datetime as dt

import pytest
from aiokafka.errors import CommitFailedError

from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome, AuditPageV1
from contracts.envelope import Envelope
from hub.audit import Auditor, rejected_entry
from hub.broker import FAULT_ATTEMPTS, LOUD_ATTEMPTS, Delivery, whole_batch
from hub.bulk import IndexForbidden
from hub.errors import Rejected, Retryable
from hub.message import Message, Rejection


class Record:
    """What aiokafka would have read."""

    def __init__(self, offset: int, headers=()) -> None:
        self.topic, self.partition, self.offset, self.timestamp = "in.alerts.alert.v1", 0, offset, 0
        self.key, self.value, self.headers = b"k", b"v", headers


class Batch:
    """A FastStream message over several records."""

    def __init__(self, *offsets: int) -> None:
        self.raw_message = tuple(Record(offset) for offset in offsets)
        self.acked = 0
        self.commit_fails = False

    async def ack(self) -> None:
        if self.commit_fails:
            raise CommitFailedError("rebalanced")
        self.acked += 1


class Producer:
    """Takes dead letters and audit pages; away for the first `away` tries."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.sent = []

    @property
    def letters(self):
        return [message for message in self.sent if message.topic.startswith("dead.")]

    @property
    def entries(self) -> list[AuditEntryV1]:
        pages = [message for message in self.sent if message.topic.startswith("audit.")]
        return [entry for page in pages for entry in AuditPageV1.model_validate_json(page.value).entries]

    async def send_all(self, messages):
        if self.away:
            self.away -= 1
            raise Retryable("away")
        self.sent += messages
        return []


def offsets(batch) -> list[int]:
    return [record.offset for record in batch.raw_message]


async def deliver(batch: Batch, handler, producer: Producer | None = None) -> Producer:
    producer = producer or Producer()
    delivery = Delivery(None, None, auditor=Auditor(producer, "s"), producer=producer, longest_wait_s=0.01)
    await delivery.consume_scope(handler, batch)
    return producer


async def test_a_batch_that_is_done_is_committed_once():
    batch = Batch(1, 2)

    async def handler(_batch):
        return []

    assert (await deliver(batch, handler)).letters == []
    assert batch.acked == 1


async def test_while_something_is_away_the_same_batch_is_tried_again_and_nothing_is_buried():
    batch, tries = Batch(1), []

    async def handler(given):
        tries.append(offsets(given))
        if len(tries) < FAULT_ATTEMPTS + 2:
            raise Retryable("away")
        return []

    assert (await deliver(batch, handler)).letters == []
    assert tries == [[1]] * (FAULT_ATTEMPTS + 2)
    assert batch.acked == 1


class Log:
    """Keeps the lines of a delivery."""

    def __init__(self):
        self.lines = []

    def warning(self, event, **about):
        self.lines.append(("warning", about["reason"], about["why"]))

    def error(self, event, **about):
        self.lines.append(("error", about["reason"], about["why"]))


@pytest.mark.parametrize(
    ("failure", "quiet"), [(Retryable("It is away."), LOUD_ATTEMPTS - 1), (IndexForbidden("Give the right."), 0)]
)
async def test_what_lasts_and_what_a_person_has_to_mend_is_said_as_an_error_with_what_to_do(failure, quiet):
    producer, log, tries = Producer(), Log(), []
    delivery = Delivery(None, None, auditor=Auditor(producer, "s"), producer=producer, longest_wait_s=0.01)
    delivery._log = log

    async def handler(_batch):
        tries.append(1)
        if len(tries) <= LOUD_ATTEMPTS:
            raise failure
        return []

    await delivery.consume_scope(handler, Batch(1))
    assert [line[0] for line in log.lines] == ["warning"] * quiet + ["error"] * (LOUD_ATTEMPTS - quiet)
    assert set(log.lines[-1][1:]) == {failure.code, str(failure)}


async def test_a_rejected_message_is_buried_before_the_commit_even_if_the_grave_is_away_at_first():
    batch = Batch(1, 2)

    async def handler(given):
        return [Rejection(Message.from_kafka(given.raw_message[1]), Rejected("no", code="bad"))]

    producer = await deliver(batch, handler, Producer(away=2))
    assert [dict(letter.headers)["dead_offset"] for letter in producer.letters] == [b"2"]
    (told,) = producer.entries
    assert (told.action, told.outcome, told.service) == (AuditAction.REJECTED, AuditOutcome.REFUSED, "s")
    assert (told.topic, told.offset, told.system, told.detail) == ("in.alerts.alert.v1", 2, "alerts", "bad")
    assert batch.acked == 1


async def test_one_message_that_breaks_the_service_is_buried_alone_and_the_rest_goes_on():
    batch, done = Batch(1, 2, 3), []

    async def handler(given):
        if 2 in offsets(given):
            raise ZeroDivisionError
        done.extend(offsets(given))
        return []

    producer = await deliver(batch, handler)
    assert done == [1, 3]
    assert [dict(letter.headers)["dead_reason"] for letter in producer.letters] == [b"internal-error"]
    assert [(entry.action, entry.offset, entry.detail) for entry in producer.entries] == [
        (AuditAction.REJECTED, 2, "internal-error")
    ]
    assert batch.acked == 1


async def test_a_batch_without_a_fault_leaves_no_entry_of_a_rejection():
    async def handler(_batch):
        return []

    assert (await deliver(Batch(1), handler)).sent == []


async def test_what_the_ledger_cannot_take_of_its_own_leaves_a_letter_and_no_entry_that_it_could_not_take_either():
    batch = Batch(1)
    batch.raw_message[0].topic = "audit.s"

    async def handler(given):
        return [Rejection(Message.from_kafka(given.raw_message[0]), Rejected("no"))]

    producer = await deliver(batch, handler)
    assert [letter.topic for letter in producer.letters] == ["dead.hub"]
    assert producer.entries == []


async def test_no_header_that_a_sender_can_write_keeps_a_rejection_from_the_audit():
    flow = "1b4e28ba-2fa1-41d2-883f-0016d3cca427"
    headers = {
        "ce_specversion": "1.0",
        "ce_id": flow,
        "ce_source": "s",
        "ce_type": "t",
        "ce_subject": "\u00a0",  # blank to the contract of the audit, and not to the envelope's
        "ce_dataschema": "d",
        "ce_time": "2026-04-02T00:00:00+00:00",
        "correlationid": flow,
        "traceparent": "p",
        "causationid": "\u3000",
    }
    record = Record(1, tuple((name, value.encode()) for name, value in headers.items()))
    assert Envelope.from_headers(record.headers).subject.isspace()
    told = rejected_entry(Rejection(Message.from_kafka(record), Rejected("no")), "s", dt.datetime.now(dt.UTC))
    assert (told.flow, told.record, told.cause) == (flow, None, None)


async def test_a_commit_that_fails_is_no_failure_of_the_service():
    batch = Batch(1)
    batch.commit_fails = True

    async def handler(_batch):
        return []

    await deliver(batch, handler)
    assert batch.acked == 0


@pytest.mark.parametrize("headers", [(("ce_id", b"\xff\xfe"),), (("", b""),)])
async def test_headers_that_are_no_text_reach_the_handler(headers):
    from aiokafka.structs import ConsumerRecord

    record = ConsumerRecord("t", 0, 1, 0, 0, b"k", b"v", None, 1, 1, headers)

    async def original(records):
        assert records[0].headers == ()
        return Batch()

    assert (await whole_batch((record,), original)).raw_message == (record,)
