"""This module gathers what the sources bring while a search runs: records, matched fingers, what to look up next."""

from collections.abc import Collection, Iterable, Sequence

from contracts.identity import DocumentRef, IdentityData
from contracts.query import Criteria
from contracts.references import RecordRef, SubjectRef, system_of
from search.commonness import Commonness
from search.document import documents_of, identity_of
from search.fingers import FingerMatch, FingerMatches
from search.found import EnrolledFinger, Found, HeldRecord, Origin
from search.joining import documents_in
from search.linkage.judgements import Judgements
from search.score import NO_FIT, THRESHOLD, Score, Scorer

MAX_FOLLOWED = 30  # persons whose other records are looked up: more fit only where hardly anything was asked
MAX_NUMBERS = 2 * MAX_FOLLOWED


class Gathering:
    """What was found so far. A record that its live system sent counts before what the repository holds of it.

    `threshold` is the score from which on a record fits, for the purpose that is asked for. `judgements` tell who else
    is one person with whoever fits; `visible` are the systems whose records may be seen, all where it is None.
    """

    def __init__(
        self,
        criteria: Criteria,
        threshold: float = THRESHOLD,
        judgements: Judgements | None = None,
        visible: Collection[str] | None = None,
    ) -> None:
        self.threshold = threshold
        self._visible = visible
        self.judgements = judgements or Judgements()
        self._criteria = criteria
        self._scorer = Scorer(criteria)
        self._found: dict[RecordRef, Found] = {}
        self._named: dict[RecordRef, frozenset[str]] = {}
        self._looked_up: set[str] = set()
        self._scores: dict[tuple[IdentityData | None, tuple[DocumentRef, ...]], Score] = {}
        self.fingers: list[FingerMatch] = []
        self.identified: FingerMatches | None = None
        self.is_cut = False
        self.is_truncated = False

    @property
    def found(self) -> Sequence[Found]:
        """The records that fit or are tied to one that does, in the order in which they came."""
        return tuple(item for item in self._found.values() if item.score.fits(self.threshold) or self._is_tied(item))

    @property
    def holds_back(self) -> bool:
        """Whether records bear a name like the one asked for, without a birth date to tell by, and yet do not fit.

        So many bear such a name that each is hardly the one; but that nobody fits must not read as that nobody is
        there. So it is with one that could not be judged, or not with all its names.
        """
        left = [
            item for item in self._found.values() if not item.score.fits(self.threshold) and not self._is_tied(item)
        ]
        return any(item.score.is_rough for item in left) or any(
            (item.score.may_claim or item.score.most >= min(THRESHOLD, self.threshold)) and item.score.bears_the_name
            for item in left
            if not self._tells_birth(item.record)
        )

    @property
    def unjudged(self) -> dict[RecordRef, str]:
        """The records that could not be judged, each with the class of error that this ended with."""
        failed = ((record, item.score.failure) for record, item in self._found.items())
        return {record: failure for record, failure in failed if failure is not None}

    @property
    def lacks_owners(self) -> bool:
        """Whether a finger matched of one of whom nothing was found: whose it is, is not shown."""
        return not {match.subject for match in self.fingers} <= {item.record.subject for item in self._found.values()}

    def _tells_birth(self, record: HeldRecord) -> bool:
        identity = None if isinstance(record, EnrolledFinger) else identity_of(record)
        return self._criteria.birth_date is not None and identity is not None and bool(identity.birth_dates)

    def learn(self, commonness: Commonness) -> None:
        """Take up how common the names are that are asked for, and judge by it all that came before."""
        self._scorer = Scorer(self._criteria, commonness)
        self._scores.clear()
        for item in self._found.values():
            item.score = self._score(item.record)

    def add(self, records: Iterable[HeldRecord], origin: Origin) -> list[Found]:
        """Take up records; give them with their scores."""
        return [self._add(record, origin) for record in records]

    def fits(self, item: Found) -> bool:
        """Tell whether a record fits; that of one that is shown for its ties is judged as well, as its score is shown.

        So whoever waits no longer than a deadline has no names to compare after it.
        """
        if self._is_tied(item):
            item.score.work_out()
        return item.score.fits(self.threshold)

    def links(self) -> tuple[list[SubjectRef], list[str]]:
        """Give the subjects and document numbers of what fits or is tied to it that were not given before.

        Where there are more than are followed, `is_truncated` says so from then on.
        """
        subjects = dict.fromkeys(match.subject for match in self.fingers)
        fitting = [item for item in self._found.values() if item.score.fits(self.threshold)]
        fitting.sort(key=lambda item: item.score.standing, reverse=True)
        subjects |= dict.fromkeys(item.record.subject for item in fitting)
        subjects |= dict.fromkeys(item.record.subject for item in self._found.values() if self._is_tied(item))
        subjects |= dict.fromkeys(other for subject in subjects for other in self._companions(subject))
        followed = list(subjects)[:MAX_FOLLOWED]
        within = set(followed)
        of_these = [item for item in self._found.values() if item.record.subject in within]
        numbers = dict.fromkeys(ref.number for item in of_these for ref in documents_in(item.record))
        self.is_truncated |= len(subjects) > MAX_FOLLOWED or len(numbers) > MAX_NUMBERS
        fresh_subjects = [subject for subject in followed if subject not in self._looked_up]
        fresh_numbers = [number for number in list(numbers)[:MAX_NUMBERS] if number not in self._looked_up]
        self._looked_up.update(fresh_subjects, fresh_numbers)
        return fresh_subjects, fresh_numbers

    def _companions(self, subject: SubjectRef) -> list[SubjectRef]:
        """Give who was judged to be one person with a subject, and may be seen."""
        judged = self.judgements.companions(subject)
        return [other for other in judged if self._visible is None or system_of(other) in self._visible]

    def _is_tied(self, item: Found) -> bool:
        return not self._looked_up.isdisjoint(self._named[item.record.record])

    def _add(self, record: HeldRecord, origin: Origin) -> Found:
        held = self._found.get(record.record)
        fresh = self._score(record)
        if held is None:
            held = self._found[record.record] = Found(record, fresh)
        else:
            # Whichever came first: who fits by an older version is the person, though the source says more by now.
            if fresh is not held.score:
                held.score = max(held.score, fresh, key=self._fitness)
            held.record = record if origin is Origin.LIVE else held.record
        held.origins.add(origin)
        kept = held.record
        self._named[kept.record] = frozenset((kept.subject, *(ref.number for ref in documents_in(kept))))
        return held

    def _fitness(self, score: Score) -> tuple[bool, bool, tuple[float, float]]:
        """Rank the scores of two versions: one may stand lower and fit for its document, whatever the threshold is."""
        return score.is_meant(self.threshold), score.fits(self.threshold), score.standing

    def _score(self, record: HeldRecord) -> Score:
        if isinstance(record, EnrolledFinger):
            return NO_FIT
        # A person has hundreds of records that say the same of who it is.
        said = identity_of(record), tuple(documents_of(record))
        found = self._scores.get(said)
        if found is None:
            found = self._scores[said] = self._scorer.score(*said)
        return found
