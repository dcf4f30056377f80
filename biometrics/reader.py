"""This module fills the gallery from the log: all of it at start, then every event as it comes."""

import asyncio
import time
from collections.abc import Sequence
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from biometrics.engine_threads import EngineThreads
from biometrics.events import ERASURES, FINGERPRINTS, Event, read_event
from biometrics.gallery import Gallery
from biometrics.progress import Offsets, Progress
from biometrics.receipts import Receipts
from biometrics.rejections import GalleryBehind
from biometrics.samples import Extractor
from hub.collector import leave_alone
from hub.errors import Rejected, Retryable
from hub.logs import get_logger
from hub.message import Message, Rejection
from hub.producer import connection
from hub.settings import KafkaSettings

TOPICS = (FINGERPRINTS, ERASURES)
BATCH = 1_000
POLL_MS = 200
WAIT_AFTER_FAILURE_S = 1.0
LOOK_AGAIN_S = 600.0
"""How often the memory of a full gallery is looked at. The JVM drops all waste for it and stands still meanwhile: 1.4 s
with 512 MB of memory."""
LEFT_ALONE_AT = 10_000
"""Events after which what the gallery holds is left out of Python's collections once more. JPype has all of them run
after each of Java's, which is every few extractions, and nothing works meanwhile: 40 ms for the libraries alone."""
FAILED = "The service failed on this message."


class LogReader:
    """Reads every partition from its beginning, without a consumer group: each instance holds a gallery of its own."""

    def __init__(
        self,
        settings: KafkaSettings,
        client_id: str,
        *,
        gallery: Gallery,
        extractor: Extractor,
        threads: EngineThreads,
        progress: Progress,
        receipts: Receipts,
    ) -> None:
        self._arguments = connection(settings, client_id) | {
            "group_id": None,
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
        }
        self._gallery = gallery
        self._extractor = extractor
        self._threads = threads
        self._progress = progress
        self._receipts = receipts
        # Asks for end offsets on a connection of its own: on the reading one it would queue behind a long poll.
        self._asking: AIOKafkaConsumer | None = None
        self._log = get_logger()
        self._fresh = 0
        self._next_look = 0.0
        self.unreadable = 0
        self.connected = False

    @property
    def status(self) -> str:
        """Tell how far the gallery is to be relied on; see `Health`."""
        if not self.connected:
            return "degraded"
        if not self._progress.complete or self._gallery.full:
            return "incomplete"
        return "ready" if self._progress.loaded else "loading"

    @property
    def waits_for(self) -> str | None:
        """Tell what a full gallery waits for, in words."""
        if not self._gallery.full:
            return None
        megabytes = -(-self._gallery.lacking >> 20)
        return (
            f"{megabytes} MB of memory, which is looked for every {LOOK_AGAIN_S / 60:.0f} minutes: "
            "that records are erased, or a start with more ISTHMUS_HEAP_MEGABYTES"
        )

    async def run(self) -> None:
        """Read until cancelled; a failure of Kafka is waited out, and what was read stays."""
        while True:
            try:
                await self._read()
            except (KafkaError, OSError, Retryable) as error:
                self._log.warning("waiting for the log", reason=type(error).__name__)
                await asyncio.sleep(WAIT_AFTER_FAILURE_S)
            finally:
                self.connected = False

    async def end_offsets(self, deadline_s: float) -> Offsets:
        """Ask Kafka how far the log goes now.

        Raises:
            GalleryBehind: Kafka does not answer.
        """
        if self._asking is None:
            raise GalleryBehind("The log cannot be asked how far it goes; try again in a moment.")
        try:
            async with asyncio.timeout(deadline_s):
                return await _ends(self._asking, _partitions(self._asking))
        except (KafkaError, OSError, TimeoutError):
            raise GalleryBehind("The log cannot be asked how far it goes; try again in a moment.") from None

    async def _read(self) -> None:
        async with _consumer(self._arguments, fetch_max_wait_ms=50) as reading, _consumer(self._arguments) as asking:
            partitions = _partitions(reading)
            asking.pause(*_partitions(asking))
            for partition in partitions:
                # From the beginning at start; after a failure from where the gallery stands.
                reading.seek(partition, self._progress.next_of(partition.topic, partition.partition))
            ends = await _ends(asking, partitions)
            self._asking, self.connected = asking, True
            self._log.info("reading the log", partitions=len(partitions), messages=sum(ends.values()))
            try:
                await self._follow(reading, ends)
            finally:
                self._asking = None

    async def _follow(self, reading: AIOKafkaConsumer, ends: Offsets) -> None:
        while True:
            if await self._goes_on(reading):
                ends = await _ends(reading, _partitions(reading))
            if not self._progress.loaded and self._progress.has_reached(ends):
                self._progress.loaded = True
                self._leave_alone()
                self._log.info("gallery loaded", fingers=self._gallery.fingers, templates=self._gallery.templates)
            found = await reading.getmany(timeout_ms=POLL_MS, max_records=BATCH)
            records = [record for batch in found.values() for record in batch]
            if not records:
                continue
            messages = [Message.from_kafka(record) for record in records]
            events, rejections, left = await self._threads.run(self._take, messages)
            await self._receipts.write(events, rejections)
            reached = {(p.topic, p.partition): batch[-1].offset + 1 for p, batch in found.items() if batch}
            reached |= {(each.topic, each.partition): each.offset for each in reversed(left)}
            await self._progress.move(reached)
            self._log.info("batch taken up", count=len(events), rejected=len(rejections), left=len(left))
            if left:
                await self._halt(reading)
            self._fresh += len(events)
            if self._fresh >= LEFT_ALONE_AT:
                self._leave_alone()

    def _leave_alone(self) -> None:
        leave_alone()
        self._fresh = 0

    async def _halt(self, reading: AIOKafkaConsumer) -> None:
        """Read no more fingers, for the gallery is full: it goes on from where it stands, now or after a start.

        Erasures are read on: nobody who is to be forgotten is found for want of memory.
        """
        reading.pause(*_of_fingers(reading))
        await self._progress.halt(FINGERPRINTS)
        self._log.error("gallery full", fingers=self._gallery.fingers, templates=self._gallery.templates)

    async def _goes_on(self, reading: AIOKafkaConsumer) -> bool:
        """Read fingers again from where they were left, once a look at the memory finds room; tell whether it has."""
        if self._gallery.full:
            if time.monotonic() < self._next_look:
                return False
            self._next_look = time.monotonic() + LOOK_AGAIN_S
            await self._threads.run(self._gallery.look_again)
        if self._gallery.full or self._progress.complete:
            return False
        for partition in _of_fingers(reading):
            reading.seek(partition, self._progress.next_of(partition.topic, partition.partition))
        reading.resume(*_of_fingers(reading))
        await self._progress.resume(FINGERPRINTS)
        self._log.info("gallery has room again", fingers=self._gallery.fingers, templates=self._gallery.templates)
        return True

    def _take(self, messages: Sequence[Message]) -> tuple[list[Event], list[Rejection], list[Message]]:
        """Put a batch into the gallery, and give what is of no use to it, and what it has no room for.

        Runs in the engine's threads.
        """
        events: list[Event] = []
        rejections: list[Rejection] = []
        left: list[Message] = []
        for message in messages:
            if self._gallery.full and message.topic == FINGERPRINTS:
                left.append(message)
                continue
            try:
                event = read_event(message, self._extractor, by_views=self._gallery.comparing.by_views)
            except Retryable:
                raise
            except Rejected as error:
                rejections.append(Rejection(message, error))
                continue
            except Exception as error:  # noqa: BLE001  one event that breaks the service must not keep the others out
                self._log.error("message failed", place=message.place, exc_info=error)
                rejections.append(Rejection(message, Rejected(FAILED, code="internal-error")))
                continue
            if event is not None:
                self.unreadable += event.unreadable
                self._gallery.apply([event.change])
                events.append(event)
        self.unreadable += len(rejections)
        return events, rejections, left


class _consumer:  # noqa: N801  reads as a word: async with _consumer(...)
    """A consumer that is started and stopped with a block."""

    def __init__(self, arguments: dict[str, Any], **more: Any) -> None:
        self._arguments = arguments | more

    async def __aenter__(self) -> AIOKafkaConsumer:
        self._consumer = AIOKafkaConsumer(*TOPICS, **self._arguments)
        try:
            await self._consumer.start()
        except BaseException:
            await self._consumer.stop()
            raise
        return self._consumer

    async def __aexit__(self, *_: object) -> None:
        await self._consumer.stop()


def _partitions(consumer: AIOKafkaConsumer) -> list[TopicPartition]:
    """List the partitions of a consumer, which has them all, for it is of no group."""
    found: list[TopicPartition] = sorted(consumer.assignment())
    if {partition.topic for partition in found} != set(TOPICS):
        raise GalleryBehind("A topic of the log is not there yet; it is waited for.")
    return found


def _of_fingers(consumer: AIOKafkaConsumer) -> list[TopicPartition]:
    return [partition for partition in _partitions(consumer) if partition.topic == FINGERPRINTS]


async def _ends(consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition]) -> Offsets:
    ends = await consumer.end_offsets(partitions)
    return {(partition.topic, partition.partition): offset for partition, offset in ends.items()}
