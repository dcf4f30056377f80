"""This module audits what the gallery took over and buries what it cannot, once each, however often it is read."""

import asyncio
import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from biometrics.events import Event
from biometrics.gallery import Removal
from contracts.audit import AuditAction, AuditEntryV1
from contracts.references import system_of
from hub.audit import Auditor, Sender, entry_id
from hub.dead_letters import burial
from hub.logs import get_logger
from hub.message import Message, Rejection


class Receipts:
    """Writes an entry for every event past the last that has one; the mark is a small file of the service's own folder.

    What is rejected leaves a dead letter besides. A crash between entry and mark writes the entry again under the same
    id, and the letter again.
    """

    def __init__(self, sender: Sender, auditor: Auditor, mark: Path) -> None:
        self._sender = sender
        self._auditor = auditor
        self._mark = mark
        self._audited: dict[str, int] = {}
        self._log = get_logger()

    def open(self) -> None:
        """Take up the mark of an earlier run."""
        if self._mark.exists():
            self._audited = {str(place): int(offset) for place, offset in json.loads(self._mark.read_text()).items()}

    async def write(self, events: Sequence[Event], rejections: Sequence[Rejection]) -> None:
        """Write the entries of those that have none, and the letters of the rejected.

        Raises:
            Retryable: the audit does not take them; the events have to come again.
        """
        fresh = [event for event in events if self._is_fresh(event.message)]
        refused = [rejection for rejection in rejections if self._is_fresh(rejection.message)]
        if not fresh and not refused:
            return
        pages = self._auditor.pages(list(self._entries(fresh)))
        await self._sender.send_all([*burial(refused, self._auditor, dt.datetime.now(dt.UTC)), *pages])
        for rejection in refused:
            self._log.warning("message rejected", **rejection.told)
        done = [event.message for event in fresh] + [rejection.message for rejection in refused]
        for message in done:
            place = _place(message)
            self._audited[place] = max(self._audited.get(place, 0), message.offset + 1)
        await asyncio.to_thread(self._save)

    def _is_fresh(self, message: Message) -> bool:
        return message.offset >= self._audited.get(_place(message), 0)

    def _entries(self, events: Iterable[Event]) -> Iterable[AuditEntryV1]:
        now = dt.datetime.now(dt.UTC)
        for event in events:
            removal = isinstance(event.change, Removal)
            action = AuditAction.ERASED if removal else AuditAction.DELIVERED
            record = event.change.record if isinstance(event.change, Removal) else event.change.finger.record
            yield AuditEntryV1(
                entry=entry_id(action, self._auditor.service, event.envelope.id),
                at=now,
                service=self._auditor.service,
                actor=self._auditor.service,
                action=action,
                flow=event.envelope.flow,
                event=event.envelope.id,
                cause=event.envelope.cause,
                record=record,
                subject=None if isinstance(event.change, Removal) else event.change.finger.subject,
                system=system_of(record),
                contract="erasure" if removal else "fingerprint",
                topic=event.message.topic,
                partition=event.message.partition,
                offset=event.message.offset,
                detail=", ".join(sorted(set(event.faults))) or None,
            )

    def _save(self) -> None:
        self._mark.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._mark.with_suffix(".new")
        fresh.write_text(json.dumps(self._audited))
        fresh.replace(self._mark)


def _place(message: Message) -> str:
    return f"{message.topic}/{message.partition}"
