"""What the tests of the search need of a real stack: its accounts, events on the log, waiting for effects."""

import asyncio
import time
from contextlib import asynccontextmanager
from pathlib import Path

from contracts import topics
from hub.message import Outgoing
from hub.producer import Producer
from hub.service import until_reachable
from hub.settings import ElasticsearchSettings, KafkaSettings
from search.indices import Indices
from search.projector.building import Builder
from search.repository import Repository, connect
from tests.unit.search.people import envelope

DEADLINE_S = 60.0
LOOK_S = 0.05


def kafka_of(stack, service):
    """The Kafka account of a service."""
    env = stack.env_for(service)
    return KafkaSettings(
        bootstrap=env["ISTHMUS_KAFKA__BOOTSTRAP"],
        username=env["ISTHMUS_KAFKA__USERNAME"],
        password_file=Path(env["ISTHMUS_KAFKA__PASSWORD_FILE"]),
    )


def elasticsearch_of(stack, service):
    """The Elasticsearch account of a service."""
    env = stack.env_for(service)
    return ElasticsearchSettings(
        url=env["ISTHMUS_ELASTICSEARCH__URL"],
        username=env["ISTHMUS_ELASTICSEARCH__USERNAME"],
        password_file=Path(env["ISTHMUS_ELASTICSEARCH__PASSWORD_FILE"]),
    )


@asynccontextmanager
async def repository_of(stack, service="projector"):
    """The repository as one account, with its index in place: built by the projector's account where there is none."""
    client = connect(elasticsearch_of(stack, service))
    async with Repository(client) as repository:
        indices = Indices(client)
        if service == "projector":
            await until_reachable(
                Builder(kafka_of(stack, service), "test", repository, indices).build_if_missing, "test"
            )
        yield repository, indices


def event_message(event, version=1):
    """An event as the router publishes it."""
    headers = tuple(envelope(event, version).to_headers())
    value = event.model_dump_json(exclude_none=True).encode()
    return Outgoing(topics.outgoing(event.contract), event.record.encode(), value, headers)


async def publish(stack, *events, version=1):
    """Put events on the log, as the router does."""
    async with Producer(kafka_of(stack, "router"), "test-router") as producer:
        await producer.send_all([event_message(event, version) for event in events])


async def until(condition, deadline_s=DEADLINE_S):
    """Wait until `condition` gives something true, and give it."""
    end = time.monotonic() + deadline_s
    while True:
        found = await condition()
        if found:
            return found
        assert time.monotonic() < end, "the condition did not come about in time"
        await asyncio.sleep(LOOK_S)
