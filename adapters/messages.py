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
from adapters.row import RawLine
from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from contracts.envelope import Envelope, contract_schema, contract_type, event_id, source_of
from hub.audit import entry_id
from hub.dead_letters import dead_letter
from hub.errors import Rejected
from hub.message import Message, Outgoing, Rejection
from hub.tracing import new_traceparent

MAJOR = 1
_OWN = {"ce_id", "ce_subject", "ce_time", "correlationid", "recordversion"}
RAW = "raw"
"""A row may carry the undecodable line it came from under this name, as a `RawLine`; it is kept as it is."""


def service_name(system: str) -> str:
    """Name the process of an adapter: its Kafka account, its consumer group and its name in the audit."""
    return f"adapter-{system}"


class Page:
    """What is sent together: the events of a page of rows, its dead letters, and the entries of the audit."""

    def __init__(self, adapter: Adapter, stream: Stream, now: dt.datetime) -> None:
        self._adapter = adapter
        self._stream = stream
        self._service = service_name(adapter.system)
        self._now = now
        self._shared: dict[str, list[tuple[str, bytes]]] = {}
        self.messages: list[Outgoing] = []
        self.entries: list[AuditEntryV1] = []

    def add(self, change: Change) -> None:
        """Add a change: its event or dead letter, and its entry."""
        source = change.source
        topic = topics.incoming(self._adapter.system, change.contract, MAJOR)
        reference = source.row.record
        if change.fault is None:
            event = event_id(self._adapter.system, self._stream.name, source.key, change.version)
            self.messages.append(Outgoing(topic, reference.encode(), change.value, self._headers(change, event)))
        else:  # a poison row is no version of the record: its letter has an id of its own
            event = str(entry_id(AuditAction.REJECTED, self._service, reference, str(source.token)))
            when = int(self._now.timestamp() * 1000)
            headers = self._headers(change, event)
            message = Message(topic, 0, 0, when, reference.encode(), raw_row(source.row), headers)
            rejection = Rejection(message, _told(change, change.fault))
            row = f"{source.place}, record {reference}"
            self.messages.append(dead_letter(rejection, service=self._service, now=self._now, row=row))
        self.entries.append(self._entry(change, event, topic))

    def _headers(self, change: Change, event: str) -> list[tuple[str, bytes]]:
        """Give the headers; those that all events of a contract share in this page are written once."""
        if change.contract not in self._shared:
            self._shared[change.contract] = self._shared_headers(change.contract)
        source = change.source
        time = instant(source.changed_at) if source.changed_at > 0 else self._now
        identity = event.encode()
        return [
            *self._shared[change.contract],
            ("ce_id", identity),
            ("ce_subject", source.row.record.encode()),
            ("ce_time", time.isoformat().encode()),
            ("correlationid", identity),  # a flow begins with the event of a row, and has its id
            ("recordversion", b"%d" % change.version),
        ]

    def _shared_headers(self, contract: str) -> list[tuple[str, bytes]]:
        envelope = Envelope(
            id="",
            source=source_of(self._adapter.system, self._stream.name),
            type=contract_type(contract, MAJOR),
            subject="",
            schema=contract_schema(contract, MAJOR),
            time=self._now,
            flow="",
            traceparent=new_traceparent(),
        )
        return [(name, value) for name, value in envelope.to_headers() if name not in _OWN]

    def _entry(self, change: Change, event: str, topic: str) -> AuditEntryV1:
        fault = change.fault
        action = AuditAction.PUBLISHED if fault is None else AuditAction.REJECTED
        return AuditEntryV1(
            entry=entry_id(action, self._service, event),
            at=self._now,
            service=self._service,
            actor=self._service,
            action=action,
            outcome=AuditOutcome.DONE if fault is None else AuditOutcome.REFUSED,
            flow=event,
            event=event,
            record=change.source.row.record,
            subject=change.subject,
            system=self._adapter.system,
            contract=change.contract,
            purpose=self._adapter.purpose,
            legal_basis=self._adapter.legal_basis,
            topic=topic if fault is None else topics.dead(self._adapter.system),
            detail=None if fault is None else _detail(change, fault),
        )


def _told(change: Change, fault: Rejected) -> Rejected:
    """Give the fault with what stays in force for all who ask, until the row is mended."""
    if not change.is_behind:
        return fault
    text = f"{fault} Version {change.version} of {change.source.row.record} stays in force."
    return Rejected(text, code=fault.reason, field=fault.field)


def _detail(change: Change, fault: Rejected) -> str:
    kept = f"; version {change.version} stays in force" if change.is_behind else ""
    return f"{fault.reason} {fault.field or ''}".strip()[: 300 - len(kept)] + kept


def raw_row(row: dict[str, Any]) -> bytes:
    """Write a row as JSON for its dead letter; a line that could not be decoded as the bytes it is."""
    raw = row.get(RAW)
    if isinstance(raw, RawLine):
        return raw
    return json.dumps(row, default=_plain, ensure_ascii=False).encode("utf-8", "surrogateescape")


def rows_shown(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give rows as JSON would hold them, for a person at a terminal; bytes that cannot be decoded as a mark."""
    text = json.dumps([dict(row) for row in rows], default=_plain, ensure_ascii=False)
    shown: list[dict[str, Any]] = json.loads(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
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
