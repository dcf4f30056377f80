"""This module starts the projector: `python -m search.projector.app`."""

import uvloop

from hub.audit import Auditor
from hub.broker import consume, make_broker
from hub.logs import configure_logs
from hub.producer import Producer
from hub.service import consume_until_stopped, run_to_the_end, until_reachable
from search.indices import Indices
from search.projector.handler import SERVICE, TOPICS, Projector
from search.projector.settings import ProjectorSettings
from search.repository import Repository, connect


async def run(settings: ProjectorSettings) -> None:
    """Project until told to stop."""
    client = connect(settings.elasticsearch)
    producer = Producer(settings.kafka, SERVICE)
    broker = make_broker(settings.kafka, SERVICE, producer)
    async with Repository(client) as repository:
        await until_reachable(Indices(client).ensure, "elasticsearch")
        for _ in range(settings.writers):
            consume(broker, Projector(repository, Auditor(producer, SERVICE)), group=SERVICE, topics=TOPICS)
        await consume_until_stopped(broker, producer)


def main() -> None:
    """Run with the settings of the environment."""
    settings = ProjectorSettings.load()
    configure_logs(settings.log, SERVICE)
    uvloop.run(run(settings))


if __name__ == "__main__":
    run_to_the_end(main)
