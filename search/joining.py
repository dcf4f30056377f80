"""This module tells which of the found records are of one person, and which may be: a person has to judge. It is pure.

What one system holds of one subject is of one person, and so are subjects whose finger matched the same probe. Of any
other two subjects the rules of linkage judge (`search.linkage.rules`), on all that the source says of each: all names,
dates and documents. A person record may know the birth date and a crossing the passport; the best pair of records would
have neither with the other. Above all of that stands what people judged (`search.linkage.judgements`).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain, combinations, product

from contracts.countries import state_of
from contracts.identity import DocumentRef
from contracts.references import RecordRef, SubjectRef
from search.document import documents_of, identity_of
from search.found import EnrolledFinger, Found, HeldRecord
from search.linkage import dates
from search.linkage.clusters import Judgement
from search.linkage.judgements import Judgements
from search.linkage.persons import LinkRecord, record_of, united
from search.linkage.rules import MOST_NAMES, Colour, Judged, Pair, Rules, Verdict
from search.names.effort import A_JOINING, TWO_SUBJECTS, Effort
from search.turns import Steps

MOST_PAIRS = 500
"""Pairs of subjects that are looked at, the best among themselves first, at some 10 microseconds each. Where all links
want a document or a birth date, these are only the pairs that have one in common."""
MOST_COMPARED = 1_000
"""Pairs of names that are compared for it, at some 50 microseconds each; the last pair of subjects may go beyond."""
JUDGEMENT = "judgement of a person"
"""Stands in place of a rule where a person judged; the verdicts beside it are what the rules say."""
NOT_SHOWN = "people who judged of others, too"
"""Stands for who judged, where a judgement names somebody who is not shown here."""


@dataclass(frozen=True, slots=True)
class Tie:
    """What the rules say of two groups of subjects; of a link that was not followed, a person has to judge.

    `records` are the best of each side. `by` is who judged, where a person did: to be one, if the link is white, or two
    persons, if there is none.
    """

    ones: tuple[SubjectRef, ...]
    others: tuple[SubjectRef, ...]
    judged: Judged
    records: tuple[RecordRef, ...] = ()
    by: str | None = None

    @property
    def is_near(self) -> bool:
        """Whether both bear one document, or the same name and birth date: what is known of one concerns the other.

        A name and a birth date do not concern one who was judged to be somebody else.
        """
        said = self.judged.verdicts
        alike = said["names"] is said["birth_date"] is Verdict.SAME
        return said["documents"] is Verdict.SAME or (alike and not self.by)

    @property
    def turned(self) -> "Tie":
        """The same from the other side."""
        return replace(self, ones=self.others, others=self.ones, records=self.records[::-1])


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one person, best first, and by what they were joined.

    `subjects` are in no other group; records that name nobody may be: a stolen passport concerns all who bear it.
    """

    subjects: tuple[SubjectRef, ...]
    records: tuple[Found, ...]
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True, slots=True)
class Joined:
    """The groups, and the ties between two of them that a person has to judge. In any order of records the same.

    `is_whole` tells whether all pairs were looked at, and no comparison of names was cut.
    """

    groups: tuple[Group, ...]
    open_ties: tuple[Tie, ...] = ()
    is_whole: bool = True


def documents_in(record: HeldRecord) -> Sequence[DocumentRef]:
    """Give the documents that a record names."""
    return () if isinstance(record, EnrolledFinger) else documents_of(record)


def join(
    found: Iterable[Found], matched: AbstractSet[SubjectRef], rules: Rules, judgements: Judgements | None = None
) -> Steps[Joined]:
    """Join records into persons, in steps between which others may have their turn.

    `matched` are the subjects whose finger matched the probe.
    """
    held: defaultdict[SubjectRef, list[Found]] = defaultdict(list)
    for item in sorted(found, key=_best_first):
        held[item.record.subject].append(item)
    if len(held) == 1:
        return Joined(tuple(Group((subject,), tuple(records)) for subject, records in held.items()))
    return (yield from _Joining(held, matched, rules, judgements or Judgements()).done())


class _Joining:
    """One joining: groups of subjects that grow by the links that are followed."""

    def __init__(
        self,
        held: dict[SubjectRef, list[Found]],
        matched: AbstractSet[SubjectRef],
        rules: Rules,
        judgements: Judgements,
    ) -> None:
        self._held, self._rules, self._judgements = held, rules, judgements
        self._documents = _Documents(chain.from_iterable(held.values()))
        self._said: dict[SubjectRef, LinkRecord] = {}
        self._effort, self._is_cut = Effort(A_JOINING), False
        self._leader = {subject: subject for subject in held}
        self._members: dict[SubjectRef, tuple[SubjectRef, ...]] = {subject: (subject,) for subject in held}
        self._followed: list[Tie] = []
        self._open: list[Tie] = []
        self._papers: set[SubjectRef] = set()
        self._matched = sorted(matched & set(held))
        self._strength = {rule.rule: place for place, rule in enumerate(rules.links)}

    def done(self) -> Steps[Joined]:
        for subject, records in self._held.items():
            self._said[subject] = _said(subject, records, self._documents)
            yield
        self._papers = {
            subject
            for subject, said in self._said.items()
            if said.documents and not said.names and subject not in self._matched
        }
        if self._judgements:
            self._join_by_judgement()
        for one, other in combinations(self._matched, 2):
            if self._leader[one] != self._leader[other]:
                tie = Tie((one,), (other,), self._judge(self._said[one], self._said[other], Verdict.SAME))
                checked = self._unless_held_apart(tie)
                (self._join if checked is tie else self._open.append)(checked)
                yield
        ties, is_whole = yield from self._judge_pairs()
        white = {frozenset((*tie.ones, *tie.others)) for tie in ties if tie.judged.link is Colour.WHITE}
        for tie in sorted(ties, key=self._order):
            self._follow(tie, white)
            yield
        along = yield from self._go_along()
        groups = tuple(self._group(leader, members, along) for leader, members in self._members.items())
        return Joined(groups, tuple(self._still_open()), is_whole and not self._is_cut)

    def _judge(self, one: LinkRecord, other: LinkRecord, biometrics: Verdict = Verdict.UNKNOWN) -> Judged:
        return self._judged(Pair(one, other, self._rules, biometrics))

    def _judged(self, pair: Pair) -> Judged:
        """Judge a pair, with what is left of the effort of all; no pair takes more of it than `TWO_SUBJECTS`."""
        own = Effort(granted := min(TWO_SUBJECTS, self._effort.left))
        judged = pair.judged(own)
        self._effort.left -= granted - own.left
        self._is_cut |= own.left < 0
        return judged

    def _join_by_judgement(self) -> None:
        for one in sorted(self._held):
            for other in self._judgements.companions(one):
                if other in self._held and self._leader[one] != self._leader[other]:
                    judged = self._judge(self._said[one], self._said[other])
                    by = self._who(self._judgements.joining(one, other))
                    self._join(_judged_by(by, Tie((one,), (other,), judged), Colour.WHITE))
        named = {self._leader[subject] for subject in self._held if subject not in self._papers}
        self._papers = {paper for paper in self._papers if self._leader[paper] not in named}

    def _who(self, judgements: Iterable[Judgement]) -> str:
        """Tell who judged; not of subjects whom the asker does not see here."""
        seen = [each.by if {each.one, each.other} <= self._held.keys() else NOT_SHOWN for each in judgements]
        return ", ".join(sorted(set(seen)))

    def _unless_held_apart(self, tie: Tie) -> Tie:
        """Give a tie as it is, or what it is where people judged that its two groups are not of one person.

        Where they judged so of its own sides, it is none. Otherwise a side may still belong to either group.
        """
        ones, others = (self._members.get(self._leader[side[0]], side) for side in (tie.ones, tie.others))
        if self._judgements.held_apart(ones, others) is None:
            return tie
        own = self._judgements.held_apart(tie.ones, tie.others)
        if own is not None:
            return _judged_by(self._who((own,)), tie, Colour.NONE)
        return replace(tie, judged=replace(tie.judged, link=Colour.YELLOW))

    def _group(self, leader: SubjectRef, members: tuple[SubjectRef, ...], along: Sequence[Tie]) -> Group:
        with_it = [tie for tie in along if tie.ones == members]
        inner = [tie for tie in self._followed if self._leader[tie.ones[0]] == leader]
        subjects = (*members, *(subject for tie in with_it for subject in tie.others))
        records = sorted((item for subject in subjects for item in self._held[subject]), key=_best_first)
        return Group(members, tuple(records), tuple(self._recorded(tie) for tie in (*inner, *with_it)))

    def _recorded(self, tie: Tie) -> Tie:
        sides = (min((self._held[subject][0] for subject in side), key=_best_first) for side in (tie.ones, tie.others))
        return replace(tie, records=tuple(best.record.record for best in sides))

    def _judge_pairs(self) -> Steps[tuple[list[Tie], bool]]:
        """Judge pairs of those who are named, as many as may be; tell whether all were judged.

        What names nobody and was judged to be of one who is named is his: whoever bears its documents concerns him.
        """
        named = [subject for subject in self._held if subject not in self._papers]
        named.sort(key=lambda subject: _best_first(self._held[subject][0]))
        ties: list[Tie] = []
        looked_at = compared = 0
        for one, other in self._pairs(named):
            if self._leader[one] == self._leader[other]:
                continue
            looked_at += 1
            mine, theirs = self._said[one], self._said[other]
            if looked_at > MOST_PAIRS or compared > MOST_COMPARED:
                return ties, False
            pair = Pair(mine, theirs, self._rules)
            if pair.may_link():
                compared += min(len(mine.names), MOST_NAMES) * min(len(theirs.names), MOST_NAMES)
                judged = self._judged(pair)
                if judged.link is not Colour.NONE:
                    ties.append(Tie((one,), (other,), judged))
                yield
        return ties, True

    def _pairs(self, named: Sequence[SubjectRef]) -> Iterator[tuple[SubjectRef, SubjectRef]]:
        """Give the pairs that the rules can link, once each, the best among themselves first."""
        if not self._rules.want_a_key:
            yield from ((named[place], other) for at, other in enumerate(named) for place in range(at))
            return
        bearers: defaultdict[str, list[SubjectRef]] = defaultdict(list)
        for subject in named:
            said = self._said[subject]
            born = (key for date in said.birth_dates for key in sorted(dates.keys(date)))
            keys = dict.fromkeys((*said.documents, *born))
            # One after the other, so that the pairs of the best come first whatever they share.
            yield from ((other, subject) for other in dict.fromkeys(chain.from_iterable(bearers[key] for key in keys)))
            for key in keys:
                bearers[key].append(subject)

    def _order(self, tie: Tie) -> tuple[int, str, str]:
        """Follow the rules in their own order."""
        one, other = sorted((tie.ones[0], tie.others[0]))
        return self._strength.get(tie.judged.rule or "", len(self._strength)), one, other

    def _follow(self, tie: Tie, white: AbstractSet[frozenset[SubjectRef]]) -> None:
        """Join by a white link, unless all that is known of both groups by now does not make one any more.

        Nobody doubts it where all pairs of the two groups are `white`.
        """
        one, other = self._leader[tie.ones[0]], self._leader[tie.others[0]]
        if one == other:
            return
        checked = self._unless_held_apart(tie)
        if checked is not tie:
            self._open.append(checked)
            return
        pairs = product(self._members[one], self._members[other])
        if tie.judged.link is Colour.WHITE and not all(frozenset(pair) in white for pair in pairs):
            judged = self._judge(self._all_of(one), self._all_of(other))
            tie = Tie(self._members[one], self._members[other], judged)
        if tie.judged.link is Colour.WHITE:
            self._join(tie)
        else:
            # What was a link between two is one for a person to judge, though the rules give none for all together.
            self._open.append(replace(tie, judged=replace(tie.judged, link=Colour.YELLOW)))

    def _all_of(self, leader: SubjectRef) -> LinkRecord:
        """Give all that is said of a group."""
        return united([self._said[subject] for subject in self._members[leader]])

    def _join(self, tie: Tie) -> None:
        kept, gone = self._leader[tie.ones[0]], self._leader[tie.others[0]]
        self._followed.append(tie)
        self._members[kept] += self._members.pop(gone)
        for subject in self._members[kept]:
            self._leader[subject] = kept

    def _go_along(self) -> Steps[list[Tie]]:
        """Put what names nobody with all who bear its documents; what nobody bears, together by its documents.

        Where either does not name the issuer it may be that document, whoever else issued the number.
        """
        along: list[Tie] = []
        alone: list[SubjectRef] = []
        bearers: defaultdict[str, dict[SubjectRef, None]] = defaultdict(dict)
        for leader, members in self._members.items():
            if leader not in self._papers:
                for number in chain.from_iterable(self._said[subject].documents for subject in members):
                    bearers[number][leader] = None
        for paper in sorted(self._papers & self._members.keys()):
            said, papers = self._all_of(paper), self._members[paper]
            said = replace(said, documents=self._documents.that_may_be(said.documents))
            leaders = dict.fromkeys(chain.from_iterable(bearers[number] for number in said.documents))
            ties = [
                self._unless_held_apart(Tie(self._members[leader], papers, self._judge(self._all_of(leader), said)))
                for leader in leaders
            ]
            yield
            white = [tie for tie in ties if tie.judged.link is Colour.WHITE]
            along += white
            if white:
                del self._members[paper]
            else:
                alone.append(paper)
                self._open += [tie for tie in ties if tie.judged.link is Colour.YELLOW or tie.by]
        for pair in combinations(alone, 2):
            one, other = (self._leader[paper] for paper in pair)
            said, theirs = self._all_of(one), self._all_of(other)
            if one != other and not set(said.documents).isdisjoint(theirs.documents):
                tie = Tie(self._members[one], self._members[other], self._judge(said, theirs))
                if tie.judged.link is not Colour.NONE:
                    self._follow(tie, frozenset())
                yield
        return along

    def _still_open(self) -> list[Tie]:
        """Give of the ties between each two groups the nearest, and of these the first by the order of the rules.

        Beside it stands what people judged of the two.
        """
        first: dict[tuple[frozenset[SubjectRef], bool], Tie] = {}
        ties = map(self._unless_held_apart, self._open)
        for tie in sorted(ties, key=lambda tie: (not tie.is_near, self._order(tie))):
            between = frozenset((self._leader[tie.ones[0]], self._leader[tie.others[0]]))
            if len(between) > 1:
                first.setdefault((between, tie.by is not None), tie)
        return [self._recorded(tie) for tie in first.values()]


def _judged_by(by: str, tie: Tie, link: Colour) -> Tie:
    return replace(tie, judged=replace(tie.judged, link=link, rule=JUDGEMENT), by=by)


def _best_first(item: Found) -> tuple[float, float, str]:
    standing, value = item.score.standing
    return -standing, -value, item.record.record


class _Documents:
    """Documents as texts that compare: the number, with its issuer where several states issued that number."""

    def __init__(self, found: Iterable[Found]) -> None:
        self._issuers: defaultdict[str, set[str | None]] = defaultdict(set)
        for item in found:
            for ref in documents_in(item.record):
                self._issuers[ref.number].add(ref.issuer and state_of(ref.issuer))

    def text(self, ref: DocumentRef) -> str:
        """Write a document; one without issuer counts as the issuer's that alone is known for the number."""
        several = len(self._issuers[ref.number] - {None}) > 1
        return f"{ref.number} ({state_of(ref.issuer or '?')})" if several else ref.number

    def that_may_be(self, texts: Iterable[str]) -> tuple[str, ...]:
        """Give documents with all that may be one of them, as either may be without issuer."""
        found: dict[str, None] = {}
        for text in texts:
            number, _, issuer = text.partition(" ")
            issuers = sorted(each or "?" for each in self._issuers[number]) if issuer == "(?)" else ["?"]
            found |= dict.fromkeys([text, *(f"{number} ({each})" for each in issuers if issuer)])
        return tuple(found)


def _said(subject: SubjectRef, records: Sequence[Found], documents: _Documents) -> LinkRecord:
    """Bring together all that a source says of one subject."""
    held = [item.record for item in records if not isinstance(item.record, EnrolledFinger)]
    identities = (identity for record in held if (identity := identity_of(record)) is not None)
    numbers = (documents.text(ref) for record in held for ref in documents_of(record))
    return record_of(subject, held[0].system if held else "", identities, numbers)
