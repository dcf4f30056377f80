"""This module reads whole topics from their beginning, without a consumer group: for replays and for people."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from hub.message import Message
from hub.producer import KafkaUnavailable, connection
from hub.settings import KafkaSettings

BATCH = 2_000
POLL_MS = 500
ASSIGNED_S = 10.0
LOOK_S = 0.02

Positions = dict[TopicPartition, int]


class LogReader:
    """Reads whole topics as one account; keeps its place, so that reading on catches up with what came since."""

    def __init__(self, settings: KafkaSettings, client_id: str) -> None:
        self._settings = settings
        self._client_id = client_id
        self._consumer: AIOKafkaConsumer | None = None

    async def open(self, wanted: Callable[[str], bool]) -> Sequence[str]:
        """Connect and take up all topics that `wanted` accepts, from their beginnings; give their names.

        Raises:
            KafkaUnavailable: no broker answered.
        """
        consumer = AIOKafkaConsumer(
            **connection(self._settings, self._client_id),
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="earliest",
            fetch_max_bytes=64 * 1024 * 1024,
            max_partition_fetch_bytes=8 * 1024 * 1024,
        )
        try:
            await consumer.start()
            self._consumer = consumer
            topics = sorted(topic for topic in await consumer.topics() if wanted(topic))
            if topics:
                consumer.subscribe(topics)  # without a group, every partition is this reader's
                await _assigned(consumer, len(topics))
        except (KafkaError, OSError, TimeoutError) as error:
            self._consumer = None
            await consumer.stop()
            raise KafkaUnavailable("Kafka does not answer; start the stack or try again.") from error
        return topics

    async def close(self) -> None:
        """Disconnect."""
        if self._consumer is not None:
            await self._consumer.stop()
            self._consumer = None

    async def ends(self) -> Positions:
        """Tell where each partition ends now."""
        consumer = self._open_consumer()
        partitions = consumer.assignment()
        return dict(await consumer.end_offsets(partitions)) if partitions else {}

    async def read_to(self, ends: Positions) -> AsyncIterator[list[Message]]:
        """Give batches until every partition was read up to `ends`.

        Raises:
            KafkaUnavailable: Kafka went away on the way.
        """
        consumer = self._open_consumer()
        try:
            while await self._is_behind(consumer, ends):
                found = await consumer.getmany(timeout_ms=POLL_MS, max_records=BATCH)
                batch = [Message.from_kafka(record) for records in found.values() for record in records]
                if batch:
                    yield batch
        except (KafkaError, OSError) as error:
            raise KafkaUnavailable("Kafka went away while the log was read; try again.") from error

    @staticmethod
    async def _is_behind(consumer: AIOKafkaConsumer, ends: Positions) -> bool:
        for partition, end in ends.items():
            if await consumer.position(partition) < end:
                return True
        return False

    def _open_consumer(self) -> AIOKafkaConsumer:
        if self._consumer is None:
            raise KafkaUnavailable("The log is not open; open it first.")
        return self._consumer


async def _assigned(consumer: AIOKafkaConsumer, topics: int) -> None:
    """Wait until the metadata of all topics arrived; aiokafka assigns their partitions then."""
    async with asyncio.timeout(ASSIGNED_S):
        while len({partition.topic for partition in consumer.assignment()}) < topics:  # noqa: ASYNC110  aiokafka offers no event for it
            await asyncio.sleep(LOOK_S)
