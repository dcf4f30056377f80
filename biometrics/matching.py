"""This module answers the two questions of matching: is this the finger (1:1), and whose finger is it (1:N)."""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from biometrics.candidates import Candidate, Finger, finger_of, rank
from biometrics.comparing import Views
from biometrics.decision import Decision, assignments, decide, threshold
from biometrics.gallery import Enrolled, Gallery, Snapshot
from biometrics.rejections import UnknownFingerprint
from contracts.references import RecordRef, SubjectRef

MaySee = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Verification:
    """The best of the comparisons with what was named, and the decision on it.

    With what the gallery holds, the score of a match is what was certain when it was concluded, or more.
    """

    decision: Decision
    finger: Enrolled | None
    comparisons: int


@dataclass(frozen=True, slots=True)
class Identification:
    """The candidates of a search, the score from which one counts as found at the rate, and what was searched."""

    candidates: list[Candidate]
    threshold: float
    rate: float
    templates: int
    elapsed_ms: float

    def decision(self, candidate: Candidate) -> Decision:
        """Conclude whether a candidate is who is searched for."""
        return Decision(candidate.score, self.threshold, self.rate)

    @property
    def found(self) -> list[Candidate]:
        """The candidates who match."""
        return [candidate for candidate in self.candidates if self.decision(candidate).match]


class Matching:
    """Compares probes with the gallery. Every method blocks while Java works: it is called in the engine's threads."""

    def __init__(self, gallery: Gallery) -> None:
        self._gallery = gallery
        self._comparing = gallery.comparing

    def verify_pair(self, probe: Views, candidate: Views, rate: float) -> Verification:
        """Compare two samples."""
        return Verification(decide(float(self._comparing.scores(probe, [candidate])[0]), rate), None, 1)

    def verify_record(self, probe: Views, record: RecordRef, rate: float, may_see: MaySee) -> Verification:
        """Compare with one record.

        Raises:
            UnknownFingerprint: the gallery does not hold it, or the caller may not know whether it does.
        """
        held = self._gallery.find(record)
        return self._verify(probe, [] if held is None else [held], rate, may_see)

    def verify_subject(self, probe: Views, subject: SubjectRef, rate: float, may_see: MaySee) -> Verification:
        """Compare with every finger of one person.

        Raises:
            UnknownFingerprint: the gallery holds none, or the caller may not know whether it does.
        """
        return self._verify(probe, self._gallery.find_subject(subject), rate, may_see)

    def identify(
        self, probes: Sequence[Views], *, rate: float, limit: int, lowest: float, may_see: MaySee
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
            threshold(rate, templates if len(probes) == 1 else _ways(len(probes), seen, may_see), len(probes)),
            rate,
            templates,
            (time.perf_counter() - started) * 1000,
        )

    def _verify(
        self, probe: Views, held: Sequence[tuple[Enrolled, tuple[Views, ...]]], rate: float, may_see: MaySee
    ) -> Verification:
        pairs = [(finger, image) for finger, found in held if may_see(finger.system) for image in found]
        if not pairs:
            raise UnknownFingerprint("The gallery holds no such fingerprint; enrol it first.")
        # That a match is certain ends it; by how much more it is one, nobody asks.
        scores = self._comparing.scores(probe, [image for _, image in pairs], enough=threshold(rate, len(pairs)))
        best = int(scores.argmax())
        return Verification(decide(float(scores[best]), rate, len(pairs)), pairs[best][0], len(pairs))


def _ways(probes: int, seen: Snapshot, may_see: MaySee) -> float:
    """Count the ways in which several probes may be taken for the fingers of anybody who may be seen."""
    templates: Counter[SubjectRef] = Counter()
    fingers: defaultdict[SubjectRef, set[Finger]] = defaultdict(set)
    for owner in islice(seen.owners, seen.count):
        if owner is not None and may_see(owner.system):
            templates[owner.subject] += 1
            fingers[owner.subject].add(finger_of(owner))
    alike = Counter((len(fingers[subject]), count) for subject, count in templates.items())
    return sum(people * assignments(probes, held, count) for (held, count), people in alike.items())
