"""This module runs the parts of a measurement in their order: what needs the same data shares it."""

from collections.abc import Callable, Collection, Generator
from functools import cached_property

from deploy.bench.apart import run_apart
from deploy.bench.bench_stack import BenchStack, bench_stack
from deploy.bench.clients import Searching
from deploy.bench.figures import Figure, MeasurementFailed
from deploy.bench.finger_parts import finger_figures
from deploy.bench.floors import (
    CANDIDATES,
    ENHANCE,
    ENROL,
    IDENTIFY,
    KEYED,
    LOAD,
    NAME_PAIRS,
    OVERRUN,
    ROUTER,
    ROW_TO_SEARCHABLE,
    SCORED,
    SEARCH,
    SHIPPED,
    TEMPLATE,
    VERIFY,
)
from deploy.bench.flow import publish_all, row_to_searchable
from deploy.bench.flow_ceiling import bare_row_to_searchable
from deploy.bench.legacy import Legacy, fill_agencies
from deploy.bench.overrun import deadline_overrun
from deploy.bench.router_rate import router_messages
from deploy.bench.search_latency import search_p95, start_search, warm_up
from deploy.bench.search_stage import name_pairs_rate, persons_keyed_rate, search_stage
from deploy.bench.telling import Teller

ALONE = (IDENTIFY, SHIPPED, ENHANCE, VERIFY, ENROL, LOAD, TEMPLATE, NAME_PAIRS, KEYED)
"""What needs no servers."""
NAMES = (*ALONE, CANDIDATES, SCORED, ROW_TO_SEARCHABLE, *SEARCH.values(), OVERRUN, ROUTER)
"""In this order: the flow fills the repository for the searches, and the router in the end routes everything again."""

WARM_UP_PASSES = 2
"""In its first minute of work Elasticsearch's JVM spends a third of its time on compiling what it runs."""


class Measurements:
    """What the parts share: one stack, one population, one run of the whole flow."""

    def __init__(self, bench: BenchStack, persons: int) -> None:
        self._bench = bench
        self._persons = persons

    @cached_property
    def _legacy(self) -> Legacy:
        return fill_agencies(self._bench, self._persons)

    @cached_property
    def _flow_per_s(self) -> float:
        legacy = self._legacy
        # The first rows through a fresh JVM tell nothing of the later ones.
        self._bench.teller.say("Rows to searchable records: first bare passes that do not count, to warm the servers")
        for _ in range(WARM_UP_PASSES):
            bare_row_to_searchable(self._bench, legacy, legacy.rows, "rows of the bare flow")
        self._bench.teller.say("Rows to searchable records: adapters, router, projector and ledger")
        return row_to_searchable(self._bench, legacy)

    def row_to_searchable(self) -> Figure:
        """Measure the flow, and the bare flow after it."""
        value = self._flow_per_s
        self._bench.until_quiet()
        self._bench.stop_services()
        self._bench.teller.say("Rows to searchable records: the ceiling, three bare processes")
        ceiling = bare_row_to_searchable(self._bench, self._legacy, self._legacy.rows, "rows of the bare flow")
        return Figure.measured(ROW_TO_SEARCHABLE, value, "events/s", ceiling)

    @cached_property
    def _searching(self) -> Searching:
        """The search over the records of the flow, asked until its servers are warm."""
        _ = self._flow_per_s
        target = start_search(self._bench)
        self._bench.until_quiet()
        warm_up(self._bench, self._legacy, target)
        return target

    def search(self, clients: int) -> Figure:
        """Measure searches by some clients at a time."""
        target = self._searching
        self._bench.until_quiet()
        self._bench.teller.say(f"Searches by name and birth date, clients at a time: {clients}")
        value, ceiling = search_p95(self._bench, self._legacy, target, clients)
        return Figure.measured(SEARCH[clients], value, "ms", ceiling)

    def overrun(self) -> Figure:
        """Measure searches while a live system is silent."""
        target = self._searching
        self._bench.teller.say("Searches while one live system never answers")
        return Figure.measured(OVERRUN, deadline_overrun(self._bench, self._legacy, target), "ms")

    @cached_property
    def _stage(self) -> tuple[float, float]:
        """The search stage over twice as many persons as the agencies know."""
        self._bench.teller.say("The search stage: candidates, and scored searches")
        return search_stage(self._bench.elasticsearch("evaluation"), 2 * self._persons, self._bench.teller)

    def candidates(self) -> Figure:
        """Measure how long the repository takes to offer candidates."""
        return Figure.measured(CANDIDATES, self._stage[0], "ms")

    def scored(self) -> Figure:
        """Measure whole searches of the repository, candidates scored."""
        return Figure.measured(SCORED, self._stage[1], "searches/s")

    def router(self) -> Figure:
        """Measure the router over full topics."""
        self._bench.teller.say("Messages through the router, audit on")
        publish_all(self._bench, self._legacy)
        value, ceiling = router_messages(self._bench)
        return Figure.measured(ROUTER, value, "messages/s", ceiling)

    def parts(self) -> dict[str, Callable[[], Figure]]:
        """Give what measures each figure, in their order."""
        return {
            CANDIDATES: self.candidates,
            SCORED: self.scored,
            ROW_TO_SEARCHABLE: self.row_to_searchable,
            SEARCH[1]: lambda: self.search(1),
            SEARCH[8]: lambda: self.search(8),
            OVERRUN: self.overrun,
            ROUTER: self.router,
        }


def measure(names: Collection[str], persons: int, teller: Teller, *, keep: bool = False) -> Generator[Figure]:
    """Measure the named figures, each given as soon as it is known; one that fails is said, and the rest goes on."""
    yield from _without_servers(names, teller)
    if not set(names) - set(ALONE):
        return
    with bench_stack(teller, keep=keep) as bench:
        for name, part in Measurements(bench, persons).parts().items():
            if name not in names:
                continue
            try:
                yield part()
            except MeasurementFailed as error:
                teller.say(f"{name} was not measured: {error}")


def _without_servers(names: Collection[str], teller: Teller) -> Generator[Figure]:
    """Measure what needs no stack, each in a process of its own."""
    yield from finger_figures(names, teller)
    for name, unit, rate in ((NAME_PAIRS, "pairs/s", name_pairs_rate), (KEYED, "persons/s", persons_keyed_rate)):
        if name in names:
            yield Figure.measured(name, run_apart(rate), unit)
