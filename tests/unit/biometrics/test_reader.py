"""The gallery's reader: what it cannot read is buried and told once, and what breaks it ends it."""

import asyncio
import datetime as dt
import gc
from uuid import uuid4

import pytest
from aiokafka import TopicPartition
from structlog.testing import capture_logs

from biometrics import reader as reader_module
from biometrics.engine_threads import EngineThreads
from biometrics.events import ERASURES, FINGERPRINTS
from biometrics.gallery import Gallery
from biometrics.progress import Progress
from biometrics.reader import LogReader
from biometrics.receipts import Receipts
from biometrics.rejections import EngineOverloaded
from contracts.audit import AuditAction, AuditPageV1
from contracts.envelope import Envelope
from contracts.records import ErasureV1
from hub.audit import Auditor
from hub.dead_letters import read_dead_letter
from hub.errors import Retryable
from hub.message import Message
from hub.settings import KafkaSettings
from tests.unit.biometrics.fakes import FakeEngine


def message(offset, value=b"{", headers=None, topic=FINGERPRINTS):
    flow = str(uuid4())
    envelope = Envelope(
        flow, "s", "t", "asylum:finger:1", "d", dt.datetime.now(dt.UTC), flow, "p", record_version=offset
    )
    sent = tuple(envelope.to_headers()) if headers is None else headers
    return Message(topic, 0, offset, 0, b"asylum:finger:1", value, sent)


def erasure(offset):
    event = ErasureV1(system="asylum", record="asylum:finger:1", erased="fingerprint", reason="withdrawn")
    return message(offset, event.model_dump_json().encode(), topic=ERASURES)


class Kafka:
    """The log, as one consumer after another reads it; takes what is sent, unless it is away."""

    def __init__(self, *messages):
        self.log = messages
        self.sent = []
        self.failure = None
        self.away = 0

    def __call__(self, *_topics, **_settings):
        self._given = False
        return self

    def assignment(self):
        return [TopicPartition(topic, 0) for topic in (FINGERPRINTS, ERASURES)]

    def _of(self, place):
        return [each for each in self.log if each.topic == place.topic]

    async def start(self):
        pass

    async def stop(self):
        pass

    def pause(self, *places):
        self.paused = set(places)

    def resume(self, *places):
        self.paused -= set(places)
        self._given = False

    def seek(self, place, offset):
        self._from = getattr(self, "_from", {}) | {place: offset}

    async def end_offsets(self, places):
        return {place: max((each.offset + 1 for each in self._of(place)), default=0) for place in places}

    async def getmany(self, **_limits):
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        if self._given:
            await asyncio.sleep(0.01)
            return {}
        self._given = True
        return {
            place: [_record(each) for each in self._of(place) if each.offset >= self._from[place]]
            for place in self.assignment()
        }

    async def send_all(self, messages):
        if self.away:
            self.away -= 1
            raise Retryable("away")
        self.sent += messages
        return []

    @property
    def letters(self):
        found = [Message(each.topic, 0, 0, 0, *each[1:4]) for each in self.sent if each.topic.startswith("dead.")]
        return [(each.topic, letter.origin, letter.reason) for each in found for letter in [read_dead_letter(each)]]

    @property
    def entries(self):
        pages = [each for each in self.sent if each.topic.startswith("audit.")]
        return [entry for page in pages for entry in AuditPageV1.model_validate_json(page.value).entries]


def _record(each):
    record = type("Record", (), each._asdict())()
    record.timestamp = 0
    return record


async def read_all(kafka, folder, monkeypatch, extractor=None, gallery=None):
    """The life of one instance of the service, until it has read the log."""
    monkeypatch.setattr(reader_module, "AIOKafkaConsumer", kafka)
    monkeypatch.setattr(reader_module, "WAIT_AFTER_FAILURE_S", 0.01)
    engine, progress, threads = extractor or FakeEngine(), Progress(), EngineThreads(1)
    receipts = Receipts(kafka, Auditor(kafka, "biometrics"), folder / "receipts.json")
    receipts.open()
    reader = LogReader(
        KafkaSettings(),
        "biometrics",
        gallery=gallery or Gallery(engine),
        extractor=engine,
        threads=threads,
        progress=progress,
        receipts=receipts,
    )
    running = asyncio.create_task(reader.run())
    try:
        async with asyncio.timeout(5):
            while not progress.loaded and not running.done():  # noqa: ASYNC110  nothing tells of it
                await asyncio.sleep(0.005)
        if running.done():
            running.result()
        reader.at_the_end = reader.status
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        threads.stop()
    return reader


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (message(0), "bad-payload"),
        (message(0, value=None), "bad-payload"),
        (message(0, headers=(("unreadable", b"x"),)), "bad-envelope"),
    ],
)
async def test_what_cannot_be_read_leaves_letter_and_entry_and_the_rest_goes_on(monkeypatch, tmp_path, bad, reason):
    kafka = Kafka(bad, erasure(0))
    reader = await read_all(kafka, tmp_path, monkeypatch)
    assert kafka.letters == [("dead.asylum", f"{FINGERPRINTS}/0/0", reason)]
    assert sorted((entry.action, entry.topic) for entry in kafka.entries) == [
        (AuditAction.ERASED, ERASURES),
        (AuditAction.REJECTED, FINGERPRINTS),
    ]
    assert reader.unreadable == 1


async def test_a_letter_is_written_once_however_often_the_log_is_read(monkeypatch, tmp_path):
    kafka = Kafka(message(0), message(1))
    for _instance in range(2):
        await read_all(kafka, tmp_path, monkeypatch)
    assert len(kafka.letters) == 2
    kafka.log = (*kafka.log, message(2))
    await read_all(kafka, tmp_path, monkeypatch)
    assert [origin for _, origin, _ in kafka.letters] == [f"{FINGERPRINTS}/0/{offset}" for offset in range(3)]


async def test_a_batch_is_one_line_of_the_log_and_a_poll_that_brings_nothing_is_none(monkeypatch, tmp_path):
    async def nothing_at_first(**limits):
        kafka.getmany = getmany
        return {}

    kafka = Kafka(message(0), message(1), erasure(0))
    getmany, kafka.getmany = kafka.getmany, nothing_at_first
    with capture_logs() as told:
        await read_all(kafka, tmp_path, monkeypatch)
    assert kafka.getmany == getmany
    assert [line for line in told if line["event"] == "batch taken up"] == [
        {"event": "batch taken up", "log_level": "info", "count": 1, "rejected": 2, "left": 0}
    ]


async def test_while_no_letter_can_be_sent_the_reader_goes_no_further(monkeypatch, tmp_path):
    kafka = Kafka(message(0))
    kafka.away = 2
    await read_all(kafka, tmp_path, monkeypatch)
    assert (kafka.away, len(kafka.letters)) == (0, 1)


async def test_an_event_that_breaks_the_service_is_buried_and_keeps_no_other_out(monkeypatch, tmp_path):
    def broken(message, extractor, **more):
        if message.offset == 1:
            raise ZeroDivisionError
        return read_event(message, extractor, **more)

    read_event = reader_module.read_event
    monkeypatch.setattr(reader_module, "read_event", broken)
    kafka = Kafka(erasure(0), erasure(1))
    await read_all(kafka, tmp_path, monkeypatch)
    assert [reason for _, _, reason in kafka.letters] == ["internal-error"]
    assert [entry.action for entry in kafka.entries if entry.offset == 0] == [AuditAction.ERASED]


async def test_a_client_that_fails_in_a_way_that_nobody_foresaw_ends_the_reading(monkeypatch, tmp_path):
    kafka = Kafka(message(0))
    kafka.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await read_all(kafka, tmp_path, monkeypatch)


class Overloaded(Gallery):
    """A gallery whose engine has no memory for the first changes."""

    fails = 2

    def apply(self, changes):
        if self.fails:
            self.fails -= 1
            raise EngineOverloaded("no memory")
        return super().apply(changes)


async def test_an_engine_without_memory_is_waited_out_and_the_event_taken_up_then(monkeypatch, tmp_path):
    gallery = Overloaded(FakeEngine())
    kafka = Kafka(erasure(3))
    await read_all(kafka, tmp_path, monkeypatch, gallery=gallery)
    assert (gallery.fails, gallery.version_of("asylum:finger:1")) == (0, 3)
    assert [entry.action for entry in kafka.entries] == [AuditAction.ERASED]


@pytest.mark.parametrize("every", [1, 10_000])
async def test_what_the_gallery_holds_is_left_out_of_collections_at_the_latest_once_all_is_loaded(
    monkeypatch, tmp_path, every
):
    monkeypatch.setattr(reader_module, "LEFT_ALONE_AT", every)
    gc.unfreeze()
    try:
        reader = await read_all(Kafka(erasure(0)), tmp_path, monkeypatch)
        assert not any(each is reader for each in gc.get_objects())
    finally:
        gc.unfreeze()
