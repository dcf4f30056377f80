"""The entry/exit adapter on the real PostgreSQL and Kafka: rows in, changed, deleted; and a live question."""

import asyncio
import datetime as dt
from uuid import uuid4

import pytest
import sqlalchemy as sa
from aiokafka import AIOKafkaConsumer

from adapters.agencies.entry_exit import ADAPTER
from adapters.conformance.recorder import Recorder
from adapters.databases import connect
from adapters.declaration import Adapter, Natural, Sql, Stream, Surrogate
from adapters.keys import key_maker
from adapters.process import run
from adapters.publisher import Publisher
from adapters.settings import AdapterSettings
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource
from adapters.state import StreamState
from contracts.envelope import Envelope, contract_schema, contract_type
from contracts.identity import PersonName
from contracts.query import AnswerStatus, AnswerV1, Criteria, Purpose, QueryV1
from contracts.records import PersonV1
from contracts.topics import answer, dead, incoming, query
from deploy.demo.legacy import entry_exit
from deploy.local.environment import kafka_environment
from hub.audit import Auditor
from hub.cluster import cluster_id
from hub.message import Outgoing
from hub.producer import Producer, connection
from hub.settings import ServiceSettings
from hub.tracing import new_traceparent
from tests.unit.adapters.person_table import person

pytestmark = pytest.mark.servers
SYSTEM, INSTANCE, DEADLINE_S = "entry-exit", "search-1", 180.0
END = "infinity"
DOCUMENT = {"traveller_id": 1, "doc_type": "P", "doc_no": "X0000001", "issuing_state": "UTO", "surname": "TESTOVA"}
TRAVELLER = {"surname": "TESTOVA", "forenames": "ADA", "birth_date": "19600811", "sex": "F", "nationality": "UTO"}


@pytest.fixture
def owner(stack):
    engine = sa.create_engine(stack.sources.owner_url(SYSTEM))
    entry_exit.METADATA.drop_all(engine)
    entry_exit.create(engine)
    with engine.begin() as connection_:
        rows = [{"traveller_id": number, **TRAVELLER} for number in range(1, 41)]
        connection_.execute(entry_exit.TRAVELLERS.insert(), rows)
    yield engine
    entry_exit.METADATA.drop_all(engine)
    engine.dispose()


@pytest.fixture
def odd_times(owner):
    """Three documents: one as ever, one changed at the end of time, one that is valid until then."""
    forever = sa.text("'infinity'")
    with owner.begin() as connection_:
        for number, odd in enumerate(({}, {"updated_at": forever}, {"expires_on": forever}), 1):
            row = {**DOCUMENT, **odd, "document_id": number}
            connection_.execute(entry_exit.DOCUMENTS.insert().values(row))


@pytest.fixture
async def running(stack, owner, monkeypatch, tmp_path):
    for name, value in stack.env_for(f"adapter-{SYSTEM}").items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ISTHMUS_STATE", str(tmp_path))
    monkeypatch.setenv("ISTHMUS_INTERVAL_S", "0.1")
    stopping = asyncio.Event()
    task = asyncio.create_task(run(ADAPTER, AdapterSettings.load(), stopping))
    yield task
    stopping.set()
    await task


def kafka_as(stack, user, monkeypatch):
    for name, value in kafka_environment(user, stack.secrets, stack.addresses).items():
        monkeypatch.setenv(name, value)
    return ServiceSettings.load().kafka


async def held(consumer, wanted):
    """Read on until the records at their highest versions are as wanted, and give what is held last."""
    last: dict[str, tuple[int, bool]] = {}
    deadline = asyncio.get_running_loop().time() + DEADLINE_S
    while asyncio.get_running_loop().time() < deadline:
        for messages in (await consumer.getmany(timeout_ms=200)).values():
            for message in messages:
                envelope = Envelope.from_headers(message.headers)
                if envelope.record_version > last.get(envelope.subject, (0, False))[0]:
                    last[envelope.subject] = envelope.record_version, ".erasure." not in message.topic
        present = {record for record, (_, live) in last.items() if live}
        if wanted(present):
            return present
    raise AssertionError(f"after {DEADLINE_S} s {len(present)} records are held")


async def test_rows_are_published_changed_rows_again_and_deleted_ones_are_erased(stack, owner, running, monkeypatch):
    settings = kafka_as(stack, "operator", monkeypatch)
    topics = [incoming(SYSTEM, "person"), incoming(SYSTEM, "erasure")]
    consumer = AIOKafkaConsumer(*topics, **connection(settings, "test"), auto_offset_reset="earliest")
    await consumer.start()
    try:
        await held(consumer, lambda present: len(present) == 40)
        with owner.begin() as connection_:
            table = entry_exit.TRAVELLERS
            ended = table.update().where(table.c.traveller_id <= 10)
            connection_.execute(ended.values(deleted_at=sa.func.now(), updated_at=sa.func.now()))
            connection_.execute(table.insert(), [{"traveller_id": 99, **TRAVELLER}])
        present = await held_after(consumer, 31)
        assert "entry-exit:traveller:99" in present
    finally:
        await consumer.stop()


async def held_after(consumer, count):
    """Read everything again from its beginning."""
    await consumer.seek_to_beginning()
    return await held(consumer, lambda present: len(present) == count and "entry-exit:traveller:99" in present)


async def test_a_live_question_is_answered_from_the_tables(stack, running, monkeypatch):
    settings = kafka_as(stack, "search", monkeypatch)
    asked = QueryV1(
        query=uuid4(),
        system=SYSTEM,
        criteria=Criteria(names=(PersonName(full="Ada Testova"),)),
        purpose=Purpose.BORDER_CHECK,
        user="guard-1",
        answer_to=answer(INSTANCE),
        deadline=dt.datetime.now(dt.UTC) + dt.timedelta(seconds=DEADLINE_S),
        limit=5,
    )
    envelope = Envelope(
        id=str(uuid4()),
        source="/services/search",
        type=contract_type("query", 1),
        subject=str(asked.query),
        schema=contract_schema("query", 1),
        time=dt.datetime.now(dt.UTC),
        flow=str(uuid4()),
        traceparent=new_traceparent(),
    )
    consumer = AIOKafkaConsumer(answer(INSTANCE), **connection(settings, "test"), auto_offset_reset="latest")
    await consumer.start()
    message = Outgoing(query(SYSTEM), None, asked.model_dump_json().encode(), envelope.to_headers())
    try:
        async with Producer(settings, "test", linger_ms=0) as producer:
            got = None
            deadline = asyncio.get_running_loop().time() + DEADLINE_S
            while got is None and asyncio.get_running_loop().time() < deadline:
                await producer.send(message)  # the adapter reads from when it joined its group: ask until it has
                found = await consumer.getmany(timeout_ms=1_000)
                got = next((record for records in found.values() for record in records), None)
    finally:
        await consumer.stop()
    assert got is not None
    answered = AnswerV1.model_validate_json(got.value)
    assert (answered.query, answered.status, len(answered.records)) == (asked.query, AnswerStatus.HIT, 5)
    assert answered.truncated


async def test_a_time_that_python_cannot_hold_costs_its_own_row_at_most(stack, odd_times, running, monkeypatch):
    """A document that is valid for ever does not map; one whose time of change is none is published all the same."""
    settings = kafka_as(stack, "operator", monkeypatch)
    topics = [incoming(SYSTEM, "travel-document"), dead(SYSTEM)]
    consumer = AIOKafkaConsumer(*topics, **connection(settings, "test"), auto_offset_reset="earliest")
    await consumer.start()
    try:
        seen: set[tuple[str, bytes]] = set()
        deadline = asyncio.get_running_loop().time() + DEADLINE_S
        while len(seen) < 3 and asyncio.get_running_loop().time() < deadline:
            for messages in (await consumer.getmany(timeout_ms=200)).values():
                seen |= {(message.topic, message.key) for message in messages if b":document:" in (message.key or b"")}
    finally:
        await consumer.stop()
    published, letters = topics
    assert seen == {
        (published, b"entry-exit:document:1"),
        (published, b"entry-exit:document:2"),
        (letters, b"entry-exit:document:3"),
    }


class Papers:
    """A table with padded numbers and ends of validity that may be the end of time, and its reader; Kafka is none."""

    def __init__(self, owner, url, key, folder):
        self._owner = owner
        self.write("CREATE TABLE papers (doc_no CHAR(10), valid_to TIMESTAMP, name TEXT, updated_at TIMESTAMPTZ)")
        source = Sql("papers")
        stream = Stream("paper", PersonV1, source, key, person)
        adapter = Adapter(SYSTEM, "Nobody", "identification", "none", (stream,))
        self.kafka, self.state, self.engine = Recorder(), StreamState(folder / "state.sqlite"), connect(url)
        publisher = Publisher(adapter, stream, self.state, self.kafka, Auditor(self.kafka, "test"))
        table = SqlSource(self.engine, source, key.columns, adapter.time_zone)
        self.reader = SqlReader(table, self.state, publisher, key_maker(key, "paper", b""))

    def write(self, statement, *values):
        with self._owner.begin() as connection_:
            connection_.exec_driver_sql(statement, *values)

    def insert(self, numbers, updated, valid_to=END):
        rows = [(f"X{number:02}", valid_to, "Ada Testova", updated) for number in numbers]
        self.write("INSERT INTO papers VALUES (%s, %s, %s, %s)", rows)

    def close(self):
        self.state.close()
        self.engine.dispose()
        self.write("DROP TABLE papers")


@pytest.fixture(params=[Surrogate("doc_no"), Natural("doc_no", "valid_to")], ids=["padded", "end-of-time"])
def papers(request, stack, owner, tmp_path):
    made = Papers(owner, stack.sources.reader_url(SYSTEM), request.param, tmp_path)
    yield made
    made.close()


async def test_keys_with_padding_or_the_end_of_time_are_read_missed_and_erased_as_all_others(papers):
    reader = papers.reader
    papers.insert([10], "2026-03-01 12:00:00.5+00", "2030-01-01")
    papers.insert([11], "2026-03-01 12:00:01.5+00")
    assert (await reader.read_changes()).published == 2
    papers.insert([12], "2026-03-01 12:00:01.5+00")
    assert (await reader.read_changes()).published == 1, "the position stands on the end of time"
    papers.insert([1], "2026-02-01 12:00:00.5+00")
    assert (await reader.read_changes()).changed == 0
    assert (await reader.compare()).published == 1
    papers.write("DELETE FROM papers WHERE doc_no = 'X11'")
    assert (await reader.compare()).ended == 1
    assert len(papers.kafka.held()) == 3


async def test_any_number_of_rows_may_have_changed_at_the_end_of_time(papers):
    reader = papers.reader
    papers.insert([1], "2026-03-01 12:00:00.5+00")
    papers.insert(range(10, 60), END)
    assert (await reader.read_changes(page=1)).published == 1, "more than one statement gives"
    assert (await reader.compare()).published == 50
    assert (await reader.look_again()).changed == 0
    papers.insert([2], "2026-03-01 12:00:01.5+00")
    assert (await reader.read_changes(page=1)).published == 1
    papers.write("UPDATE papers SET name = 'Eva Testova' WHERE doc_no = 'X20'")
    assert (await reader.compare()).published == 1
    assert len(papers.kafka.held()) == 52


async def test_a_cluster_has_an_id_and_keeps_it(stack, monkeypatch):
    settings = kafka_as(stack, "operator", monkeypatch)
    told = await cluster_id(settings, "test")
    assert told
    assert await cluster_id(settings, "test") == told
