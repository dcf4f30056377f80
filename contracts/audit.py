"""This module holds the audit entry, version 1: who did what to whose data, for which purpose, with what outcome."""

from enum import StrEnum
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from contracts.base import Contract

Token = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Whole = Annotated[int, Field(ge=0, le=2**63 - 1)]
"""A count or a place: what Kafka and the index keep in a signed integer of 64 bits; they refuse a larger one."""


class AuditAction(StrEnum):
    """The hops of a message and the acts of a user."""

    PUBLISHED = "published"
    ROUTED = "routed"
    REJECTED = "rejected"
    DELIVERED = "delivered"
    REPLAYED = "replayed"
    SEARCHED = "searched"
    ASKED = "asked"
    ANSWERED = "answered"
    VIEWED = "viewed"
    EXTRACTED = "extracted"
    ENROLLED = "enrolled"
    VERIFIED = "verified"
    IDENTIFIED = "identified"
    ERASED = "erased"
    DENIED = "denied"


class AuditOutcome(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    INCOMPLETE = "incomplete"


class AuditEntryV1(Contract):
    """One act on one thing. It holds references only; nothing in it tells who a person is."""

    entry: UUID
    at: AwareDatetime
    service: Token
    actor: Token = Field(description="The user, or the service itself where no user stands behind the act.")
    action: AuditAction
    outcome: AuditOutcome = AuditOutcome.DONE
    flow: Token = Field(description="The correlation id: everything that one cause set going.")
    event: Token | None = Field(default=None, description="The `ce_id` of the message that was acted on.")
    cause: Token | None = Field(default=None, description="The id of the event or entry that led to this one.")
    record: Token | None = Field(default=None, description="The record reference.")
    subject: Token | None = Field(default=None, description="The subject reference.")
    system: Token | None = None
    contract: Token | None = None
    purpose: Token | None = None
    legal_basis: Token | None = None
    topic: Token | None = None
    partition: Whole | None = None
    offset: Whole | None = None
    detail: Token | None = Field(default=None, description="A reason code and field names; never a value.")
    count: Whole | None = Field(
        default=None, description="How many records, candidates or persons were met, or requests denied."
    )


class AuditPageV1(Contract):
    """The entries that one service wrote together: one message of `audit.<service>`, one document of the index.

    `writer` and `sequence` let a reader see that no page of a writer is missing.
    """

    contract: Literal["audit"] = "audit"
    page: UUID
    writer: Token = Field(description="The process that wrote the page: service and a random part for each start.")
    sequence: Whole
    entries: Annotated[tuple[AuditEntryV1, ...], Field(min_length=1, max_length=1000)]

    def is_of(self, service: str) -> bool:
        """Tell whether `service` may have written this page: its writer and every entry bear that name."""
        return self.writer.rpartition("-")[0] == service and all(entry.service == service for entry in self.entries)
