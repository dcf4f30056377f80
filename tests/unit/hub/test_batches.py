"""Many messages at once: which partition each goes to, in what order, and what is known of those that failed."""

import asyncio
from collections import defaultdict
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaTimeoutError
from aiokafka.producer.message_accumulator import BatchBuilder
from aiokafka.record.default_records import DefaultRecordBatch
from hypothesis import given
from hypothesis import strategies as st

from hub.batches import partition_of, send_batches
from hub.message import Outgoing

SIZE = 2_000
PARTITIONS = {"in.a.person.v1": {0, 1, 2}, "audit.adapter-a": {0}}


class Broker:
    """Keeps what it is sent, as the topics would hold it; `broken` are partitions that it does not take."""

    def __init__(self, broken=()):
        self.logs = defaultdict(list)
        self.broken = set(broken)
        self.settled = 0

    async def partitions_for(self, topic):
        return PARTITIONS[topic]

    def create_batch(self):
        return BatchBuilder(SIZE, 0)

    async def send_batch(self, batch, topic, *, partition):
        async def stored():
            await asyncio.sleep(0)
            self.settled += 1
            if (topic, partition) in self.broken:
                raise KafkaTimeoutError
            log = self.logs[topic, partition]
            first = len(log)
            log += [record.value for record in DefaultRecordBatch(bytes(batch._build()))]
            return SimpleNamespace(offset=first)

        return asyncio.ensure_future(stored())


def message(number, topic="in.a.person.v1", *, key=None, size=0, partition=None):
    text = f"{number}".encode()
    return Outgoing(topic, key or text, text.ljust(size, b"."), (("ce_id", b"x"),), partition)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3 * SIZE)), max_size=60))
def test_every_message_is_stored_at_the_place_that_is_told_and_those_of_a_key_in_their_order(those):
    broker = Broker()
    messages = [message(at, key=f"{key}".encode(), size=size) for at, (key, size) in enumerate(those)]
    places = asyncio.run(send_batches(broker, messages))
    assert [broker.logs["in.a.person.v1", place.partition][place.offset] for place in places] == [
        sent.value for sent in messages
    ]
    for key in {sent.key for sent in messages}:
        of_key = [place for place, sent in zip(places, messages, strict=True) if sent.key == key]
        assert {place.partition for place in of_key} == {partition_of(key, [0, 1, 2])}
        assert of_key == sorted(of_key)


async def test_a_partition_that_is_named_is_kept_and_topics_do_not_mix():
    broker = Broker()
    messages = [message(1, partition=2), message(2, "audit.adapter-a"), message(3, partition=0)]
    assert [place.partition for place in await send_batches(broker, messages)] == [2, 0, 0]
    assert broker.logs["audit.adapter-a", 0] == [b"2"]


async def test_a_failure_is_raised_only_when_all_batches_are_settled():
    broker = Broker(broken={("in.a.person.v1", 0)})
    with pytest.raises(KafkaTimeoutError):
        await send_batches(broker, [message(at, partition=at % 3) for at in range(9)])
    assert broker.settled == 3
    assert len(broker.logs["in.a.person.v1", 1]) == 3


def test_the_partition_of_a_key_is_that_of_librdkafka():
    # CRC-32 as in RFC 1952, section 8: 0xCBF43926 is the check value of "123456789".
    assert partition_of(b"123456789", range(7)) == 0xCBF43926 % 7
    assert partition_of(None, range(7)) == 0
