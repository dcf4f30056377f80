"""This module holds identity data: who a record says that somebody is, in the terms of UMF and ICAO Doc 9303."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from contracts.base import Contract
from contracts.dates import PartialDate

NameText = Annotated[str, StringConstraints(min_length=1, max_length=300)]

CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
"""A state or organisation, three letters (ICAO Doc 9303-3, section 5: ISO 3166-1 alpha-3 and additions as UNO)."""


class NameKind(StrEnum):
    """What a name is to its bearer."""

    PRIMARY = "primary"
    ALIAS = "alias"
    BIRTH = "birth"
    PREVIOUS = "previous"


class Sex(StrEnum):
    """The sex as travel documents state it (ICAO Doc 9303-4, 4.1); `U` where the source holds none of the others."""

    FEMALE = "F"
    MALE = "M"
    UNSPECIFIED = "X"
    UNKNOWN = "U"


class PersonName(Contract):
    """One name of a person, in the script in which the source holds it.

    A source that parts its names fills `family` and `given`; one that does not fills `full`.
    """

    family: NameText | None = None
    given: NameText | None = None
    full: NameText | None = None
    kind: NameKind = NameKind.PRIMARY
    script: Annotated[str, StringConstraints(pattern=r"^[A-Z][a-z]{3}$")] | None = Field(
        default=None, description="The script, four letters of ISO 15924, where the source knows it."
    )
    cut: bool | None = Field(
        default=None,
        description="Whether its words may be cut, as where the name field of a machine readable zone is full.",
    )

    @model_validator(mode="after")
    def _says_something(self) -> "PersonName":
        if not (self.family or self.given or self.full):
            raise ValueError("a name needs a family name, a given name or a full name")
        return self

    @property
    def text(self) -> str:
        """The whole name on one line: as written, or given names before the family name."""
        return self.full or " ".join(part for part in (self.given, self.family) if part)


class IdentityData(Contract):
    """Names, birth, sex and nationalities of one person as one source holds them."""

    names: Annotated[tuple[PersonName, ...], Field(min_length=1, max_length=200)]
    birth_dates: Annotated[tuple[PartialDate, ...], Field(max_length=20)] = ()
    birth_place: Annotated[str, StringConstraints(max_length=300)] | None = None
    sex: Sex = Sex.UNKNOWN
    nationalities: Annotated[tuple[CountryCode, ...], Field(max_length=20)] = ()


class DocumentType(StrEnum):
    """Kinds of travel and identity documents (first letter of a machine readable zone where there is one)."""

    PASSPORT = "passport"
    IDENTITY_CARD = "identity-card"
    RESIDENCE_PERMIT = "residence-permit"
    VISA = "visa"
    REFUGEE_TRAVEL_DOCUMENT = "refugee-travel-document"
    OTHER = "other"


DocumentNumber = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,40}$")]
"""A document's number in capitals and digits alone, as a machine readable zone writes it; see `document_number`."""


def document_number(written: str) -> str:
    """Bring a document number to the form that compares: capitals and digits, separators left out."""
    return "".join(character for character in written.upper() if character.isascii() and character.isalnum())


class DocumentRef(Contract):
    """A document as somebody showed or named it."""

    number: DocumentNumber
    type: DocumentType = DocumentType.PASSPORT
    issuer: CountryCode | None = None
    valid_until: PartialDate | None = None
