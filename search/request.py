"""This module holds what a user asks, as it comes in over HTTP, and makes the criteria of it."""

import re
import unicodedata
from enum import StrEnum
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
from pydantic_core import PydanticCustomError

from contracts.dates import PartialDate
from contracts.identity import CountryCode, DocumentRef, DocumentType, PersonName, Sex, document_number
from contracts.query import Criteria, Purpose
from hub.errors import Rejected
from search.fingers import Finger
from search.mrz.codes import is_known
from search.mrz.question import Question as ZoneQuestion
from search.mrz.question import question, question_of
from search.mrz.reading import examine
from search.mrz.refusal import read_mrz
from search.names.parse import parse_name

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def _without_controls(text: object) -> object:
    """Part words by blanks alone: a database that refuses a character would seem to be away."""
    return _CONTROLS.sub(" ", text) if isinstance(text, str) else text


Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=300, strip_whitespace=True),
    BeforeValidator(_without_controls),
]
MAX_NAMES = 10  # as contracts.query.Criteria
ZoneLine = Annotated[str, StringConstraints(min_length=1, max_length=60)]


FULL_WIDTH = {ord("!") + place + 0xFEE0: ord("!") + place for place in range(ord("~") - ord("!") + 1)}
"""Letters, digits and signs as keyboards of East Asia write them: the plain ones."""


def _plain(text: str) -> str:
    """Write digits of any script, and letters of full width, as a zone does."""
    digits = ((character, unicodedata.decimal(character, None)) for character in text.translate(FULL_WIDTH))
    return "".join(character if digit is None else str(digit) for character, digit in digits).strip()


def _read_date(value: object) -> object:
    """Read the text form here, so that a fault is named by the field alone."""
    if isinstance(value, PartialDate):
        return value
    try:
        return PartialDate.parse(_plain(value) if isinstance(value, str) else "")
    except ValueError:
        raise PydanticCustomError("no_date", "a date is YYYY, YYYY-MM or YYYY-MM-DD, and of a calendar") from None


BirthDate = Annotated[PartialDate, BeforeValidator(_read_date)]


USER_ASSIGNED = "X"
"""Begins the codes that ISO 3166-1 leaves to its users, as the European Union writes XKX for Kosovo."""


def _known_country(code: str) -> str:
    """Take a code that some document may bear: one that is mistyped would contradict every record."""
    if not is_known(code) and not code.startswith(USER_ASSIGNED):
        raise PydanticCustomError(
            "unknown_country", "no country and no organisation has this code (ICAO Doc 9303-3, section 5)"
        )
    return code


def _in_capitals(value: object) -> object:
    return value.strip().upper() if isinstance(value, str) else value


KnownCountry = Annotated[CountryCode, BeforeValidator(_in_capitals), AfterValidator(_known_country)]


def _written_in_latin(number: str) -> str:
    """Take a number of Latin letters and digits: without the letters of another script it would be another document's.

    Raises:
        PydanticCustomError: it has letters that no zone has.
    """
    plain = _plain(number)
    if any(character.isalpha() and not character.isascii() for character in plain):
        raise PydanticCustomError("not_latin", "a document number has the letters A to Z and digits")
    return plain


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

    number: Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_written_in_latin)]
    issuer: KnownCountry | None = None
    type: DocumentType | None = None

    @model_validator(mode="after")
    def _has_a_number(self) -> Self:
        if not 1 <= len(document_number(self.number)) <= 40:  # noqa: PLR2004  as contracts.identity.DocumentNumber
            raise PydanticCustomError("no_document_number", "a document number has 1 to 40 letters and digits")
        return self


class InDoubt(StrEnum):
    """What becomes of a zone of which fields are in doubt."""

    REFUSE = "refuse"
    LEAVE_OUT = "leave-out"


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
    mrz_in_doubt: InDoubt = Field(
        default=InDoubt.REFUSE,
        description="What to do about fields of the zone that were misread: refuse it, or search by the others.",
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
        zone = self._zone(this_year).criteria
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

    def left_out(self, this_year: int) -> tuple[str, ...]:
        """Name the fields of the zone that are not searched with: they are in doubt, or say nothing to search with.

        Raises:
            MrzRejected: as `criteria`.
        """
        return tuple(f"mrz.{field}" for field in self._zone(this_year).left_out)

    def _zone(self, this_year: int) -> ZoneQuestion:
        """Ask for what the zone says; of one with faults, where they may be left out, for what is certain."""
        if not self.mrz:
            return ZoneQuestion(Criteria())
        if self.mrz_in_doubt is InDoubt.LEAVE_OUT:
            certain = question(examine(self.mrz, this_year))
            if not certain.criteria.is_empty:
                return certain
        return question_of(read_mrz(self.mrz, this_year))
