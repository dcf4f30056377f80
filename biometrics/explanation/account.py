"""This module is the account of one comparison: what was compared, what the engine saw, and what follows (pure)."""

import datetime as dt
from dataclasses import dataclass

from biometrics.decision import Decision
from biometrics.formats.minutiae import Minutia, MinutiaKind
from biometrics.gray import GrayImage
from biometrics.pairing import Features, Pairing


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two fingers.

    Attributes:
        role: probe or candidate.
        name: the file.
        features: what the engine found in it.
        image: at 500 dpi; nothing where a template was given.
        facts: what is known of it: a name, and what it says.
        notes: what was odd about it.
        advice: what would make a better image, where it is not good.
    """

    role: str
    name: str
    features: Features
    image: GrayImage | None
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()

    def count(self, kind: MinutiaKind) -> int:
        """Count the minutiae of a kind."""
        return sum(minutia.kind is kind for minutia in self.features.minutiae)


@dataclass(frozen=True, slots=True)
class Fusion:
    """How the score of two images came about, where their views were compared, too.

    Attributes:
        view: the score of the views; that of the images is the pairing's.
        agreed: how many minutiae image and view of the probe agree on, and those of the candidate.
    """

    view: float
    agreed: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Account:
    """A comparison of two fingers.

    Attributes:
        probe: what was asked about.
        candidate: what it was compared with.
        pairing: which minutiae of the images the engine took for the same.
        decision: what follows from the score.
        comparisons: how many templates the decision takes the candidate to be chosen from.
        engine: what compared them.
        at: when.
        fusion: what the views added; nothing where there were none, and the score is that of the pairing.
    """

    probe: Side
    candidate: Side
    pairing: Pairing
    decision: Decision
    comparisons: int
    engine: str
    at: dt.datetime
    fusion: Fusion | None = None

    def matched(self) -> list[tuple[Minutia, Minutia]]:
        """Give the minutiae that were taken for the same, in the order of the engine."""
        probe, candidate = self.probe.features.minutiae, self.candidate.features.minutiae
        return [(probe[one], candidate[other]) for one, other in self.pairing.pairs]
