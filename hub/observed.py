"""This module watches over every HTTP request: its flow, the size of its body, its end; one log line each."""

import time

from fastapi import Request, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hub.logs import get_logger
from hub.problem import problem
from hub.problem_kinds import FAILED, NO_LENGTH, TOO_LONG
from hub.tracing import begin_trace, traced

CORRELATION = "X-Correlation-Id"
MAX_BODY_BYTES = 32 * 1024 * 1024


class Observed:
    """The outermost layer of every service: begins the flow, refuses what is too large, ends with one log line.

    Plain ASGI (version 3.0, HTTP): wrapping every request and answer in objects costs a search a tenth of its time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
                route=getattr(scope.get("route"), "path_format", "none"),
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
    return problem(FAILED, "The service failed on this request; tell its operator the flow.", flow=flow)


def _too_large(request: Request) -> Response | None:
    length = request.headers.get("content-length", "0")
    with_body = request.method in {"POST", "PUT", "PATCH"} or "transfer-encoding" in request.headers
    if with_body and "content-length" not in request.headers:
        return problem(NO_LENGTH, "Send the length of the body.", flow=request.state.flow)
    if length.isdigit() and int(length) <= MAX_BODY_BYTES:
        return None
    return problem(TOO_LONG, "The body is larger than 32 MiB; send less at once.", flow=request.state.flow)
