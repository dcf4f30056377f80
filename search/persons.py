"""This module joins records that speak of one person. It is pure.

Records belong together that have the same subject, the same document, the same finger, or the same name and whole birth
date; what is connected through others is one person too.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from contracts.identity import DocumentRef
from contracts.references import SubjectRef
from search.document import documents_of, identity_of
from search.fingers import FingerMatch
from search.found import EnrolledFinger, Found, HeldRecord
from search.names.keys import keys_of

FINGER_SCORE = 0.97  # the matching service decides at a false positive rate far below that of names


@dataclass(frozen=True, slots=True)
class Person:
    """The records of one person, best first, and the fingers asked about that are theirs."""

    records: tuple[Found, ...]
    fingers: tuple[FingerMatch, ...]

    @property
    def named_score(self) -> float:
        """How well the best of the records fits the name and the document that were given."""
        return self.records[0].score.value

    @property
    def score(self) -> float:
        """How well this person fits in all: a finger that matched outweighs what was said."""
        return max(self.named_score, FINGER_SCORE if self.fingers else 0.0)

    @property
    def subjects(self) -> frozenset[SubjectRef]:
        """The references under which the source systems hold this person."""
        return frozenset(found.record.subject for found in self.records)


def persons(found: Sequence[Found], fingers: Sequence[FingerMatch]) -> list[Person]:
    """Join records into persons, best first."""
    matched = {match.subject: match for match in fingers}
    ties = _Ties(len(found))
    for keys in (_subjects(found), _documents(found), _same_finger(found, matched), _names(found)):
        first: dict[Hashable, int] = {}
        for key, index in keys:
            ties.join(first.setdefault(key, index), index)
    grouped: dict[int, list[Found]] = defaultdict(list)
    for index, item in enumerate(found):
        grouped[ties.root(index)].append(item)
    joined = [_person(group, matched) for group in grouped.values()]
    return sorted(joined, key=lambda person: (-person.score, person.records[0].record.record))


class _Ties:
    """Disjoint sets with path halving (Tarjan and van Leeuwen, 1984)."""

    def __init__(self, count: int) -> None:
        self._parent = list(range(count))

    def root(self, index: int) -> int:
        while self._parent[index] != index:
            self._parent[index] = self._parent[self._parent[index]]
            index = self._parent[index]
        return index

    def join(self, one: int, other: int) -> None:
        self._parent[self.root(other)] = self.root(one)


def _person(group: list[Found], matched: dict[SubjectRef, FingerMatch]) -> Person:
    ordered = tuple(sorted(group, key=lambda item: (-item.score.value, item.record.record)))
    subjects = {item.record.subject for item in group}
    return Person(ordered, tuple(match for subject, match in matched.items() if subject in subjects))


def _subjects(found: Sequence[Found]) -> Iterator[tuple[Hashable, int]]:
    for index, item in enumerate(found):
        yield item.record.subject, index


def _same_finger(found: Sequence[Found], matched: dict[SubjectRef, FingerMatch]) -> Iterator[tuple[Hashable, int]]:
    for index, item in enumerate(found):
        if item.record.subject in matched:
            yield "finger", index


def _documents(found: Sequence[Found]) -> Iterator[tuple[Hashable, int]]:
    """Give number and issuer; one without issuer counts as the issuer's that alone is known for the number."""
    issuers: dict[str, set[str]] = defaultdict(set)
    named = [(ref, index) for index, item in enumerate(found) for ref in documents_in(item.record)]
    for ref, _ in named:
        if ref.issuer is not None:
            issuers[ref.number].add(ref.issuer)
    for ref, index in named:
        known = issuers[ref.number]
        yield (ref.number, ref.issuer or (next(iter(known)) if len(known) == 1 else None)), index


def _names(found: Sequence[Found]) -> Iterator[tuple[Hashable, int]]:
    for index, item in enumerate(found):
        identity = None if isinstance(item.record, EnrolledFinger) else identity_of(item.record)
        if identity is None:
            continue
        for name in {keys_of(name).whole for name in identity.names}:
            for date in identity.birth_dates:
                if date.is_whole and " " in name:  # a single word is too little to tell a person by
                    yield (name, date), index


def documents_in(record: HeldRecord) -> Iterable[DocumentRef]:
    """Give the documents that a record names."""
    return () if isinstance(record, EnrolledFinger) else documents_of(record)
