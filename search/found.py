"""This module holds a record that a search found: what it says, where it was found, and how well it fits."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from contracts.query import AnsweredRecord
from contracts.records import FingerPosition
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


HeldRecord = AnsweredRecord | EnrolledFinger

_ANSWERED: TypeAdapter[Any] = TypeAdapter(AnsweredRecord)


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
    payload = source.get("payload")
    if source.get("erased") or payload is None:
        return None
    try:
        if source["contract"] == "fingerprint":
            return EnrolledFinger.model_validate(payload)
        record: HeldRecord = _ANSWERED.validate_python(payload, extra="ignore")
    except ValidationError:
        return None
    return record
