"""This module sends many messages to Kafka as whole batches of its wire format.

aiokafka's own way keeps a future, a look at the metadata and a place in a queue for each message, which costs more than
everything else that a hop does with it. Here a batch is the unit: one for each partition and quarter of a megabyte.
"""

import asyncio
import zlib
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from hub.message import Outgoing


class Place(NamedTuple):
    """Where a message was stored."""

    partition: int
    offset: int


def partition_of(key: bytes | None, partitions: Sequence[int], _available: Sequence[int] = ()) -> int:
    """Choose the partition of a key as librdkafka does (`consistent`: CRC-32 modulo); without a key the first one.

    All that is said of one key has to meet in one partition, so this is the only partitioner of the project.
    """
    return partitions[zlib.crc32(key or b"") % len(partitions)]


async def send_batches(producer: AIOKafkaProducer, messages: Sequence[Outgoing]) -> list[Place]:
    """Send messages, those of one partition in their order, and give their places once Kafka holds every one.

    All batches are awaited before the first failure is raised, so that none goes on behind the caller's back.

    Raises:
        KafkaError: Kafka did not take all; some may have been stored.
    """
    apart: dict[tuple[str, int], list[int]] = defaultdict(list)
    partitions = {topic: sorted(await producer.partitions_for(topic)) for topic in {m.topic for m in messages}}
    for at, message in enumerate(messages):
        partition = message.partition
        if partition is None:
            partition = partition_of(message.key, partitions[message.topic])
        apart[message.topic, partition].append(at)
    sending = [
        _send_to(producer, topic, partition, [messages[at] for at in those])
        for (topic, partition), those in apart.items()
    ]
    results = await asyncio.gather(*sending, return_exceptions=True)
    places: dict[int, Place] = {}
    for those, stored in zip(apart.values(), results, strict=True):
        if isinstance(stored, BaseException):
            raise stored
        places.update(zip(those, stored, strict=True))
    return [places[at] for at in range(len(messages))]


async def _send_to(producer: AIOKafkaProducer, topic: str, partition: int, messages: Sequence[Outgoing]) -> list[Place]:
    """Send batch after batch to one partition."""
    places: list[Place] = []
    rest = messages
    while rest:
        batch = producer.create_batch()
        taken = _fill(batch, rest)
        stored: Any = await (await producer.send_batch(batch, topic, partition=partition))
        places += [Place(partition, stored.offset + at) for at in range(taken)]
        rest = rest[taken:]
    return places


def _fill(batch: Any, messages: Sequence[Outgoing]) -> int:
    """Put as many messages into a batch as fit, at least one: what is too large for its topic then travels alone."""
    taken = 0
    for message in messages:
        headers = list(message.headers)
        if batch.append(timestamp=None, key=message.key, value=message.value, headers=headers) is None:
            break
        taken += 1
    batch.close()
    return taken
