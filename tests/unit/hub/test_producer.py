"""The producer: it disconnects soon, whatever Kafka does."""

import asyncio

from hub import producer as module
from hub.producer import Producer
from hub.settings import KafkaSettings


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
