"""This module holds the envelope of every message: CloudEvents 1.0 as Kafka headers (binary content mode)."""

import datetime as dt
import re
from hashlib import sha1
from typing import NamedTuple
from uuid import UUID

NAMESPACE = UUID("6e7b1f8e-52b4-5c0f-9d0c-8f0f3a1b7c11")
"""The namespace of all deterministic ids of the project; it never changes."""

CONTENT_TYPE = "application/json"
_KEPT_BITS = ~((0xF << 76) | (0x3 << 62))
_VERSION_5 = (0x5 << 76) | (0x2 << 62)  # version and variant (RFC 9562, 4.1 and 4.2)
_CANONICAL_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class EnvelopeError(ValueError):
    """A header is missing or unreadable; the message names it."""


def stable_id(name: str) -> UUID:
    """Give the id that a name always has: a version 5 UUID (RFC 9562, 5.5) in `NAMESPACE`."""
    return UUID(int=_version_5(name))


def event_id(system: str, stream: str, key: str, record_version: int) -> str:
    """Give the id that a version of a record always has, so that a row read twice is the same event."""
    digits = f"{_version_5(f'{system}|{stream}|{key}|{record_version}'):032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _version_5(name: str) -> int:
    """Do as `uuid.uuid5` in a fifth of its time: every record needs several."""
    digest = sha1(NAMESPACE.bytes + name.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:16], "big") & _KEPT_BITS | _VERSION_5


class Envelope(NamedTuple):
    """What a message says about itself.

    `record_version` rises with every change of the record; stores use it as external version. `flow` is the correlation
    id, `cause` the id of the parent event.
    """

    id: str
    source: str
    type: str
    subject: str
    schema: str
    time: dt.datetime
    flow: str
    traceparent: str
    cause: str | None = None
    record_version: int | None = None

    def caused_by(self, parent: "Envelope") -> "Envelope":
        """Continue the flow of `parent`."""
        return self._replace(flow=parent.flow, cause=parent.id)

    def to_headers(self) -> list[tuple[str, bytes]]:
        """Write the headers: CloudEvents Kafka binding, binary content mode (section 3.2), and the tracing ones."""
        pairs = [
            ("ce_specversion", "1.0"),
            ("ce_id", self.id),
            ("ce_source", self.source),
            ("ce_type", self.type),
            ("ce_subject", self.subject),
            ("ce_dataschema", self.schema),
            ("ce_time", self.time.isoformat()),
            ("content-type", CONTENT_TYPE),
            ("correlationid", self.flow),
            ("traceparent", self.traceparent),
        ]
        if self.cause is not None:
            pairs.append(("causationid", self.cause))
        if self.record_version is not None:
            pairs.append(("recordversion", str(self.record_version)))
        return [(name, value.encode()) for name, value in pairs]

    @classmethod
    def from_headers(cls, headers: "Headers") -> "Envelope":
        """Read the headers; where a name stands twice the last one counts.

        Raises:
            EnvelopeError: a required header is missing, or one cannot be read; the text names the header alone.
        """
        found = dict(headers)
        if NO_TEXT in "".join(found):
            raise EnvelopeError("name of a header: not UTF-8")
        if found.get("ce_specversion") != b"1.0":
            raise EnvelopeError("ce_specversion: must be 1.0")
        version = _optional(found, "recordversion")
        if version is not None and not (version.isascii() and version.isdigit() and len(version) <= MAX_VERSION_DIGITS):
            raise EnvelopeError("recordversion: must be a positive integer of at most 18 digits")
        return cls(
            id=_uuid(found, "ce_id"),
            source=_required(found, "ce_source"),
            type=_required(found, "ce_type"),
            subject=_required(found, "ce_subject"),
            schema=_required(found, "ce_dataschema"),
            time=_time(found, "ce_time"),
            flow=_uuid(found, "correlationid"),
            traceparent=_required(found, "traceparent"),
            cause=_optional(found, "causationid"),
            record_version=None if version is None else int(version),
        )


Headers = list[tuple[str, bytes]] | tuple[tuple[str, bytes], ...]
MAX_HEADER_BYTES = 300
NO_TEXT = "\ufffd"  # what stands in a header's name for bytes that are no UTF-8 (Kafka's own client reads it so, too)
MAX_VERSION_DIGITS = 18  # Elasticsearch's external version is a signed 64-bit integer


def contract_type(contract: str, major: int) -> str:
    """Give the `ce_type` of a contract."""
    return f"isthmus.{contract}.v{major}"


def contract_schema(contract: str, major: int) -> str:
    """Give the `ce_dataschema` of a contract: the `$id` of its committed JSON Schema."""
    return f"urn:isthmus:contract:{contract}:v{major}"


def source_of(system: str, stream: str) -> str:
    """Give the `ce_source` of a stream of a system (a URI reference)."""
    return f"/systems/{system}/{stream}"


def _required(found: dict[str, bytes], name: str) -> str:
    value = _optional(found, name)
    if value is None:
        raise EnvelopeError(f"{name}: missing")
    return value


def _optional(found: dict[str, bytes], name: str) -> str | None:
    raw = found.get(name)
    if raw is None:
        return None
    if not raw.strip() or len(raw) > MAX_HEADER_BYTES:
        raise EnvelopeError(f"{name}: empty or longer than {MAX_HEADER_BYTES} bytes")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise EnvelopeError(f"{name}: not UTF-8") from None


def _uuid(found: dict[str, bytes], name: str) -> str:
    value = _required(found, name)
    if _CANONICAL_UUID.fullmatch(value):  # the common form; making a UUID of it costs ten times as much
        return value
    try:
        return str(UUID(value))
    except ValueError:
        raise EnvelopeError(f"{name}: not a UUID") from None


def _time(found: dict[str, bytes], name: str) -> dt.datetime:
    text = _required(found, name)
    try:
        time = dt.datetime.fromisoformat(text)
    except ValueError:
        raise EnvelopeError(f"{name}: not an ISO 8601 time") from None
    if time.tzinfo is None:
        raise EnvelopeError(f"{name}: has no time zone")
    return time
