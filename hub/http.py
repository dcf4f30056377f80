"""This module is the edge of every HTTP service: tokens and scopes, denials, failures as problem answers."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException

from hub.denials import Denials, Records
from hub.errors import (
    Conflict,
    IsthmusError,
    Misconfigured,
    NotAuthenticated,
    NotAuthorised,
    NotFound,
    Rejected,
    Retryable,
)
from hub.observed import Observed
from hub.problem import FieldFault, Problem, problem
from hub.security.principal import Principal, Scope
from hub.security.tokens import TokenVerifier

INVALID = "invalid-request"
PURPOSE = ("body", "purpose")
"""Where every request that wants a purpose carries it: without one nothing is looked up."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

STATUS: list[tuple[type[IsthmusError], int]] = [
    (NotAuthenticated, 401),
    (NotAuthorised, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Rejected, 422),
    (Retryable, 503),
    (Misconfigured, 500),
]
"""The one table from the kinds of failure to HTTP status codes; the first that fits counts."""


def create_api(
    title: str, *, version: str, description: str, verifier: TokenVerifier, auditor: Records, lifespan: Lifespan
) -> FastAPI:
    """Make the FastAPI application of a service, with everything that no service may forget.

    Every 401 and 403, and every request that lacks its purpose, leaves a `denied` entry by `auditor`. Every route but
    `/health` has to name its scope through `caller`; a test walks over the routes and checks it.
    """
    denials = Denials(auditor)

    @asynccontextmanager
    async def whole_lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with lifespan(app), denials.counting():
            yield

    api = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=whole_lifespan,
        redirect_slashes=False,
        responses={"4XX": {"model": Problem}, "5XX": {"model": Problem}},
    )
    api.state.verifier = verifier
    api.state.denials = denials
    api.add_middleware(Observed)
    api.add_exception_handler(IsthmusError, _isthmus_problem)
    api.add_exception_handler(RequestValidationError, _validation_problem)
    api.add_exception_handler(HTTPException, _http_problem)
    return api


_bearer = HTTPBearer(auto_error=False, description="A token of the configured issuer.")


class caller:  # noqa: N801  reads as a word in a route: Depends(caller(Scope.SEARCH))
    """The dependency that gives a route its caller, with the scope that the route wants."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    async def __call__(
        self, request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        """Tell who asks. It waits for nothing, yet is a coroutine: FastAPI gives a thread to what is none.

        Raises:
            NotAuthenticated: there is no valid token.
            NotAuthorised: the token does not grant the scope.
        """
        if credentials is None:
            raise NotAuthenticated("This needs a bearer token; send it in the Authorization header.")
        verifier: TokenVerifier = request.app.state.verifier
        principal = verifier.verify(credentials.credentials)
        request.state.user = principal.user
        principal.must(self.scope)
        return principal


async def _isthmus_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, IsthmusError)
    status = next((status for kind, status in STATUS if isinstance(error, kind)), 500)
    field = getattr(error, "field", None)
    code = error.reason if isinstance(error, Rejected) else error.code
    if isinstance(error, NotAuthenticated | NotAuthorised):
        await _tell_denial(request, code, field)
    return problem(
        status,
        title=type(error).__name__,
        detail=str(error),
        code=code,
        flow=getattr(request.state, "flow", None),
        faults=[FieldFault(field=field, fault=code)] if field else [],
    )


async def _tell_denial(request: Request, code: str, field: str | None) -> None:
    """Tell the audit who, as far as a valid token says it, was denied which route and why; nothing of what was sent."""
    route = getattr(request.scope.get("route"), "path", "none")
    why = " ".join(part for part in (code, field, request.method, route) if part)
    denials: Denials = request.app.state.denials
    await denials.tell(getattr(request.state, "user", None), why, request.state.flow)


async def _validation_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(tuple(detail["loc"]) == PURPOSE for detail in error.errors()):
        await _tell_denial(request, INVALID, PURPOSE[-1])
    faults = [
        FieldFault(field=".".join(str(step) for step in detail["loc"][1:]) or "body", fault=detail["type"])
        for detail in error.errors()[:20]
    ]
    named = ", ".join(fault.field for fault in faults)
    return problem(
        422,
        title="Invalid request",
        detail=f"The request is not as the contract says; look at {named}.",
        code=INVALID,
        flow=getattr(request.state, "flow", None),
        faults=faults,
    )


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(
        error.status_code,
        title=str(error.detail),
        detail=f"{error.detail}; look at the service's OpenAPI document.",
        code=str(error.detail).lower().replace(" ", "-"),
        flow=getattr(request.state, "flow", None),
        faults=[],
    )
