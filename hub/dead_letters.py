"""This module keeps what was rejected: the raw message in a dead letter topic, and beside it why, whence and when."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from contracts import topics
from contracts.envelope import Headers
from hub.errors import Rejected
from hub.message import Message, Outgoing, Rejection

PREFIX = "dead_"
MAX_KEPT_BYTES = 8_000_000  # below the 16 MiB that a dead letter topic takes
UNKNOWN_SYSTEM = "unknown"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A rejected message with what is known of its rejection."""

    message: Message
    reason: str
    field: str | None
    origin: str
    service: str
    at: dt.datetime
    sha256: str
    attempts: int


def dead_letter(rejection: Rejection, *, service: str, now: dt.datetime, attempts: int = 1) -> Outgoing:
    """Wrap a rejected message for its system's dead letter topic: raw bytes and headers unchanged, ours added.

    A value over 8 MB is cut; its full size and digest are kept.
    """
    message, error = rejection.message, rejection.error
    raw = message.value or b""
    notes = {
        "reason": error.reason,
        "field": error.field or "",
        "detail": str(error),
        "topic": message.topic,
        "partition": str(message.partition),
        "offset": str(message.offset),
        "timestamp": str(message.timestamp_ms),
        "service": service,
        "at": now.isoformat(),
        "attempts": str(attempts),
        "bytes": str(len(raw)),
        "sha256": hashlib.sha256(raw).hexdigest(),
        "tombstone": "1" if message.value is None else "0",
    }
    kept = [(name, value) for name, value in message.headers if not name.startswith(PREFIX)]
    ours = [(PREFIX + name, value.encode()) for name, value in notes.items()]
    return Outgoing(topics.dead(_system(message.topic)), message.key, raw[:MAX_KEPT_BYTES], (*kept, *ours))


def dead_letters(
    rejections: Iterable[Rejection], *, service: str, now: dt.datetime, attempts: int = 1
) -> list[Outgoing]:
    """Wrap several; see `dead_letter`."""
    return [dead_letter(rejection, service=service, now=now, attempts=attempts) for rejection in rejections]


def read_dead_letter(message: Message) -> DeadLetter:
    """Read a dead letter back.

    Raises:
        Rejected: the message was not written by `dead_letter`.
    """
    notes = {name.removeprefix(PREFIX): value.decode() for name, value in message.headers if name.startswith(PREFIX)}
    try:
        return DeadLetter(
            message=message,
            reason=notes["reason"],
            field=notes["field"] or None,
            origin=f"{notes['topic']}/{notes['partition']}/{notes['offset']}",
            service=notes["service"],
            at=dt.datetime.fromisoformat(notes["at"]),
            sha256=notes["sha256"],
            attempts=int(notes["attempts"]),
        )
    except (KeyError, ValueError):
        raise Rejected(f"The message {message.place} is no dead letter.", code="no-dead-letter") from None


def replayed(message: Message) -> Outgoing:
    """Give the original message back, for the topic it came from, with its own headers alone.

    Raises:
        Rejected: it is no dead letter, or its value was too large to be kept whole.
    """
    letter = read_dead_letter(message)
    notes = dict(message.headers)
    if int(notes[f"{PREFIX}bytes"]) != len(message.value or b""):
        raise Rejected("The message was too large to be kept whole; publish it again at its source.", code="cut")
    value = None if notes[f"{PREFIX}tombstone"] == b"1" else message.value
    return Outgoing(letter.origin.split("/")[0], message.key, value, original_headers(message.headers))


def original_headers(headers: Headers) -> Headers:
    """Leave out what dead lettering added."""
    return tuple((name, value) for name, value in headers if not name.startswith(PREFIX))


def _system(topic: str) -> str:
    try:
        return topics.parse_incoming(topic).system
    except ValueError:
        return topic.split(".")[1] if topic.startswith(("query.", "dead.")) else UNKNOWN_SYSTEM
