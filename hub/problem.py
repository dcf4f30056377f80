"""This module writes what went wrong as a problem answer (RFC 9457), the same in every HTTP service."""

from fastapi import Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

PROBLEM_JSON = "application/problem+json"
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


def problem(status: int, *, title: str, detail: str, code: str, flow: str | None, faults: list[FieldFault]) -> Response:
    """Write a problem answer."""
    body = Problem(title=title, status=status, detail=detail, code=code, flow=flow, faults=faults)
    headers = EXTRA_HEADERS.get(status)
    return JSONResponse(body.model_dump(exclude_none=True), status, headers=headers, media_type=PROBLEM_JSON)
