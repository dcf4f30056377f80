"""A reading that fails ends its service: nothing is passed over, and no service looks well that does nothing."""

import asyncio

import aiokafka
import pytest
from aiokafka.errors import KafkaError
from aiokafka.structs import ConsumerRecord, TopicPartition
from fastapi import FastAPI

from hub import service
from hub.broker import ReadingEnded, consume, make_broker
from hub.errors import Misconfigured, Rejected
from hub.message import Rejection
from hub.producer import TooLarge
from hub.service import consume_until_stopped, run_to_the_end
from hub.serving import beside, has_failed, serve
from hub.settings import HttpSettings, KafkaSettings

TOPIC = "in.alerts.alert.v1"
RECORD = ConsumerRecord(TOPIC, 0, 7, 0, 0, b"k", b"v", None, 1, 1, ())


class Consumer:
    """What the Kafka client does at each call; waits for ever once it has nothing more to do."""

    def __init__(self, *script):
        self.script = list(script)
        self.asked = 0
        self.committed = []
        self.stopped = 0

    def __call__(self, **_settings):
        return self

    def subscribe(self, **_what):
        pass

    async def start(self):
        pass

    async def stop(self):
        self.stopped += 1

    async def getmany(self, **_limits):
        self.asked += 1
        await asyncio.sleep(0)
        if not self.script:
            await asyncio.Event().wait()
        what = self.script.pop(0)
        if isinstance(what, BaseException):
            raise what
        return {TopicPartition(TOPIC, 0): [what]}

    async def commit(self, *_offsets):
        self.committed.append(self.asked)


class Producer:
    """Takes nothing larger than nothing."""

    async def start(self):
        pass

    async def stop(self):
        pass

    async def send_all(self, _messages):
        raise TooLarge("no")


async def refuse_all(batch):
    return [Rejection(message, Rejected("no")) for message in batch]


async def take_all(_batch):
    return []


async def run(monkeypatch, consumer, handler=take_all, readers=1):
    """The life of a service that only consumes."""
    monkeypatch.setattr(aiokafka, "AIOKafkaConsumer", consumer)
    producer = Producer()
    broker = make_broker(KafkaSettings(), "s", producer)
    for _ in range(readers):
        consume(broker, handler, group="s", topics=[TOPIC])
    async with asyncio.timeout(5):
        await consume_until_stopped(broker, producer)


@pytest.mark.parametrize("failure", [ZeroDivisionError(), KafkaError("coordination"), MemoryError()])
@pytest.mark.parametrize("readers", [1, 2])
async def test_a_client_that_fails_ends_the_service_and_is_not_asked_again(monkeypatch, failure, readers):
    consumer = Consumer(RECORD, failure)
    with pytest.raises(type(failure)):
        await run(monkeypatch, consumer, readers=readers)
    assert (consumer.script, consumer.stopped) == ([], readers)
    if readers == 1:
        assert consumer.asked == 2


async def test_a_reading_that_ends_without_a_failure_ends_the_service_too(monkeypatch):
    consumer = Consumer(asyncio.CancelledError())
    with pytest.raises(ReadingEnded):
        await run(monkeypatch, consumer)


async def test_a_batch_that_can_be_neither_done_nor_buried_is_not_passed_over(monkeypatch):
    consumer = Consumer(RECORD, RECORD)
    with pytest.raises(TooLarge):
        await run(monkeypatch, consumer, refuse_all)
    assert (consumer.asked, consumer.committed) == (1, [])


async def test_what_fails_while_it_is_stopped_does_not_hide_what_failed_before(monkeypatch):
    class Broken(Consumer):
        async def stop(self):
            raise KafkaError("still")

    with pytest.raises(ZeroDivisionError):
        await run(monkeypatch, Broken(ZeroDivisionError()))


class Log:
    def __init__(self):
        self.lines = []

    def error(self, event, **about):
        self.lines.append((event, about))


@pytest.mark.parametrize(
    ("failure", "status", "event"),
    [(Misconfigured("Set it."), 2, "service cannot run"), (ZeroDivisionError(), 1, "service failed")],
)
def test_a_service_that_ends_says_why_on_one_line_and_by_its_exit_status(monkeypatch, failure, status, event):
    log = Log()
    monkeypatch.setattr(service, "get_logger", lambda: log)

    def main():
        raise failure

    with pytest.raises(SystemExit) as ended:
        run_to_the_end(main)
    assert ended.value.code == status
    assert [line[0] for line in log.lines] == [event]


def api_beside(*work) -> FastAPI:
    """A service that answers over HTTP and does some work beside that."""
    return FastAPI(lifespan=lambda api: beside(api, *(part() for part in work)))


async def fail():
    await asyncio.sleep(0.05)
    raise ZeroDivisionError


async def test_work_that_succeeds_may_end_and_work_under_way_is_ended_with_the_service():
    ended = []

    async def begin():
        return "connected"

    async def go_on():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("reading")

    api = api_beside(begin, go_on)
    async with api.router.lifespan_context(api):
        await asyncio.sleep(0.01)
        assert ended == []
    assert ended == ["reading"]
    assert not has_failed(api)


def test_a_server_whose_work_fails_ends_with_status_1():
    with pytest.raises(SystemExit) as ended:
        serve(api_beside(fail), HttpSettings(port=0))
    assert ended.value.code == 1


def test_a_server_that_is_told_to_stop_ends_well():
    async def stop_soon():
        await asyncio.sleep(0.05)
        api.state.server.should_exit = True

    api = api_beside(stop_soon)
    serve(api, HttpSettings(port=0))
