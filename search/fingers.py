"""This module asks the biometrics service whose finger it is."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Protocol

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from contracts.query import Purpose
from contracts.records import FingerPosition
from contracts.references import SYSTEM_PATTERN, RecordRef, SubjectRef, SystemName
from hub.errors import Rejected, Retryable
from hub.problem_kinds import INVALID
from hub.settings import read_secret
from hub.tracing import child_of, current_trace

_REFUSED = {400, 413, 422}
_SYSTEM = re.compile(SYSTEM_PATTERN, re.ASCII)
LIMIT = 10
"""How many persons biometrics names at most."""


class BiometricsUnavailable(Retryable):
    """The biometrics service does not answer, or does not let this service ask."""

    code = "biometrics-unavailable"


class FingerRefused(Rejected):
    """The finger cannot be searched with; the reason is the biometrics service's own."""

    code = "finger-refused"


class Finger(BaseModel):
    """A finger to search with: an image, or a template, in base64; see the biometrics service's `Sample`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,20}$")] = "png"
    data: Annotated[str, Field(min_length=1, max_length=8_000_000, description="Base64.")]
    dpi: Annotated[int, Field(ge=100, le=2000)] | None = None
    estimate: bool = False
    finger: Annotated[int, Field(ge=0, le=10)] | None = None
    width: Annotated[int, Field(ge=1, le=65_535)] | None = None
    height: Annotated[int, Field(ge=1, le=65_535)] | None = None


@dataclass(frozen=True, slots=True)
class FingerMatch:
    """A person whose finger matched: the decision is the biometrics service's, on its score."""

    subject: SubjectRef
    system: SystemName
    record: RecordRef
    score: float


@dataclass(frozen=True, slots=True)
class FingerMatches:
    """The persons whose finger it is, best first.

    Not `complete` where the gallery does not hold every finger, or it may be of more persons than are named.
    `position` is which finger was searched with, where that is certain: nobody tells that it is another one. `unread`
    are the fingerprints that it was not compared with, as biometrics cannot read them.
    """

    matches: Sequence[FingerMatch]
    complete: bool = True
    position: FingerPosition = FingerPosition.UNKNOWN
    unread: frozenset[RecordRef] = frozenset()


class Identifies(Protocol):
    """What a single search needs of biometrics."""

    async def identify(self, finger: Finger, purpose: Purpose, systems: Collection[SystemName] | None) -> FingerMatches:
        """Name the persons whose finger it is, best first."""
        ...


class _Compared(BaseModel):
    record: RecordRef
    system: SystemName


class _Candidate(BaseModel):
    subject: SubjectRef
    score: float
    match: bool
    fingers: Annotated[tuple[_Compared, ...], Field(min_length=1)]


class _Candidates(BaseModel):
    candidates: tuple[_Candidate, ...]
    complete: bool = True
    positions: tuple[FingerPosition, ...] = ()
    unread: frozenset[RecordRef] = frozenset()


class _Fault(BaseModel):
    field: str


class _Problem(BaseModel):
    detail: str
    code: str
    faults: tuple[_Fault, ...] = ()

    @property
    def is_of_the_sample(self) -> bool:
        """Whether the finger is at fault: of what is not as the contract says, all that we did not write ourselves."""
        return self.code != INVALID.code or (
            bool(self.faults) and all(fault.field.partition(".")[0] == "probes" for fault in self.faults)
        )


class Fingers:
    """The biometrics service over HTTP. The caller limits how long it waits."""

    def __init__(self, client: httpx.AsyncClient, token_file: Path) -> None:
        self._client = client
        self._token_file = token_file

    async def identify(self, finger: Finger, purpose: Purpose, systems: Collection[SystemName] | None) -> FingerMatches:
        """Name the persons of `systems` (all that the service may see where it is None) whose finger it is, best first.

        Raises:
            BiometricsUnavailable: the service does not answer, or does not understand what it is asked.
            FingerRefused: the image or template cannot be used.
            Misconfigured: there is no token to ask with.
        """
        trace = current_trace()
        headers = {
            "Authorization": f"Bearer {read_secret(self._token_file)}",
            "X-Correlation-Id": trace.flow,
            "traceparent": child_of(trace.traceparent),
        }
        body: dict[str, Any] = {"probes": [finger.model_dump(exclude_none=True)], "purpose": purpose, "limit": LIMIT}
        if systems is not None:
            # A token may name what is the name of no system: nothing is held of it, and it must not spoil the question.
            body["systems"] = sorted(system for system in systems if _SYSTEM.fullmatch(system))
        try:
            answer = await self._client.post("/v1/identify", json=body, headers=headers)
            if answer.status_code in _REFUSED:
                problem = _Problem.model_validate_json(answer.content)
                if problem.is_of_the_sample:
                    # The detail of a problem answer is one sentence without personal data.
                    raise FingerRefused(problem.detail, code=problem.code, field="finger")
            found = _Candidates.model_validate_json(answer.raise_for_status().content)
        except (httpx.HTTPError, ValidationError) as error:
            raise BiometricsUnavailable("The biometrics service does not answer as it should.") from error
        matches = [
            FingerMatch(candidate.subject, candidate.fingers[0].system, candidate.fingers[0].record, candidate.score)
            for candidate in found.candidates
            if candidate.match
        ]
        whole = found.complete and len(matches) < LIMIT
        return FingerMatches(matches, whole, _position(finger, found.positions), found.unread)


def _position(finger: Finger, told: Sequence[FingerPosition]) -> FingerPosition:
    """Tell which finger it is, as biometrics read it, unless the asker says that it is another one."""
    read = told[0] if told else FingerPosition.UNKNOWN
    return read if (finger.finger or read) == read else FingerPosition.UNKNOWN
