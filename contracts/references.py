"""This module holds how systems, records and persons are named across agencies: by opaque references."""

from typing import Annotated, NewType

from pydantic import StringConstraints

SYSTEM_PATTERN = r"^[a-z][a-z0-9-]{1,30}$"
REFERENCE_PATTERN = r"^[a-z][a-z0-9-]{1,30}:[a-z][a-z0-9-]{0,40}:[A-Za-z0-9._~-]{1,80}$"

SystemName = Annotated[str, StringConstraints(pattern=SYSTEM_PATTERN)]
"""A connected system, such as `entry-exit`."""

RecordRef = Annotated[str, StringConstraints(pattern=REFERENCE_PATTERN)]
"""One record of one system, `system:stream:key`. The key is opaque: a surrogate of the source or a keyed digest."""

SubjectRef = Annotated[str, StringConstraints(pattern=REFERENCE_PATTERN)]
"""The person or thing that a record is about, as its source tells them apart; shaped like a `RecordRef`."""

EventId = NewType("EventId", str)
"""The `ce_id` of an event: a UUID, text."""

FlowId = NewType("FlowId", str)
"""The `correlationid` of everything that one cause set going: a UUID, text."""


def record_ref(system: str, stream: str, key: str) -> str:
    """Compose a record reference from its three parts."""
    return f"{system}:{stream}:{key}"


def system_of(reference: str) -> str:
    """Tell the system that owns a record or subject reference."""
    return reference.split(":", 1)[0]
