"""This module fits the weights of the scorer, so that a score is a probability, and tells how true that is.

Fitted is a logistic regression over the comparisons of `search.score`, each query with all candidates that the index
offered. The weights are drawn to those that were there before (a normal prior), as some comparisons are seen too seldom
to be told from chance, and of names they rise with the likeness (pool adjacent violators).
"""

import dataclasses
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from search.births import Birth
from search.score import Compared
from search.weights import Weights

Floats = npt.NDArray[np.float64]

ROUNDS = 50
AGAIN = 8  # times that weights are fitted by those that were found
FAR = 35.0
HOLD = 0.5
"""How strongly a weight is held to what it was; one over its variance."""
ENOUGH = 1e-6
DIGITS = 2
BINS = 10
LEAST_RISE = 0.05


@dataclass(frozen=True, slots=True)
class Example:
    """A candidate of a query, compared, and whether it is the person who was asked for."""

    compared: Compared
    is_right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Scores of about the same size: how many, their mean, and the share that was right."""

    count: int
    mean: float
    right: float


class Columns:
    """Turns comparisons into rows of numbers, and weights into a vector; the order is the same for both."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self._knots = [knot for knot, _ in weights.name]
        self._usual = weights.usual_rarity
        self._births = list(Birth)
        self._keys = sorted(weights.nationality)

    def row(self, compared: Compared) -> list[float]:
        """Give the values of a comparison; the first is that of the prior."""
        name, rarity = [0.0] * len(self._knots), 0.0
        if compared.likeness is not None:
            places, rarity = self._weights.terms_of_name(compared.likeness, compared.rarity)
            for place, share in places:
                name[place] += share
        return [
            1.0,
            rarity,
            *name,
            *(float(compared.birth is birth) for birth in self._births),
            *(float(compared.nationality == key) for key in self._keys),
            *(float(compared.sex == key) for key in self._keys),
        ]

    def vector(self, weights: Weights) -> list[float]:
        """Give weights in the order of a row, in bits."""
        return [
            weights.prior,
            weights.rarity,
            *(bits for _, bits in weights.name),
            *(weights.birth[birth] for birth in self._births),
            *(weights.nationality[key] for key in self._keys),
            *(weights.sex[key] for key in self._keys),
        ]

    def named(self, vector: Sequence[float]) -> dict[str, Any]:
        """Give a vector as the file of weights holds it."""
        values = iter([round(value, DIGITS) for value in vector])
        prior, rarity = next(values), next(values)
        name = rising([next(values) for _ in self._knots])
        return {
            "prior": prior,
            "name": [list(pair) for pair in zip(self._knots, name, strict=True)],
            "rarity": rarity,
            "usual_rarity": self._usual,
            "birth": {birth.value: next(values) for birth in self._births},
            "nationality": {key: next(values) for key in self._keys},
            "sex": {key: next(values) for key in self._keys},
        }


def fitted(examples: Sequence[Example], before: Weights) -> dict[str, Any]:
    """Fit the weights to examples.

    Which weights of names count in a sum depends on the weights themselves (`Weights.terms_of_name`), so that they are
    fitted again by those that were found, until these stay.
    """
    found = _fitted(examples, before, before)
    for _ in range(AGAIN):
        last, found = found, _fitted(examples, before, Weights.of({**dataclasses.asdict(before), **found}))
        if found == last:
            break
    return found


def _fitted(examples: Sequence[Example], before: Weights, counting: Weights) -> dict[str, Any]:
    """Fit by Newton's method, where `counting` tells which weights count; all are held to those before."""
    columns = Columns(counting)
    rows: Floats = np.array([columns.row(example.compared) for example in examples])
    right: Floats = np.array([float(example.is_right) for example in examples])
    start: Floats = np.array(columns.vector(before)) * math.log(2)
    weights = start.copy()
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-np.clip(rows @ weights, -FAR, FAR)))
        slope = rows.T @ (right - chance) - HOLD * (weights - start)
        curve = (rows * (chance * (1 - chance))[:, None]).T @ rows + HOLD * np.eye(len(start))
        step = np.linalg.solve(curve, slope)
        # A whole step may go too far where most candidates are beyond doubt.
        reach = 1.0
        while _loss(rows, right, weights + reach * step, start) > _loss(rows, right, weights, start) and reach > ENOUGH:
            reach /= 2
        weights += reach * step
        if float(np.abs(reach * step).max()) < ENOUGH:
            break
    return columns.named([float(weight) / math.log(2) for weight in weights])


def _loss(rows: Floats, right: Floats, weights: Floats, start: Floats) -> float:
    """Give minus the logarithm of the posterior probability, but for a constant."""
    odds = rows @ weights
    away = weights - start
    return float(np.sum(np.logaddexp(0.0, odds) - right * odds) + HOLD / 2 * away @ away)


def rising(values: Sequence[float]) -> list[float]:
    """Make values rise (pool adjacent violators), each by a little: what is more alike never weighs less."""
    pools: list[list[float]] = []
    for value in values:
        pools.append([value])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2:] = [pools[-2] + pools[-1]]
    level = [round(_mean(pool), DIGITS) for pool in pools for _ in pool]
    for place in range(1, len(level)):
        level[place] = max(level[place], round(level[place - 1] + LEAST_RISE, DIGITS))
    return level


def reliability(judged: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Compare scores with what was right, in bins of equal width."""
    parts: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, is_right in judged:
        parts[min(BINS - 1, int(score * BINS))].append((score, is_right))
    return [
        Bin(len(part), _mean([score for score, _ in part]), _mean([float(is_right) for _, is_right in part]))
        for part in parts
        if part
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Give the mean distance of score and share of right ones, each bin as it is filled (Naeini and others, 2015)."""
    whole = sum(each.count for each in bins)
    return sum(each.count * abs(each.mean - each.right) for each in bins) / whole if whole else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
