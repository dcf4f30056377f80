"""This module is the HTTP face of the biometrics service: routes, their scopes, and how answers are written."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Path, Request

from biometrics.answers import identify_answer, record_answer
from biometrics.rejections import MirroredImage
from biometrics.service import BiometricsService, Call
from biometrics.wire import (
    MOST_UNREAD,
    DeleteRequest,
    EnrolAnswer,
    EnrolRequest,
    ExtractAnswer,
    ExtractRequest,
    Health,
    IdentifyAnswer,
    IdentifyRequest,
    RecordAnswer,
    VerifyAnswer,
    VerifyRequest,
)
from contracts.audit import AuditAction
from contracts.references import REFERENCE_PATTERN, RecordRef
from hub.errors import Rejected
from hub.http import caller
from hub.security.principal import Principal, Scope

Record = Annotated[str, Path(pattern=REFERENCE_PATTERN)]


def _call(scope: Scope) -> Any:
    """Give the dependency that lets in who has a scope, and tells who it is and in which flow."""

    async def call(request: Request, principal: Annotated[Principal, Depends(caller(scope))]) -> Call:
        return Call(principal, request.state.flow)

    return Depends(call)


@asynccontextmanager
async def _refusals(
    service: BiometricsService, action: AuditAction, call: Call, record: RecordRef | None = None
) -> AsyncIterator[None]:
    """Record what is refused inside, too, and which record it was about."""
    try:
        yield
    except Rejected as error:
        await service.refused(action, error, call, record)
        raise


def health_route(health: Callable[[], Health]) -> APIRouter:
    """Make the route that says how the service is."""
    routes = APIRouter()

    @routes.get("/health")
    async def get_health() -> Health:
        """Tell whether the service can answer."""
        return health()

    return routes


def make_routes(service: BiometricsService) -> APIRouter:
    """Make the routes of a service, except for its health."""
    routes = APIRouter()
    _add_record_routes(routes, service)
    _add_matching_routes(routes, service)
    return routes


def _add_matching_routes(routes: APIRouter, service: BiometricsService) -> None:
    @routes.post("/v1/extract")
    async def extract(body: ExtractRequest, call: Annotated[Call, _call(Scope.EXTRACT)]) -> ExtractAnswer:
        """Make templates of images; one that is refused has a fault in its place, an only one is a 4xx."""
        async with _refusals(service, AuditAction.EXTRACTED, call):
            return await service.extract(body, call)

    @routes.post("/v1/verify")
    async def verify(body: VerifyRequest, call: Annotated[Call, _call(Scope.VERIFY)]) -> VerifyAnswer:
        """Compare a finger with a record, a person or another sample (1:1)."""
        async with _refusals(service, AuditAction.VERIFIED, call, body.record):
            found = await service.verify(body, call)
        if found.mirrored:
            raise MirroredImage
        return VerifyAnswer(
            match=found.decision.match,
            score=found.decision.score,
            threshold=found.decision.threshold,
            rate=found.decision.rate,
            record=found.finger.record if found.finger else None,
            comparisons=found.comparisons,
            complete=found.complete,
            unread=found.unread[:MOST_UNREAD],
            notes=found.notes,
            candidate_notes=found.candidate_notes,
        )

    @routes.post("/v1/identify")
    async def identify(body: IdentifyRequest, call: Annotated[Call, _call(Scope.IDENTIFY)]) -> IdentifyAnswer:
        """Search the whole gallery (1:N). Every enrolment that was answered before is in it."""
        async with _refusals(service, AuditAction.IDENTIFIED, call):
            found = await service.identify(body, call)
        return identify_answer(found, service.engine)


def _add_record_routes(routes: APIRouter, service: BiometricsService) -> None:
    @routes.post("/v1/enrol", status_code=201)
    async def enrol(body: EnrolRequest, call: Annotated[Call, _call(Scope.ENROL)]) -> EnrolAnswer:
        """Enrol a finger: it is published as an event, and answered once the gallery holds it."""
        async with _refusals(service, AuditAction.ENROLLED, call):
            return await service.enrol(body, call)

    @routes.get("/v1/fingerprints/{record}")
    async def read(record: Record, call: Annotated[Call, _call(Scope.ENROL)]) -> RecordAnswer:
        """Tell whether the gallery holds a record; no template is given out."""
        async with _refusals(service, AuditAction.VIEWED, call, record):
            return await service.read(record, call)

    @routes.delete("/v1/fingerprints/{record}")
    async def delete(
        record: Record,
        call: Annotated[Call, _call(Scope.DELETE)],
        body: Annotated[DeleteRequest | None, Body()] = None,
    ) -> RecordAnswer:
        """End a record that was enrolled here: published as an erasure, answered once the gallery has forgotten it."""
        async with _refusals(service, AuditAction.ERASED, call, record):
            await service.delete(record, (body or DeleteRequest()).reason, call)
        return record_answer(service.gallery, record)
