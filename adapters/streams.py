"""This module puts the readers of an adapter together: source, memory and publisher of each stream."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa

from adapters.database_faults import NO_FILE, place
from adapters.declaration import Adapter, Sql, Stream
from adapters.file_source import NO_FOLDER, FileSource
from adapters.keys import key_maker, key_secret
from adapters.publisher import Publisher, Tally, TemplateMaker
from adapters.snapshot_reader import Drops, SnapshotReader, WholeTable
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource, connect
from adapters.state import StreamState
from hub.audit import Auditor, Sender


class Reader(Protocol):
    """Follows one stream of a source."""

    async def poll(self) -> Tally:
        """Publish what is new; raises `Retryable` when something that it needs is away."""
        ...


@dataclass(frozen=True, slots=True)
class Running:
    """A stream with its reader."""

    stream: Stream
    reader: Reader


class Sources:
    """Where the streams of an adapter are read: one database, or one folder."""

    def __init__(self, adapter: Adapter, location: str) -> None:
        self._adapter = adapter
        self._location = location
        self._live: sa.Engine | None = None
        self.engine: sa.Engine | None = None
        if any(isinstance(stream.source, Sql) for stream in adapter.streams):
            self.engine = connect(location)

    def sql(self, stream: Stream, *, live: bool = False) -> SqlSource:
        """Give the table of a stream, to follow it or to answer live questions from it."""
        assert isinstance(stream.source, Sql)
        if live and self._live is None:
            self._live = connect(self._location, live=True)
        engine = self._live if live else self.engine
        assert engine is not None
        return SqlSource(engine, stream.source, stream.key.columns, self._adapter.time_zone)

    def file(self, stream: Stream) -> FileSource:
        """Give the drops of a stream."""
        assert not isinstance(stream.source, Sql)
        return FileSource(_folder(self._location), stream.source, stream.needed)

    def absent(self) -> str | None:
        """Say that the folder, or the file of the database, is not there; servers are only asked when they are read."""
        if self.engine is None:
            folder = _folder(self._location)
            return None if folder.is_dir() else NO_FOLDER.format(folder=folder)
        if self.engine.dialect.name != "sqlite" or Path(place(self.engine.url)).is_file():
            return None
        return NO_FILE.format(place=place(self.engine.url))

    def close(self) -> None:
        """Close the connections."""
        for engine in (self.engine, self._live):
            if engine is not None:
                engine.dispose()


class Streams:
    """The readers of an adapter; closes what it opened."""

    def __init__(
        self,
        adapter: Adapter,
        sources: Sources,
        state: Path,
        sender: Sender,
        auditor: Auditor,
        templates: Callable[[Stream], TemplateMaker | None] = lambda _: None,
    ) -> None:
        self._open = ExitStack()
        self._memories: dict[str, StreamState] = {}
        self.running: list[Running] = []
        secret = key_secret(state)
        for stream in adapter.streams:
            memory = self._open.enter_context(StreamState(state / f"{stream.name}.sqlite"))
            self._memories[stream.name] = memory
            publisher = Publisher(adapter, stream, memory, sender, auditor, templates(stream))
            key = key_maker(stream.key, stream.name, secret)
            self.running.append(Running(stream, _reader(stream, sources, memory, publisher, key)))

    def writes_to(self, cluster: str) -> list[str]:
        """Note to which Kafka cluster is written; give the streams that knew another one, and begin anew. Blocks."""
        return [name for name, memory in self._memories.items() if memory.writes_to(cluster)]

    def count_behind(self) -> int:
        """Tell how many records stay in force as they were published, though their rows have changed."""
        return sum(memory.count_behind() for memory in self._memories.values())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()


def _reader(
    stream: Stream,
    sources: Sources,
    memory: StreamState,
    publisher: Publisher,
    key: Callable[..., str],
) -> Reader:
    if isinstance(stream.source, Sql):
        table = sources.sql(stream)
        if stream.source.updated is not None:
            return SqlReader(table, memory, publisher, key)
        return SnapshotReader(stream, WholeTable(table), memory, publisher, key)
    return SnapshotReader(stream, Drops(sources.file(stream)), memory, publisher, key)


def _folder(location: str) -> Path:
    return Path(unquote(urlsplit(location).path)) if location.startswith("file://") else Path(location)
