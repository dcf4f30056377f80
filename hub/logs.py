"""This module sets up structured logs: constant events, references and counts as keys, never personal data.

There is one canonical line for each message or request that is decided on, and for each batch where messages are only
stored.
"""

import logging
import sys
from typing import Any

import structlog
from pydantic_core import to_json
from structlog.typing import EventDict, WrappedLogger

from hub.settings import LogSettings

KEYS = frozenset(
    {"event", "level", "timestamp", "service", "error", "at"}  # "at" is a place in the code
    | {"event_id", "flow", "place", "query", "record", "source", "stream", "streams", "system", "user"}
    | {"cluster", "contracts", "field", "faults", "index", "method", "route", "version_in_force"}
    | {"complete", "reason", "status", "what", "what_to_do", "why"}
    | {"before", "count", "ended", "fingers", "held", "left", "marked", "messages", "missing", "pages", "partitions"}
    | {"persons", "poison", "published", "rejected", "rows_at_fault", "templates", "unknown_fields"}
    | {"attempt", "ms", "ms_by_system", "seconds"}
)
"""All that a line may say: the data of a person has no key here."""

LEFT_OUT = "[left out]"
_PLAIN = (str, int, float, list, dict, type(None))
"""A record, a request or a row that is logged in the place of its reference is none of these."""


def configure_logs(settings: LogSettings, service: str) -> None:
    """Make all logs of this process look alike and go to standard error."""
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=lambda event, **_: to_json(event, fallback=_class_name).decode())
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            error_class_only,
            refuse_content,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # Libraries log through the standard module; theirs is told from errors on.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutTraceback("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class WithoutTraceback(logging.Formatter):
    """Writes what libraries log without the text and the stack of exceptions, which may carry personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the first line, and the class of an exception: in further lines stand its traceback, and its text.

        asyncio writes there what failed, as well.
        """
        kind = record.exc_info[0] if record.exc_info else None
        told = super().format(record).partition("\n")[0]
        return f"{told} ({kind.__name__})" if kind else told


def refuse_content(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out what could carry personal data: a log line holds references and counts only."""
    for key, value in event.items():
        if key not in KEYS or not isinstance(value, _PLAIN):
            event[key] = LEFT_OUT
    return event


def _class_name(value: object) -> str:
    return type(value).__name__


def error_class_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Write the class and the place of an exception; its text and its stack may carry personal data."""
    info = event.pop("exc_info", None)
    error = info if isinstance(info, BaseException) else sys.exc_info()[1] if info else None
    if error is not None:
        event["error"] = type(error).__name__
        place = error.__traceback__
        while place is not None and place.tb_next is not None:
            place = place.tb_next
        if place is not None:
            event["at"] = f"{place.tb_frame.f_globals.get('__name__', '?')}:{place.tb_lineno}"
    return event


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """Give the logger of the calling module."""
    logger: structlog.typing.FilteringBoundLogger = structlog.get_logger()
    return logger
