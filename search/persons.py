"""This module tells who was found: the records of each person, how well they fit, who else it may be. It is pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from contracts.references import RecordRef, SubjectRef
from search.fingers import FingerMatch
from search.found import Found
from search.joining import Tie, join
from search.linkage.judgements import Judgements
from search.linkage.rules import Rules
from search.turns import Steps, at_once
from search.weights import probability

FINGER_BITS = 5.0
"""What a finger that matched makes of even odds: the matching service decides at a rate of false positives far below
that of names."""
FINGER_SCORE = probability(FINGER_BITS)


@dataclass(frozen=True, slots=True)
class Person:
    """The records of one person, best first, and the fingers asked about that are theirs.

    `links` tell by what the records were joined, and whom else they may be of. `beside` are the records of others that
    bear one document with this person, or the same name and birth date, and may be the same person, unless people
    judged that their subjects are somebody else (`apart`). `is_doubted` is who is shown only for the number of a
    document, the person's own or that of one near, which another issued than was said.
    """

    records: tuple[Found, ...]
    fingers: tuple[FingerMatch, ...]
    links: tuple[Tie, ...] = ()
    beside: tuple[Found, ...] = ()
    apart: frozenset[SubjectRef] = frozenset()
    is_doubted: bool = False

    @property
    def may_be(self) -> tuple[Found, ...]:
        """The records beside that may be of the same person."""
        return tuple(found for found in self.beside if found.record.subject not in self.apart)

    @property
    def score(self) -> float:
        """How well this person fits in all: a finger that matched outweighs what was said."""
        return max(self.standing[1], FINGER_SCORE if self.fingers else 0.0)

    @property
    def standing(self) -> tuple[float, float]:
        """What persons are ordered by, as far as it was told by name and document: see `Score.standing`."""
        return max(found.score.standing for found in self.records)

    def is_named(self, threshold: float) -> bool:
        """Whether one of the records fits the name or the document that was given."""
        return any(found.score.is_meant(threshold) for found in self.records)

    @property
    def is_by_number(self) -> bool:
        """Whether one of the records bears the number of the document that was given, which another issued."""
        return any(found.score.by_number for found in self.records)

    @property
    def subjects(self) -> frozenset[SubjectRef]:
        """The references under which the source systems hold this person."""
        return frozenset(found.record.subject for found in self.records)

    @property
    def open_links(self) -> tuple[Tie, ...]:
        """The links to other persons, of which a human has to judge."""
        own = self.subjects
        return tuple(link for link in self.links if own.isdisjoint(link.others))

    def linked_within(self, subjects: AbstractSet[SubjectRef]) -> "Person":
        """Leave out the links to anybody else."""
        return replace(self, links=tuple(link for link in self.links if subjects >= set(link.others)))


@dataclass(frozen=True, slots=True)
class Persons:
    """All persons, best first. `is_whole` tells whether all of them were compared with each other."""

    all: tuple[Person, ...]
    is_whole: bool = True


def persons(
    found: Iterable[Found], fingers: Sequence[FingerMatch], rules: Rules, judgements: Judgements | None = None
) -> Persons:
    """Join records into persons; `rules` tell what joins those of several subjects, unless people judged of them."""
    return at_once(persons_in_steps(found, fingers, rules, judgements))


def persons_in_steps(
    found: Iterable[Found], fingers: Sequence[FingerMatch], rules: Rules, judgements: Judgements | None = None
) -> Steps[Persons]:
    """Do the same in steps between which others may have their turn."""
    matched = {match.subject: match for match in fingers}
    judgements = judgements or Judgements()
    joined = yield from join(found, matched.keys(), rules, judgements)
    place = {subject: at for at, group in enumerate(joined.groups) for subject in group.subjects}
    open_links: defaultdict[int, list[Tie]] = defaultdict(list)
    for tie in joined.open_ties:
        open_links[place[tie.ones[0]]].append(tie)
        open_links[place[tie.others[0]]].append(tie.turned)
    people = []
    for at, group in enumerate(joined.groups):
        own = {item.record.record for item in group.records}
        near = [joined.groups[place[link.others[0]]] for link in open_links[at] if link.is_near]
        beside = {item.record.record: item for other in near for item in other.records if item.record.record not in own}
        others = {item.record.subject for item in beside.values()}
        people.append(
            Person(
                records=group.records,
                fingers=tuple(match for subject, match in matched.items() if subject in group.subjects),
                links=(*group.ties, *open_links[at]),
                beside=tuple(beside.values()),
                apart=frozenset(other for other in others if judgements.held_apart(group.subjects, (other,))),
            )
        )
    return Persons(tuple(sorted(people, key=_best_first)), joined.is_whole)


def to_show(people: Sequence[Person], threshold: float, most: int) -> tuple[list[Person], bool]:
    """Choose who is shown, `most` at most, best first; tell whether that is all.

    Shown are those who fit, and those who bear one document or the same name and birth date with them. So are those who
    only bear the number of a document that was given, and who is near them: they are doubted, and the first to be left
    out. A link to anybody else is left out: nobody is named who is not shown.
    """
    bearer = {subject: person for person in people for link in person.open_links for subject in link.ones}
    chosen: dict[int, Person] = {}
    fitting = [person for person in people if person.fingers or person.is_named(threshold)]
    by_number = [person for person in people if person.is_by_number]
    for first, is_doubted in ((fitting, False), (by_number, True)):
        waiting = first[::-1]
        while waiting and len(chosen) <= most:
            person = waiting.pop()
            if id(person) not in chosen:
                chosen[id(person)] = replace(person, is_doubted=is_doubted)
                waiting += (bearer[link.others[0]] for link in person.open_links if link.is_near)
    shown = sorted(list(chosen.values())[:most], key=_best_first)
    seen = frozenset[SubjectRef]().union(*(person.subjects for person in shown))
    return [person.linked_within(seen) for person in shown], len(chosen) <= most


def _best_first(person: Person) -> tuple[float, float, list[RecordRef]]:
    standing, _ = person.standing
    return -max(standing, person.score), -person.score, [found.record.record for found in person.records]
