"""This module stands in for Kafka in the conformance kit: it keeps what it is sent, and fails when told."""

from collections.abc import Callable, Sequence
from typing import Any

from adapters.change import SourceRow
from adapters.declaration import Images
from adapters.trial import STAND_IN
from contracts.audit import AuditPageV1
from contracts.envelope import Envelope
from contracts.topics import audit
from hub.batches import Place
from hub.errors import Retryable
from hub.message import Outgoing


class Broken(Retryable):
    """The stand-in fails as Kafka would, with half of the messages stored."""

    code = "broken"


class Recorder:
    """Keeps messages. Send number `fail_at` breaks in its middle; `between` is called once, after the first send."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.messages: list[Outgoing] = []
        self.between: Callable[[], None] | None = None
        self._fail_at = fail_at
        self._sends = 0

    async def send_all(self, messages: Sequence[Outgoing]) -> list[Place]:
        """See `hub.producer.Producer.send_all`."""
        self._sends += 1
        if self._sends == self._fail_at:
            self.messages += messages[: len(messages) // 2]
            raise Broken("The stand-in broke, as it was told to.")
        self.messages += messages
        if self.between is not None:
            between, self.between = self.between, None
            between()
        return [Place(0, number) for number in range(len(messages))]

    def events(self) -> list[tuple[Envelope, Outgoing]]:
        """Give the events, with their envelopes."""
        return [
            (Envelope.from_headers(message.headers), message)
            for message in self.messages
            if message.topic.startswith("in.")
        ]

    def event_ids(self) -> list[str]:
        """Give the ids of the events as they were sent."""
        return [envelope.id for envelope, _ in self.events()]

    def versions(self) -> dict[str, int]:
        """Give the highest version of each record."""
        found: dict[str, int] = {}
        for envelope, _ in self.events():
            found[envelope.subject] = max(found.get(envelope.subject, 0), envelope.record_version or 0)
        return found

    def held(self) -> dict[str, bytes | None]:
        """Give what a store holds that knows versions: the last of each record, without those that were erased."""
        last: dict[str, tuple[int, Outgoing]] = {}
        for envelope, message in self.events():
            version = envelope.record_version or 0
            if version > last.get(envelope.subject, (0, None))[0]:
                last[envelope.subject] = version, message
        return {record: message.value for record, (_, message) in last.items() if ".erasure." not in message.topic}

    def audited(self) -> list[str]:
        """Give the events that the audit tells of."""
        pages = [
            AuditPageV1.model_validate_json(m.value or b"") for m in self.messages if m.topic.startswith(audit(""))
        ]
        return [str(entry.event) for page in pages for entry in page.entries]

    def dead_letters(self) -> list[dict[str, Any]]:
        """Give the headers of the dead letters."""
        return [dict(message.headers) for message in self.messages if message.topic.startswith("dead.")]


class StandIn:
    """Gives rows a template that is none, where a stream has images."""

    def __init__(self, images: Images) -> None:
        self._images = images

    async def fill(self, rows: Sequence[SourceRow]) -> None:
        """See `adapters.publisher.TemplateMaker`."""
        for row in rows:
            row.row.pop(self._images.column, None)
            row.row.templates = (STAND_IN,)
