"""On the real Kafka: what is small on the wire and large when it is unpacked, and what the broker refuses."""

import contextlib

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from confluent_kafka import Producer as PlainProducer
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from contracts import topics
from deploy.operator import operator_kafka
from hub.dead_letters import read_dead_letter, replayed
from hub.errors import Misconfigured, Rejected, Retryable
from hub.message import MAX_STORED_BYTES, Message, Outgoing
from hub.producer import FEW, Producer, TooLarge, connection
from tests.integration.search_stand import kafka_of, until
from tests.integration.test_stack_access import client_settings, partitions_of
from tests.unit.hub.test_router_rules import incoming

pytestmark = pytest.mark.servers

BIG = b"0" * 10_000_000
TOPIC = topics.incoming("alerts", "alert")


@contextlib.asynccontextmanager
async def reading(stack, topic):
    """Give what may be asked again and again for all that a topic holds from now on."""
    consumer = AIOKafkaConsumer(**connection(operator_kafka(stack), "test"), max_partition_fetch_bytes=8 << 20)
    await consumer.start()
    found = []
    try:
        partitions = [TopicPartition(topic, each) for each in range(partitions_of(topic))]
        consumer.assign(partitions)
        await consumer.seek_to_end(*partitions)
        for partition in partitions:
            await consumer.position(partition)

        async def read():
            for records in (await consumer.getmany(timeout_ms=200)).values():
                found.extend(Message.from_kafka(record) for record in records)
            return found

        yield read
    finally:
        await consumer.stop()


def publish(stack, codec, *messages):
    """Write as an agency with a client of its own, each message in a compressed batch."""
    ours = {"compression.type": codec, "message.max.bytes": 3 * len(BIG), "linger.ms": 0, "log_level": "0"}
    producer = PlainProducer(client_settings(stack, "adapter-alerts") | ours)
    failed = []
    for message in messages:
        producer.produce(
            TOPIC,
            message.value,
            message.key,
            0,
            on_delivery=lambda error, _message: failed.append(error) if error else None,
            headers=list(message.headers),
        )
        producer.flush(20)
    assert failed == []


@pytest.mark.parametrize("codec", ["gzip", "zstd", "lz4", "snappy"])
async def test_a_message_that_unpacks_to_more_than_any_topic_takes_is_buried_and_stops_nobody(stack, codec):
    stack.start_services(["router"])
    before = stack.pids()["router"]
    honest = incoming()
    large = [honest._replace(headers=[("x-note", BIG), *honest.headers]), honest._replace(key=BIG)]
    large.append(honest._replace(value=BIG))
    async with reading(stack, topics.outgoing("alert")) as routed, reading(stack, topics.dead("alerts")) as dead:
        publish(stack, codec, honest, *large, honest)

        async def arrived():
            return len(await routed()) >= 2 and len(await dead()) >= len(large)

        await until(arrived)
        letters = [read_dead_letter(letter) for letter in await dead()]
        assert [(each.reason, each.field, each.cut) for each in letters] == [
            ("too-large", "headers", ("headers",)),
            ("too-large", "key", ("key",)),
            ("too-large", "payload", ("value",)),
        ]
        for letter in letters:
            with pytest.raises(Rejected, match="publish it again"):
                replayed(letter.message)
        assert [each.value for each in await routed()] == [honest.value] * 2
    assert stack.pids()["router"] == before


ALERTS = topics.outgoing("alert")


def batch(count, size=1):
    return [Outgoing(ALERTS, b"k", b"{" * size, (), 0) for _ in range(count)]


@pytest.mark.parametrize("count", [1, FEW + 1])
async def test_what_the_broker_refuses_keeps_nobody_from_writing_the_same_partition_afterwards(stack, count):
    async with Producer(kafka_of(stack, "router"), "test") as producer:
        await producer.send_all(batch(count))
        for _ in range(2):
            with pytest.raises(TooLarge):
                await producer.send_all(batch(count, MAX_STORED_BYTES + 1))
            await producer.send_all(batch(count))


async def test_a_client_whose_sending_broke_is_replaced(stack):
    async with Producer(kafka_of(stack, "router"), "test") as producer:
        await producer.send_all(batch(1))

        def broken(**_any):
            raise ZeroDivisionError

        producer._producer._message_accumulator.drain_by_nodes = broken
        with pytest.raises(Retryable):
            await producer.send_all(batch(1))
        await producer.send_all(batch(1))


async def test_a_right_that_comes_late_is_used_without_a_restart(stack):
    right = AclBinding(
        ResourceType.TOPIC,
        ALERTS,
        ResourcePatternType.LITERAL,
        "User:search",
        "*",
        AclOperation.WRITE,
        AclPermissionType.ALLOW,
    )
    admin = stack.kafka_admin()
    async with Producer(kafka_of(stack, "search"), "test") as producer:
        with pytest.raises(Misconfigured):  # it may read the topic, and so know of it
            await producer.send_all(batch(1))
        admin.create_acls([right])[right].result(10)
        try:

            async def written():
                with contextlib.suppress(Misconfigured):
                    return await producer.send_all(batch(1))

            await until(written)
        finally:
            stack.admit()  # takes back what nobody is to have
