"""This module holds the floors: what each figure must reach on two cores with 50,000 persons, on the local stack."""

from dataclasses import dataclass
from enum import StrEnum

from deploy.bench.figures import Figure


class Bound(StrEnum):
    """On which side of its floor a figure has to be."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


@dataclass(frozen=True, slots=True)
class Floor:
    """What a figure has to reach: its value, or its share of the ceiling where `of_ceiling` is set."""

    bound: Bound
    limit: float
    of_ceiling: bool = False

    def is_met(self, figure: Figure) -> bool:
        """Tell whether a figure reaches the floor."""
        measured = figure.ratio if self.of_ceiling else figure.value
        if measured is None:
            return False
        return measured >= self.limit if self.bound is Bound.AT_LEAST else measured <= self.limit

    def __str__(self) -> str:
        amount = f"{self.limit:.0%} of the ceiling" if self.of_ceiling else f"{self.limit:,g}"
        return f"{self.bound} {amount}"


ROW_TO_SEARCHABLE = "row_to_searchable_per_s"
ROUTER = "router_messages_per_s"
SEARCH = {1: "search_p95_ms_1", 8: "search_p95_ms_8"}
"""The figure for each number of clients that search at the same time."""
IDENTIFY = "identify_comparisons_per_s"
ENROL = "enrol_overhead_ms"
VERIFY = "verify_p95_over_extraction_ms"
LOAD = "gallery_load_templates_per_s"
TEMPLATE = "template_bytes"
SHIPPED = "identify_fingers_per_s_shipped"
ENHANCE = "enhance_ms"
OVERRUN = "deadline_overrun_ms"
NAME_PAIRS = "name_pairs_per_s_core"
KEYED = "persons_keyed_per_s_core"
CANDIDATES = "candidates_p95_ms"
SCORED = "scored_searches_per_s_core"

FLOORS: dict[str, Floor] = {
    ROW_TO_SEARCHABLE: Floor(Bound.AT_LEAST, 3_000),
    ROUTER: Floor(Bound.AT_LEAST, 8_000),
    SEARCH[1]: Floor(Bound.AT_MOST, 60),
    SEARCH[8]: Floor(Bound.AT_MOST, 150),
    IDENTIFY: Floor(Bound.AT_LEAST, 0.95, of_ceiling=True),
    ENROL: Floor(Bound.AT_MOST, 15),
    VERIFY: Floor(Bound.AT_MOST, 15),
    LOAD: Floor(Bound.AT_LEAST, 11_000),
    TEMPLATE: Floor(Bound.AT_MOST, 11_000),
    SHIPPED: Floor(Bound.AT_LEAST, 0.30, of_ceiling=True),
    ENHANCE: Floor(Bound.AT_MOST, 60),
    OVERRUN: Floor(Bound.AT_MOST, 50),
    NAME_PAIRS: Floor(Bound.AT_LEAST, 10_000),
    KEYED: Floor(Bound.AT_LEAST, 4_000),
    CANDIDATES: Floor(Bound.AT_MOST, 40),
    SCORED: Floor(Bound.AT_LEAST, 60),
}


def missed(figures: list[Figure]) -> list[str]:
    """Name the figures that do not reach their floor."""
    return [figure.name for figure in figures if figure.name in FLOORS and not FLOORS[figure.name].is_met(figure)]
