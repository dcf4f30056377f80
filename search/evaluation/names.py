"""This module measures how well names are compared, on pairs that people have judged. It is pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from search.evaluation.curves import quality_at, recall_at, threshold_at
from search.evaluation.likeness import THRESHOLD, Likeness, likeness
from search.evaluation.scripts import script_pair
from search.evaluation.tables import Fault, Row
from search.names.parse import parse

COLUMNS = ("left", "right", "match")
FALSE_POSITIVE_RATES = {"fpr_0_001": 0.001, "fpr_0_0001": 0.0001}
MATCHES = {"1": True, "0": False}
ADDED = ("score", "reasons")
"""The columns that are added to those of the input."""
SCRIPTS = "script:"
"""Begins the name of a group that is a pair of scripts."""
_OWN = "group:"
"""Stands before the name of a group of the table that begins like one of scripts."""

Figures = dict[str, float | int | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names, whether people say that they are of one person, and the group that the pair is counted in."""

    row: Row
    left: str
    right: str
    is_match: bool
    group: str


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """A pair with what the comparison says of it."""

    pair: Pair
    likeness: Likeness

    @property
    def added(self) -> tuple[str, str]:
        """What is written into `ADDED`."""
        return f"{self.likeness.score:.6f}", self.likeness.reasons


def pairs_of(rows: Iterable[Row]) -> tuple[list[Pair], list[Fault]]:
    """Read the pairs; a fault is a row whose `match` is neither 1 nor 0, that lacks a name, or contradicts another."""
    pairs, faults = [], []
    first: dict[frozenset[str], Pair] = {}
    for row in rows:
        names = frozenset((row.text("left"), row.text("right")))
        is_match = MATCHES.get(row.text("match"))
        if is_match is None:
            faults.append(Fault(row.line, "match is 1 or 0; the row is passed over"))
        elif not (parse(row.text("left")).parts and parse(row.text("right")).parts):
            faults.append(Fault(row.line, "a name has no letter or digit that can be compared; the row is passed over"))
        else:
            pair = Pair(row, row.text("left"), row.text("right"), is_match, row.text("group"))
            other = first.setdefault(names, pair)
            if other.is_match is not is_match:
                # Two who share a name may be one person here and two there; but a slip of the pen is likelier.
                faults.append(
                    Fault(row.line, f"line {other.row.line} says otherwise of the two names; both rows count", True)
                )
            pairs.append(pair)
    return pairs, faults


def judged(
    pairs: Sequence[Pair], tell: Callable[[int], None], compare: Callable[[str, str], Likeness] = likeness
) -> list[JudgedPair]:
    """Compare all pairs; `tell` hears how many are done, now and then."""
    done = []
    for count, pair in enumerate(pairs, 1):
        done.append(JudgedPair(pair, compare(pair.left, pair.right)))
        if not count % 1_000:
            tell(count)
    return done


def figures_of(judged_pairs: Sequence[JudgedPair], seconds: float, threshold: float = THRESHOLD) -> dict[str, object]:
    """Give the figures of all pairs, and of each group and each pair of scripts."""
    parts: dict[str, list[JudgedPair]] = defaultdict(list)
    for item in judged_pairs:
        if item.pair.group:
            own = item.pair.group
            parts[_OWN + own if own.startswith((SCRIPTS, _OWN)) else own].append(item)
        parts[SCRIPTS + script_pair(item.pair.left, item.pair.right)].append(item)
    speed = round(len(judged_pairs) / seconds) if seconds > 0 else 0
    groups = {name: _figures(part, threshold) for name, part in sorted(parts.items())}
    return {**_figures(judged_pairs, threshold), "pairs_per_s": speed, "groups": groups}


def _figures(items: Sequence[JudgedPair], threshold: float) -> Figures:
    positives = [item.likeness.score for item in items if item.pair.is_match]
    negatives = [item.likeness.score for item in items if not item.pair.is_match]
    quality = quality_at(positives, negatives, threshold)
    rates = FALSE_POSITIVE_RATES.items()
    recalls = {f"recall_at_{key}": recall_at(positives, negatives, share) for key, share in rates}
    thresholds = {f"threshold_at_{key}": threshold_at(positives, negatives, share) for key, share in rates}
    return {
        "precision": quality.precision,
        "recall": quality.recall,
        "f1": quality.f1,
        "threshold": threshold,
        **recalls,
        **thresholds,
        "matches": len(positives),
        "non_matches": len(negatives),
    }
