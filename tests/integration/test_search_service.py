"""The search service on real servers: repository and live systems in one answer, and what happens when one is away."""

import asyncio
import os
import signal
from contextlib import asynccontextmanager

import httpx
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition

from contracts import topics
from contracts.query import AnswerStatus, AnswerV1, QueryV1
from hub.message import Outgoing
from hub.producer import Producer, connection
from tests.integration.search_stand import kafka_of, publish, until
from tests.unit.search.people import alert, erasure, listed, passport, person

pytestmark = pytest.mark.servers


class Desk:
    """A guard's connection to the running service."""

    def __init__(self, stack, systems=("*",)):
        token = stack.token("guard-1", ["search"], systems)
        self._client = httpx.AsyncClient(
            base_url=stack.addresses.url("search"), headers={"Authorization": f"Bearer {token}"}, timeout=30
        )

    async def ask(self, **body):
        answer = await self._client.post("/v1/search", json={"purpose": "border-check", **body})
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def health(self):
        return (await self._client.get("/health")).json()

    async def close(self):
        await self._client.aclose()


@pytest.fixture
async def desk(stack):
    stack.start_services(["projector", "search"])
    desk = Desk(stack)

    async def ready():
        health = await desk.health()
        return health["kafka"] and health["elasticsearch"]

    await until(ready)
    yield desk
    await desk.close()


@asynccontextmanager
async def live_system(stack, system, records):
    """A connected system that answers live questions, with the account of its adapter."""
    settings = kafka_of(stack, f"adapter-{system}")
    consumer = AIOKafkaConsumer(**connection(settings, f"test-{system}"))
    await consumer.start()
    partition = TopicPartition(topics.query(system), 0)
    consumer.assign([partition])
    await consumer.seek_to_end(partition)

    async def serve(producer):
        async for message in consumer:
            asked = QueryV1.model_validate_json(message.value)
            answer = AnswerV1(
                query=asked.query,
                system=system,
                status=AnswerStatus.HIT if records else AnswerStatus.NO_HIT,
                records=tuple(records),
                elapsed_ms=1,
            )
            await producer.send(Outgoing(asked.answer_to, None, answer.model_dump_json().encode()))

    async with Producer(settings, f"test-{system}", linger_ms=0) as producer:
        serving = asyncio.create_task(serve(producer))
        try:
            yield
        finally:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
            await consumer.stop()


def statuses(answer):
    return {system["system"]: system["status"] for system in answer["systems"]}


async def test_repository_and_live_systems_make_one_answer(stack, desk):
    held = person("service", full="Oda Musterova", documents=(passport("S000001"),))
    await publish(stack, held, listed("service", number="S000001"))

    async def stored():
        return (await desk.ask(document={"number": "S000001"}))["persons"]

    await until(stored)
    wanted = alert("service", about={"full": "Oda Musterova"})
    answers = []

    async def everybody_answered():  # whoever was silent while the record was stored is left alone for some seconds
        answers.append(await desk.ask(name="Oda Musterowa", birth_date="1984-05-06"))
        return {statuses(answers[-1])[source] for source in ("repository", "entry-exit", "alerts")} == {"hit"}

    async with live_system(stack, "entry-exit", [held]), live_system(stack, "alerts", [wanted]):
        await until(everybody_answered)

    answer = answers[-1]
    (found,) = answer["persons"]
    origins = {record["record"]: record["origins"] for record in found["records"]}
    assert origins == {
        "entry-exit:persons:service": ["live", "repository"],
        "blacklist:documents:service": ["repository"],
        "alerts:alerts:service": ["live"],
    }
    assert {finding["kind"] for finding in found["findings"]} == {"active-alert", "document-not-to-be-relied-on"}


async def test_a_silent_system_is_said_and_then_left_alone(stack, desk):
    async with live_system(stack, "entry-exit", []):
        statuses_seen = [statuses(await desk.ask(name="Nobody Atall"))["alerts"] for _ in range(4)]
    assert set(statuses_seen) <= {"timed_out", "unavailable"}
    assert statuses_seen[-1] == "unavailable"


async def test_an_erased_record_is_shown_no_more(stack, desk):
    record = person("erasure", full="Ilka Geloescht", documents=(passport("S000002"),))
    await publish(stack, record)

    async def shown():
        return (await desk.ask(document={"number": "S000002"}))["persons"]

    await until(shown)
    await publish(stack, erasure(record), version=2)

    async def gone():
        answer = await desk.ask(document={"number": "S000002"})
        return statuses(answer)["repository"] == "no_hit" and not answer["persons"]

    await until(gone)


async def test_a_guard_sees_nothing_of_systems_that_the_token_does_not_open(stack, desk):
    await publish(stack, person("hidden", full="Vera Verborgen", documents=(passport("S000003"),)))

    async def stored():
        return (await desk.ask(document={"number": "S000003"}))["persons"]

    await until(stored)
    other = Desk(stack, systems=("alerts",))
    answers = []

    async def looked_everywhere():  # that nothing is shown says nothing before whoever holds something was asked
        answers.append(await other.ask(document={"number": "S000003"}))
        return statuses(answers[-1]) == {"repository": "no_hit", "alerts": "no_hit"}

    async with live_system(stack, "alerts", []):
        await until(looked_everywhere)
    await other.close()
    assert all(answer["persons"] == [] for answer in answers)
    assert all(set(statuses(answer)) == {"repository", "alerts"} for answer in answers)
    await until(stored)


async def test_the_search_goes_on_while_elasticsearch_is_away_and_recovers_by_itself(stack, desk):
    wanted = alert("away", about={"full": "Ada Testova"})

    async def told(*repository):
        answer = await desk.ask(name="Ada Testova", birth_date="1984-05-06")
        shown = {record["record"] for found in answer["persons"] for record in found["records"]}
        found = statuses(answer)
        return found["alerts"] == "hit" and wanted.record in shown and found["repository"] in repository

    async with live_system(stack, "alerts", [wanted]):
        await until(lambda: told("hit", "no_hit"))
        os.kill(stack.pids()["elasticsearch"], signal.SIGKILL)
        await until(lambda: told("unavailable", "timed_out"))
        await until(lambda: told("hit", "no_hit"), 120)


async def test_the_search_goes_on_while_kafka_is_away_and_asks_live_systems_again_by_itself(stack, desk):
    async def told(system, *expected):
        found = statuses(await desk.ask(name="Ada Testova"))
        return found["repository"] in {"hit", "no_hit"} and found[system] in expected

    async with live_system(stack, "alerts", []):
        await until(lambda: told("alerts", "no_hit"), 60)
        os.kill(stack.pids()["kafka"], signal.SIGKILL)
        await until(lambda: told("alerts", "unavailable", "timed_out"), 30)
        await until(lambda: told("alerts", "no_hit"), 120)
