"""This module tells which finger each file shows, by its name, and which pairs are of one finger (pure)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hub.errors import Rejected

NEEDED = ("finger", "impression")


class NotMeasurable(Rejected):
    """What was given to measure on is not as it has to be."""

    code = "not-measurable"


@dataclass(frozen=True, slots=True)
class Impression:
    """One image: whose finger, and which impression of it. Without a subject the finger is a person of its own."""

    name: str
    finger: str
    impression: str
    subject: str | None = None

    @property
    def whose(self) -> tuple[str, str]:
        """What tells one finger from all others."""
        return (self.subject or "", self.finger)


def pattern_of(text: str) -> re.Pattern[str]:
    """Read the expression that tells what a file's name says.

    Raises:
        NotMeasurable: it is none, or does not name finger and impression.
    """
    try:
        pattern = re.compile(text)
    except re.error as error:
        raise NotMeasurable(
            f"The names' expression cannot be read ({error.msg}); write a regular expression."
        ) from None
    if missing := [group for group in NEEDED if group not in pattern.groupindex]:
        raise NotMeasurable(f"The names' expression has no group {missing[0]}; write (?P<{missing[0]}>...) in it.")
    return pattern


def read_name(name: str, pattern: re.Pattern[str]) -> Impression | None:
    """Read the name of a file, without its ending; nothing where it is no impression."""
    found = pattern.search(name)
    if found is None:
        return None
    groups = found.groupdict()
    if groups["finger"] is None or groups["impression"] is None:  # a group that took no part
        return None
    return Impression(name, groups["finger"], groups["impression"], groups.get("subject"))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs of impressions, by their numbers in a row: the probe comes first. In each the lower name is the probe."""

    probes: NDArray[np.intp]
    candidates: NDArray[np.intp]

    def of(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the pairs' scores out of those of all with all."""
        return scores[self.probes, self.candidates]


def genuine_pairs(impressions: Sequence[Impression]) -> Pairs:
    """Give every pair of the same finger; impressions come in the order of their names."""
    return _pairs(impressions, same=True)


def impostor_pairs(impressions: Sequence[Impression]) -> Pairs:
    """Give every pair of different fingers; two fingers of one subject are different ones."""
    return _pairs(impressions, same=False)


def first_impressions(impressions: Sequence[Impression]) -> Pairs:
    """Give the pairs of the first impressions of different fingers: FVC's impostors, 45 of ten fingers."""
    first: dict[tuple[str, str], int] = {}
    for number, impression in enumerate(impressions):
        first.setdefault(impression.whose, number)
    numbers = np.array(sorted(first.values()), dtype=np.intp)
    lower, higher = np.triu_indices(len(numbers), 1)
    return Pairs(numbers[lower], numbers[higher])


def _pairs(impressions: Sequence[Impression], *, same: bool) -> Pairs:
    order = {whose: number for number, whose in enumerate(dict.fromkeys(i.whose for i in impressions))}
    whose = np.array([order[impression.whose] for impression in impressions], dtype=np.intp)
    lower, higher = np.triu_indices(len(impressions), 1)
    chosen = (whose[lower] == whose[higher]) == same
    return Pairs(lower[chosen], higher[chosen])
