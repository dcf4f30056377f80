"""This module carries a flow through a process: W3C trace context, correlation id and cause."""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID, uuid4

_TRACEPARENT = re.compile(r"^[0-9a-f]{2}-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})$")
_NO_TRACE = "0" * 32
_NO_SPAN = "0" * 16


@dataclass(frozen=True, slots=True)
class Trace:
    """Where in a flow we are: the flow's id, the event or entry that led here, and the W3C `traceparent`."""

    flow: str
    traceparent: str
    cause: str | None = None


_current: ContextVar[Trace | None] = ContextVar("trace", default=None)


def new_traceparent() -> str:
    """Begin a trace (W3C Trace Context, level 2, section 3.2)."""
    return f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"


def child_of(traceparent: str | None) -> str:
    """Give the next span's `traceparent`; an absent or invalid parent begins a new trace (Trace Context, 3.2.2)."""
    match = _TRACEPARENT.match(traceparent or "")
    if match is None or match["trace"] == _NO_TRACE or match["span"] == _NO_SPAN:
        return new_traceparent()
    return f"00-{match['trace']}-{secrets.token_hex(8)}-{match['flags']}"


def begin_trace(traceparent: str | None = None, flow: str | None = None) -> Trace:
    """Begin a flow, inside the caller's trace and as part of the caller's flow (a UUID) where there is one."""
    try:
        known = str(UUID(flow or ""))
    except ValueError:
        known = str(uuid4())
    return Trace(flow=known, traceparent=child_of(traceparent))


@contextmanager
def traced(trace: Trace) -> Iterator[Trace]:
    """Make `trace` the current one for what runs inside."""
    token = _current.set(trace)
    try:
        yield trace
    finally:
        _current.reset(token)


def current_trace() -> Trace:
    """Give the current trace; outside of any, begin one."""
    return _current.get() or begin_trace()
