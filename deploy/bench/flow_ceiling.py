"""This module runs the bare flow over the agencies' rows and counts what becomes searchable."""

from itertools import count

from deploy.bench import bare_flow
from deploy.bench.apart import helpers
from deploy.bench.bench_stack import BenchStack, Counter
from deploy.bench.flow import timed
from deploy.bench.legacy import Legacy
from deploy.bench.log_ends import LogEnds, await_group, drop_topics, forget_group, make_topics, until

FIRST_S = 60.0
_PASSES = count(1)


def bare_row_to_searchable(bench: BenchStack, legacy: Legacy, rows: int, label: str) -> float:
    """Give the records a second of the bare flow, by the same clock as the product's.

    Args:
        bench: the stack.
        legacy: what the agencies hold; the rows of entry/exit, nearly all of them, are read.
        rows: how many rows at most.
        label: what a person is told.

    Raises:
        MeasurementFailed: not all rows arrived.
    """
    total = min(rows, legacy.entry_exit_rows)
    flow = bare_flow.BareFlow(
        bench.bare_kafka(), bench.elasticsearch("projector"), legacy.places["entry-exit"], total, next(_PASSES)
    )
    make_topics(bench.admin, flow.topics)
    counter = Counter(flow.elasticsearch, bare_flow.INDEX)
    try:
        with helpers() as started:
            started.start(bare_flow.forward, flow)
            started.start(bare_flow.project, flow)
            for group in (flow.routers, flow.projectors):
                await_group(bench.admin, group)
            events = LogEnds(bench.admin, flow.incoming)
            started.start(bare_flow.publish, flow)
            until(lambda: events.total() > 0, FIRST_S, "The bare flow published nothing", look_s=0.05)
            with bench.teller.counting(label, total) as update:
                return total / timed(counter.count, total, update, started.check)
    finally:
        drop_topics(bench.admin, flow.topics)
        for group in (flow.routers, flow.projectors):
            forget_group(bench.admin, group)
        counter.drop()
