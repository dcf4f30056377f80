"""This module tells the audit who was denied what, and makes one entry of many when strangers knock again and again.

Whoever is known by a valid token has an entry for every denial, as for everything else that they do. A stranger needs
nothing but a request, and must not be able to fill the log: the first denial of a kind is told at once, those that
follow are counted, and the count is told every `WINDOW_S` seconds. However many come, they cost a route six entries
a minute.
"""

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Protocol
from uuid import uuid4

from contracts.audit import AuditAction, AuditEntryV1, AuditOutcome
from hub.errors import Retryable
from hub.logs import get_logger

WINDOW_S = 10.0
UNKNOWN = "unknown"
"""The actor where there was no valid token."""


class Records(Protocol):
    """What denials need of the audit."""

    @property
    def service(self) -> str:
        """The service that denies."""
        ...

    async def record(self, entries: Sequence[AuditEntryV1]) -> None:
        """Write entries."""
        ...


@dataclass(slots=True)
class _More:
    """What came after the first denial of a kind, since it was last told; `flow` is that of the last one."""

    count: int = 0
    flow: str = ""


class Denials:
    """The denials of one service."""

    def __init__(self, auditor: Records, *, window_s: float = WINDOW_S) -> None:
        self._auditor = auditor
        self._window_s = window_s
        self._strangers: dict[str, _More] = {}
        self._log = get_logger()

    async def tell(self, user: str | None, why: str, flow: str) -> None:
        """Record that `user` was denied; `why` is code and route, never a value. It never fails: the denial stands."""
        if user is not None:
            await self._record(user, why, flow)
        elif why in self._strangers:
            self._strangers[why].count += 1
            self._strangers[why].flow = flow
        else:
            self._strangers[why] = _More()
            await self._record(UNKNOWN, why, flow)

    async def tell_counted(self) -> None:
        """Record how often strangers were denied since the last time; what has come to rest is forgotten."""
        told, self._strangers = self._strangers, {why: _More() for why, more in self._strangers.items() if more.count}
        for why, more in told.items():
            if more.count:
                await self._record(UNKNOWN, why, more.flow, more.count)

    @asynccontextmanager
    async def counting(self) -> AsyncIterator[None]:
        """Tell the counts from time to time while the service runs, and what is left of them at its end."""
        telling = asyncio.create_task(self._keep_telling())
        try:
            yield
        finally:
            telling.cancel()
            with suppress(asyncio.CancelledError):
                await telling
            await self.tell_counted()

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(self._window_s)
            await self.tell_counted()

    async def _record(self, user: str, why: str, flow: str, count: int | None = None) -> None:
        entry = AuditEntryV1(
            entry=uuid4(),
            at=dt.datetime.now(dt.UTC),
            service=self._auditor.service,
            actor=user.strip()[:300] or UNKNOWN,  # a token may name its user as it likes
            action=AuditAction.DENIED,
            outcome=AuditOutcome.REFUSED,
            flow=flow,
            detail=why[:300],
            count=count,
        )
        try:
            await self._auditor.record([entry])
        except Retryable as error:  # not even the spool took it
            self._log.error("denial not recorded", reason=error.code, flow=flow)
