"""This module holds what accuracy has to reach, and what the best comparable system gives where that is known."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from biometrics.evaluation.open_set import OF_FINGERS, OF_IMPRESSIONS
from deploy.bench.floors import Bound

DIGITS = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """What a figure is measured against: its floor, and a peer's figure in short words where there is one."""

    floor: float | None = None
    peer: float | None = None
    bound: Bound = Bound.AT_LEAST

    def is_met(self, value: float) -> bool:
        """Tell whether a value reaches the floor; without one every value does."""
        if self.floor is None:
            return True
        return value >= self.floor if self.bound is Bound.AT_LEAST else value <= self.floor

    def __str__(self) -> str:
        return "" if self.floor is None else f"{self.bound} {self.floor:g}"


_PROMISED = Mark(0.1, None, Bound.AT_MOST)
"""What a search promises, `deploy.quality.honesty.PROMISED_FPIR`."""

MARKS: dict[str, Mark] = {
    "engine_scores_equal": Mark(1.0, 1.0),
    "formats_round_trip": Mark(1.0),
    "nfiq2_equal": Mark(1.0),
    "eer_ratio": Mark(0.33, None, Bound.AT_MOST),
    "fmr1000_ratio": Mark(0.28, None, Bound.AT_MOST),
    "fnir_zero_fp_2x3": Mark(0.004, None, Bound.AT_MOST),
    **{
        f"fnir_zero_fp_{shape}_{rule}_{name}": Mark()
        for name in ("shipped", "plain")
        for shape, rules in (("2x1", OF_FINGERS), ("4x1", OF_FINGERS), ("1x3", OF_IMPRESSIONS))
        for rule in rules
    },
    **{f"missed_{probes}_sought_{held}_held": Mark() for probes, held in ((1, 1), (4, 1), (4, 2), (4, 4))},
    "fmr_calibration_factor": Mark(2.0, None, Bound.AT_MOST),
    **{
        f"true_fmr_{said}_{of}_{name}": Mark()
        for name in ("shipped", "plain")
        for of in ("fvc", "invented")
        for said in (100, 1000, 10000)
    },
    **{f"fpir_{probes}_{name}": _PROMISED for name in ("shipped", "plain") for probes in (1, 2, 4, 10)},
    "eu_journal_rows_mapped": Mark(0.99),
    "names_f1": Mark(0.82, 0.751),
    "recall_cyrillic": Mark(0.996, 0.984),
    "recall_arabic": Mark(0.96, 0.361),
    "recall_hangul": Mark(0.97, 0.257),
    "recall_han": Mark(None, 0.0),
    "recall_hebrew": Mark(),
    "cross_script_recall_at_1": Mark(0.97),
    "slips_recall_at_1": Mark(0.99, 0.992),
    "generated_recall_at_1": Mark(0.99, 0.91),
    "alerts_per_negative": Mark(0.005, 0.048, Bound.AT_MOST),
    "febrl4_f1": Mark(0.999, 0.999),
    "uganda_f1": Mark(0.95, 0.952),
    "mrz_read": Mark(1.0, 0.774),
    "mrz_faults_located": Mark(1.0),
}
"""By name of the figure. What each one is, and whose the peer's is: `docs/measurements.md`."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure, of a share with its interval of 95 %."""

    name: str
    value: float
    interval: tuple[float, float] | None = None

    @property
    def mark(self) -> Mark:
        """What it is measured against."""
        return MARKS.get(self.name, Mark())

    def as_json(self) -> dict[str, Any]:
        """Give what is written to the file."""
        told = {"name": self.name, "value": round(self.value, DIGITS), "peer": self.mark.peer}
        return told if self.interval is None else told | {"interval": [round(end, DIGITS) for end in self.interval]}


Figures = Iterator[Measured]
