"""This module holds what each agency knows of the population, before it is written in the agency's own way."""

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from contracts.dates import PartialDate
from contracts.identity import Sex
from contracts.records import AlertCategory, Direction, DocumentStatus, FingerPosition
from deploy.demo.population.documents import Document
from deploy.demo.population.people import Person, Spelling


@dataclass(frozen=True, slots=True)
class Holder:
    """Who a document says that its holder is."""

    spelling: Spelling
    birth: PartialDate | None
    sex: Sex
    nationality: str


@dataclass(frozen=True, slots=True)
class Traveller:
    """A file of the entry/exit system, with the documents that were shown."""

    key: int
    holder: Holder
    documents: tuple[tuple[int, Document], ...]


@dataclass(frozen=True, slots=True)
class Crossing:
    """An entry, an exit or a refusal."""

    key: int
    traveller: Traveller
    document: Document
    direction: Direction
    at: dt.datetime
    place: tuple[str, str]
    stay_until: dt.date | None


@dataclass(frozen=True, slots=True)
class Applicant:
    """A case of the asylum register."""

    key: UUID
    native: Spelling | None
    script: str
    latin: Spelling
    aliases: tuple[str, ...]
    birth: PartialDate | None
    birth_place: str | None
    sex: Sex
    nationality: str
    document: Document | None
    lodged_at: dt.datetime


@dataclass(frozen=True, slots=True)
class FingerOfNobody:
    """Which synthetic finger, and which pressing of it."""

    seed: int
    impression: int


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A finger of an applicant, taken when the case was lodged."""

    key: int
    applicant: Applicant
    position: FingerPosition
    finger: FingerOfNobody


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert on a person or a document. `latin` is absent where the agency holds the native name alone."""

    key: int
    category: AlertCategory
    latin: Spelling | None
    native: str | None
    aliases: tuple[str, ...]
    birth: PartialDate | None
    birth_place: str | None
    sex: Sex
    nationality: str | None
    document: Document | None
    issued: dt.date
    expires: dt.date | None


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """A document that is not to be relied upon."""

    document: Document
    status: DocumentStatus
    since: dt.date
    holder: Holder | None


@dataclass(slots=True)
class Holdings:
    """Everything that the four agencies hold."""

    travellers: list[Traveller] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)
    applicants: list[Applicant] = field(default_factory=list)
    fingerprints: list[Fingerprint] = field(default_factory=list)
    alerts: list[Alert] = field(default_factory=list)
    listed: list[ListedDocument] = field(default_factory=list)


def holder_of(person: Person, spelling: Spelling | None = None) -> Holder:
    """Describe a person as the passport does."""
    return Holder(spelling or person.latin[0], PartialDate.of(person.birth), person.sex, person.nationality)
