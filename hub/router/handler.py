"""This module carries batches from `in.*` to `out.*`: what may go on goes on, every decision is audited."""

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import partial

from contracts.audit import AuditAction, AuditEntryV1
from hub.audit import PAGE_ENTRIES, Auditor, Sender, entry_id
from hub.errors import Rejected
from hub.logs import get_logger
from hub.message import Message, Rejection
from hub.overlap import in_turn
from hub.router.agreements import Agreement, Agreements
from hub.router.rules import Routed, route

SERVICE = "router"
PART = PAGE_ENTRIES  # of a batch, sent while the next part is routed


class Router:
    """Handles one batch at a time; see `hub.broker.Handler`."""

    def __init__(self, sender: Sender, auditor: Auditor, agreements: Agreements) -> None:
        self._sender = sender
        self._auditor = auditor
        self._agreements = agreements
        self._log = get_logger()

    async def __call__(self, batch: Sequence[Message]) -> Sequence[Rejection]:
        """Route a batch; when this returns, what goes on is with Kafka, and the audit of it."""
        agreements = self._agreements.current()
        rejections: list[Rejection] = []
        # In turn, because parts that travel at once, each in several batches of the wire, mix within a partition.
        read = partial(_routed, agreements=agreements, rejections=rejections)
        sent = await in_turn(batch, PART, read, self._send)
        for routed in sent:
            self._say(routed)
        return rejections

    async def _send(self, routed: Sequence[tuple[Message, Routed]]) -> Sequence[tuple[Message, Routed]]:
        now = dt.datetime.now(dt.UTC)
        entries = [_routed_entry(message, result, now) for message, result in routed]
        await self._sender.send_all([*(result.outgoing for _, result in routed), *self._auditor.pages(entries)])
        return routed

    def _say(self, routed: Sequence[tuple[Message, Routed]]) -> None:
        """Write the canonical line of each message; rejected ones get theirs when their dead letter is stored."""
        for message, result in routed:
            self._log.info(
                "message routed",
                place=message.place,
                event_id=result.envelope.id,
                record=result.envelope.subject,
                flow=result.envelope.flow,
                unknown_fields=result.unknown_fields,
            )


def _routed(
    messages: Sequence[Message], agreements: Mapping[str, Agreement], rejections: list[Rejection]
) -> list[tuple[Message, Routed]]:
    routed: list[tuple[Message, Routed]] = []
    for message in messages:
        try:
            routed.append((message, route(message, agreements)))
        except Rejected as error:
            rejections.append(Rejection(message, error))
    return routed


def _routed_entry(message: Message, result: Routed, now: dt.datetime) -> AuditEntryV1:
    envelope = result.envelope
    return AuditEntryV1(
        entry=entry_id(AuditAction.ROUTED, SERVICE, envelope.id),
        at=now,
        service=SERVICE,
        actor=SERVICE,
        action=AuditAction.ROUTED,
        flow=envelope.flow,
        event=envelope.id,
        cause=envelope.cause,
        record=envelope.subject,
        subject=result.subject,
        system=result.origin.system,
        contract=result.origin.contract,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        count=result.unknown_fields or None,
    )
