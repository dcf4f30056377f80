"""This module starts the projector: `python -m search.projector.app`."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import uvloop
from faststream.kafka import KafkaBroker

from hub.audit import Auditor
from hub.broker import consume, make_broker
from hub.logs import configure_logs
from hub.producer import Producer
from hub.service import STOP_S, consume_until_stopped, run_to_the_end, until_reachable
from search.indices import Indices
from search.projector.building import Builder
from search.projector.handler import SERVICE, TOPICS, Projector
from search.projector.settings import ProjectorSettings
from search.repository import Repository, connect


async def run(settings: ProjectorSettings) -> None:
    """Project until told to stop."""
    client = connect(settings.elasticsearch)
    producer = Producer(settings.kafka, SERVICE)
    broker = make_broker(settings.kafka, SERVICE, producer)
    async with Repository(client) as repository:
        indices = Indices(client)
        await until_reachable(indices.adapt, "elasticsearch")
        for _ in range(settings.writers):
            consume(broker, Projector(repository, Auditor(producer, SERVICE)), group=SERVICE, topics=TOPICS)
        await consume_beside(Builder(settings.kafka, SERVICE, repository, indices).keep_built(), broker, producer)


async def consume_beside(work: Coroutine[Any, Any, object], broker: KafkaBroker, producer: Producer) -> None:
    """Consume until told to stop, with `work` beside; where that ends, leave, and raise what ended it."""
    working = asyncio.create_task(work)
    consuming = asyncio.create_task(consume_until_stopped(broker, producer))
    done, _ = await asyncio.wait({working, consuming}, return_when=asyncio.FIRST_COMPLETED)
    if consuming not in done:
        # Without it the group would wait out the session of one who is gone. That nothing is read ends the consuming.
        with suppress(Exception):
            async with asyncio.timeout(STOP_S):
                await broker.stop()
                await asyncio.wait({consuming})
    for task in (working, consuming):
        task.cancel()
    await asyncio.gather(working, consuming, return_exceptions=True)
    for task in done:
        task.result()


def main() -> None:
    """Run with the settings of the environment."""
    settings = ProjectorSettings.load()
    configure_logs(settings.log, SERVICE)
    uvloop.run(run(settings))


if __name__ == "__main__":
    run_to_the_end(main)
