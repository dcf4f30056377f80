"""This module is the common part of the conformance kit: an adapter inherits a suite, and is shown to be sound.

A suite names a stream and gives rows as the legacy system would hold them. The kit puts them into an SQLite database or
a drop folder, reads them as the process would, and breaks things on the way. It compares what a store would hold.
"""

from dataclasses import replace
from typing import Any, ClassVar

from adapters.conformance.recorder import Recorder, StandIn
from adapters.declaration import Adapter, Stream
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.row import Row
from adapters.state import StreamState
from contracts.references import record_ref
from hub.audit import Auditor

ROWS = 23
SECRET = b"conformance"
HOUR_S = 3_600
Columns = dict[str, Any]


class Suite:
    """What both kits have in common. A subclass names `adapter` and `stream`, and makes rows."""

    adapter: ClassVar[Adapter]
    stream: ClassVar[str]

    def row(self, number: int) -> Columns:
        """Give the row `number`: its key differs from that of every other number; the kit sets its time of change."""
        # No abstract method: pytest passes over abstract classes, and a suite that forgot its rows would look sound.
        raise NotImplementedError("The suite makes no rows; define `row`.")

    @property
    def declared(self) -> Stream:
        """The stream as it is declared, without waiting for rows to settle."""
        stream = self.adapter.stream(self.stream)
        return replace(stream, source=replace(stream.source, settle_s=0))

    def reference(self, number: int) -> str:
        """Give the reference of the record that row `number` becomes."""
        stream = self.declared
        key = key_maker(stream.key, stream.name, SECRET)([self.row(number)[name] for name in stream.key.columns])
        return record_ref(self.adapter.system, stream.name, key)

    def references(self, numbers: range) -> set[str]:
        """Give the references of several rows."""
        return {self.reference(number) for number in numbers}

    def spoilt(self, numbers: set[int]) -> Stream:
        """Give the stream with a mapping that fails on some rows."""
        stream = self.declared
        poison = {self.reference(number) for number in numbers}

        def mapping(row: Row) -> Any:
            if row.record in poison:
                raise ValueError("spoilt by the kit")
            return stream.map(row)

        return replace(stream, map=mapping)

    def publisher(self, stream: Stream, state: StreamState, kafka: Recorder) -> Publisher:
        """Put a publisher together."""
        templates = StandIn(stream.images) if stream.images else None
        return Publisher(self.adapter, stream, state, kafka, Auditor(kafka, "conformance"), templates)
