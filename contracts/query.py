"""This module holds what is asked of a connected system while somebody waits, and what it answers, version 1."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, NonNegativeInt, StringConstraints, model_validator

from contracts.base import Contract
from contracts.dates import PartialDate
from contracts.identity import CountryCode, DocumentRef, PersonName, Sex
from contracts.records import AlertV1, BorderCrossingV1, PersonV1, TravelDocumentV1
from contracts.references import SystemName


class Purpose(StrEnum):
    """What a search is for; without one there is no search."""

    BORDER_CHECK = "border-check"
    ASYLUM_PROCEDURE = "asylum-procedure"
    IDENTIFICATION = "identification"
    LAW_ENFORCEMENT = "law-enforcement"
    REGISTRATION = "registration"


class Criteria(Contract):
    """What is known of the person or the document that is looked for."""

    names: Annotated[tuple[PersonName, ...], Field(max_length=10)] = ()
    birth_date: PartialDate | None = None
    sex: Sex | None = None
    nationalities: Annotated[tuple[CountryCode, ...], Field(max_length=10)] = ()
    documents: Annotated[tuple[DocumentRef, ...], Field(max_length=10)] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a name nor a document to look for."""
        return not (self.names or self.documents)


class QueryV1(Contract):
    """A live question to one connected system, on `query.<system>`."""

    contract: Literal["query"] = "query"
    query: UUID
    system: SystemName
    criteria: Criteria
    purpose: Purpose
    legal_basis: Annotated[str, StringConstraints(max_length=300)] | None = None
    user: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    answer_to: Annotated[str, StringConstraints(pattern=r"^answer\.[a-z0-9-]+$")]
    deadline: AwareDatetime
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    @model_validator(mode="after")
    def _asks_something(self) -> "QueryV1":
        if self.criteria.is_empty:
            raise ValueError("a query needs a name or a document")
        return self


class AnswerStatus(StrEnum):
    """What came of asking one system."""

    HIT = "hit"
    NO_HIT = "no_hit"
    UNAVAILABLE = "unavailable"
    TIMED_OUT = "timed_out"


AnsweredRecord = Annotated[PersonV1 | TravelDocumentV1 | BorderCrossingV1 | AlertV1, Field(discriminator="contract")]


class AnswerV1(Contract):
    """A connected system's answer, on `answer.<instance>`."""

    contract: Literal["answer"] = "answer"
    query: UUID
    system: SystemName
    status: AnswerStatus
    records: Annotated[tuple[AnsweredRecord, ...], Field(max_length=100)] = ()
    truncated: bool = Field(default=False, description="Whether the system holds more than the limit let it send.")
    elapsed_ms: NonNegativeInt
