"""This module measures the router alone, over topics that are full already, and what it is measured against."""

import time

import uvloop
from aiokafka import AIOKafkaConsumer

from contracts.base import Contract
from contracts.topics import RECORD_CONTRACTS, parse_incoming
from deploy.bench.apart import run_apart
from deploy.bench.bench_stack import BareKafka, BenchStack
from deploy.bench.flow import timed
from deploy.bench.log_ends import LogEnds, forget_group, until

GROUP = "router"
BARE_GROUP = "bare-consumer"
BATCH = 1_000
FIRST_S = 60.0
LOOK_S = 0.05


def router_messages(bench: BenchStack) -> tuple[float, float]:
    """Let the router, and nothing else, route all that lies in `in.*`; give messages a second, and the ceiling.

    The ceiling is one process that consumes the same messages, validates each and commits each batch.

    Raises:
        MeasurementFailed: the router did not route all.
    """
    bench.stop_services()
    incoming, outgoing = LogEnds(bench.admin, "in."), LogEnds(bench.admin, "out.")
    total, before = incoming.total(), outgoing.total()
    forget_group(bench.admin, GROUP)
    bench.start([GROUP])
    until(lambda: outgoing.total() > before, FIRST_S, "The router routed nothing", look_s=LOOK_S)
    first = outgoing.total() - before
    with bench.teller.counting("messages routed", total) as update:
        seconds = timed(lambda: outgoing.total() - before, total, update, look_s=LOOK_S)
    bench.stop([GROUP])
    with bench.teller.counting("the same messages, consumed and validated", total):
        ceiling = run_apart(consume_and_validate, bench.bare_kafka(), incoming.topics, total)
    forget_group(bench.admin, BARE_GROUP)
    return (total - first) / seconds, ceiling


def consume_and_validate(kafka: BareKafka, topics: list[str], total: int) -> float:
    """Consume `total` messages, validate each, commit each batch; give the messages a second after the first batch."""
    return uvloop.run(_consume(kafka, topics, total))


async def _consume(kafka: BareKafka, topics: list[str], total: int) -> float:
    contracts: dict[str, type[Contract]] = {}
    for topic in topics:
        origin = parse_incoming(topic)
        contracts[topic] = RECORD_CONTRACTS[origin.contract][origin.major]
    consumer = AIOKafkaConsumer(
        *topics,
        **kafka.connection(),
        group_id=BARE_GROUP,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
    done = first = 0
    began = 0.0
    async with consumer:
        while done < total:
            found = await consumer.getmany(timeout_ms=100, max_records=BATCH)
            for records in found.values():
                for record in records:
                    contracts[record.topic].model_validate_json(record.value)
                done += len(records)
            if not found:
                continue
            await consumer.commit()
            if not began:
                began, first = time.perf_counter(), done
        return (done - first) / (time.perf_counter() - began)
