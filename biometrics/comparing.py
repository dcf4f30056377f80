"""This module compares fingers: by their images as they are, and fused with a view of both where both have one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from biometrics.calibration import Calibration
from biometrics.decision import threshold
from biometrics.engine import Scan, Template
from biometrics.fusion import FEWEST, Minutiae, agreed
from contracts.records import FingerTemplate, ImpressionType

Scores = NDArray[np.float64]

LONE = -1
"""Stands for the minutiae that views agree on, where there is no view."""

SAME_PRINT_RATE = 1e-2
"""The false match rate at which a view is taken to be of its image. It is no stricter, for of a poor print an image and
its own view differ by much, and whoever gives another finger's view wants it to fit in every case."""

SENT_SHARE = 0.4
"""Of the minutiae of whichever shows fewer, how many a template and a view that is sent beside it must agree on. Of
different fingers no pair does: of 17,280 of three public sets 0.32 at most, of 31,860 invented ones 0.38. Own views do
but for 10 of 240 images of those sets (9 of a capacitive sensor), and for none of 180 invented ones."""


@dataclass(frozen=True, slots=True)
class Views:
    """The templates of one image: of it as it is, and of its drawn view (`biometrics.enhancement`) where there is one.

    Attributes:
        plain: what the engine made of the image as it is, or what came as a template.
        drawn: what it made of the view.
        agreed: how many minutiae both show, or `LONE`.
        nfiq2: the quality of the image, where it was measured.
        engine: what made the templates, where that is not the engine that is at work.
        beside: what came with them and is not compared here, such as a view of another version, or any view under the
            plain engine. It is kept of records that may be added to, and goes on with them.
        impression: how the finger was put down, where that is told.
    """

    plain: Template
    drawn: Template | None = None
    agreed: int = LONE
    nfiq2: int | None = None
    engine: str | None = None
    beside: tuple[FingerTemplate, ...] = ()
    impression: ImpressionType | None = None


class Matcher(Protocol):
    """What holding a view against its image needs of the engine."""

    def positions(self, template: Template) -> Minutiae:
        """Give the minutiae."""
        ...

    def score(self, probe: Template, candidate: Template) -> float:
        """Compare two templates."""
        ...


def with_view(engine: Matcher, views: Views, drawn: Template) -> Views:
    """Put the template of a view to that of its image; a view that does not show the same print is left out.

    What both agree on is counted, whatever anybody says: a score is divided by it. Of different fingers image and view
    hardly ever agree on `FEWEST`: of 19,000 pairs of three public sets on nine at most. Where they agree on less, they
    have to match.
    """
    count, _ = _agreed(engine, views, drawn)
    if count < FEWEST and engine.score(views.plain, drawn) < threshold(SAME_PRINT_RATE):
        return views
    return replace(views, drawn=drawn, agreed=count)


def with_sent_view(engine: Matcher, views: Views, drawn: Template) -> Views:
    """Put the template of a view that somebody sent to that of its image, where they agree on `SENT_SHARE`.

    Ten minutiae alone could be put into the view of another finger. A share cannot be asked of views that are drawn
    here: those of the worst images show another tenth of the finger than the image does, and find it all the same.
    """
    count, share = _agreed(engine, views, drawn)
    return replace(views, drawn=drawn, agreed=count) if share >= SENT_SHARE else views


def _agreed(engine: Matcher, views: Views, drawn: Template) -> tuple[int, float]:
    """Count the minutiae that both show, and give their share of those of whichever shows fewer."""
    both = [engine.positions(views.plain), engine.positions(drawn)]
    count = agreed(both)
    return count, count / max(1, min(map(len, both)))


class Comparer(Protocol):
    """What comparing needs of the engine."""

    def new_scan(self, capacity: int, templates: Sequence[Template] = ()) -> Scan:
        """Make a row of templates."""
        ...

    def mirrored(self, template: Template) -> Template:
        """Give a template as it would be of the finger in a mirror."""
        ...

    def enlarge(self, scan: Scan, capacity: int) -> Scan:
        """Copy a row into one with more room."""
        ...

    def put(self, scan: Scan, place: int, template: Template | None) -> None:
        """Write or free a place."""
        ...

    def scores(self, probe: Template, candidates: Sequence[Template | None]) -> Scores:
        """Score a few templates."""
        ...

    def scan(self, probe: Template, scan: Scan, count: int) -> Scores:
        """Score the first `count` places."""
        ...

    def scan_views(self, probes: Sequence[Template], scans: Sequence[Scan], count: int) -> Scores:
        """Score the first `count` places of several rows, each against its own probe, and sum by place."""
        ...

    def scan_places(self, probes: Sequence[Template], scans: Sequence[Scan], places: NDArray[np.int32]) -> Scores:
        """Score these places alone of one row or several."""
        ...


class Comparing:
    """Gives scores on the engine's scale: 10 for each power of ten of false matches.

    Without a calibration this is the plain engine: views are passed over, and its scores given as they are.
    """

    def __init__(self, engine: Comparer, calibration: Calibration | None) -> None:
        self.engine = engine
        self._calibration = calibration

    @property
    def by_views(self) -> bool:
        """Whether views are compared."""
        return self._calibration is not None

    def new_rows(self, capacity: int, candidates: Sequence[Views] = ()) -> tuple[Scan, ...]:
        """Make a row of images, and where views are compared, one of views: a place of each belongs together."""
        plain = self.engine.new_scan(capacity, [each.plain for each in candidates])
        if not self.by_views:
            return (plain,)
        drawn = self.engine.new_scan(capacity)
        for place, each in enumerate(candidates):
            self.engine.put(drawn, place, each.drawn)
        return plain, drawn

    def put(self, rows: Sequence[Scan], place: int, views: Views | None) -> None:
        """Write to a place of the rows, or free it."""
        for row, template in zip(rows, (None, None) if views is None else (views.plain, views.drawn), strict=False):
            self.engine.put(row, place, template)

    def scan(self, probe: Views, rows: Sequence[Scan], counts: Scores, count: int) -> Scores:
        """Score the first `count` places of rows against a probe, in one call into the engine.

        Args:
            probe: who is asked about.
            rows: the candidates.
            counts: of each place, how many minutiae image and view agree on, or `LONE`: such a one is compared
                by its plain template alone, and its score is the engine's.
            count: how many places.
        """
        if self._calibration is None or probe.drawn is None:
            return self.engine.scan(probe.plain, rows[0], count)
        sums = self.engine.scan_views((probe.plain, probe.drawn), rows, count)
        return self._on_scale(sums, probe, counts[:count])

    def scan_some(self, probe: Views, rows: Sequence[Scan], counts: Scores, places: NDArray[np.int32]) -> Scores:
        """Score these places alone, in their order, as `scan` does."""
        if self._calibration is None or probe.drawn is None:
            return self.engine.scan_places((probe.plain,), rows[:1], places)
        return self._on_scale(self.engine.scan_places((probe.plain, probe.drawn), rows, places), probe, counts[places])

    def scores(self, probe: Views, candidates: Sequence[Views], enough: float = np.inf) -> Scores:
        """Score a few candidates. The probe is prepared once for all of them, which takes most of the time.

        Args:
            probe: who is asked about.
            candidates: with whom it is compared.
            enough: where the images as they are take any candidate this far, views are not compared any more, and the
                scores are what is certain without them: views only add. What the engine may still add has no bound, so
                that nothing can be told of a candidate who is far from it.
        """
        sums = self.engine.scores(probe.plain, [each.plain for each in candidates])
        if self._calibration is None or probe.drawn is None:
            return sums
        counts = np.array([each.agreed for each in candidates], dtype=np.float64)
        certain = self._on_scale(sums, probe, counts)
        if certain.max(initial=0.0) >= enough:
            return certain
        sums += self.engine.scores(probe.drawn, [each.drawn for each in candidates])
        return self._on_scale(sums, probe, counts)

    def mirrored(self, probe: Views) -> Views:
        """Give a probe as it would be of the finger in a mirror."""
        drawn = None if probe.drawn is None else self.engine.mirrored(probe.drawn)
        return replace(probe, plain=self.engine.mirrored(probe.plain), drawn=drawn)

    def _on_scale(self, sums: Scores, probe: Views, counts: Scores) -> Scores:
        assert self._calibration is not None, "sums are over views"
        return np.where(counts == LONE, sums, self._calibration.on_scale(sums, probe.agreed, counts))
