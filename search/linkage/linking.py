"""This module links records: it finds pairs worth comparing, estimates the model, gives each pair its probability."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.linkage.blocking import pairs
from search.linkage.comparing import SAME, comparisons
from search.linkage.model import Model, Pattern, estimate, pattern_of
from search.linkage.persons import LinkRecord
from search.weights import probability

WORTH_KEEPING = 0.01
"""The least probability of a pair that is handed on: a person may want to see what nearly was a link."""

GRADES = {2: ("same", "different"), 3: ("same", "close", "different"), 4: ("same", "close", "similar", "different")}


@dataclass(frozen=True, slots=True)
class FieldReason:
    """How one field compared, and what that adds to the odds in bits, the rarity of what is shared included."""

    field: str
    grade: str
    weight: float

    def __str__(self) -> str:
        """Write it for a table."""
        return f"{self.field} {self.grade} {self.weight:+.1f}"


@dataclass(frozen=True, slots=True)
class PairScore:
    """Two records, the probability that they are of one person, and why."""

    one: str
    other: str
    probability: float
    weight: float
    reasons: tuple[FieldReason, ...]


Progress = Callable[[int, int], None]
"""Takes how many pairs are compared by now, and how many there are."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What came of linking: the pairs worth keeping, likeliest first, how many were compared, and the model."""

    pairs: tuple[PairScore, ...]
    compared: int
    model: Model


def score_pairs(
    records: Sequence[LinkRecord], *, within_sources: bool = True, progress: Progress = lambda _done, _total: None
) -> Scored:
    """Give the pairs of records that may be of one person.

    Nothing is learnt from labels: weights are estimated on the records at hand. `within_sources` says whether one
    source may hold a person twice.
    """
    records = sorted(records, key=lambda record: record.id)  # their order would decide which random pairs are drawn
    fields = comparisons(records)
    candidates = sorted(pairs(records, within_sources=within_sources))
    patterns: list[Pattern] = []
    for done, (one, other) in enumerate(candidates):
        patterns.append(pattern_of(fields, records[one], records[other]))
        if done % 1000 == 0:
            progress(done, len(candidates))
    progress(len(candidates), len(candidates))
    model = estimate(records, fields, patterns, _possible(records, within_sources=within_sources))
    weights = {pattern: model.weights(pattern) for pattern in set(patterns)}
    kept = []
    for (one, other), pattern in zip(candidates, patterns, strict=True):
        adjusted = _adjusted(model, records[one], records[other], pattern, weights[pattern])
        total = model.prior_weight + sum(adjusted)
        if probability(total) >= WORTH_KEEPING:
            kept.append(_told(model, records[one].id, records[other].id, pattern, adjusted, total))
    kept.sort(key=lambda pair: (-pair.weight, pair.one, pair.other))
    return Scored(tuple(kept), len(candidates), model)


def _adjusted(
    model: Model, one: LinkRecord, other: LinkRecord, pattern: Pattern, weights: Sequence[float]
) -> list[float]:
    """Give the weight of each field, with the rarity of what is shared."""
    return [
        weight + model.rarity_weight(place, one, other) if grade == SAME else weight
        for place, (grade, weight) in enumerate(zip(pattern, weights, strict=True))
    ]


def _told(model: Model, one: str, other: str, pattern: Pattern, weights: Sequence[float], total: float) -> PairScore:
    reasons = tuple(
        FieldReason(comparison.field, GRADES[comparison.grades][grade], round(weight, 2))
        for comparison, grade, weight in zip(model.comparisons, pattern, weights, strict=True)
        if grade is not None
    )
    return PairScore(min(one, other), max(one, other), probability(total), round(total, 3), reasons)


def _possible(records: Sequence[LinkRecord], *, within_sources: bool) -> int:
    """Count the pairs that there are."""
    everything = len(records) * (len(records) - 1) // 2
    if within_sources:
        return everything
    sources: dict[str, int] = {}
    for record in records:
        sources[record.source] = sources.get(record.source, 0) + 1
    return everything - sum(count * (count - 1) // 2 for count in sources.values())
