"""This module is the edge of every HTTP service: tokens, problem answers, limits, one canonical log line a request."""

import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Scopes

from hub.errors import IsthmusError, Misconfigured, NotAuthenticated, NotAuthorised, NotFound, Rejected, Retryable
from hub.logs import get_logger
from hub.security.principal import Principal, Scope
from hub.security.tokens import TokenVerifier
from hub.tracing import begin_trace, traced

PROBLEM_JSON = "application/problem+json"
CORRELATION = "X-Correlation-Id"
MAX_BODY_BYTES = 32 * 1024 * 1024

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


def create_api(title: str, *, version: str, description: str, verifier: TokenVerifier, lifespan: Lifespan) -> FastAPI:
    """Make the FastAPI application of a service, with everything that no service may forget.

    Every route but `/health` has to name its scope through `caller`; a test walks over the routes and checks it.
    """
    api = FastAPI(
        title=title,
        version=version,
        description=description,
        lifespan=lifespan,
        redirect_slashes=False,
        responses={"4XX": {"model": Problem}, "5XX": {"model": Problem}},
    )
    api.state.verifier = verifier
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


def problem(status: int, *, title: str, detail: str, code: str, flow: str | None, faults: list[FieldFault]) -> Response:
    """Write a problem answer."""
    body = Problem(title=title, status=status, detail=detail, code=code, flow=flow, faults=faults)
    headers = EXTRA_HEADERS.get(status)
    return JSONResponse(body.model_dump(exclude_none=True), status, headers=headers, media_type=PROBLEM_JSON)


class Observed:
    """The outermost layer of every service: begins the flow, refuses what is too large, ends with one log line.

    Plain ASGI (specification 3.0, HTTP): a middleware that wraps requests and answers costs a search a tenth of its time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scopes, receive: Receive, send: Send) -> None:
        """Serve one request, or pass on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request = Request(scope)
        with traced(begin_trace(request.headers.get("traceparent"), request.headers.get(CORRELATION))) as trace:
            request.state.flow = trace.flow
            status = await self._answered(request, receive, send)
            get_logger().info(
                "request",
                method=request.method,
                route=getattr(scope.get("route"), "path", "none"),
                status=status,
                user=getattr(request.state, "user", None),
                flow=trace.flow,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )

    async def _answered(self, request: Request, receive: Receive, send: Send) -> int | None:
        """Let the service answer, and tell the status; nothing where the answer never began."""
        flow: str = request.state.flow
        status: int | None = None

        async def send_with_flow(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (CORRELATION.lower().encode(), flow.encode())]
            await send(message)

        try:
            await (_too_large(request) or self._app)(request.scope, receive, send_with_flow)
        except Exception as error:  # noqa: BLE001  the rim: whatever happened, no stack trace goes out
            get_logger().error("request failed", exc_info=error, flow=flow)
            if status is None:
                await _failed(flow)(request.scope, receive, send_with_flow)
        return status


def _failed(flow: str) -> Response:
    return problem(
        500,
        title="Internal error",
        detail="The service failed on this request; tell its operator the flow.",
        code="internal-error",
        flow=flow,
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
    return problem(
        status,
        title=type(error).__name__,
        detail=str(error),
        code=code,
        flow=getattr(request.state, "flow", None),
        faults=[FieldFault(field=field, fault=code)] if field else [],
    )


async def _validation_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [
        FieldFault(field=".".join(str(step) for step in detail["loc"][1:]) or "body", fault=detail["type"])
        for detail in error.errors()[:20]
    ]
    named = ", ".join(fault.field for fault in faults)
    return problem(
        422,
        title="Invalid request",
        detail=f"The request is not as the contract says; look at {named}.",
        code="invalid-request",
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
