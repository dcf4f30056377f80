"""This module answers the two questions of matching: is this the finger (1:1), and whose finger is it (1:N)."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from biometrics.candidates import Candidate, rank
from biometrics.decision import Decision, decide, threshold
from biometrics.engine import Template
from biometrics.gallery import Comparer, Enrolled, Gallery
from biometrics.rejections import UnknownFingerprint
from contracts.references import RecordRef, SubjectRef

MaySee = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Verification:
    """The best of the comparisons with what was named, and the decision on it."""

    decision: Decision
    finger: Enrolled | None
    comparisons: int


@dataclass(frozen=True, slots=True)
class Identification:
    """The candidates of a search, the score from which one counts as found, and what was searched."""

    candidates: list[Candidate]
    threshold: float
    templates: int
    elapsed_ms: float


class Matching:
    """Compares probes with the gallery. Every method blocks while Java works: it is called in the engine's threads."""

    def __init__(self, gallery: Gallery, comparer: Comparer) -> None:
        self._gallery = gallery
        self._comparer = comparer

    def verify_pair(self, probe: Template, candidate: Template, rate: float) -> Verification:
        """Compare two samples."""
        return Verification(decide(self._comparer.score(probe, candidate), rate), None, 1)

    def verify_record(self, probe: Template, record: RecordRef, rate: float, may_see: MaySee) -> Verification:
        """Compare with one record.

        Raises:
            UnknownFingerprint: the gallery does not hold it, or the caller may not know whether it does.
        """
        held = self._gallery.find(record)
        return self._verify(probe, [] if held is None else [held], rate, may_see)

    def verify_subject(self, probe: Template, subject: SubjectRef, rate: float, may_see: MaySee) -> Verification:
        """Compare with every finger of one person.

        Raises:
            UnknownFingerprint: the gallery holds none, or the caller may not know whether it does.
        """
        return self._verify(probe, self._gallery.find_subject(subject), rate, may_see)

    def identify(
        self, probes: Sequence[Template], *, rate: float, limit: int, lowest: float, may_see: MaySee
    ) -> Identification:
        """Search the whole gallery: one call into the engine for each probe.

        Only what the caller may see can become a false match, so only that counts, for the threshold as in the answer.
        """
        started = time.perf_counter()
        seen = self._gallery.snapshot()
        templates = sum(count for system, count in seen.templates.items() if may_see(system))
        scores = [self._gallery.scan(probe, seen) for probe in probes]
        return Identification(
            rank(scores, seen.owners, may_see, limit, lowest),
            threshold(rate, templates, len(probes)),
            templates,
            (time.perf_counter() - started) * 1000,
        )

    def _verify(
        self, probe: Template, held: Sequence[tuple[Enrolled, tuple[Template, ...]]], rate: float, may_see: MaySee
    ) -> Verification:
        pairs = [(finger, template) for finger, found in held if may_see(finger.system) for template in found]
        if not pairs:
            raise UnknownFingerprint("The gallery holds no such fingerprint; enrol it first.")
        scored = [(self._comparer.score(probe, template), finger) for finger, template in pairs]
        score, finger = max(scored, key=lambda each: each[0])
        return Verification(decide(score, rate, len(pairs)), finger, len(pairs))
