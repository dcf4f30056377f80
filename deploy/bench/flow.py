"""This module measures the way of all legacy rows through adapters, router and projector until they are searchable."""

import time
from collections.abc import Callable

from deploy.bench.bench_stack import ADAPTERS, HUB, BenchStack, Counter
from deploy.bench.figures import MeasurementFailed
from deploy.bench.legacy import Legacy
from deploy.bench.log_ends import LogEnds, await_group, until

INDEX = "records"
PRESENT = {"term": {"erased": False}}
FIRST_S = 90.0
STALLED_S = 30.0
LOOK_S = 0.1


def row_to_searchable(bench: BenchStack, legacy: Legacy) -> float:
    """Let the whole flow run once over all rows, with the ledger beside; give the records a second.

    The clock starts when the first event is with Kafka and stops when the last record can be found.

    Raises:
        MeasurementFailed: not all rows arrived.
    """
    bench.start(HUB)
    for group in HUB:
        await_group(bench.admin, group)
    events = LogEnds(bench.admin, "in.")
    counter = Counter(bench.elasticsearch("search"), INDEX)
    # The projector builds the repository first; what it does then is no part of what is measured.
    until(counter.is_ready, FIRST_S, "The projector did not build the repository")
    bench.start(ADAPTERS)
    until(lambda: events.total() > 0, FIRST_S, "No adapter published a row", look_s=0.05)
    with bench.teller.counting("rows searchable", legacy.rows) as update:
        return legacy.rows / timed(lambda: counter.count(PRESENT), legacy.rows, update)


def publish_all(bench: BenchStack, legacy: Legacy) -> None:
    """Let the adapters publish all rows while nothing else runs, then stop them.

    Raises:
        MeasurementFailed: not all rows were published.
    """
    events = LogEnds(bench.admin, "in.")
    if events.total() >= legacy.rows:
        return
    bench.start(ADAPTERS)
    with bench.teller.counting("rows published", legacy.rows) as update:
        timed(events.total, legacy.rows, update)
    bench.stop(ADAPTERS)


def timed(
    count: Callable[[], int],
    total: int,
    update: Callable[[int], None],
    check: Callable[[], None] = lambda: None,
    look_s: float = LOOK_S,
) -> float:
    """Watch a count rise to `total`; give the seconds that it took from now on.

    Raises:
        MeasurementFailed: it stands still.
    """
    began = moved = time.monotonic()
    last = -1
    while (done := count()) < total:
        check()
        now = time.monotonic()
        if done > last:
            last, moved = done, now
            update(done)
        elif now - moved > STALLED_S:
            raise MeasurementFailed(
                f"Only {done:,} of {total:,} arrived, then nothing for {STALLED_S:.0f} s; see the logs with --keep."
            )
        time.sleep(look_s)
    return time.monotonic() - began
