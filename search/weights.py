"""This module holds what each comparison weighs, as data with a version: `weights.json`, and the command that made it.

A weight is in bits, as Fellegi and Sunter weigh agreement: one bit doubles the odds that a record is of the person who
is asked for. The sum of all, with the prior, is the odds; a score is the probability that they say.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

from search.births import Birth

FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights in bits, by comparison.

    `name` has a weight for some likenesses, from 0 to 1; between two of them it is in proportion. `rarity` is for each
    halving of how many records would bear such a name by chance, from the `usual_rarity` on, which adds nothing.
    """

    version: str
    fitted_by: str
    prior: float
    document: float
    name: tuple[tuple[float, float], ...]
    rarity: float
    usual_rarity: float
    birth: Mapping[Birth, float]
    nationality: Mapping[str, float]
    sex: Mapping[str, float]

    @classmethod
    def of(cls, read: Mapping[str, Any]) -> Self:
        """Take what the file holds.

        Raises:
            KeyError: something is missing.
        """
        return cls(
            version=str(read["version"]),
            fitted_by=str(read["fitted_by"]),
            prior=float(read["prior"]),
            document=float(read["document"]),
            name=tuple((float(likeness), float(bits)) for likeness, bits in read["name"]),
            rarity=float(read["rarity"]),
            usual_rarity=float(read["usual_rarity"]),
            birth={birth: float(read["birth"][birth]) for birth in Birth},
            nationality={key: float(bits) for key, bits in read["nationality"].items()},
            sex={key: float(bits) for key, bits in read["sex"].items()},
        )

    def of_name(self, likeness: float) -> float:
        """Weigh a likeness of names."""
        return sum(share * self.name[place][1] for place, share in between([knot for knot, _ in self.name], likeness))


def between(knots: list[float], value: float) -> tuple[tuple[int, float], ...]:
    """Give the places of the two knots around a value, and the share that each has in it; the shares make 1."""
    upper = bisect_right(knots, value)
    if upper == 0:
        return ((0, 1.0),)
    if upper == len(knots):
        return ((upper - 1, 1.0),)
    lower = upper - 1
    share = (value - knots[lower]) / (knots[upper] - knots[lower])
    return ((lower, 1 - share), (upper, share))


def probability(bits: float) -> float:
    """Give the probability that odds of so many bits say; what is far beyond doubt is 0 or 1."""
    return 1 / (1 + math.exp2(-max(-FAR, min(FAR, bits))))


FAR = 50.0


@cache
def weights() -> Weights:
    """Read the weights that are shipped."""
    return Weights.of(json.loads(files("search").joinpath(FILE).read_text(encoding="utf-8")))
