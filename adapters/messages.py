"""This module writes changes as messages: events with headers, dead letters with raw rows, entries of the audit."""

import base64
import datetime as dt
import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from adapters.change import Change
from adapters.clock import instant
from adapters.declaration import Adapter, Stream
from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from contracts.envelope import Envelope, contract_schema, contract_type, event_id, source_of
from hub.audit import entry_id
from hub.dead_letters import dead_letter
from hub.message import Message, Outgoing, Rejection
from hub.tracing import new_traceparent

MAJOR = 1
RAW = "raw"
"""A row may carry the undecodable line it came from under this name; it is kept as it is."""


def service_name(system: str) -> str:
    """Name the process of an adapter: its Kafka account, its consumer group and its name in the audit."""
    return f"adapter-{system}"


class Page:
    """What is sent together: the events of a page of rows, its dead letters, and the entries of the audit."""

    def __init__(self, adapter: Adapter, stream: Stream, now: dt.datetime) -> None:
        self._adapter = adapter
        self._stream = stream
        self._service = service_name(adapter.system)
        self._source = source_of(adapter.system, stream.name)
        self._now = now
        self._traceparent = new_traceparent()
        self.messages: list[Outgoing] = []
        self.entries: list[AuditEntryV1] = []

    def add(self, change: Change) -> None:
        """Add a change: its event or dead letter, and its entry."""
        envelope = self._envelope(change)
        topic = topics.incoming(self._adapter.system, change.contract, MAJOR)
        key = envelope.subject.encode()
        if change.fault is None:
            self.messages.append(Outgoing(topic, key, change.value, envelope.to_headers()))
        else:
            when = int(self._now.timestamp() * 1000)
            message = Message(topic, 0, 0, when, key, raw_row(change.source.row), envelope.to_headers())
            self.messages.append(dead_letter(Rejection(message, change.fault), service=self._service, now=self._now))
        self.entries.append(self._entry(change, envelope, topic))

    def _envelope(self, change: Change) -> Envelope:
        source = change.source
        identity = event_id(self._adapter.system, self._stream.name, source.key, change.version)
        if change.fault is not None:  # a poison row is no version of the record: its letter has an id of its own
            identity = str(entry_id(AuditAction.REJECTED, self._service, source.row.record, str(source.token)))
        return Envelope(
            id=identity,
            source=self._source,
            type=contract_type(change.contract, MAJOR),
            subject=source.row.record,
            schema=contract_schema(change.contract, MAJOR),
            time=instant(source.changed_at) if source.changed_at > 0 else self._now,
            flow=identity,  # a flow begins with the event of a row, and has its id
            traceparent=self._traceparent,
            record_version=change.version,
        )

    def _entry(self, change: Change, envelope: Envelope, topic: str) -> AuditEntryV1:
        fault = change.fault
        action = AuditAction.PUBLISHED if fault is None else AuditAction.REJECTED
        return AuditEntryV1(
            entry=entry_id(action, self._service, envelope.id),
            at=self._now,
            service=self._service,
            actor=self._service,
            action=action,
            outcome=AuditOutcome.DONE if fault is None else AuditOutcome.REFUSED,
            flow=envelope.flow,
            event=envelope.id,
            record=envelope.subject,
            subject=change.subject,
            system=self._adapter.system,
            contract=change.contract,
            purpose=self._adapter.purpose,
            legal_basis=self._adapter.legal_basis,
            topic=topic if fault is None else topics.dead(self._adapter.system),
            detail=None if fault is None else f"{fault.reason} {fault.field or ''}".strip()[:300],
        )


def raw_row(row: dict[str, Any]) -> bytes:
    """Write a row as JSON for its dead letter; a line that could not be decoded as the bytes it is."""
    raw = row.get(RAW)
    if isinstance(raw, bytes):
        return raw
    return json.dumps(row, default=_plain, ensure_ascii=False).encode("utf-8", "surrogateescape")


def rows_shown(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows as JSON would hold them, for a person at a terminal."""
    shown: list[dict[str, Any]] = json.loads(json.dumps([dict(row) for row in rows], default=_plain))
    return shown


def _plain(value: Any) -> Any:
    match value:
        case bytes() | bytearray() | memoryview():
            return base64.b64encode(bytes(value)).decode()
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case UUID():
            return str(value)
        case _:
            return str(value)
