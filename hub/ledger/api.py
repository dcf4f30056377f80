"""This module answers auditors over HTTP: the trace of any reference."""

import datetime as dt
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any, Protocol
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Response
from pydantic import BaseModel

from contracts.audit import AuditAction, AuditEntryV1
from hub.audit import SpoolingAuditor
from hub.errors import NotFound
from hub.http import caller
from hub.ledger.pages import Found, entries_of
from hub.ledger.trace import MAX_FLOWS, Trace, build_trace, flows_of, touching
from hub.security.principal import Principal, Scope
from hub.tracing import current_trace

REFERENCE = r"^[A-Za-z0-9._~:@-]{1,200}$"
"""References, ids and users; nothing that a person's name would be written with is taken, for it would be audited."""


class Pages(Protocol):
    """What the API needs of the ledger's index."""

    async def pages_with(self, references: Sequence[str]) -> Found:
        """Give pages in which any of the references occurs."""
        ...

    @property
    def fault(self) -> str | None:
        """What keeps pages from being stored until a person changes it."""
        ...

    async def is_reachable(self) -> bool:
        """Tell whether the index answers."""
        ...


class Health(BaseModel):
    """Whether the service can do its work; `fault` is what a person has to change first."""

    status: str
    elasticsearch: bool
    audit_waiting: int
    fault: str | None = None


def routes(pages: Pages, auditor: SpoolingAuditor) -> APIRouter:
    """Give the ledger's routes."""
    router = APIRouter()

    @router.get("/health", summary="Whether the ledger can answer")
    async def health(response: Response) -> Health:
        reachable, fault = await pages.is_reachable(), pages.fault
        if fault:
            response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        return Health(
            status="ready" if reachable and not fault else "degraded",
            elasticsearch=reachable,
            audit_waiting=auditor.waiting,
            fault=fault,
        )

    @router.get("/v1/trace/{ref}", summary="The flows of a message, flow, record, person or user reference, as trees")
    async def trace(
        ref: Annotated[str, Path(pattern=REFERENCE)],
        principal: Annotated[Principal, Depends(caller(Scope.AUDIT_READ))],
    ) -> Trace:
        found = await find_trace(pages, ref, principal)
        await auditor.record([_viewed(principal, ref, len(found.flows), auditor.service)])
        if not found.flows:
            raise NotFound("The ledger holds nothing under this reference; entries take about a second to arrive.")
        return found

    return router


async def find_trace(pages: Pages, ref: str, principal: Principal) -> Trace:
    """Find all flows that touch `ref`, the newest twenty, as far as the caller may see the systems in them."""
    named = await pages.pages_with([ref])
    flows = flows_of(touching(_seen_by(principal, _entries(named.documents)), ref))
    chosen = flows[:MAX_FLOWS]
    whole = await pages.pages_with(chosen) if chosen else Found([])
    truncated = len(flows) > len(chosen) or named.is_cut or whole.is_cut
    return build_trace(ref, chosen, _seen_by(principal, _entries(whole.documents)), truncated=truncated)


def _seen_by(principal: Principal, entries: Sequence[AuditEntryV1]) -> list[AuditEntryV1]:
    """Leave what the caller may see: the systems that the token opens and the caller's own acts.

    An entry without a system may tell of any: a search counts over all, a view of the audit names what was asked for.
    """
    if principal.sees_all:
        return list(entries)
    return [
        entry
        for entry in entries
        if entry.actor == principal.user or (entry.system is not None and principal.may_see(entry.system))
    ]


def _entries(documents: Sequence[dict[str, Any]]) -> list[AuditEntryV1]:
    return [entry for document in documents for entry in entries_of(document)]


def _viewed(principal: Principal, ref: str, flows: int, service: str) -> AuditEntryV1:
    """Reading the audit is itself audited."""
    return AuditEntryV1(
        entry=uuid4(),
        at=dt.datetime.now(dt.UTC),
        service=service,
        actor=principal.user,
        action=AuditAction.VIEWED,
        flow=current_trace().flow,
        contract="audit",
        detail=f"trace {ref}"[:300],
        count=flows,
    )
