"""The producer: it disconnects soon, whatever Kafka does, and sends on after whatever was refused."""

import asyncio
from types import SimpleNamespace

import pytest
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    KafkaTimeoutError,
    LeaderNotAvailableError,
    MessageSizeTooLargeError,
    OutOfOrderSequenceNumber,
    TopicAuthorizationFailedError,
)

from hub import producer as module
from hub.errors import Misconfigured
from hub.message import Outgoing
from hub.producer import FEW, KafkaUnavailable, Producer, TooLarge
from hub.settings import KafkaSettings
from tests.unit.hub.test_batches import Broker

TOPIC = "in.a.person.v1"


async def test_a_producer_stops_soon_where_kafka_is_gone_with_messages_under_way(monkeypatch):
    class Unreachable:
        def __init__(self, **_settings):
            pass

        async def start(self):
            pass

        async def stop(self):
            await asyncio.Event().wait()

    monkeypatch.setattr(module, "AIOKafkaProducer", Unreachable)
    monkeypatch.setattr(module, "STOP_S", 0.05)
    started = Producer(KafkaSettings(), "test")
    await started.start()
    async with asyncio.timeout(5):
        await started.stop()


class Kafka:
    """The broker and its clients, which go on as aiokafka 0.14 does: after a refusal a client is refused for ever."""

    def __init__(self):
        self.clients = []
        self.log = []
        self.refusal = None
        self.away = False
        self.slow = None

    def __call__(self, **_settings):
        self.clients.append(Client(self))
        return self.clients[-1]

    @property
    def sending(self):
        return [client for client in self.clients if not client.stopped]


class Client(Broker):
    def __init__(self, kafka):
        super().__init__()
        self.kafka = kafka
        self.leaving = self.stopped = False
        self.gap = False
        self.under_way = set()

    async def start(self):
        await asyncio.sleep(0)
        if self.kafka.away:
            raise KafkaConnectionError

    async def stop(self):
        if self.leaving:
            return
        self.leaving = True
        if self.under_way:
            await asyncio.wait(self.under_way)
        self.stopped = True

    async def send(self, _topic, value, **_message):
        return self._answered([value])

    async def send_batch(self, batch, _topic, *, partition):
        return self._answered([partition])

    def _answered(self, values):
        answer = asyncio.ensure_future(self._answer(values))
        self.under_way.add(answer)
        answer.add_done_callback(self.under_way.discard)
        return answer

    async def _answer(self, values):
        kafka = self.kafka
        if self.gap:
            raise OutOfOrderSequenceNumber
        if kafka.refusal is not None:
            refusal, kafka.refusal = kafka.refusal, None
            self.gap = not isinstance(refusal, KafkaTimeoutError)
            raise refusal
        if kafka.slow is not None:
            slow, kafka.slow = kafka.slow, None
            await slow.wait()
        kafka.log += values
        return SimpleNamespace(partition=0, offset=len(kafka.log) - len(values))


@pytest.fixture
async def kafka(monkeypatch):
    kafka = Kafka()
    monkeypatch.setattr(module, "AIOKafkaProducer", kafka)
    yield kafka
    assert kafka.sending == []


def message(value=b"v"):
    return Outgoing(TOPIC, b"k", value)


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (MessageSizeTooLargeError(), TooLarge),
        (TopicAuthorizationFailedError("t"), Misconfigured),
        (OutOfOrderSequenceNumber(), KafkaUnavailable),
        (LeaderNotAvailableError(), KafkaUnavailable),
        (KafkaError("Unexpected error during batch delivery"), KafkaUnavailable),
    ],
)
@pytest.mark.parametrize("count", [1, FEW + 1])
async def test_what_kafka_refused_keeps_nobody_from_sending_afterwards(kafka, refusal, told, count):
    async with Producer(KafkaSettings(), "s") as producer:
        kafka.refusal = refusal
        with pytest.raises(told):
            await producer.send_all([message()] * count)
        await producer.send_all([message()] * count)
        await producer.send(message())
        assert len(kafka.clients) == 2
        assert kafka.sending == kafka.clients[1:]


async def test_a_client_is_replaced_once_however_many_wait_for_it(kafka):
    async with Producer(KafkaSettings(), "s") as producer:
        kafka.refusal = MessageSizeTooLargeError()
        first = await asyncio.gather(*(producer.send(message()) for _ in range(10)), return_exceptions=True)
        assert [type(each) for each in first] == [TooLarge] + [KafkaUnavailable] * 9
        await asyncio.gather(*(producer.send(message(b"%d" % number)) for number in range(10)))
        assert len(kafka.clients) == 2
        assert sorted(kafka.log) == [b"%d" % number for number in range(10)]


async def test_what_could_not_be_handed_over_in_time_spoils_no_client(kafka):
    async with Producer(KafkaSettings(), "s") as producer:
        kafka.refusal = KafkaTimeoutError()
        with pytest.raises(KafkaUnavailable):
            await producer.send(message())
        await producer.send(message())
        assert len(kafka.clients) == 1


async def test_what_is_under_way_is_settled_before_anything_that_follows_and_its_sender_is_answered(kafka):
    async with Producer(KafkaSettings(), "s") as producer:
        kafka.slow = asyncio.Event()
        slow = kafka.slow
        early = asyncio.create_task(producer.send(message(b"early")))
        await asyncio.sleep(0.01)
        kafka.refusal = MessageSizeTooLargeError()
        with pytest.raises(TooLarge):
            await producer.send(message())
        later = asyncio.create_task(producer.send(message(b"later")))
        await asyncio.sleep(0.05)
        assert kafka.log == []
        slow.set()
        await asyncio.gather(early, later)
        assert kafka.log == [b"early", b"later"]


async def test_who_gives_up_waiting_does_not_stop_the_replacement(kafka):
    async with Producer(KafkaSettings(), "s") as producer:
        kafka.slow = asyncio.Event()
        slow = kafka.slow
        early = asyncio.create_task(producer.send(message(b"early")))
        await asyncio.sleep(0.01)
        kafka.refusal = MessageSizeTooLargeError()
        with pytest.raises(TooLarge):
            await producer.send(message())
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.01):
                    await producer.send(message())
        slow.set()
        await early
        await producer.send(message())
        assert len(kafka.clients) == 2


async def test_while_kafka_is_away_a_spoilt_client_is_not_replaced_and_the_next_send_tries_again(kafka):
    async with Producer(KafkaSettings(), "s") as producer:
        kafka.refusal = MessageSizeTooLargeError()
        with pytest.raises(TooLarge):
            await producer.send(message())
        kafka.away = True
        for _ in range(2):
            with pytest.raises(KafkaUnavailable):
                await producer.send(message())
        kafka.away = False
        await producer.send(message())
        assert kafka.log == [b"v"]


async def spoilt_with_one_under_way(kafka, producer):
    """Give what is under way and what lets it arrive; the client by which it is sent is to be replaced."""
    kafka.slow = slow = asyncio.Event()
    early = asyncio.create_task(producer.send(message(b"early")))
    await asyncio.sleep(0.01)
    kafka.refusal = MessageSizeTooLargeError()
    with pytest.raises(TooLarge):
        await producer.send(message())
    return early, slow


async def test_who_waits_for_a_replacement_when_the_producer_stops_is_told_that_kafka_is_not_connected(kafka):
    async with Producer(KafkaSettings(), "s") as producer:
        early, slow = await spoilt_with_one_under_way(kafka, producer)
        waiting = asyncio.create_task(producer.send(message()))
        await asyncio.sleep(0.01)
        asyncio.get_running_loop().call_later(0.05, slow.set)
        await producer.stop()
        assert kafka.log == [b"early"]  # the replaced client was given the time to send it
        with pytest.raises(KafkaUnavailable):
            await waiting
        await early


@pytest.mark.parametrize("replacing", [False, True])
async def test_a_spoilt_producer_that_was_stopped_connects_no_more(kafka, replacing):
    async with Producer(KafkaSettings(), "s") as producer:
        early, slow = await spoilt_with_one_under_way(kafka, producer)
        waiting = [asyncio.create_task(producer.send(message()))] if replacing else []
        await asyncio.sleep(0.01)
        stopping = asyncio.create_task(producer.stop())
        for _ in range(10):
            await asyncio.sleep(0)
            with pytest.raises(KafkaUnavailable):
                await producer.send(message())
        slow.set()
        await asyncio.gather(stopping, early)
        told = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(each, KafkaUnavailable) for each in told)
        with pytest.raises(KafkaUnavailable):
            await producer.send(message())
        assert (len(kafka.clients), kafka.log) == (1, [b"early"])


async def test_a_client_that_took_the_place_of_one_still_leaving_leaves_too(kafka, monkeypatch):
    monkeypatch.setattr(module, "STOP_S", 0.01)
    async with Producer(KafkaSettings(), "s") as producer:
        early, slow = await spoilt_with_one_under_way(kafka, producer)
        await producer.send(message(b"later"))
        monkeypatch.setattr(module, "STOP_S", 5)
        slow.set()
        await producer.stop()
        await early
        assert ([client.stopped for client in kafka.clients], kafka.log) == ([True, True], [b"later", b"early"])
