"""This module holds a message on its way through a service: what Kafka gave, and what is to be sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from aiokafka.record.default_records import DefaultRecordBatchBuilder

from contracts.envelope import Headers
from hub.errors import Rejected

MAX_MESSAGE_BYTES = 1_000_000
"""The largest value that travels on `in.*` and `out.*`."""

MAX_ENVELOPE_BYTES = 32_000
"""The most that key and headers take beside it: `MAX_STORED_BYTES` counts them too."""

MAX_STORED_BYTES = 1 << 20
"""What every topic takes in one batch, as Kafka counts it (`max.message.bytes`); dead letter topics take more."""


def envelope_bytes(key: bytes | None, headers: Headers) -> int:
    """Tell how much of a batch key and headers take, at most, in Kafka's format.

    They may come out of a compressed batch that was a hundredth of that as it was sent.
    """
    size: int = DefaultRecordBatchBuilder.estimate_size_in_bytes(key, None, list(headers))
    return size


class Message(NamedTuple):
    """One record as it was read: where it stood, its key, its raw value and its raw headers."""

    topic: str
    partition: int
    offset: int
    timestamp_ms: int
    key: bytes | None
    value: bytes | None
    headers: Headers

    @classmethod
    def from_kafka(cls, record: Any) -> Self:
        """Take over what aiokafka read."""
        return cls(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp,
            record.key,
            record.value,
            record.headers,
        )

    @property
    def place(self) -> str:
        """Topic, partition and offset: what a log line or an error may say of the message."""
        return f"{self.topic}/{self.partition}/{self.offset}"


class Outgoing(NamedTuple):
    """One record to be sent."""

    topic: str
    key: bytes | None
    value: bytes | None
    headers: Headers = ()
    partition: int | None = None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A message that a service refuses for good, and why."""

    message: Message
    error: Rejected

    @property
    def told(self) -> dict[str, str | None]:
        """Place, reason and field: what a log line may say of it."""
        return {"place": self.message.place, "reason": self.error.reason, "field": self.error.field}


Rejections = Iterable[Rejection]
