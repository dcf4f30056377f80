"""This module lets the engine score all images of a set with one another, in every configuration."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

import numpy as np

from biometrics.calibration import CALIBRATION
from biometrics.comparing import LONE, Views, with_view
from biometrics.engine import Scan, Template
from biometrics.enhancement.coherence import check_coherent
from biometrics.enhancement.views import VIEWS, enhance
from biometrics.evaluation.curves import Scores
from biometrics.evaluation.impressions import Pairs
from biometrics.formats.resampling import legible
from biometrics.fusion import Minutiae, agreed
from biometrics.gray import GrayImage
from hub.errors import Rejected

PLAIN = "plain"
"""The engine alone, on the gray pixels."""
SUM = "sum"
"""The scores of image and views summed, whatever the number of minutiae."""
SHIPPED = "shipped"
"""The same in proportion to the minutiae that image and views agree on, on the engine's scale."""
FUSED = (PLAIN, *(view.name for view in VIEWS))
"""What is summed."""

Progress = Callable[[int], None]
Given = TypeVar("Given")
Made = TypeVar("Made")


class Engine(Protocol):
    """What scoring needs of the engine."""

    def extract(self, image: GrayImage) -> Template:
        """Find the minutiae."""
        ...

    def positions(self, template: Template) -> Minutiae:
        """Give the minutiae."""
        ...

    def score(self, probe: Template, candidate: Template) -> float:
        """Compare two templates."""
        ...

    def new_scan(self, capacity: int, templates: Sequence[Template] = ()) -> Scan:
        """Make a row of templates."""
        ...

    def put(self, scan: Scan, place: int, template: Template | None) -> None:
        """Write or free a place."""
        ...

    def scan(self, probe: Template, scan: Scan, count: int) -> Scores:
        """Score the first `count` places."""
        ...


@dataclass(frozen=True, slots=True)
class Scored:
    """One configuration on one set: scores of all probes (rows) with all candidates, and what that took.

    An image of which no template could be made is a failure, and scores 0 with every other: `failed` has the numbers of
    these, and `extract_ms` is the mean of those that were given. `agreed` counts, of each image, the minutiae that all
    of its views show, where there are several, and is `LONE` where its view is left out; `on_scale` tells whether a
    score promises a rate of false matches, 10 for each power of ten. `refusals` tell, by the number of an image, why no
    template of it, or of one of its views, could be made.
    """

    scores: Scores
    failed: Sequence[int]
    extract_ms: float
    compare_per_s: float
    agreed: Scores | None = None
    on_scale: bool = True
    refusals: Mapping[int, str] = field(default_factory=dict)

    def compared(self, pairs: Pairs) -> Pairs:
        """Give those that were compared: ISO/IEC 19795-1 counts false matches of no others."""
        failed = np.isin(pairs.probes, self.failed) | np.isin(pairs.candidates, self.failed)
        return Pairs(pairs.probes[~failed], pairs.candidates[~failed])


@dataclass(frozen=True, slots=True)
class _Extracted:
    templates: list[Template | None]
    extract_ms: float
    refusals: Mapping[int, str]

    @property
    def there(self) -> list[bool]:
        return [template is not None for template in self.templates]

    @property
    def failed(self) -> list[int]:
        return [number for number, is_there in enumerate(self.there) if not is_there]


def score_all(engine: Engine, images: Sequence[GrayImage | None], progress: Progress) -> dict[str, Scored]:
    """Score a set in every configuration: the plain engine, each view, the sum of all, and what is shipped.

    Args:
        engine: the engine.
        images: the set, in the order of its names; nothing in the place of an image that the service refuses unseen.
        progress: is told how many of `steps(images)` are done.
    """
    done = 0

    def step() -> None:
        nonlocal done
        progress(done := done + 1)

    made = _extracted(engine, images, step)
    scored = {}
    for name, extracted in made.items():
        scored[name] = _scored(engine, extracted, len(images), step)
    parts = [scored[name] for name in FUSED]
    whole = np.array([all(each) for each in zip(*(made[name].there for name in FUSED), strict=True)])
    sums = np.sum([part.scores for part in parts], axis=0) * np.outer(whole, whole)
    failed, extract_ms = np.flatnonzero(~whole).tolist(), sum(part.extract_ms for part in parts)
    speed = 1 / sum(1 / part.compare_per_s for part in parts)
    refusals = made[PLAIN].refusals
    scored[SUM] = Scored(sums, failed, extract_ms, speed, _agreed(engine, made), on_scale=False, refusals=refusals)
    counts = _as_compared(engine, made)
    lone = (counts[:, None] == LONE) | (counts[None, :] == LONE)
    together = CALIBRATION.on_scale(sums, np.maximum(counts, 0)[:, None], np.maximum(counts, 0)[None, :])
    compared = np.where(lone, scored[PLAIN].scores, together) * np.outer(whole, whole)
    scored[SHIPPED] = Scored(compared, failed, extract_ms, speed, counts, refusals=refusals)
    return scored


def steps(images: int) -> int:
    """Tell how many steps a set of so many images takes."""
    return images * (2 + len(VIEWS))


def _extracted(engine: Engine, images: Sequence[GrayImage | None], step: Callable[[], None]) -> dict[str, _Extracted]:
    found: dict[str, list[Template | None]] = {name: [] for name in FUSED}
    seconds = dict.fromkeys(FUSED, 0.0)
    refusals: dict[int, str] = {}
    for number, image in enumerate(images):
        faults: list[str] = []
        started = time.perf_counter()
        sound = _made(_sound, image, faults)
        drawn: Sequence[GrayImage | None] = _made(enhance, sound, faults) or [None] * len(VIEWS)
        shared = (time.perf_counter() - started) / len(VIEWS)
        for name, each in zip(FUSED, [sound, *drawn], strict=True):
            started = time.perf_counter()
            found[name].append(_made(lambda one: engine.extract(legible(one)), each, faults))
            seconds[name] += time.perf_counter() - started + (0 if name == PLAIN else shared)
        if faults:
            refusals[number] = faults[0]
        step()
    given = max(1, len(images) - images.count(None))
    return {name: _Extracted(found[name], seconds[name] / given * 1000, refusals) for name in FUSED}


def _made(make: Callable[[Given], Made], of: Given | None, faults: list[str]) -> Made | None:
    """Make something of what is there, unless that is refused: then the reason is added to the faults."""
    try:
        return None if of is None else make(of)
    except Rejected as fault:
        faults.append(str(fault))
        return None


def _sound(image: GrayImage) -> GrayImage:
    """Give an image that shows ridges.

    Raises:
        Rejected: it shows noise.
    """
    check_coherent(image)
    return image


def _scored(engine: Engine, extracted: _Extracted, count: int, step: Callable[[], None]) -> Scored:
    row = engine.new_scan(count)
    for place, template in enumerate(extracted.templates):
        engine.put(row, place, template)
    scores = np.zeros((count, count))
    started = time.perf_counter()
    for number, probe in enumerate(extracted.templates):
        if probe is not None:
            scores[number] = engine.scan(probe, row, count)
        step()
    seconds = time.perf_counter() - started
    return Scored(scores, extracted.failed, extracted.extract_ms, count * count / seconds, refusals=extracted.refusals)


def _agreed(engine: Engine, made: dict[str, _Extracted]) -> Scores:
    """Count of each image the minutiae that all of its views show."""
    counts = []
    for templates in zip(*(made[name].templates for name in FUSED), strict=True):
        there = [engine.positions(template) for template in templates if template is not None]
        counts.append(agreed(there) if there else 0)
    return np.array(counts, dtype=np.float64)


def _as_compared(engine: Engine, made: dict[str, _Extracted]) -> Scores:
    """Count them as the service does, which leaves out a view that does not show the same print."""
    plain, drawn = (made[name].templates for name in FUSED)
    return np.array(
        [
            0 if one is None or other is None else with_view(engine, Views(one), other).agreed
            for one, other in zip(plain, drawn, strict=True)
        ],
        dtype=np.float64,
    )
