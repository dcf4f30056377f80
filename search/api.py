"""This module is the HTTP face of the search: one route to search, one to tell how the service is."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from hub.http import caller
from hub.security.principal import Principal, Scope
from search.answer import SearchAnswer
from search.handler import SearchHandler
from search.request import SearchRequest


class Health(BaseModel):
    """How the service is; it answers in part while something that it asks is away."""

    status: Literal["ready", "degraded"]
    kafka: bool
    elasticsearch: bool
    biometrics: bool
    audit_waiting: int


def routes(handler: SearchHandler, health: Callable[[], Awaitable[Health]]) -> APIRouter:
    """Make the routes."""
    router = APIRouter()

    @router.post("/v1/search", tags=["search"], response_model=SearchAnswer)
    async def search(
        request: SearchRequest, principal: Annotated[Principal, Depends(caller(Scope.SEARCH))]
    ) -> Response:
        """Ask every connected system at once, and get one answer.

        Who asks and why is recorded, and every record that is shown. Systems that the token does not open are neither
        asked nor named. A finger needs the scope `biometrics:identify` besides.
        """
        answer = await handler.answer(request, principal)
        # Written here, once: FastAPI would validate the whole answer again before it writes it.
        return Response(answer.model_dump_json(), media_type="application/json")

    @router.get("/health", tags=["service"])
    async def state() -> Health:
        """Tell how the service is, without any data."""
        return await health()

    return router
