"""This module finds what the officer must see before anything else. It is pure."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product

from contracts.countries import may_be_one
from contracts.identity import DocumentRef, PersonName
from contracts.records import (
    AlertAction,
    AlertCategory,
    AlertV1,
    BorderCrossingV1,
    Direction,
    DocumentStatus,
    FingerPosition,
    TravelDocumentV1,
)
from contracts.references import RecordRef, SubjectRef, SystemName
from search.births import last_day
from search.document import identity_of
from search.fingers import FingerMatch
from search.found import EnrolledFinger, Found
from search.joining import Tie, documents_in
from search.linkage.rules import MOST_NAMES
from search.linkage.rules import Verdict as LinkageVerdict
from search.names.compare import THRESHOLD as CLOSE_NAME
from search.names.compare import likeness
from search.names.effort import A_RECORD, Effort
from search.names.parse import parse_name
from search.persons import Person
from search.reasons import Aspect, Verdict
from search.score import THRESHOLD


class FindingKind(StrEnum):
    """What was found."""

    ACTIVE_ALERT = "active-alert"
    DOCUMENT_NOT_TO_BE_RELIED_ON = "document-not-to-be-relied-on"
    DOCUMENT_EXPIRED = "document-expired"
    DOCUMENT_OF_ANOTHER = "document-of-another"
    OVERSTAY = "overstay"
    FINGER_OF_ANOTHER = "finger-of-another"
    FINGER_NOT_ON_RECORD = "finger-not-on-record"
    SEVERAL_IDENTITIES = "several-identities"
    MAY_BE_ANOTHER = "may-be-another"


class Severity(StrEnum):
    """How much it matters at the booth."""

    STOP = "stop"
    CHECK = "check"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the officer must see, in words, with the records that say so."""

    kind: FindingKind
    severity: Severity
    text: str
    records: tuple[RecordRef, ...]


@dataclass(frozen=True, slots=True)
class FingerCheck:
    """What the finger that was searched with told: whose it is, and whether that is anyone but who was named."""

    matches: tuple[FingerMatch, ...]
    contradicts: bool
    owners: tuple[RecordRef, ...] = ()
    """A record of each whose finger it is, as far as any was found: that of the finger, or else the best."""
    is_whole: bool = True
    """Whether all that is held was seen, and something of every owner: what was not may tie the finger's owner to the
    one who was named, and nobody is sent to look at a result that is not there."""
    position: FingerPosition = FingerPosition.UNKNOWN
    """Which finger it is, where that is certain: it is not on record as another one."""
    is_compared: bool = True
    """Whether it was compared with every finger on record, but for those `unread`."""
    unread: AbstractSet[RecordRef] = frozenset()
    """The fingerprints that could not be compared."""


_ALERT_TEXT = {
    AlertCategory.WANTED: "wanted",
    AlertCategory.REFUSE_ENTRY: "to be refused entry",
    AlertCategory.MISSING: "missing",
    AlertCategory.DISCREET_CHECK: "discreet check",
    AlertCategory.DOCUMENT: "document sought",
    AlertCategory.SANCTION: "sanctioned",
}
_ACTION_TEXT = {
    AlertAction.ARREST: "arrest",
    AlertAction.REFUSE: "refuse entry",
    AlertAction.PROTECT: "protect",
    AlertAction.REPORT_DISCREETLY: "report without letting it be noticed",
    AlertAction.SEIZE_DOCUMENT: "seize the document",
    AlertAction.CONTACT_OWNER: "contact the system that entered it",
}
_ANOTHER_ISSUER = "a document with the same number, which another issued than was asked for."
_IDENTIFYING = {Aspect.NAME: "the names", Aspect.BIRTH_DATE: "the birth dates"}
_UNRELIABLE = {DocumentStatus.STOLEN, DocumentStatus.LOST, DocumentStatus.REVOKED}


def findings(
    person: Person,
    finger: FingerCheck | None,
    today: dt.date,
    *,
    whole: bool,
    silent: AbstractSet[SystemName] = frozenset(),
    threshold: float = THRESHOLD,
    still: dt.date | None = None,
) -> tuple[Finding, ...]:
    """Tell what must be seen of a person, gravest first. `finger` is what the finger told, if one was given.

    `whole` tells whether all that the repository holds was seen, and `silent` are the live systems that did not tell
    all of theirs: what was not seen may be the exit that ends a stay. `still` is the day that it is where each ends
    last, `today` unless given: no date tells by whose clock an alert ends, so it holds until its last day is over
    everywhere.
    """
    concerning = [found.record for found in (*person.records, *_on_its_documents(person))]
    found = [
        *_alerts((record for record in concerning if isinstance(record, AlertV1)), still or today),
        *_documents(record for record in concerning if isinstance(record, TravelDocumentV1)),
        *_held_by_another((*person.records, *person.beside)),
        *(_overstay(person, today, silent) if whole else ()),
        *_may_be_another(person),
    ]
    if finger is not None:
        found += _fingers(person, finger, threshold)
        found += _identities(person)
    if person.is_doubted:
        by = "" if person.is_by_number else "a tie to one who bears "
        found = [_doubted(each, f"Found only by {by}{_ANOTHER_ISSUER}") for each in found]
    order = list(Severity)
    return tuple(sorted(found, key=lambda finding: order.index(finding.severity)))


def _doubted(finding: Finding, why: str) -> Finding:
    """Leave it to a person whether the document in hand is the one that the finding is about: numbers recur."""
    severity = Severity.CHECK if finding.severity is Severity.STOP else finding.severity
    return replace(finding, severity=severity, text=f"{finding.text} {why}")


def is_active(alert: AlertV1, today: dt.date) -> bool:
    """Tell whether an alert still asks for anything; on its last day, or all through its last month, it does."""
    return alert.expires_at is None or last_day(alert.expires_at) >= today


def _alerts(alerts: Iterable[AlertV1], today: dt.date) -> Iterator[Finding]:
    for alert in alerts:
        if is_active(alert, today):
            discreet = alert.action is AlertAction.REPORT_DISCREETLY
            yield Finding(
                FindingKind.ACTIVE_ALERT,
                Severity.CHECK if discreet else Severity.STOP,
                f"Alert of {alert.system}: {_ALERT_TEXT[alert.category]}; {_ACTION_TEXT[alert.action]}.",
                (alert.record,),
            )


def _documents(documents: Iterable[TravelDocumentV1]) -> Iterator[Finding]:
    for held in documents:
        number = held.document.number
        if held.status in _UNRELIABLE:
            since = f" since {held.status_since}" if held.status_since else ""
            yield Finding(
                FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON,
                Severity.STOP,
                f"Document {number} is {held.status.value}{since}, says {held.system}.",
                (held.record,),
            )
        elif held.status is DocumentStatus.EXPIRED:
            text = f"Document {number} has expired, says {held.system}."
            yield Finding(FindingKind.DOCUMENT_EXPIRED, Severity.KNOW, text, (held.record,))


def _held_by_another(records: Iterable[Found]) -> Iterator[Finding]:
    """Look for the document that was asked for in the hands of one who is named or was born otherwise."""
    contradicted: dict[str, dict[Aspect, None]] = {}
    holders: dict[str, list[RecordRef]] = {}
    for found in records:
        number = next(
            (
                reason.held
                for reason in found.score.reasons
                if reason.aspect is Aspect.DOCUMENT and reason.verdict is Verdict.SAME
            ),
            None,
        )
        differing = [
            reason.aspect
            for reason in found.score.reasons
            if reason.aspect in _IDENTIFYING and reason.verdict is Verdict.DIFFERENT
        ]
        if number is not None and differing:
            contradicted.setdefault(number, {}).update(dict.fromkeys(differing))
            holders.setdefault(number, []).append(found.record.record)
    for number, aspects in contradicted.items():
        what = " and ".join(word for aspect, word in _IDENTIFYING.items() if aspect in aspects)
        text = f"Document {number} is held by another identity than the one given: {what} differ."
        yield Finding(FindingKind.DOCUMENT_OF_ANOTHER, Severity.CHECK, text, tuple(holders[number]))


def _overstay(person: Person, today: dt.date, silent: AbstractSet[SystemName]) -> Iterator[Finding]:
    """Look at the last time that the border was crossed; a refusal is no crossing.

    An exit of one who may be the same person ends the stay: nobody is accused where a person has to judge. Of several
    crossings at one moment, as where a source tells days alone, an exit is the last. Whose crossings a `silent` system
    holds may have left, as the repository may not know yet.
    """
    own = {found.record.record for found in person.records}
    crossings = (found.record for found in (*person.records, *person.may_be))
    crossed = [
        crossing
        for crossing in crossings
        if isinstance(crossing, BorderCrossingV1) and crossing.direction is not Direction.REFUSAL
    ]
    last = max(crossed, key=lambda crossing: (crossing.at, crossing.direction is Direction.EXIT), default=None)
    if (
        last is None
        or last.record not in own
        or any(crossing.system in silent for crossing in crossed)
        or last.direction is not Direction.ENTRY
        or last.stay_until is None
        or last.stay_until >= today
    ):
        return
    days = (today - last.stay_until).days
    text = (
        f"Overstay of {days} {'day' if days == 1 else 'days'}: entered on {last.at.date()} at {last.place}, "
        f"was allowed to stay until {last.stay_until}, no exit is known."
    )
    yield Finding(FindingKind.OVERSTAY, Severity.CHECK, text, (last.record,))


def _on_its_documents(person: Person) -> Iterator[Found]:
    """Give what is said of the person's documents by records of others who bear them."""
    own = [ref for found in person.records for ref in documents_in(found.record)]
    for found in person.beside:
        named = documents_in(found.record)
        if any(_may_be_one(ref, one) for ref in own for one in named):
            yield found


def _may_be_one(one: DocumentRef, other: DocumentRef) -> bool:
    """Tell whether two may be one document: of the same number, and of no two issuers."""
    return one.number == other.number and may_be_one(one.issuer, other.issuer)


def _may_be_another(person: Person) -> Iterator[Finding]:
    """Tell, once for each rule, of the other persons of the answer that may be this one."""
    by_rule: dict[str, list[Tie]] = defaultdict(list)
    for link in person.open_links:
        if link.by:
            continue  # a person has judged
        by_rule[link.judged.rule or ""].append(link)
    for rule, links in by_rule.items():
        others = "another" if len(links) == 1 else f"{len(links)} others"
        text = f"May be one person with {others} of this answer ({rule}): a person has to judge."
        records = dict.fromkeys(record for link in links for record in link.records)
        yield Finding(FindingKind.MAY_BE_ANOTHER, Severity.CHECK, text, tuple(records))


def _fingers(person: Person, finger: FingerCheck, threshold: float) -> Iterator[Finding]:
    """Compare whose the finger is with whose the document or the name is that was shown with it."""
    if not finger.contradicts or person.fingers or not person.is_named(threshold):
        return
    enrolled = [found.record for found in person.records if isinstance(found.record, EnrolledFinger)]
    if finger.matches:
        if not finger.is_whole:
            return
        text = "The finger belongs to another person than the one who was named; look at the other result."
        yield Finding(
            FindingKind.FINGER_OF_ANOTHER,
            Severity.STOP,
            text,
            (*finger.owners, *(record.record for record in enrolled)),
        )
    elif finger.is_compared and (same := _certainly_of(finger, enrolled)):
        text = "The finger is not the one that is on record for this person."
        yield Finding(FindingKind.FINGER_NOT_ON_RECORD, Severity.STOP, text, same)


def _certainly_of(finger: FingerCheck, enrolled: Sequence[EnrolledFinger]) -> tuple[RecordRef, ...]:
    """Give what was compared of that very finger; where nobody says which it is, all if all ten were compared."""
    compared = [record for record in enrolled if record.record not in finger.unread]
    if finger.position is not FingerPosition.UNKNOWN:
        return tuple(record.record for record in compared if record.position is finger.position)
    of_all = {record.position for record in compared} >= set(FingerPosition) - {FingerPosition.UNKNOWN}
    return tuple(record.record for record in compared) if of_all else ()


def _identities(person: Person) -> Iterator[Finding]:
    """Compare the names under which the one finger is held, in whatever records: an alert may be on one of them."""
    subjects = {match.subject for match in person.fingers}
    borne: dict[SubjectRef, dict[PersonName, RecordRef]] = {}
    for found in person.records:
        record = found.record
        identity = None if isinstance(record, EnrolledFinger) else identity_of(record)
        if identity is not None and record.subject in subjects:
            names = borne.setdefault(record.subject, {})
            names |= {name: record.record for name in identity.names if name not in names}
    first, *others = borne.values() or [{}]
    for other in others:
        if not _share_a_name(first, other):
            (mine, one), (theirs, another) = next(iter(first.items())), next(iter(other.items()))
            text = f"One finger, two names: {mine.text}, {theirs.text}."
            yield Finding(FindingKind.SEVERAL_IDENTITIES, Severity.STOP, text, (one, another))
            return
    for link in person.open_links:
        if link.by and link.judged.verdicts["biometrics"] is LinkageVerdict.SAME:
            text = f"One finger, two persons as judged ({link.by}): look at the other result."
            yield Finding(FindingKind.SEVERAL_IDENTITIES, Severity.STOP, text, link.records)
            return


def _share_a_name(one: Iterable[PersonName], other: Iterable[PersonName]) -> bool:
    """Tell whether two have a name in common; as the rules of linkage do, by its spelling among the first alone."""
    ones, others = ([parse_name(name) for name in names] for names in (one, other))
    if {name.whole for name in ones} & {name.whole for name in others} - {""}:
        return True
    pairs, effort = product(ones[:MOST_NAMES], others[:MOST_NAMES]), Effort(A_RECORD)
    return any(likeness(mine, theirs, effort) >= CLOSE_NAME for mine, theirs in pairs)


def finger_check(
    people: Sequence[Person],
    matches: Sequence[FingerMatch],
    *,
    named: bool,
    whole: bool,
    threshold: float = THRESHOLD,
    position: FingerPosition = FingerPosition.UNKNOWN,
    compared: bool = True,
    unread: AbstractSet[RecordRef] = frozenset(),
) -> FingerCheck:
    """Weigh the finger against the name or document that was given with it, if one was `named`.

    It fits the one who was named, or one who bears the same document or name and birth date and may be the same person.

    `whole` tells whether the repository answered, and nothing of its answer was left out; `position`, which finger it
    certainly is; `compared`, whether the gallery held every finger, but for those `unread`.
    """
    held = _held_by({match.subject for match in matches}, people)
    fits = any(
        person.is_named(threshold) and (person.fingers or any(found.record.subject in held for found in person.may_be))
        for person in people
    )
    owners = tuple(dict.fromkeys(_told_of(match, held[match.subject]) for match in matches if held[match.subject]))
    is_whole = whole and all(held.values())
    return FingerCheck(tuple(matches), named and not fits, owners, is_whole, position, compared, unread)


def _held_by(subjects: Iterable[SubjectRef], people: Iterable[Person]) -> dict[SubjectRef, list[RecordRef]]:
    """Give the records of each that were found, best first."""
    held: dict[SubjectRef, list[RecordRef]] = {subject: [] for subject in subjects}
    for person in people:
        for found in person.records:
            if found.record.subject in held:
                held[found.record.subject].append(found.record.record)
    return held


def _told_of(match: FingerMatch, held: Sequence[RecordRef]) -> RecordRef:
    return match.record if match.record in held else held[0]
