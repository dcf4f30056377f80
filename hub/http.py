"""This module is the edge of every HTTP service: tokens, denials, problem answers, limits, one log line a request."""

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from hub.denials import Denials, Records
from hub.errors import IsthmusError, Misconfigured, NotAuthenticated, NotAuthorised, NotFound, Rejected, Retryable
from hub.logs import get_logger
from hub.security.principal import Principal, Scope
from hub.security.tokens import TokenVerifier
from hub.tracing import begin_trace, traced

PROBLEM_JSON = "application/problem+json"
CORRELATION = "X-Correlation-Id"
MAX_BODY_BYTES = 32 * 1024 * 1024

INVALID = "invalid-request"
PURPOSE = ("body", "purpose")
"""Where every request that wants a purpose carries it: without one nothing is looked up."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]

STATUS: list[tuple[type[IsthmusError], int]] = [
    (NotAuthenticated, 401),
    (NotAuthorised, 403),
    (NotFound, 404),
    (Rejected, 422),
    (Retryable, 503),
    (Misconfigured, 500),
]
"""The one table from the kinds of failure to HTTP status codes; the first that fits counts."""


EXTRA_HEADERS = {401: {"WWW-Authenticate": "Bearer"}, 503: {"Retry-After": "1"}}


class FieldFault(BaseModel):
    """One field that is wrong, and how; never its value."""

    field: str
    fault: str


class Problem(BaseModel):
    """A problem answer (RFC 9457). `code` is for programs, `flow` is what an auditor asks for."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    flow: str | None = None
    faults: list[FieldFault] = Field(default_factory=list)


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
    api.middleware("http")(_observe)
    api.add_exception_handler(IsthmusError, _isthmus_problem)
    api.add_exception_handler(RequestValidationError, _validation_problem)
    api.add_exception_handler(HTTPException, _http_problem)
    return api


_bearer = HTTPBearer(auto_error=False, description="A token of the configured issuer.")


class caller:  # noqa: N801  reads as a word in a route: Depends(caller(Scope.SEARCH))
    """The dependency that gives a route its caller, with the scope that the route wants."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def __call__(
        self, request: Request, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Principal:
        """Tell who asks.

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


def problem(status: int, *, title: str, detail: str, code: str, flow: str | None, faults: list[FieldFault]) -> Response:
    """Write a problem answer."""
    body = Problem(title=title, status=status, detail=detail, code=code, flow=flow, faults=faults)
    headers = EXTRA_HEADERS.get(status)
    return JSONResponse(body.model_dump(exclude_none=True), status, headers=headers, media_type=PROBLEM_JSON)


async def _observe(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Begin the flow, refuse what is too large, end with one log line."""
    started = time.perf_counter()
    given = request.headers.get(CORRELATION)
    with traced(begin_trace(request.headers.get("traceparent"), given)) as trace:
        request.state.flow = trace.flow
        response = _too_large(request) or await _answered(request, call_next)
        response.headers[CORRELATION] = trace.flow
        route = request.scope.get("route")
        get_logger().info(
            "request",
            method=request.method,
            route=getattr(route, "path", "none"),
            status=response.status_code,
            user=getattr(request.state, "user", None),
            flow=trace.flow,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )
    return response


async def _answered(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    try:
        return await call_next(request)
    except Exception as error:  # noqa: BLE001  the rim: whatever happened, no stack trace goes out
        get_logger().error("request failed", exc_info=error, flow=request.state.flow)
        return problem(
            500,
            title="Internal error",
            detail="The service failed on this request; tell its operator the flow.",
            code="internal-error",
            flow=request.state.flow,
            faults=[],
        )


def _too_large(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    with_body = request.method in {"POST", "PUT", "PATCH"} or "transfer-encoding" in request.headers
    if with_body and "content-length" not in request.headers:
        return _body_problem(request, 411, "Length required", "Send the length of the body.", "length-required")
    if length.isdigit() and int(length) <= MAX_BODY_BYTES:
        return None
    return _body_problem(request, 413, "Too large", "The body is larger than 32 MiB; send less at once.", "too-large")


def _body_problem(request: Request, status: int, title: str, detail: str, code: str) -> Response:
    return problem(status, title=title, detail=detail, code=code, flow=request.state.flow, faults=[])


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
