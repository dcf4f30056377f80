"""This module is the edge of every HTTP service: tokens and scopes, denials, failures as problem answers."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any, get_args

from fastapi import Depends, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic_core.core_schema import ErrorType
from starlette.exceptions import HTTPException
from starlette.routing import Match

from contracts.base import UNKNOWN
from hub.api_docs import api_docs
from hub.denials import Denials, Records
from hub.errors import IsthmusError, NotAuthenticated, NotAuthorised, Rejected, Retryable
from hub.observed import Observed
from hub.problem import FieldFault, Problem, plain_problem, problem, problem_pages
from hub.problem_kinds import INVALID, UNSUPPORTED, kind_of
from hub.security.principal import Principal, Scope
from hub.security.tokens import TokenVerifier

JSON = "application/json"
METHODS = ("DELETE", "GET", "PATCH", "POST", "PUT")
_OF_PYDANTIC = frozenset(get_args(ErrorType))
PURPOSE = ("body", "purpose")
"""Where every request that wants a purpose carries it: without one nothing is looked up."""

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_api(
    title: str, *, version: str, description: str, verifier: TokenVerifier, auditor: Records, lifespan: Lifespan
) -> FastAPI:
    """Make the FastAPI application of a service, with everything that no service may forget.

    Every 401 and 403, and every request that lacks its purpose, leaves a `denied` entry by `auditor`. Every route but
    `/health` and those that describe the API (`/docs`, `/openapi.json`, `/problems`) has to name its scope through
    `caller`; a test walks over the routes of all services and checks it.
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
        docs_url=None,  # those of FastAPI load their scripts from the Internet
        redoc_url=None,
        responses={"4XX": {"model": Problem}, "5XX": {"model": Problem}},
    )
    api.state.verifier = verifier
    api.state.denials = denials
    api.add_middleware(Observed)
    api.add_exception_handler(IsthmusError, _isthmus_problem)
    api.add_exception_handler(RequestValidationError, _validation_problem)
    api.add_exception_handler(HTTPException, _http_problem)
    api.include_router(api_docs())
    api.include_router(problem_pages())
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
    field = getattr(error, "field", None)
    code = error.reason if isinstance(error, Rejected) else error.code
    if isinstance(error, NotAuthenticated | NotAuthorised):
        await _tell_denial(request, code, field)
    return problem(
        kind_of(type(error)),
        str(error),
        code=code,
        flow=_flow(request),
        faults=[FieldFault.model_validate(fault) for fault in getattr(error, "faults", ())],
        headers=_headers(request, error),
    )


def _headers(request: Request, error: IsthmusError) -> dict[str, str]:
    """Say how a token is sent and what was wrong with one (RFC 6750, section 3), or when to come again."""
    if isinstance(error, NotAuthenticated):
        wrong = ', error="invalid_token"' if "authorization" in request.headers else ""
        return {"WWW-Authenticate": f'Bearer realm="isthmus"{wrong}'}
    if isinstance(error, NotAuthorised):
        return {"WWW-Authenticate": 'Bearer realm="isthmus", error="insufficient_scope"'}
    return {"Retry-After": "1"} if isinstance(error, Retryable) else {}


def _flow(request: Request) -> str | None:
    return getattr(request.state, "flow", None)


async def _tell_denial(request: Request, code: str, field: str | None) -> None:
    """Tell the audit who, as far as a valid token says it, was denied which route and why; nothing of what was sent."""
    route = getattr(request.scope.get("route"), "path_format", "none")
    why = " ".join(part for part in (code, field, request.method, route) if part)
    denials: Denials = request.app.state.denials
    await denials.tell(getattr(request.state, "user", None), why, request.state.flow)


async def _validation_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(tuple(detail["loc"]) == PURPOSE for detail in error.errors()):
        await _tell_denial(request, INVALID.code, PURPOSE[-1])
    if any(detail["loc"][0] == "body" for detail in error.errors()) and not _is_json(request):
        return problem(
            UNSUPPORTED, f"Send the body as {JSON} and say so.", flow=_flow(request), headers={"Accept": JSON}
        )
    details = error.errors()
    # Of a list whose items are at fault pydantic also says that it is too short: they do not count.
    told = [each for each in details if each["type"] != "too_short" or not _holds_others(each["loc"], details)][:20]
    found = dict.fromkeys((_field(each), each["type"], _words(each)) for each in told)
    faults = [FieldFault(field=field, fault=fault) for field, fault, _ in found]
    named = ", ".join(field + words for field, _, words in found)
    detail = f"The request is not as the contract says; look at {named}."
    return problem(INVALID, detail, flow=_flow(request), faults=faults)


def _holds_others(place: tuple[Any, ...], details: Sequence[Mapping[str, Any]]) -> bool:
    return any(len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in details)


def _words(detail: Mapping[str, Any]) -> str:
    """Say a fault in words where they are our own, which hold nothing of what was sent."""
    if detail["type"] == UNKNOWN:
        return " (a field that is not known)"
    is_our_own = detail["type"] not in _OF_PYDANTIC and not detail.get("ctx")
    return f" ({detail['msg']})" if is_our_own else ""


def _field(detail: Mapping[str, Any]) -> str:
    """Name the field of a fault, by words of the contract alone.

    Of a body that cannot be read the place is no field but a character. A field that the contract does not know has a
    name that the caller chose, which may say anything: its parent is named.
    """
    steps = () if detail["type"] == "json_invalid" else detail["loc"][1:]
    if detail["type"] == UNKNOWN:
        steps = steps[:-1]
    return ".".join(map(str, steps)) or "body"


def _is_json(request: Request) -> bool:
    """Tell whether the body is said to be JSON; one that is not there needs not say what it is."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    return kind == JSON or kind.endswith("+json") or request.headers.get("content-length", "0") == "0"


async def _http_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers["Allow"] = ", ".join(_methods(request))
    detail = f"{error.detail}; look at the service's OpenAPI document."
    return plain_problem(error.status_code, detail, flow=_flow(request), headers=headers)


def _methods(request: Request) -> list[str]:
    """List the methods of a path: several routes may share it, and the framework tells those of the first alone."""
    routes = request.app.routes
    return [
        method
        for method in METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]
