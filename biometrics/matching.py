"""This module answers the two questions of matching: is this the finger (1:1), and whose finger is it (1:N)."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from biometrics.candidates import Candidate, Finger, finger_of, rank
from biometrics.comparing import Scores, Views
from biometrics.decision import Decision, assignments, decide, threshold
from biometrics.formats.contents import MissingFinger
from biometrics.gallery import Enrolled, Gallery
from biometrics.mirror import matches_mirrored
from biometrics.places import Filter
from biometrics.rejections import UnknownFingerprint
from contracts.records import FingerPosition
from contracts.references import RecordRef, SubjectRef

MaySee = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Verification:
    """The best of the comparisons with what was named, and the decision on it.

    With what the gallery holds, the score of a match is what was certain when it was concluded, or more.
    It is not `complete` where the gallery had no room for all that it was to be compared with. It is `mirrored` where
    nothing matches but the probe's mirror image. `notes` say what was odd about the probe, `candidate_notes` about the
    sample that it was compared with.
    """

    decision: Decision
    finger: Enrolled | None
    comparisons: int
    complete: bool = True
    mirrored: bool = False
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
    """The candidates of a search, the score from which one counts as found at the rate, and what was searched.

    Attributes:
        candidates: the best first.
        threshold: the score from which one counts as found.
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
        like: Sequence[FingerPosition] = (),
    ) -> Identification:
        """Search the gallery: one call into the engine for each probe, with what may be a match of it alone.

        Only what is compared can become a false match, so only that counts, for the threshold as in the answer.

        Args:
            probes: fingers of one person.
            rate: the accepted probability of a false match.
            limit: how many persons at most.
            lowest: score of a candidate.
            may_see: whether records of a system are searched.
            like: of each probe, which finger it is, where fingers that are known to be others are left out.
        """
        started = time.perf_counter()
        like = like or [FingerPosition.UNKNOWN] * len(probes)
        owners, compared, scores = self._scan(probes, [Filter(may_see, each) for each in like])
        return Identification(
            rank(scores, owners, may_see, limit, lowest),
            threshold(rate, compared if len(probes) == 1 else comparisons(like, owners, may_see), len(probes)),
            rate,
            compared,
            (time.perf_counter() - started) * 1000,
        )

    def _scan(
        self, probes: Sequence[Views], filters: Sequence[Filter]
    ) -> tuple[list[Enrolled | None], int, list[Scores]]:
        """Score what the filters let through; give whose the places are, how many were compared at most, and scores.

        A record that is replaced meanwhile stands at another place, which is looked at in turn: it was held all along.
        Whose a place is was noted before the last look at what has changed.
        """
        seen = self._gallery.snapshot()
        chosen = {each: each.places(seen) for each in set(filters)}
        compared = max(sum(seen.templates.values()) if places is None else places.size for places in chosen.values())
        scores = [self._gallery.scan(probe, seen, chosen[each]) for probe, each in zip(probes, filters, strict=True)]
        owners = list(islice(seen.owners, seen.count))
        while (now := self._gallery.snapshot()).owners is seen.owners and now.moves > seen.moves:
            fresh = {each: each.among(now, now.moved[seen.moves : now.moves]) for each in set(filters)}
            more = [self._gallery.scan(probe, now, fresh[each]) for probe, each in zip(probes, filters, strict=True)]
            scores = [np.concatenate((row, new[seen.count :])) for row, new in zip(scores, more, strict=True)]
            seen, owners = now, list(islice(now.owners, now.count))
        # The row was copied into a smaller one: where all stands now is told by that alone.
        return (owners, compared, scores) if now.owners is seen.owners else self._scan(probes, filters)

    def _verify(
        self, probe: Views, held: Sequence[tuple[Enrolled, tuple[Views, ...]]], rate: float, may_see: MaySee
    ) -> Verification:
        pairs = [(finger, image) for finger, found in held if may_see(finger.system) for image in found]
        if not pairs:
            raise UnknownFingerprint("The gallery holds no such fingerprint; enrol it first.")
        # That a match is certain ends it; by how much more it is one, nobody asks.
        images = [image for _, image in pairs]
        scores = self._comparing.scores(probe, images, enough=threshold(rate, len(pairs)))
        best = int(scores.argmax())
        decision = decide(float(scores[best]), rate, len(pairs))
        mirrored = not decision.match and matches_mirrored(self._comparing, probe, images)
        return Verification(decision, pairs[best][0], len(pairs), mirrored=mirrored)


def comparisons(probes: Sequence[FingerPosition], owners: Iterable[Enrolled | None], may_see: MaySee) -> float:
    """Count the ways in which several probes may be taken for the fingers of anybody who may be seen.

    Args:
        probes: of each, which finger it is, where others that are known are left out; else `UNKNOWN`.
        owners: whose the templates are.
        may_see: whether those of a system are compared.
    """
    templates: defaultdict[SubjectRef, Counter[FingerPosition]] = defaultdict(Counter)
    fingers: defaultdict[SubjectRef, set[Finger]] = defaultdict(set)
    for owner in owners:
        if owner is not None and may_see(owner.system):
            templates[owner.subject][owner.position] += 1
            fingers[owner.subject].add(finger_of(owner))
    alike = Counter((len(fingers[subject]), frozenset(held.items())) for subject, held in templates.items())
    return sum(people * _ways(probes, count, dict(held)) for (count, held), people in alike.items())


def _ways(probes: Sequence[FingerPosition], fingers: int, templates: Mapping[FingerPosition, int]) -> float:
    """Bound the ways for one person: all assignments, or, if that is less, of each probe a like template or none."""
    total = sum(templates.values())
    unknown = templates.get(FingerPosition.UNKNOWN, 0)
    like = [templates.get(probe, 0) + unknown if probe else total for probe in probes]
    return min(assignments(len(probes), fingers, total), math.prod(1 + each for each in like))
