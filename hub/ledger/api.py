"""This module answers auditors over HTTP: the trace of any reference."""

import datetime as dt
from http import HTTPStatus
from typing import Annotated, Protocol
from uuid import uuid4

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel

from contracts.audit import AuditAction, AuditEntryV1
from hub.audit import SpoolingAuditor
from hub.errors import NotFound
from hub.http import caller
from hub.ledger.finding import Pages, Place, find_trace
from hub.ledger.index import LedgerFilling
from hub.ledger.trace import MAX_FLOWS, USUAL_FLOWS, Trace
from hub.security.principal import Principal, Scope
from hub.tracing import current_trace

REFERENCE = r"^[A-Za-z0-9._~:@/-]{1,200}$"
"""References, ids, users and places in the log; nothing that a person's name would be written with is taken, for it
would be audited."""


class Index(Pages, Protocol):
    """What the API needs of the ledger's index."""

    @property
    def fault(self) -> str | None:
        """What keeps pages from being stored until a person changes it."""
        ...

    async def is_whole(self) -> bool:
        """Tell whether the index holds all that was in the log when it was filled."""
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


def routes(pages: Index, auditor: SpoolingAuditor) -> APIRouter:
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

    # A place in the log, such as in.alerts.alert.v1/0/12, is the flow of a message that says no other.
    @router.get(
        "/v1/trace/{ref:path}", summary="The flows of a message, flow, record, person or user reference, as trees"
    )
    async def trace(
        ref: Annotated[str, Path(pattern=REFERENCE)],
        principal: Annotated[Principal, Depends(caller(Scope.AUDIT_READ))],
        limit: Annotated[int, Query(ge=1, le=MAX_FLOWS, description="How many flows, the newest.")] = USUAL_FLOWS,
        before: Annotated[
            str | None,
            Query(max_length=400, description="Only older flows: the `next` of an answer, or a time in ISO 8601."),
        ] = None,
    ) -> Trace:
        start = Place.parse(before) if before is not None else None
        was_whole = await pages.is_whole()
        found = await find_trace(pages, ref, principal, limit=limit, before=start)
        complete = was_whole and await pages.is_whole()  # else it was dropped in between, and this is of another one
        await auditor.record([_viewed(principal, ref, len(found.flows), auditor.service)])
        if not found.flows and not complete:
            raise LedgerFilling
        if not found.flows:
            older = "older than that " if start else ""
            raise NotFound(
                f"The ledger holds nothing {older}under this reference; entries take about a second to arrive."
            )
        return found.model_copy(update={"complete": complete})

    return router


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
