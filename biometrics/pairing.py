"""This module is what the engine saw in two templates: their minutiae, and which it took for the same (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass

from biometrics.formats.minutiae import Minutia

Pair = tuple[int, int]
"""A minutia of the probe and the one of the candidate that it was taken for, by their places in the templates."""


@dataclass(frozen=True, slots=True)
class Features:
    """The minutiae of a template, in its order, on an area of `width` by `height` pixels at 500 dpi."""

    width: int
    height: int
    minutiae: tuple[Minutia, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairing of minutiae that gave two templates their score.

    Attributes:
        score: of the comparison.
        pairs: of minutiae, the first that from which the engine went on to the others; none where nothing agrees.
        edges: pairs of pairs whose distance and directions agree, by their places in `pairs`: how the engine went.
        parts: what the engine counted, and what it gave for that, by its own names (SourceAFIS, `ScoringData`).
    """

    score: float
    pairs: tuple[Pair, ...]
    edges: tuple[tuple[int, int], ...]
    parts: Mapping[str, float]
