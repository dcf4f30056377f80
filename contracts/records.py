"""This module holds the record events, version 1: what agencies tell each other about persons and documents."""

import datetime as dt
from enum import IntEnum, StrEnum
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field, StringConstraints, ValidationInfo, field_validator, model_validator
from pydantic_core import PydanticCustomError

from contracts.base import Contract
from contracts.dates import PartialDate
from contracts.identity import CountryCode, DocumentRef, IdentityData
from contracts.references import RecordRef, SubjectRef, SystemName, system_of

MAX_TEMPLATE_BYTES = 49_152
_AS_BASE64: dict[str, Any] = {"maxLength": MAX_TEMPLATE_BYTES // 3 * 4}
"""The length in the schema counts characters of base64, four for three bytes."""

Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]


def own_subject(subject: str, info: ValidationInfo) -> str:
    """Take a subject of the record's own system: whoever named another one's would join its record to that person.

    Raises:
        PydanticCustomError: it is another system's.
    """
    if system_of(subject) != info.data.get("system", system_of(subject)):  # a wrong system is a fault by itself
        raise PydanticCustomError("foreign_subject", "the subject is another system's")
    return subject


class SourceRecord(Contract):
    """What every record event says of its origin; the source system stays the owner of the record.

    Record and subject, where there is one, are references of that system: nobody speaks of another one's persons.
    """

    system: SystemName
    record: RecordRef

    _subject_is_the_systems_own = field_validator("subject", check_fields=False)(own_subject)

    @model_validator(mode="after")
    def _record_is_the_systems_own(self) -> "SourceRecord":
        if not self.record.startswith(f"{self.system}:"):
            raise ValueError("the record reference names another system")
        return self


class PersonCategory(StrEnum):
    """Why a system holds a person at all."""

    TRAVELLER = "traveller"
    ASYLUM_APPLICANT = "asylum-applicant"
    RESIDENT = "resident"
    LISTED = "listed"
    OTHER = "other"


class PersonV1(SourceRecord):
    """A person as a system holds them."""

    contract: Literal["person"] = "person"
    subject: SubjectRef
    identity: IdentityData
    category: PersonCategory = PersonCategory.OTHER
    documents: Annotated[tuple[DocumentRef, ...], Field(max_length=50)] = ()


class DocumentStatus(StrEnum):
    """Whether a document may be relied upon."""

    VALID = "valid"
    EXPIRED = "expired"
    LOST = "lost"
    STOLEN = "stolen"
    REVOKED = "revoked"


class TravelDocumentV1(SourceRecord):
    """A travel document and its standing."""

    contract: Literal["travel-document"] = "travel-document"
    subject: SubjectRef
    document: DocumentRef
    status: DocumentStatus
    status_since: PartialDate | None = None
    holder: IdentityData | None = None


class Direction(StrEnum):
    """What happened at the border."""

    ENTRY = "entry"
    EXIT = "exit"
    REFUSAL = "refusal"


class BorderCrossingV1(SourceRecord):
    """A person entered, left or was refused at a border crossing point (cf. Regulation (EU) 2017/2226, art. 16-18)."""

    contract: Literal["border-crossing"] = "border-crossing"
    subject: SubjectRef
    traveller: IdentityData
    document: DocumentRef | None = None
    direction: Direction
    at: AwareDatetime
    place: Text
    country: CountryCode | None = None
    stay_until: dt.date | None = Field(default=None, description="Last day of the authorised stay, for an entry.")


class AlertCategory(StrEnum):
    """Why an alert was entered (cf. Regulations (EU) 2018/1861 and 2018/1862)."""

    WANTED = "wanted"
    REFUSE_ENTRY = "refuse-entry"
    MISSING = "missing"
    DISCREET_CHECK = "discreet-check"
    DOCUMENT = "document"
    SANCTION = "sanction"


class AlertAction(StrEnum):
    """What the officer is asked to do."""

    ARREST = "arrest"
    REFUSE = "refuse"
    PROTECT = "protect"
    REPORT_DISCREETLY = "report-discreetly"
    SEIZE_DOCUMENT = "seize-document"
    CONTACT_OWNER = "contact-owner"


class AlertV1(SourceRecord):
    """An alert on a person, on a document, or on both."""

    contract: Literal["alert"] = "alert"
    subject: SubjectRef
    category: AlertCategory
    action: AlertAction
    person: IdentityData | None = None
    documents: Annotated[tuple[DocumentRef, ...], Field(max_length=50)] = ()
    issued_at: PartialDate | None = None
    expires_at: PartialDate | None = None

    @model_validator(mode="after")
    def _is_about_something(self) -> "AlertV1":
        if self.person is None and not self.documents:
            raise ValueError("an alert needs a person or a document")
        return self


class FingerPosition(IntEnum):
    """Finger position codes (ISO/IEC 19794-2:2005, table 2; ANSI/NIST-ITL FGP)."""

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10


class ImpressionType(StrEnum):
    """How a finger was put down or left its print (ANSI/NIST-ITL 1-2011, table 7; INCITS 378-2009, table 8)."""

    LIVE_PLAIN = "live-scan-plain"
    LIVE_ROLLED = "live-scan-rolled"
    NONLIVE_PLAIN = "nonlive-scan-plain"
    NONLIVE_ROLLED = "nonlive-scan-rolled"
    LATENT = "latent-impression"
    LATENT_TRACING = "latent-tracing"
    LATENT_PHOTO = "latent-photo"
    LATENT_LIFT = "latent-lift"
    SWIPE = "live-scan-vertical-swipe"
    VERTICAL_ROLL = "live-scan-vertical-roll"
    OPTICAL_CONTACT_PLAIN = "live-scan-optical-contact-plain"
    OPTICAL_CONTACT_ROLLED = "live-scan-optical-contact-rolled"
    OTHER_CONTACT_PLAIN = "live-scan-non-optical-contact-plain"
    OTHER_CONTACT_ROLLED = "live-scan-non-optical-contact-rolled"
    OPTICAL_CONTACTLESS_PLAIN = "live-scan-optical-contactless-plain"
    OPTICAL_CONTACTLESS_ROLLED = "live-scan-optical-contactless-rolled"
    OTHER_CONTACTLESS_PLAIN = "live-scan-non-optical-contactless-plain"
    OTHER_CONTACTLESS_ROLLED = "live-scan-non-optical-contactless-rolled"
    OTHER = "other"


class TemplateFormat(StrEnum):
    """How the bytes of a template are written."""

    SOURCEAFIS = "sourceafis"
    ISO_19794_2 = "iso-19794-2"
    ANSI_378 = "ansi-378"


class FingerTemplate(Contract):
    """The features of one finger, never its image."""

    format: TemplateFormat = TemplateFormat.SOURCEAFIS
    engine: Text = Field(
        description="The engine and its version, such as `sourceafis-3.18.1`: templates are bound to it."
    )
    data: Annotated[bytes, Field(min_length=1, max_length=MAX_TEMPLATE_BYTES, json_schema_extra=_AS_BASE64)] = Field(
        description="Written as base64url with padding (RFC 4648, section 5); standard base64 (section 4) is read, too."
    )
    nfiq2: Annotated[int, Field(ge=0, le=100)] | None = Field(
        default=None,
        description="The unified quality score of the image by NFIQ 2 (ISO/IEC 29794-4:2024), where one was measured.",
    )
    agreed: Annotated[int, Field(ge=0, le=255)] | None = Field(
        default=None,
        description="Of a template of a drawn view of an image: how many minutiae the image's own template shows, too.",
    )
    impression: ImpressionType | None = Field(
        default=None, description="How the finger was put down, where what the template was made of tells it."
    )


class FingerprintV1(SourceRecord):
    """One finger of a person, taken in one encounter; images stay with the source system."""

    contract: Literal["fingerprint"] = "fingerprint"
    subject: SubjectRef
    encounter: Text | None = Field(default=None, description="The source's own reference of the collection.")
    position: FingerPosition = FingerPosition.UNKNOWN
    templates: Annotated[tuple[FingerTemplate, ...], Field(min_length=1, max_length=8)]
    captured_at: AwareDatetime | None = None


class ErasureReason(StrEnum):
    """Why a record ends."""

    WITHDRAWN = "withdrawn"
    DELETED = "deleted"
    RETENTION = "retention"
    REQUESTED = "requested"


class ErasureV1(SourceRecord):
    """A record is no more at its source; every store that holds it forgets it."""

    contract: Literal["erasure"] = "erasure"
    erased: Annotated[str, StringConstraints(pattern=r"^[a-z-]{1,40}$")] = Field(
        description="The contract of the record that ends."
    )
    reason: ErasureReason


Record = PersonV1 | TravelDocumentV1 | BorderCrossingV1 | AlertV1 | FingerprintV1
"""Everything that a system can hold about somebody."""

RecordEvent = Record | ErasureV1
"""Everything that an adapter publishes."""
