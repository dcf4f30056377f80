"""This module starts the projector: `python -m search.projector.app`."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import uvloop

from hub.audit import Auditor
from hub.broker import consume, make_broker
from hub.logs import configure_logs
from hub.producer import Producer
from hub.service import consume_until_stopped, run_to_the_end, until_reachable
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
        building = Builder(settings.kafka, SERVICE, repository, indices).keep_built()
        await until_one_ends(building, consume_until_stopped(broker, producer))


async def until_one_ends(*work: Coroutine[Any, Any, object]) -> None:
    """Do all of it at once; when one part ends, end the others, and raise what ended it."""
    tasks = [asyncio.create_task(part) for part in work]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for task in done:
        task.result()


def main() -> None:
    """Run with the settings of the environment."""
    settings = ProjectorSettings.load()
    configure_logs(settings.log, SERVICE)
    uvloop.run(run(settings))


if __name__ == "__main__":
    run_to_the_end(main)
