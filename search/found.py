"""This module holds a record that a search found: what it says, where it was found, and how well it fits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic_core import to_json

from contracts.query import AnsweredRecord
from contracts.records import AlertV1, BorderCrossingV1, FingerPosition, PersonV1, TravelDocumentV1, own_subject
from contracts.references import RecordRef, SubjectRef, SystemName
from search.score import Score


class Origin(StrEnum):
    """How a record came into the answer."""

    REPOSITORY = "repository"
    LIVE = "live"


class EnrolledFinger(BaseModel):
    """A fingerprint record as the repository keeps it: that it exists, and whose it is."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    contract: str = "fingerprint"
    system: SystemName
    record: RecordRef
    subject: SubjectRef
    position: FingerPosition = FingerPosition.UNKNOWN

    _subject_is_the_systems_own = field_validator("subject")(own_subject)


HeldRecord = AnsweredRecord | EnrolledFinger

_SHAPES: dict[str, type[HeldRecord]] = {
    "person": PersonV1,
    "travel-document": TravelDocumentV1,
    "border-crossing": BorderCrossingV1,
    "alert": AlertV1,
    "fingerprint": EnrolledFinger,
}
"""How a document's payload is read, by the contract that the projector names beside it: the payload needs not."""


@dataclass(slots=True)
class Found:
    """A record with its score; the same record from the repository and from its live system is one."""

    record: HeldRecord
    score: Score
    origins: set[Origin] = field(default_factory=set)


def held_record(source: dict[str, Any]) -> HeldRecord | None:
    """Read a repository document; a stub of an erased record, and what this version cannot read, are nothing.

    Of the latter the caller has to say that it is left out: it may be what matters. Fields that a newer minor version
    added are tolerated.
    """
    payload, shape = source.get("payload"), _SHAPES.get(source["contract"])
    if source.get("erased") or payload is None or shape is None:
        return None
    try:
        return shape.model_validate(payload, extra="ignore")
    except ValidationError:
        return _as_it_was_let_through(shape, payload)


def _as_it_was_let_through(shape: type[HeldRecord], payload: Any) -> HeldRecord | None:
    """Read a payload as router and projector did: as JSON, which lets some texts through that values are not.

    It costs ten times as much, and hardly any record needs it.
    """
    try:
        return shape.model_validate_json(to_json(payload), extra="ignore")
    except ValidationError:
        return None
