"""This module is what the engine saw in two templates: their minutiae, and which it took for the same (pure)."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biometrics.formats.minutiae import Minutia, MinutiaKind

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


def features_of(told: Mapping[str, Any]) -> Features:
    """Read a template as the engine writes it (CBOR, decoded); it counts angles clockwise, the standards against it."""
    kinds = {"E": MinutiaKind.ENDING, "B": MinutiaKind.BIFURCATION}
    minutiae = tuple(
        Minutia(kinds.get(kind, MinutiaKind.OTHER), x, y, (360 - math.degrees(direction)) % 360)
        for kind, x, y, direction in zip(
            told["types"], told["positionsX"], told["positionsY"], told["directions"], strict=True
        )
    )
    return Features(told["width"], told["height"], minutiae)


def pairing_of(score: float, graph: Mapping[str, Any] | None, parts: Mapping[str, float]) -> Pairing:
    """Read the engine's own account of a comparison; without a graph nothing agrees."""
    if graph is None:
        return Pairing(score, (), (), {})
    tree = graph["tree"]
    pairs = [(graph["root"]["probe"], graph["root"]["candidate"])]
    pairs += [(edge["probeTo"], edge["candidateTo"]) for edge in tree]
    places = {probe_place: place for place, (probe_place, _) in enumerate(pairs)}
    edges = tuple((places[edge["probeFrom"]], places[edge["probeTo"]]) for edge in tree)
    return Pairing(score, tuple(pairs), edges, parts)


def results(names: Sequence[str]) -> list[str]:
    """Choose, of the steps of a comparison, those that tell of its result."""
    return [name for name in names if name.endswith(("-best-pairing.cbor", "-best-score.cbor"))]
