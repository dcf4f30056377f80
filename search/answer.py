"""This module holds the answer of a single search, and writes it from what was found. It is pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.countries import may_be_one
from contracts.identity import DocumentRef
from contracts.query import AnswerStatus
from contracts.records import TravelDocumentV1
from contracts.references import RecordRef, SubjectRef, SystemName
from search.document import identity_of
from search.findings import Finding
from search.found import EnrolledFinger, Found, HeldRecord, Origin
from search.joining import Tie, documents_in
from search.linkage.rules import Colour
from search.linkage.rules import Verdict as LinkageVerdict
from search.persons import FINGER_BITS, Person
from search.reasons import Aspect, Reason, Verdict
from search.score import Claim

DIGITS = 4
"""Of a probability that is shown."""


class Part(BaseModel):
    """What all parts of an answer have in common."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class AskedSystem(Part):
    """What came of asking one system, and how long it took."""

    system: str
    status: AnswerStatus
    elapsed_ms: float
    hits: int = 0
    truncated: bool = Field(default=False, description="Whether the system holds more than it sent.")


class Datum(Part):
    """One value that is held of a person, with the systems that say so."""

    value: str
    sources: tuple[SystemName, ...]


class ShownDocument(Part):
    """A document of a person, with the systems that name it and what the worst of them says of its standing."""

    number: str
    type: str
    issuer: str | None
    valid_until: str | None
    status: str | None
    sources: tuple[SystemName, ...]


class ShownReason(Part):
    """One comparison that made the score: what was asked, what is held, how they compare, and the bits of evidence."""

    aspect: Aspect
    verdict: Verdict
    asked: str
    held: str
    weight: float


class ShownFinding(Part):
    """Something that must be seen before anything else."""

    kind: str
    severity: str
    text: str
    records: tuple[RecordRef, ...]


class ShownLink(Part):
    """A link by the rules of linkage between subjects of the person and others, of the same person or another one's.

    White: they were joined by it. Yellow: a person has to judge. `verdicts` tell how each field compares. Where a
    person has judged, `by` tells who: white is one person then, and none two.
    """

    model_config = ConfigDict(serialize_by_alias=True, validate_by_name=True, validate_by_alias=True)

    rule: str
    link: Colour
    of: tuple[SubjectRef, ...]
    others: tuple[SubjectRef, ...] = Field(alias="with")
    verdicts: dict[str, LinkageVerdict]
    version: str
    by: str | None = None


class ShownRecord(Part):
    """A record as its source holds it; `origins` tell whether the repository, the live system or both gave it."""

    record: RecordRef
    system: SystemName
    contract: str
    subject: SubjectRef
    origins: tuple[Origin, ...]
    score: float
    claim: Claim | None = None
    data: dict[str, Any]


class ShownPerson(Part):
    """A person joined from the records of all systems that may be seen.

    `score` is the probability that this is the person. `claim` tells why the person is shown all the same where it is
    below the threshold of the purpose: the very document, or the very name, that was asked for.
    """

    score: float
    claim: Claim | None = None
    reasons: tuple[ShownReason, ...]
    findings: tuple[ShownFinding, ...]
    links: tuple[ShownLink, ...] = ()
    names: tuple[Datum, ...]
    birth_dates: tuple[Datum, ...]
    birth_places: tuple[Datum, ...]
    sexes: tuple[Datum, ...]
    nationalities: tuple[Datum, ...]
    documents: tuple[ShownDocument, ...]
    records: tuple[ShownRecord, ...]
    subjects: tuple[SubjectRef, ...]
    sources: tuple[SystemName, ...]


class SearchAnswer(Part):
    """The one answer over all systems. Where `complete` is false something could not be asked or was left out.

    `left_out` names fields of the machine readable zone that were not searched with.
    """

    query: UUID
    flow: str
    complete: bool
    elapsed_ms: float
    systems: tuple[AskedSystem, ...]
    persons: tuple[ShownPerson, ...]
    left_out: tuple[str, ...] = ()


_WORST_FIRST = ("stolen", "revoked", "lost", "expired", "valid")


def shown_person(person: Person, findings: Sequence[Finding]) -> ShownPerson:
    """Write a person, each datum with its sources."""
    identities = [
        (found.record.system, identity)
        for found in person.records
        if not isinstance(found.record, EnrolledFinger) and (identity := identity_of(found.record)) is not None
    ]

    def gathered(values: Callable[[Any], Iterable[str]]) -> tuple[Datum, ...]:
        return _data((value, system) for system, identity in identities for value in values(identity))

    return ShownPerson(
        score=round(person.score, DIGITS),
        claim=person.records[0].score.claim,
        reasons=tuple(ShownReason.model_validate(reason) for reason in _reasons(person)),
        findings=tuple(ShownFinding.model_validate(finding) for finding in findings),
        links=tuple(_link(link) for link in person.links),
        names=gathered(lambda identity: (name.text for name in identity.names)),
        birth_dates=gathered(lambda identity: (str(date) for date in identity.birth_dates)),
        birth_places=gathered(lambda identity: (identity.birth_place,) if identity.birth_place else ()),
        sexes=gathered(lambda identity: (str(identity.sex),) if identity.sex != "U" else ()),
        nationalities=gathered(lambda identity: identity.nationalities),
        documents=_documents([found.record for found in person.records]),
        records=tuple(_record(found) for found in person.records),
        subjects=tuple(sorted(person.subjects)),
        sources=tuple(sorted({found.record.system for found in person.records})),
    )


def _reasons(person: Person) -> list[Reason]:
    finger = [
        Reason(Aspect.FINGER, Verdict.SAME, "finger", f"{match.subject}, score {match.score:.0f}", FINGER_BITS)
        for match in person.fingers
    ]
    return [*finger, *person.records[0].score.reasons]


def _link(tie: Tie) -> ShownLink:
    return ShownLink(
        rule=tie.judged.rule or "",
        link=tie.judged.link,
        of=tie.ones,
        others=tie.others,
        verdicts=dict(tie.judged.verdicts),
        version=tie.judged.version,
        by=tie.by,
    )


def _record(found: Found) -> ShownRecord:
    record = found.record
    return ShownRecord(
        record=record.record,
        system=record.system,
        contract=record.contract,
        subject=record.subject,
        origins=tuple(sorted(found.origins)),
        score=round(found.score.value, DIGITS),
        claim=found.score.claim,
        data=record.model_dump(mode="json", exclude_none=True, exclude={"record", "system", "contract", "subject"}),
    )


def _data(pairs: Iterable[tuple[str, str]]) -> tuple[Datum, ...]:
    gathered: dict[str, dict[str, None]] = {}
    for value, system in pairs:
        gathered.setdefault(value, {})[system] = None
    return tuple(Datum(value=value, sources=tuple(systems)) for value, systems in gathered.items())


def _documents(records: Sequence[HeldRecord]) -> tuple[ShownDocument, ...]:
    """Bring together what is said of each document; one without issuer goes with the first of its number."""
    gathered: dict[str, list[dict[str, Any]]] = {}
    for record in records:
        for ref in documents_in(record):
            entry = _entry(gathered.setdefault(ref.number, []), ref)
            entry["issuer"] = entry["issuer"] or ref.issuer
            entry["valid_until"] = entry["valid_until"] or (str(ref.valid_until) if ref.valid_until else None)
            entry["sources"][record.system] = None
            if isinstance(record, TravelDocumentV1):
                entry["statuses"].add(record.status.value)
    return tuple(_document(number, entry) for number, entries in gathered.items() for entry in entries)


def _entry(entries: list[dict[str, Any]], ref: DocumentRef) -> dict[str, Any]:
    """Find the entry of a document among those of its number, or begin one: two issuers issue two documents."""
    for entry in entries:
        if may_be_one(ref.issuer, entry["issuer"]):
            return entry
    entries.append({"type": ref.type.value, "issuer": None, "valid_until": None, "sources": {}, "statuses": set()})
    return entries[-1]


def _document(number: str, entry: Mapping[str, Any]) -> ShownDocument:
    return ShownDocument(
        number=number,
        type=entry["type"],
        issuer=entry["issuer"],
        valid_until=entry["valid_until"],
        status=next((status for status in _WORST_FIRST if status in entry["statuses"]), None),
        sources=tuple(entry["sources"]),
    )
