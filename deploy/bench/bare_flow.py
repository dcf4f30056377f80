"""This module measures the ceiling of the flow: the same rows through three plain processes, with nothing around them.

One reads, maps and produces; one validates, forwards and audits; one validates, makes keys and indexes. No cursor, no
agreements, no dead letters, no traces: what is between this and the product is the price of all that.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import psycopg
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from psycopg.rows import dict_row
from pydantic_core import to_json

from adapters.agencies.entry_exit import ADAPTER
from adapters.declaration import Sql, Stream
from adapters.row import Row
from contracts.base import Contract
from contracts.envelope import Envelope, contract_schema, contract_type, event_id, source_of
from contracts.identity import IdentityData
from contracts.records import Record
from contracts.references import record_ref
from contracts.topics import RECORD_CONTRACTS
from deploy.bench.bench_stack import BareKafka
from hub.settings import ElasticsearchSettings
from hub.tracing import new_traceparent
from search.document import identity_of
from search.repository import Client, connect

CONTRACTS = tuple(stream.contract_name for stream in ADAPTER.streams)
BATCH = 1_000
PAGE_ENTRIES = 250
WRITERS = 2
KEYS = 30
SHORTEST_KEY = 3

INDEX = "records-bare"
INDEX_BODY: dict[str, Any] = {
    "settings": {"number_of_shards": 1, "number_of_replicas": 0, "refresh_interval": "500ms"},
    "mappings": {
        "dynamic": "strict",
        "properties": {
            "key": {"type": "keyword", "index_options": "docs", "norms": False},
            "payload": {"type": "object", "enabled": False},
        },
    },
}


@dataclass(frozen=True, slots=True)
class BareFlow:
    """Where the bare flow reads and writes; `rows` ends the reading early.

    Each pass has topics and groups of its own, by its `number`: a client may take the end of a topic that was dropped
    for that of a new one of its name, and a group keeps members that were ended until it misses them.
    """

    kafka: BareKafka
    elasticsearch: ElasticsearchSettings
    source: str
    rows: int
    number: int

    @property
    def incoming(self) -> str:
        """The beginning of the topics that rows are published to."""
        return f"bare.{self.number}.in."

    @property
    def outgoing(self) -> str:
        """The beginning of the topics that they are forwarded to."""
        return f"bare.{self.number}.out."

    @property
    def audit(self) -> str:
        """The topic of the audit."""
        return f"bare.{self.number}.audit"

    @property
    def topics(self) -> list[str]:
        """All topics of this pass."""
        return [*(prefix + name for prefix in (self.incoming, self.outgoing) for name in CONTRACTS), self.audit]

    @property
    def routers(self) -> str:
        """The consumer group of the second process."""
        return f"bare-router-{self.number}"

    @property
    def projectors(self) -> str:
        """The consumer group of the third process."""
        return f"bare-projector-{self.number}"

    def producer(self) -> AIOKafkaProducer:
        """Make a producer with the settings of the product's own."""
        return AIOKafkaProducer(
            **self.kafka.connection(), enable_idempotence=True, linger_ms=2, max_batch_size=256 * 1024
        )

    def consumer(self, group: str, prefix: str) -> AIOKafkaConsumer:
        """Make a consumer that commits by itself only when told."""
        return AIOKafkaConsumer(
            *(prefix + name for name in CONTRACTS),
            **self.kafka.connection(),
            group_id=group,
            auto_offset_reset="earliest",
            enable_auto_commit=False,
        )


def publish(flow: BareFlow) -> None:
    """Read, map and produce: the first process."""
    uvloop.run(_publish(flow))


def forward(flow: BareFlow) -> None:
    """Validate, forward and audit: the second process."""
    uvloop.run(_forward(flow))


def project(flow: BareFlow) -> None:
    """Validate, make keys and index: the third process."""
    uvloop.run(_project(flow))


async def _publish(flow: BareFlow) -> None:
    url = flow.source.replace("+psycopg", "")
    left = flow.rows
    async with flow.producer() as producer:
        with psycopg.connect(url, row_factory=dict_row) as connection:
            for stream in ADAPTER.streams:
                assert isinstance(stream.source, Sql)
                with connection.cursor(f"bare_{stream.name}") as cursor:
                    cursor.execute(f"SELECT * FROM {stream.source.table}".encode())  # noqa: S608  the declaration's own table
                    while left > 0 and (rows := await asyncio.to_thread(cursor.fetchmany, min(BATCH, left))):
                        left -= len(rows)
                        await asyncio.gather(*[await _produced(producer, flow.incoming, stream, row) for row in rows])


async def _produced(producer: AIOKafkaProducer, prefix: str, stream: Stream, columns: dict[str, Any]) -> Awaitable[Any]:
    key = str(columns[stream.key.columns[0]])
    reference = record_ref(ADAPTER.system, stream.name, key)
    record = stream.map(Row(columns, system=ADAPTER.system, record=reference))
    assert record is not None
    version = int(columns["updated_at"].timestamp() * 1e6)
    identity = event_id(ADAPTER.system, stream.name, key, version)
    envelope = Envelope(
        id=identity,
        source=source_of(ADAPTER.system, stream.name),
        type=contract_type(stream.contract_name, 1),
        subject=reference,
        schema=contract_schema(stream.contract_name, 1),
        time=columns["updated_at"],
        flow=identity,
        traceparent=new_traceparent(),
        record_version=version,
    )
    waiting: Awaitable[Any] = await producer.send(
        prefix + stream.contract_name,
        key=reference.encode(),
        value=record.model_dump_json(exclude_none=True).encode(),
        headers=envelope.to_headers(),
    )
    return waiting


async def _forward(flow: BareFlow) -> None:
    async with flow.producer() as producer, flow.consumer(flow.routers, flow.incoming) as consumer:

        async def handle(records: list[Any]) -> None:
            waiting = []
            entries = []
            for record in records:
                _validated(record)
                topic = flow.outgoing + record.topic.removeprefix(flow.incoming)
                waiting.append(
                    await producer.send(topic, key=record.key, value=record.value, headers=list(record.headers))
                )
                headers = dict(record.headers)
                entries.append({name: headers[name] for name in ("ce_id", "ce_subject", "correlationid", "ce_time")})
            for start in range(0, len(entries), PAGE_ENTRIES):
                page = {"page": uuid4(), "entries": entries[start : start + PAGE_ENTRIES]}
                waiting.append(await producer.send(flow.audit, value=to_json(page)))
            await asyncio.gather(*waiting)

        await _consume(consumer, handle)


async def _project(flow: BareFlow) -> None:
    client = connect(flow.elasticsearch)
    await client.indices.create(index=INDEX, **INDEX_BODY)

    async def write() -> None:
        async with flow.consumer(flow.projectors, flow.outgoing) as consumer:

            async def handle(records: list[Any]) -> None:
                await _index(client, records)

            await _consume(consumer, handle)

    async with asyncio.TaskGroup() as group:
        for _ in range(WRITERS):
            group.create_task(write())


async def _index(client: Client, records: list[Any]) -> None:
    lines = []
    for record in records:
        held = _validated(record)
        headers = dict(record.headers)
        version = headers["recordversion"].decode()
        reference = record.key.decode()
        lines.append(f'{{"index":{{"_id":"{reference}","version":{version},"version_type":"external"}}}}\n'.encode())
        lines.append(b'{"key":' + to_json(_keys(identity_of(held))) + b',"payload":' + record.value + b"}\n")
    body: Any = (b"".join(lines),)
    await client.bulk(operations=body, index=INDEX, filter_path="errors")


async def _consume(consumer: AIOKafkaConsumer, handle: Callable[[list[Any]], Awaitable[None]]) -> None:
    while True:
        found = await consumer.getmany(timeout_ms=20, max_records=BATCH)
        records = [record for part in found.values() for record in part]
        if records:
            await handle(records)
            await consumer.commit()


def _validated(record: Any) -> Record:
    contract: type[Contract] = RECORD_CONTRACTS[record.topic.rpartition(".")[2]][1]
    held: Any = contract.model_validate_json(record.value)
    return held  # type: ignore[no-any-return]  # the topic tells which contract it is


def _keys(identity: IdentityData | None) -> list[str]:
    """Make some thirty keys as cheaply as can be: the beginnings of the words of a name."""
    assert identity is not None
    text = " ".join(name.text for name in identity.names).casefold()
    starts = [word[:length] for word in text.split() for length in range(SHORTEST_KEY, len(word) + 1)]
    dates = [str(date) for date in identity.birth_dates]
    return [*starts, *dates, *(f"{n}{text}" for n in range(KEYS))][:KEYS]
