"""This module holds what a user asks, as it comes in over HTTP, and makes the criteria of it."""

from typing import Annotated, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    field_validator,
    model_validator,
)

from contracts.dates import PartialDate
from contracts.identity import CountryCode, DocumentRef, DocumentType, PersonName, Sex, document_number
from contracts.query import Criteria, Purpose
from hub.errors import Rejected
from search.fingers import Finger
from search.mrz.codes import kind_of_code
from search.mrz.question import question_of
from search.mrz.reading import read_mrz
from search.names.parse import parse_name

Name = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
MAX_NAMES = 10  # as contracts.query.Criteria
ZoneLine = Annotated[str, StringConstraints(min_length=1, max_length=60)]


def _read_date(value: object) -> object:
    """Read the text form here, so that a fault is named by the field alone."""
    return PartialDate.parse(value) if isinstance(value, str) else value


BirthDate = Annotated[PartialDate, BeforeValidator(_read_date)]


USER_ASSIGNED = "X"
"""Begins the codes that ISO 3166-1 leaves to its users, as the European Union writes XKX for Kosovo."""


def _known_country(code: str) -> str:
    """Take a code that some document may bear: one that is mistyped would contradict every record."""
    if kind_of_code(code) is None and not code.startswith(USER_ASSIGNED):
        raise ValueError("no country and no organisation has this code (ICAO Doc 9303-3, section 5)")
    return code


KnownCountry = Annotated[CountryCode, AfterValidator(_known_country)]


class NothingAsked(Rejected):
    """There is nothing to look for."""

    code = "nothing-asked"


class TooManyNames(Rejected):
    """There are more names than the systems can be asked for at once."""

    code = "too-many-names"


class Part(BaseModel):
    """What all parts of a request have in common: no fields but the named ones."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class AskedDocument(Part):
    """A document that was shown; the number may be written with spaces and separators."""

    number: Annotated[str, StringConstraints(min_length=1, max_length=60)]
    issuer: KnownCountry | None = None
    type: DocumentType | None = None

    @model_validator(mode="after")
    def _has_a_number(self) -> Self:
        if not 1 <= len(document_number(self.number)) <= 40:  # noqa: PLR2004  as contracts.identity.DocumentNumber
            raise ValueError("a document number has 1 to 40 letters and digits")
        return self


class SearchRequest(Part):
    """Whom or what to look for, and why. At least one of name, document, machine readable zone and finger is needed."""

    purpose: Purpose
    legal_basis: Annotated[str, StringConstraints(max_length=300)] | None = None
    name: Name | None = Field(default=None, description="A whole name, in any order and script.")
    names: Annotated[tuple[Name, ...], Field(max_length=MAX_NAMES)] = ()
    family: Name | None = None
    given: Name | None = None
    birth_date: BirthDate | None = Field(default=None, description="`1960`, `1960-08` or `1960-08-11`.")
    nationality: KnownCountry | None = None
    sex: Sex | None = None
    document: AskedDocument | None = None
    mrz: Annotated[tuple[ZoneLine, ...], Field(min_length=2, max_length=3)] | None = Field(
        default=None, description="The lines of a machine readable zone (ICAO Doc 9303): two or three."
    )
    finger: Finger | None = None

    @field_validator("legal_basis")
    @classmethod
    def _no_empty_basis(cls, basis: str | None) -> str | None:
        """Take a field that was left empty as none: nowhere is an empty text a law."""
        return basis or None

    def criteria(self, this_year: int) -> Criteria:
        """Give what is known of the person; what was typed counts before what the zone says.

        Raises:
            Rejected: the machine readable zone is not right; the error names its field.
            TooManyNames: there are more than ten names in all, that of the zone among them.
            NothingAsked: there is neither name nor document nor finger, or a name has nothing that can be compared.
        """
        zone = question_of(read_mrz(self.mrz, this_year)).criteria if self.mrz else Criteria()
        names = [PersonName(full=text) for text in (self.name, *self.names) if text]
        if self.family or self.given:
            names.append(PersonName(family=self.family, given=self.given))
        documents: list[DocumentRef] = []
        if self.document is not None:
            documents.append(
                DocumentRef(
                    number=document_number(self.document.number),
                    issuer=self.document.issuer,
                    type=self.document.type or DocumentType.PASSPORT,
                )
            )
        names += zone.names
        documents += zone.documents
        if not (names or documents or self.finger):
            raise NothingAsked("Name a person, a document, a machine readable zone or a finger.", field="body")
        if any(not parse_name(name).parts for name in names):
            raise NothingAsked("A name has no letter or digit that can be compared; write it out.", field="name")
        if len(names) > MAX_NAMES:
            raise TooManyNames(f"There are more than {MAX_NAMES} names in all; leave some out.", field="names")
        return Criteria(
            names=tuple(names),
            birth_date=self.birth_date or zone.birth_date,
            sex=self.sex or zone.sex,
            nationalities=(self.nationality,) if self.nationality else zone.nationalities,
            documents=tuple(documents),
        )
