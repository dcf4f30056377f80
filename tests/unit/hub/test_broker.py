"""How a batch is carried to its end: nothing is committed before it is done or buried."""

import pytest
from aiokafka.errors import CommitFailedError

from hub.broker import FAULT_ATTEMPTS, Delivery, whole_batch
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
    """Takes dead letters; away for the first `away` tries."""

    def __init__(self, away: int = 0) -> None:
        self.away = away
        self.letters = []

    async def send_all(self, messages):
        if self.away:
            self.away -= 1
            raise Retryable("away")
        self.letters += messages
        return []


def offsets(batch) -> list[int]:
    return [record.offset for record in batch.raw_message]


async def deliver(batch: Batch, handler, producer: Producer | None = None) -> Producer:
    producer = producer or Producer()
    await Delivery(None, None, service="s", producer=producer, longest_wait_s=0.01).consume_scope(handler, batch)
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


async def test_a_rejected_message_is_buried_before_the_commit_even_if_the_grave_is_away_at_first():
    batch = Batch(1, 2)

    async def handler(given):
        return [Rejection(Message.from_kafka(given.raw_message[1]), Rejected("no", code="bad"))]

    producer = await deliver(batch, handler, Producer(away=2))
    assert [dict(letter.headers)["dead_offset"] for letter in producer.letters] == [b"2"]
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
    assert batch.acked == 1


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
