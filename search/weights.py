"""This module holds what each comparison weighs, as data with a version: `weights.json`, and the command that made it.

A weight is in bits, as Fellegi and Sunter weigh agreement: one bit doubles the odds that a record is of the person who
is asked for. The sum of all, with the prior, is the odds; a score is the probability that they say.
"""

import json
import math
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any, Self

from search.births import Birth

FILE = "weights.json"
Shares = tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights in bits, by comparison.

    `name` has a weight for some likenesses, from 0 to 1; between two of them it is in proportion. `rarity` is for each
    halving of how many persons would bear such a name by chance, from the `usual_rarity` on, which adds nothing.
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

    def of_name(self, likeness: float, rarity: float | None = None) -> float:
        """Weigh a likeness of names, and how rare the name is where that is known.

        That a name is common takes the more, the more alike the names are; and yet names that are more alike never
        weigh less than names that are less so: there it takes no more.
        """
        places, halvings = self.terms_of_name(likeness, rarity)
        return sum(share * self.name[place][1] for place, share in places) + halvings * self.rarity

    def terms_of_name(self, likeness: float, rarity: float | None) -> tuple[Shares, float]:
        """Give what a likeness weighs as the sum that it is: the one form of it, for judging as for fitting.

        Returns:
            The places in `name` whose weights count, with their shares, and how often the weight of `rarity` counts.
        """
        more = 0.0 if rarity is None else rarity - self.usual_rarity
        knots, leading = _leading(self.name, self.rarity * more)
        places = tuple((leading[place], share) for place, share in between(knots, likeness))
        return places, more * sum(share * rare_share(knots[place]) for place, share in places)


@lru_cache(maxsize=4_096)
def _leading(name: tuple[tuple[float, float], ...], rarity: float) -> tuple[list[float], list[int]]:
    """Give the likenesses that have a weight, and for each the place of the one whose weight counts.

    It is the one that weighs most of those that are not above it, together with what the rarity of the name adds.
    """
    weighed = [(bits + rarity * rare_share(knot), place) for place, (knot, bits) in enumerate(name)]
    return [knot for knot, _ in name], [place for _, place in accumulate(weighed, max)]


RARE_FROM = 0.6
"""The likeness of names from which on it counts how rare they are; from here to 1 it counts more and more.

It is one of those that have a weight, as between them all is in proportion.
"""


def rare_share(likeness: float) -> float:
    """Tell how much of its weight the rarity of a name has: nothing where the names are not alike."""
    return max(0.0, (likeness - RARE_FROM) / (1 - RARE_FROM))


def between(knots: list[float], value: float) -> Shares:
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
