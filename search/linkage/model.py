"""This module weighs what two records have in common: Fellegi and Sunter, estimated from the records alone.

I. Fellegi, A. Sunter, "A theory for record linkage", JASA 64 (1969): a grade whose share is m among pairs of one person
and u among pairs of two weighs log2(m/u). u is counted on random pairs, nearly all of which are of two persons. m and
the share of pairs that are of one person are estimated by expectation and maximisation over all pairs, of which those
that share no key count as two persons. A rare value that two records share weighs more than a frequent one.
"""

import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from search.linkage.comparing import SAME, Comparison, Grade
from search.linkage.persons import LinkRecord

Pattern = tuple[Grade, ...]

_RANDOM_PAIRS = 100_000
_ROUNDS = 50
_ENOUGH = 1e-6
_NEVER_SEEN = 0.5  # pairs, of a grade that no random pair had
_LEAST = 1e-6  # no grade is impossible: data are never so clean
_FIRST_M = {2: (0.97, 0.03), 3: (0.9, 0.07, 0.03), 4: (0.85, 0.08, 0.05, 0.02)}
"""Where estimation starts, by the number of grades: among pairs of one person most fields are the same."""
_FIRST_COUNTS = 20
"""As if that many pairs of one person had been seen before: a few namesakes teach nothing about birth dates."""


@dataclass(frozen=True, slots=True)
class Model:
    """What estimation found: the share of pairs that are of one person; of each grade of each field m, u and odds."""

    comparisons: tuple[Comparison, ...]
    prior: float
    m: tuple[tuple[float, ...], ...]
    u: tuple[tuple[float, ...], ...]
    ratios: tuple[tuple[float, ...], ...]
    rarity: Mapping[str, Mapping[str, float]]

    def weights(self, pattern: Pattern) -> list[float]:
        """Give the weight of each field's grade in bits; nothing for a field that could not be compared."""
        return [
            0.0 if grade is None else math.log2(ratios[grade])
            for grade, ratios in zip(pattern, self.ratios, strict=True)
        ]

    def rarity_weight(self, place: int, one: LinkRecord, other: LinkRecord) -> float:
        """Give what the rarity of a shared value adds to, or takes from, the weight of its being the same."""
        comparison = self.comparisons[place]
        shared = set(comparison.values(one)) & set(comparison.values(other))
        if not comparison.counts_rarity or not shared:
            return 0.0
        share = min(self.rarity[comparison.field].get(value, 1.0) for value in shared)
        return math.log2(self.u[place][SAME] / share)

    @property
    def prior_weight(self) -> float:
        """How unlikely it is in bits that two records are of one person, before anything is compared."""
        return math.log2(self.prior / (1 - self.prior))


def pattern_of(comparisons: Sequence[Comparison], one: LinkRecord, other: LinkRecord) -> Pattern:
    """Compare two records in all fields."""
    return tuple(comparison.grade(one, other) for comparison in comparisons)


def estimate(
    records: Sequence[LinkRecord],
    comparisons: tuple[Comparison, ...],
    patterns: Iterable[Pattern],
    possible_pairs: int,
    *,
    seed: int = 1,
) -> Model:
    """Estimate the model.

    Args:
        records: All records, for what is frequent among them and for random pairs.
        comparisons: The fields.
        patterns: How the pairs compare that share a key.
        possible_pairs: How many pairs there are in all.
        seed: Makes the random pairs the same each time.
    """
    seen, drawn = _among_random(records, comparisons, seed)
    scale = max(1, possible_pairs) / max(1, drawn)
    m = [_FIRST_M[comparison.grades] for comparison in comparisons]
    u = [_shares_of(grades) for grades in seen]
    counts = Counter(patterns)
    prior = min(0.5, max(1, len(records)) / max(2, 4 * possible_pairs))
    for _ in range(_ROUNDS):
        ratios = _ratios(m, u)
        belief = {pattern: _belief(pattern, prior, ratios) for pattern in counts}
        expected = sum(belief[pattern] * count for pattern, count in counts.items())
        moved = min(0.5, max(expected, 0.5) / max(1, possible_pairs))
        of_one = [
            _of_one_person(place, comparison.grades, counts, belief) for place, comparison in enumerate(comparisons)
        ]
        m = [
            _shares_of([_FIRST_COUNTS * first + found for first, found in zip(_FIRST_M[len(each)], each, strict=True)])
            for each in of_one
        ]
        u = [_shares_of(_without(grades, each, scale)) for grades, each in zip(seen, of_one, strict=True)]
        settled = abs(math.log(moved / prior)) < _ENOUGH
        prior = moved
        if settled:
            break
    rarity = {comparison.field: _rarity(comparison, records) for comparison in comparisons if comparison.counts_rarity}
    return Model(comparisons, prior, tuple(m), tuple(u), _ratios(m, u), rarity)


def _ratios(m: Sequence[Sequence[float]], u: Sequence[Sequence[float]]) -> tuple[tuple[float, ...], ...]:
    return tuple(monotone(ms, us) for ms, us in zip(m, u, strict=True))


def monotone(m: Sequence[float], u: Sequence[float]) -> tuple[float, ...]:
    """Give m/u of each grade so that a nearer grade never weighs less than a farther one.

    Neighbours that are the other way round, as happens to rare grades, are taken as one (pool adjacent violators).
    """
    pooled: list[tuple[float, float, int]] = []
    for here in zip(m, u, [1] * len(m), strict=True):
        pool = here
        while pooled and pooled[-1][0] * pool[1] < pool[0] * pooled[-1][1]:
            last = pooled.pop()
            pool = (last[0] + pool[0], last[1] + pool[1], last[2] + pool[2])
        pooled.append(pool)
    return tuple(each_m / each_u for each_m, each_u, grades in pooled for _ in range(grades))


def _belief(pattern: Pattern, prior: float, ratios: Sequence[Sequence[float]]) -> float:
    odds = prior / (1 - prior)
    for place, grade in enumerate(pattern):
        if grade is not None:
            odds *= ratios[place][grade]
    return odds / (1 + odds)


def _of_one_person(
    place: int, grades: int, counts: Mapping[Pattern, int], belief: Mapping[Pattern, float]
) -> list[float]:
    """Count how often each grade occurs among what is believed to be of one person."""
    found = [0.0] * grades
    for pattern, count in counts.items():
        grade = pattern[place]
        if grade is not None:
            found[grade] += count * belief[pattern]
    return found


def _without(seen: Sequence[float], of_one: Sequence[float], scale: float) -> list[float]:
    """Take from random pairs those that are believed to be of one person, for some of these are drawn as well."""
    return [max(_NEVER_SEEN, drawn - found / scale) for drawn, found in zip(seen, of_one, strict=True)]


def _shares_of(counted: Sequence[float]) -> tuple[float, ...]:
    return tuple(max(_LEAST, each / sum(counted)) for each in counted)


def _among_random(
    records: Sequence[LinkRecord], comparisons: Sequence[Comparison], seed: int
) -> tuple[list[list[float]], int]:
    """Count how often each grade occurs among random pairs, or all where these are fewer; and how many were drawn."""
    found = [[_NEVER_SEEN] * comparison.grades for comparison in comparisons]
    drawn = 0
    for one, other in _drawn(len(records), seed):
        drawn += 1
        for place, grade in enumerate(pattern_of(comparisons, records[one], records[other])):
            if grade is not None:
                found[place][grade] += 1
    return found, drawn


def _drawn(records: int, seed: int) -> Iterator[tuple[int, int]]:
    if records * (records - 1) // 2 <= _RANDOM_PAIRS:
        yield from combinations(range(records), 2)
        return
    draw = random.Random(seed)  # noqa: S311  a sample, not a secret
    for _ in range(_RANDOM_PAIRS):
        one, other = draw.randrange(records), draw.randrange(records - 1)
        yield one, other + (other >= one)


def _rarity(comparison: Comparison, records: Sequence[LinkRecord]) -> dict[str, float]:
    """Give the share of the records that bear each value."""
    counts = Counter(value for record in records for value in set(comparison.values(record)))
    bearing = sum(1 for record in records if comparison.values(record))
    return {value: count / bearing for value, count in counts.items()}
