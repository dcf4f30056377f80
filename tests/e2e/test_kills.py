"""Whatever is killed while records flow, the repository ends up holding what the sources hold, and nothing else."""

import asyncio
import datetime as dt
import os
import random
import signal
import time
from collections.abc import Callable, Iterator

import pytest
from elasticsearch import Elasticsearch
from elasticsearch.helpers import scan
from sqlalchemy import Column, Connection, ScalarResult, select

from deploy.demo.legacy.agencies import SYSTEMS, Agencies, open_agencies
from deploy.demo.legacy.alerts import ALERTS
from deploy.demo.legacy.asylum import APPLICANTS
from deploy.demo.legacy.census import Census, present
from deploy.demo.legacy.changes import CORRECTED_BIRTH_PLACE, CORRECTED_PLACE, change, delete, listed_rows
from deploy.demo.legacy.entry_exit import CROSSINGS, DOCUMENTS, TRAVELLERS
from deploy.demo.legacy.fill import fill
from deploy.demo.population.population import build_population
from deploy.local.environment import elasticsearch_environment
from deploy.local.stack import Stack
from hub.settings import ElasticsearchSettings
from search.mapping import READ_ALIAS
from search.repository import Held, Repository, RepositoryUnavailable, connect

pytestmark = pytest.mark.servers

SERVICES = ("router", "ledger", "projector", *(f"adapter-{system}" for system in SYSTEMS))
PERSONS = 5_500
RECORDS = 20_000
VICTIMS = ("router", "projector", "adapter-entry-exit", "kafka", "elasticsearch")
DEADLINE_S = 300.0
BETWEEN_KILLS_S = 120.0
CHANGES, DELETIONS = 400, 400
MOST_TURNS = 10
"""What the first turn writes often arrives all at once, when the services are up, and then nobody is killed in it."""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """A stack that no other test has put anything into: its repository is compared whole."""
    opened = Stack.open(f"{os.environ.get('ISTHMUS_TEST_STACK', 'test')}-kills")
    opened.forget()
    opened.start(services=())
    try:
        yield opened
    finally:
        opened.stop()
        opened.forget()


@pytest.fixture
def agencies(stack: Stack):
    with open_agencies({system: place(stack, system) for system in SYSTEMS}) as opened:
        yield opened


def place(stack: Stack, system: str) -> str:
    return stack.sources.owner_url(system).removeprefix("file://")


def repository_settings(stack: Stack) -> ElasticsearchSettings:
    found = elasticsearch_environment("search", stack.secrets, stack.addresses)
    return ElasticsearchSettings(
        url=found["ISTHMUS_ELASTICSEARCH__URL"],
        username=found["ISTHMUS_ELASTICSEARCH__USERNAME"],
        password_file=found["ISTHMUS_ELASTICSEARCH__PASSWORD_FILE"],
    )


def asked(stack: Stack, question):
    """Ask the repository one thing; a killed server gives no answer, which is not a wrong one."""

    async def ask():
        async with Repository(connect(repository_settings(stack))) as repository:
            return await question(repository)

    try:
        return asyncio.run(ask())
    except RepositoryUnavailable:
        return None


def standing(stack: Stack) -> list[Held]:
    return asked(stack, lambda repository: repository.held()) or []


def held(stack: Stack) -> Census:
    return {(one.system, one.contract): one.present for one in standing(stack) if one.present}


def payloads(stack: Stack, records: list[str]) -> dict[str, dict]:
    body = {"query": {"ids": {"values": records}}, "size": len(records), "_source": ["record", "payload", "erased"]}
    return {hit["record"]: hit for hit in asked(stack, lambda repository: repository.search(body)) or []}


def until(holds: Callable[[], bool], deadline_s: float, what: str) -> None:
    deadline = time.monotonic() + deadline_s
    while not holds():
        if time.monotonic() > deadline:
            pytest.fail(f"not within {deadline_s:.0f} s: {what}")
        time.sleep(0.3)


def kill(stack: Stack, name: str) -> None:
    """Kill a process and wait until another one has taken its place."""
    before = stack.pids()[name]
    os.kill(before, signal.SIGKILL)
    until(lambda: stack.pids().get(name) not in {None, before}, BETWEEN_KILLS_S, f"{name} is started again")


def wanted(agencies: Agencies) -> Census:
    return {key: count for key, count in present(agencies).items() if count}


def in_flight(stack: Stack, agencies: Agencies, since: int) -> bool:
    """Wait until something that was written `since` (microseconds) has arrived; tell whether more is on its way."""
    until(
        lambda: any((one.newest_version or 0) >= since for one in standing(stack)),
        DEADLINE_S,
        "something of what was written is in the repository",
    )
    return held(stack) not in ({}, wanted(agencies))


def test_kills_in_turn_lose_nothing_and_bring_nothing_back(stack: Stack, agencies: Agencies) -> None:
    rng = random.Random(5)
    changed: dict[str, list] = {}
    ended: dict[str, list] = {}
    total = 0
    victims = list(VICTIMS)
    for turn in range(1, MOST_TURNS + 1):
        # Each turn writes every row of a larger population anew, then corrects and ends some of them.
        since = time.time_ns() // 1000
        population = build_population(PERSONS * turn // len(VICTIMS), 11, dt.date(2026, 6, 1), fingers=0)
        total = fill(agencies, population.holdings, {}).total
        stack.start_services(SERVICES)
        changed, ended = change(agencies, CHANGES, rng), delete(agencies, DELETIONS, rng)
        # Where nothing flows yet, or all has arrived, a kill would show nothing: then the next turn writes more.
        if in_flight(stack, agencies, since):
            kill(stack, victims.pop(0))
        if not victims:
            break
    assert victims == [], "too little was in flight to kill these"
    assert total >= RECORDS
    until(lambda: held(stack) == wanted(agencies), DEADLINE_S, "the repository holds the sources' present rows")
    assert records_of(stack) == present_records(agencies)
    assert listed_documents(stack) == {(row["NUMERO"], row["PAYS"]) for row in listed_rows(agencies)}
    assert_ended_rows_left_stubs(stack, ended)
    assert_corrected_rows_say_what_was_corrected(stack, changed, ended)


def present_records(agencies: Agencies) -> set[str]:
    """Give the references of all rows that are in force, but for the list: its records do not tell their keys."""
    with (
        agencies.entry_exit.connect() as entry_exit,
        agencies.asylum.connect() as asylum,
        agencies.alerts.connect() as alerts,
    ):
        return {
            *(f"entry-exit:traveller:{key}" for key in in_force(entry_exit, TRAVELLERS.c.traveller_id)),
            *(f"entry-exit:document:{key}" for key in in_force(entry_exit, DOCUMENTS.c.document_id)),
            *(f"entry-exit:crossing:{key}" for key in in_force(entry_exit, CROSSINGS.c.crossing_id)),
            *(f"asylum:applicant:{key}" for key in asylum.scalars(select(APPLICANTS.c.id))),
            *(f"alerts:alert:{key}" for key in alerts.scalars(select(ALERTS.c.ALR_NO).where(ALERTS.c.STATUS == "A"))),
        }


def in_force(connection: Connection, key: Column) -> ScalarResult:
    return connection.scalars(select(key).where(key.table.c.deleted_at.is_(None)))


def everything(stack: Stack) -> Iterator[dict]:
    """Give each record that the repository holds and that is not erased."""
    settings = repository_settings(stack)
    query = {"bool": {"filter": [{"term": {"erased": False}}]}}
    with Elasticsearch(settings.url, basic_auth=settings.basic_auth) as client:
        yield from scan(client, index=READ_ALIAS, query={"query": query, "_source": ["system", "payload.document"]})


def records_of(stack: Stack) -> set[str]:
    return {hit["_id"] for hit in everything(stack) if hit["_source"]["system"] != "blacklist"}


def listed_documents(stack: Stack) -> set[tuple[str, str]]:
    found = [
        hit["_source"]["payload"]["document"] for hit in everything(stack) if hit["_source"]["system"] == "blacklist"
    ]
    assert len(found) == len({str(each) for each in found}), "each stands once"
    return {(each["number"], each["issuer"]) for each in found}


def assert_ended_rows_left_stubs(stack: Stack, ended: dict[str, list]) -> None:
    stubs = payloads(stack, [f"entry-exit:crossing:{key}" for key in ended["crossings"]])
    assert len(stubs) == len(ended["crossings"])
    assert all(stub["erased"] and "payload" not in stub for stub in stubs.values())


def assert_corrected_rows_say_what_was_corrected(
    stack: Stack, changed: dict[str, list], ended: dict[str, list]
) -> None:
    alive = sorted(set(changed["crossings"]) - set(ended["crossings"]))
    crossings = payloads(stack, [f"entry-exit:crossing:{key}" for key in alive])
    assert len(crossings) == len(alive)
    assert {hit["payload"]["place"] for hit in crossings.values()} == {CORRECTED_PLACE}
    living = _living(changed, ended)
    alerts = payloads(stack, [record for record in _alerts(stack) if record.rsplit(":", 1)[-1] in living])
    assert len(alerts) == len(living)
    assert {hit["payload"]["person"]["birth_place"] for hit in alerts.values()} == {CORRECTED_BIRTH_PLACE}


def _living(changed: dict[str, list], ended: dict[str, list]) -> set[str]:
    table = next(name for name in changed if name != "crossings")
    return {str(key) for key in changed[table] if key not in set(ended[table])}


def _alerts(stack: Stack) -> list[str]:
    body = {"query": {"term": {"contract": "alert"}}, "size": 5_000, "_source": ["record"]}
    return [hit["record"] for hit in asked(stack, lambda repository: repository.search(body)) or []]
