"""This module writes what went wrong as a problem answer (RFC 9457), the same in every HTTP service."""

from collections.abc import Mapping, Sequence
from html import escape
from http import HTTPStatus

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from hub.errors import NotFound
from hub.problem_kinds import PATH, ProblemKind, kinds

PROBLEM_JSON = "application/problem+json"
BLANK = "about:blank"


class FieldFault(BaseModel):
    """One field that is wrong, and how; never its value.

    Where it is a text of several lines, `line` and `column` (from 1) tell where, and `proposed` which character may be
    meant there.
    """

    model_config = ConfigDict(from_attributes=True)

    field: str
    fault: str
    line: int | None = None
    column: int | None = None
    proposed: str | None = None


class Problem(BaseModel):
    """A problem answer (RFC 9457). `code` is for programs, `flow` is what an auditor asks for."""

    type: str = Field(
        default=BLANK,
        description="The kind of problem, as a relative URI reference that the service answers; "
        "`about:blank` where the status says all.",
    )
    title: str
    status: int
    detail: str
    code: str
    flow: str | None = None
    faults: list[FieldFault] = Field(default_factory=list)


def problem(
    kind: ProblemKind,
    detail: str,
    *,
    code: str | None = None,
    flow: str | None,
    faults: Sequence[FieldFault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Write a problem answer of a kind; `code` where there is a nearer one than the kind's."""
    body = Problem(
        type=kind.type,
        title=kind.title,
        status=kind.status,
        detail=detail,
        code=code or kind.code,
        flow=flow,
        faults=list(faults),
    )
    return _written(body, headers)


def plain_problem(status: int, detail: str, *, flow: str | None, headers: Mapping[str, str] | None = None) -> Response:
    """Write a problem answer that says no more than its status; its title is then the status's own (section 4.2.1)."""
    phrase = HTTPStatus(status).phrase
    body = Problem(title=phrase, status=status, detail=detail, code=phrase.lower().replace(" ", "-"), flow=flow)
    return _written(body, headers)


def _written(body: Problem, headers: Mapping[str, str] | None) -> Response:
    return JSONResponse(body.model_dump(exclude_none=True), body.status, headers=headers, media_type=PROBLEM_JSON)


def problem_pages() -> APIRouter:
    """Make the pages that say what the kinds of problem mean; they need no token, and hold no data."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.get(PATH)
    async def all_kinds() -> HTMLResponse:
        return _page("Problems", "".join(_item(kind) for _, kind in sorted(kinds().items())))

    @router.get(PATH + "/{code}")
    async def one_kind(code: str) -> HTMLResponse:
        kind = kinds().get(code)
        if kind is None:
            raise NotFound(f"There is no such kind of problem; {PATH} lists them.")
        return _page(kind.title, _item(kind))

    return router


def _item(kind: ProblemKind) -> str:
    return f"<p><a href='{kind.type}'>{escape(kind.code)}</a> ({kind.status}): {escape(kind.title)}.</p>"


def _page(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(f"<!doctype html><html lang='en'><title>{escape(title)}</title><h1>{escape(title)}</h1>{body}")
