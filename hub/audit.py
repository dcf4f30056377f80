"""This module writes the audit: pages of entries that Kafka confirmed before the act counts as done.

Batch services write directly: where the audit cannot be written, their batch is not done and comes again. A service
that answers people writes through `SpoolingAuditor`, which bridges a short outage with a file and then refuses.
"""

import asyncio
import datetime as dt
import os
import time
from collections import deque
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Protocol
from uuid import UUID, uuid4

from contracts import topics
from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome, AuditPageV1
from contracts.envelope import Envelope, EnvelopeError, contract_schema, contract_type, stable_id
from hub.batches import Place
from hub.errors import Retryable
from hub.logs import get_logger
from hub.message import MAX_MESSAGE_BYTES, Outgoing, Rejection
from hub.tracing import current_trace

PAGE_ENTRIES = 250  # keeps a page near 100 KB: small enough to fetch for one entry, large enough to index cheaply
GRACE_S = 60.0


class AuditUnavailable(Retryable):
    """The audit could not be written, and the time of grace is over."""

    code = "audit-unavailable"


class Sender(Protocol):
    """What the audit needs of a producer."""

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Place]:
        """Send all and wait for confirmation."""
        ...


def entry_id(action: AuditAction, service: str, event: str, *parts: str) -> UUID:
    """Give the id that an act on an event always has, so that a batch done twice leaves one entry."""
    return stable_id("|".join(("audit", service, action, event, *parts)))


def rejected_entry(rejection: Rejection, service: str, now: dt.datetime) -> AuditEntryV1:
    """Tell of a refusal; a message whose own headers cannot be read is known by its place alone."""
    message, error = rejection.message, rejection.error
    try:
        envelope: Envelope | None = Envelope.from_headers(message.headers)
    except EnvelopeError:
        envelope = None
    try:
        origin: topics.Incoming | None = topics.parse_incoming(message.topic)
    except ValueError:
        origin = None
    return AuditEntryV1(
        entry=entry_id(AuditAction.REJECTED, service, message.place),
        at=now,
        service=service,
        actor=service,
        action=AuditAction.REJECTED,
        outcome=AuditOutcome.REFUSED,
        flow=envelope.flow if envelope else message.place,
        event=envelope.id if envelope else None,
        cause=_told(envelope.cause) if envelope else None,
        record=_told(envelope.subject) if envelope else None,
        system=origin.system if origin else None,
        contract=origin.contract if origin else None,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        detail=f"{error.reason} {error.field or ''}".strip()[:300],
    )


def _told(header: str | None) -> str | None:
    """Give a sender's header as an entry takes it; one of nothing but blanks would make the entry invalid."""
    return (header or "").strip() or None


class Auditor:
    """Writes entries in pages, durably, before it returns."""

    def __init__(self, sender: Sender, service: str) -> None:
        self.service = service
        self._sender = sender
        self._writer = f"{service}-{uuid4().hex[:12]}"
        self._sequence = 0

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        """Write `entries`; when this returns, Kafka holds them.

        Raises:
            Retryable: they could not be written.
        """
        if entries:
            await self._sender.send_all(self.pages(entries))

    def pages(self, entries: Sequence[AuditEntryV1]) -> list[Outgoing]:
        """Give the messages that hold `entries`, to be sent together with what they are about."""
        starts = range(0, len(entries), PAGE_ENTRIES)
        return [page for start in starts for page in self._pages(entries[start : start + PAGE_ENTRIES])]

    def _pages(self, entries: Sequence[AuditEntryV1]) -> list[Outgoing]:
        """Give one page, or two where one would be larger than a message may be.

        Entries are small, and yet whoever writes a header of control characters makes one of some kilobytes in JSON.
        """
        page = AuditPageV1(page=uuid4(), writer=self._writer, sequence=self._sequence, entries=tuple(entries))
        value = page.model_dump_json(exclude_defaults=True).encode()
        if len(value) > MAX_MESSAGE_BYTES and len(entries) > 1:
            middle = len(entries) // 2
            return [*self._pages(entries[:middle]), *self._pages(entries[middle:])]
        self._sequence += 1
        return [self._message(page, value)]

    def _message(self, page: AuditPageV1, value: bytes) -> Outgoing:
        trace = current_trace()
        envelope = Envelope(
            id=str(page.page),
            source=f"/services/{self.service}",
            type=contract_type("audit", 1),
            subject=self._writer,
            schema=contract_schema("audit", 1),
            time=dt.datetime.now(dt.UTC),
            flow=trace.flow,
            traceparent=trace.traceparent,
        )
        return Outgoing(topics.audit(self.service), self._writer.encode(), value, envelope.to_headers())


class SpoolingAuditor:
    """Writes entries for a service that somebody waits for.

    While Kafka does not confirm, entries are kept in a file, flushed to the disk, and sent later in their order; once
    the oldest of them has waited longer than `grace_s`, `record` raises instead, so that nothing goes on unaudited.
    Denials are kept even then: by them nothing goes on.
    """

    def __init__(self, auditor: Auditor, spool: Path, *, deadline_s: float = 0.5, grace_s: float = GRACE_S) -> None:
        self._auditor = auditor
        self._spool = spool
        self._deadline_s = deadline_s
        self._grace_s = grace_s
        self._waiting: deque[AuditEntryV1] = deque()
        self._oldest: float | None = None
        self._log = get_logger()
        self._flushing = asyncio.Lock()
        self._spooling = asyncio.Lock()  # the file and the queue change together

    @property
    def service(self) -> str:
        """The service whose acts are recorded."""
        return self._auditor.service

    @property
    def waiting(self) -> int:
        """How many entries are in the spool."""
        return len(self._waiting)

    def open(self) -> None:
        """Take up what an earlier run of the service could not send."""
        self._spool.parent.mkdir(parents=True, exist_ok=True)
        if self._spool.exists():
            # A last line without its end was cut by a crash: its act was never confirmed, so it did not happen.
            *lines, _cut = self._spool.read_bytes().split(b"\n")
            self._waiting.extend(AuditEntryV1.model_validate_json(line) for line in lines)
            self._rewrite(list(self._waiting))
            self._oldest = time.monotonic() if self._waiting else None

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        """Write `entries`, to Kafka or, within the time of grace, to the spool.

        Raises:
            AuditUnavailable: the time of grace is over; what was to be recorded must not happen.
        """
        if self._waiting and not self._flushing.locked():  # many who wait at once must not queue for the same attempt
            await self._try_flush()
        if not self._waiting and await self._sent(entries):
            return
        if self._grace_is_over() and any(entry.action is not AuditAction.DENIED for entry in entries):
            raise AuditUnavailable("The audit cannot be written, so nothing is answered; try again later.")
        async with self._spooling:
            self._oldest = self._oldest or time.monotonic()
            try:
                await asyncio.to_thread(self._append, entries)
            except OSError as error:
                await asyncio.to_thread(self._rewrite, list(self._waiting))
                raise AuditUnavailable("The audit cannot be kept on this disk; make room on it.") from error
            self._waiting.extend(entries)
        self._log.warning("audit spooled", count=len(self._waiting))

    def _grace_is_over(self) -> bool:
        return self._oldest is not None and time.monotonic() - self._oldest > self._grace_s

    async def keep_flushing(self, every_s: float = 1.0) -> None:
        """Send what waits, again and again, until cancelled."""
        while True:
            await asyncio.sleep(every_s)
            if self._waiting:
                await self._try_flush()

    async def _try_flush(self) -> None:
        """Send what waits, a page at a time, as long as Kafka takes it."""
        async with self._flushing:
            sent = 0
            while self._waiting:
                page = list(islice(self._waiting, PAGE_ENTRIES))
                if not await self._sent(page):
                    break
                async with self._spooling:
                    for _ in page:
                        self._waiting.popleft()
                    await asyncio.to_thread(self._rewrite, list(self._waiting))
                    self._oldest = time.monotonic() if self._waiting else None
                sent += len(page)
            if sent:
                self._log.info("audit spool sent", count=sent)

    async def _sent(self, entries: Sequence[AuditEntryV1]) -> bool:
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._auditor.record(entries)
        except (Retryable, TimeoutError):
            return False
        return True

    def _append(self, entries: Sequence[AuditEntryV1]) -> None:
        with self._spool.open("ab") as file:
            file.writelines(_line(entry) for entry in entries)
            file.flush()
            os.fsync(file.fileno())

    def _rewrite(self, entries: Sequence[AuditEntryV1]) -> None:
        fresh = self._spool.with_suffix(".new")
        with fresh.open("wb") as file:
            file.writelines(_line(entry) for entry in entries)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._spool)


def _line(entry: AuditEntryV1) -> bytes:
    return entry.model_dump_json(exclude_none=True).encode() + b"\n"
