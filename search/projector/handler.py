"""This module carries batches of record events into the repository, and says in the audit that they arrived."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from pydantic import ValidationError

from contracts.audit import AuditAction, AuditEntryV1
from contracts.base import faults, read
from contracts.envelope import Envelope, EnvelopeError
from contracts.records import ErasureV1, RecordEvent
from contracts.references import RecordRef
from contracts.topics import RECORD_CONTRACTS, outgoing
from hub.audit import entry_id
from hub.errors import Rejected
from hub.logs import get_logger
from hub.message import Message, Rejection
from hub.overlap import overlapped
from search.document import Document, document_of
from search.repository import Refusal, store_newest

SERVICE = "projector"
PART = 500
"""Messages that are read before the first of them are on their way: reading goes on while the index works."""

_CONTRACT_OF = {
    outgoing(contract, major): model for contract, majors in RECORD_CONTRACTS.items() for major, model in majors.items()
}
TOPICS = tuple(_CONTRACT_OF)
"""Everything that the repository holds."""


class Store(Protocol):
    """What the projector needs of the repository."""

    async def store(self, documents: Sequence[Document]) -> list[Refusal]:
        """Store documents by external version."""
        ...


class Writes(Protocol):
    """What the projector needs of the audit."""

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        """Write entries, durably."""
        ...


@dataclass(frozen=True, slots=True)
class Projected:
    """A message with what was read of it."""

    message: Message
    envelope: Envelope
    event: RecordEvent
    document: Document


def projected(message: Message) -> Projected:
    """Read one message of an outgoing topic.

    Raises:
        Rejected: it is not what the router lets through; the error names the field.
    """
    model = _CONTRACT_OF.get(message.topic)
    if model is None:
        raise Rejected("The topic holds no record events.", code="unknown-contract")
    if message.value is None:
        raise Rejected("The message has no value; a record ends by an erasure event.", code="no-value")
    try:
        envelope = Envelope.from_headers(message.headers)
    except EnvelopeError as error:
        raise Rejected(f"The envelope is not right: {error}.", code="bad-envelope") from None
    if envelope.record_version is None:
        raise Rejected("The envelope lacks the record's version.", code="bad-envelope", field="recordversion")
    try:
        event = cast("RecordEvent", read(model, message.value).value)
    except ValidationError as error:
        named = faults(error)
        raise Rejected(f"The payload breaks its contract: {named}.", code="bad-payload", field=named) from None
    return Projected(message, envelope, event, document_of(envelope, envelope.record_version, event, message.value))


class Projector:
    """Handles one batch at a time; see `hub.broker.Handler`."""

    def __init__(self, store: Store, auditor: Writes) -> None:
        self._store = store
        self._auditor = auditor
        self._log = get_logger()

    async def __call__(self, batch: Sequence[Message]) -> Sequence[Rejection]:
        """Project a batch; when this returns, the repository holds it and the audit knows."""
        rejections: list[Rejection] = []
        parts = await overlapped(batch, PART, lambda part: _read(part, rejections), self._stored)
        delivered = [item for stored, _ in parts for item in stored]
        rejections += [rejection for _, refused in parts for rejection in refused]
        now = dt.datetime.now(dt.UTC)
        await self._auditor.record([_delivered_entry(item, now) for item in delivered])
        self._log.info("batch projected", count=len(delivered), rejected=len(rejections))
        return rejections

    async def _stored(self, items: Sequence[Projected]) -> tuple[list[Projected], list[Rejection]]:
        """Store the newest of each record; where the index refuses it, the one before takes its place.

        Gives what is in the repository now, or was overtaken there, and what is refused.
        """
        refusals = await store_newest((item.document for item in items), self._store.store)
        refused = {(refusal.record, refusal.version): refusal.error for refusal in refusals}
        delivered: list[Projected] = []
        rejections: list[Rejection] = []
        for item in items:
            error = refused.get((item.document.record, item.document.version))
            if error is None:
                delivered.append(item)
            else:
                rejections.append(Rejection(item.message, error))
        return delivered, rejections


def _read(messages: Sequence[Message], rejections: list[Rejection]) -> list[Projected]:
    part: list[Projected] = []
    for message in messages:
        try:
            part.append(projected(message))
        except Rejected as error:
            rejections.append(Rejection(message, error))
    return part


def _delivered_entry(item: Projected, now: dt.datetime) -> AuditEntryV1:
    envelope, event = item.envelope, item.event
    erasure = isinstance(event, ErasureV1)
    action = AuditAction.ERASED if erasure else AuditAction.DELIVERED
    return AuditEntryV1(
        entry=entry_id(action, SERVICE, envelope.id),
        at=now,
        service=SERVICE,
        actor=SERVICE,
        action=action,
        flow=envelope.flow,
        event=envelope.id,
        cause=envelope.cause,
        record=event.record,
        subject=_subject(event),
        system=event.system,
        contract=event.contract,
        topic=item.message.topic,
        partition=item.message.partition,
        offset=item.message.offset,
    )


def _subject(event: RecordEvent) -> RecordRef | None:
    return None if isinstance(event, ErasureV1) else event.subject
