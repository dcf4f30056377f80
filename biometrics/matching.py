"""This module answers the two questions of matching: is this the finger (1:1), and whose finger is it (1:N)."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from biometrics.candidates import Candidate, rank
from biometrics.comparing import Views
from biometrics.decision import Decision, decide, threshold
from biometrics.formats.contents import MissingFinger
from biometrics.gallery import Enrolled, Gallery
from biometrics.mirror import matches_mirrored
from biometrics.places import Filter
from biometrics.rejections import UnknownFingerprint
from biometrics.sought import sought_fingers
from biometrics.thresholds import Thresholds, chances
from contracts.records import FingerPosition
from contracts.references import RecordRef, SubjectRef

MaySee = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Verification:
    """The best of the comparisons with what was named, and the decision on it.

    With what the gallery holds, the score of a match is what was certain when it was concluded, or more.
    It is not `complete` where the gallery had no room for all that it was to be compared with. It is `mirrored` where
    nothing matches but the probe's mirror image. `unread` are records of what was named that it was not compared with,
    as no template of theirs could be read. `notes` say what was odd about the probe, `candidate_notes` about the sample
    that it was compared with.
    """

    decision: Decision
    finger: Enrolled | None
    comparisons: int
    complete: bool = True
    mirrored: bool = False
    unread: tuple[RecordRef, ...] = ()
    notes: tuple[str, ...] = ()
    candidate_notes: tuple[str, ...] = ()

    @property
    def outcome(self) -> str:
        """What the audit says came of it."""
        if self.decision.match:
            return "match"
        return "no-match, mirrored" if self.mirrored else "no-match"


@dataclass(frozen=True, slots=True)
class Identification:
    """The candidates of a search, what was asked of them at the rate, and what was searched.

    Attributes:
        candidates: the best first.
        threshold: the most that is asked of anybody to count as found.
        rate: the accepted probability of a false match.
        templates: with how many each probe was compared, at most.
        elapsed_ms: the search alone.
        numbers: of each probe, its place among all that were sent.
        positions: of each that was sent, which finger it is, as far as is told.
        missing: fingers that cannot be taken, as the records of probes say: nothing was compared for them.
        complete: whether the gallery had room for all that could have been found.
        unread: records that the probes were not compared with, as no template of theirs could be read.
        notes: of each probe that was sent, what was odd about it.
    """

    candidates: list[Candidate]
    threshold: float
    rate: float
    templates: int
    elapsed_ms: float
    numbers: tuple[int, ...] = ()
    positions: tuple[FingerPosition, ...] = ()
    missing: tuple[MissingFinger, ...] = ()
    complete: bool = True
    unread: tuple[RecordRef, ...] = ()
    notes: tuple[tuple[str, ...], ...] = ()

    def decision(self, candidate: Candidate) -> Decision:
        """Conclude whether a candidate is who is searched for."""
        return Decision(candidate.score, candidate.threshold, self.rate)

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
        decision = decide(float(self._comparing.scores(probe, [candidate])[0]), rate)
        mirrored = not decision.match and matches_mirrored(self._comparing, probe, [candidate])
        return Verification(decision, None, 1, mirrored=mirrored)

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
        self,
        probes: Sequence[Views],
        *,
        rate: float,
        limit: int,
        lowest: float,
        may_see: MaySee,
        positions: Sequence[FingerPosition] = (),
        like_positions: bool = False,
    ) -> Identification:
        """Search the gallery: one call into the engine for each probe, with what may be a match of it alone.

        Only what is compared can become a false match, so only that counts, for the threshold as in the answer.

        Args:
            probes: fingers of one person.
            rate: the accepted probability of a false match.
            limit: how many persons at most.
            lowest: score of a candidate.
            may_see: whether records of a system are searched.
            positions: of each probe, which finger it is told to be: those of one position are one finger.
            like_positions: whether fingers that are known to be others than the probe are left out.
        """
        started = time.perf_counter()
        unknown = [FingerPosition.UNKNOWN] * len(probes)
        fingers = (positions or unknown) if like_positions else unknown
        filters = [Filter(may_see, finger) for finger in fingers]

        def shown(owner: Enrolled) -> bool:
            # What was removed while this ran is not told any more.
            return may_see(owner.system) and not self._gallery.was_removed(owner)

        with self._gallery.search() as seen:
            chosen = {each: each.places(seen) for each in set(filters)}
            scores = [
                self._gallery.scan(probe, seen, chosen[each]) for probe, each in zip(probes, filters, strict=True)
            ]
        compared = max(sum(seen.templates.values()) if places is None else places.size for places in chosen.values())
        if len(probes) == 1:
            highest = threshold(rate, compared)
            candidates = rank(scores, seen.owners, shown, limit, lambda _: highest, lowest)
        else:
            sought = sought_fingers(self._comparing, probes, positions)
            thresholds = Thresholds(rate, chances(fingers, seen.owners, may_see, sought))
            highest = thresholds.highest or threshold(rate)
            candidates = rank(scores, seen.owners, shown, limit, thresholds.of, lowest, sought)
        return Identification(candidates, highest, rate, compared, (time.perf_counter() - started) * 1000)

    def _verify(
        self, probe: Views, held: Sequence[tuple[Enrolled, tuple[Views, ...]]], rate: float, may_see: MaySee
    ) -> Verification:
        shown = [(finger, images) for finger, images in held if may_see(finger.system)]
        pairs = [(finger, image) for finger, images in shown for image in images]
        unread = tuple(finger.record for finger, images in shown if not images)
        if unread and not pairs:
            raise UnknownFingerprint("The gallery holds no template of this that can be read; enrol the finger again.")
        if not pairs:
            raise UnknownFingerprint("The gallery holds no such fingerprint; enrol it first.")
        # That a match is certain ends it; by how much more it is one, nobody asks.
        images = [image for _, image in pairs]
        scores = self._comparing.scores(probe, images, enough=threshold(rate, len(pairs)))
        best = int(scores.argmax())
        decision = decide(float(scores[best]), rate, len(pairs))
        mirrored = not decision.match and matches_mirrored(self._comparing, probe, images)
        left = [(finger, images) for finger, images in shown if not self._gallery.was_removed(finger)]
        if len(left) < len(shown):
            # What was removed while this ran is not told any more: it is as if it had not been held.
            return self._verify(probe, left, rate, may_see)
        return Verification(decision, pairs[best][0], len(pairs), mirrored=mirrored, unread=unread)
