"""This module links records: it finds pairs worth comparing, estimates the model, gives each pair its probability."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from search.linkage.blocking import pairs
from search.linkage.comparing import SAME, comparisons
from search.linkage.model import Model, Pattern, estimate, pattern_of, probability
from search.linkage.persons import LinkRecord

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
    fields = comparisons(records)
    candidates = sorted(pairs(records, within_sources=within_sources))
    patterns: list[Pattern] = []
    for done, (one, other) in enumerate(candidates):
        patterns.append(pattern_of(fields, records[one], records[other]))
        if done % 1000 == 0:
            progress(done, len(candidates))
    model = estimate(records, fields, patterns, _possible(records, within_sources=within_sources))
    kept = []
    weights_of: dict[Pattern, list[float]] = {}
    for (one, other), pattern in zip(candidates, patterns, strict=True):
        weights = weights_of.setdefault(pattern, []) or weights_of[pattern]
        if not weights:
            weights.extend(model.weights(pattern))
        scored = _score(model, records[one], records[other], pattern, weights)
        if scored.probability >= WORTH_KEEPING:
            kept.append(scored)
    kept.sort(key=lambda pair: (-pair.weight, pair.one, pair.other))
    return Scored(tuple(kept), len(candidates), model)


def _score(model: Model, one: LinkRecord, other: LinkRecord, pattern: Pattern, weights: Sequence[float]) -> PairScore:
    reasons = []
    total = model.prior_weight
    for place, (comparison, grade, weight) in enumerate(zip(model.comparisons, pattern, weights, strict=True)):
        if grade is None:
            continue
        adjusted = weight + (model.rarity_weight(place, one, other) if grade == SAME else 0.0)
        total += adjusted
        reasons.append(FieldReason(comparison.field, GRADES[comparison.grades][grade], round(adjusted, 2)))
    first, second = sorted((one.id, other.id))
    return PairScore(first, second, probability(total), round(total, 3), tuple(reasons))


def _possible(records: Sequence[LinkRecord], *, within_sources: bool) -> int:
    """Count the pairs that there are."""
    everything = len(records) * (len(records) - 1) // 2
    if within_sources:
        return everything
    sources: dict[str, int] = {}
    for record in records:
        sources[record.source] = sources.get(record.source, 0) + 1
    return everything - sum(count * (count - 1) // 2 for count in sources.values())
