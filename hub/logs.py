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

_CONTENT = frozenset(
    {"name", "names", "document", "number", "mrz", "image", "template", "value", "payload", "body", "criteria"}
)


def configure_logs(settings: LogSettings, service: str) -> None:
    """Make all logs of this process look alike and go to standard error."""
    renderer: Any = (
        structlog.processors.JSONRenderer(serializer=lambda event, **_: to_json(event, fallback=repr).decode())
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            refuse_content,
            error_class_only,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(settings.level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    # Libraries log through the standard module; theirs is told from warnings on, and never with arguments of ours.
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(WithoutTraceback("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.ERROR, handlers=[handler])
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


class WithoutTraceback(logging.Formatter):
    """Writes what libraries log without the text and the stack of exceptions, which may carry personal data."""

    def format(self, record: logging.LogRecord) -> str:
        """Name the class of an exception in place of its traceback."""
        if record.exc_info:
            kind = record.exc_info[0]
            record.exc_info, record.exc_text = None, None
            return f"{super().format(record)} ({kind.__name__ if kind else 'error'})"
        return super().format(record)


def refuse_content(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Blank out keys that could carry personal data: a log line holds references only."""
    for key in _CONTENT & event.keys():
        event[key] = "[left out]"
    return event


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
