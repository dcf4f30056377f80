"""This module maps some rows of a stream without publishing anything: what `check` counts and `preview` shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from adapters.change import Changes
from adapters.declaration import Adapter, Sql, Stream
from adapters.file_source import FileRow
from adapters.keys import key_maker
from adapters.streams import Sources
from contracts.records import FingerTemplate
from hub.errors import Rejected

STAND_IN = FingerTemplate(engine="none", data=b"-")  # no template is made for a trial
_NO_SECRET = b"trial"


@dataclass(frozen=True, slots=True)
class Trial:
    """One row, before and after: the event's JSON, or what is wrong. A row that has ended makes an erasure."""

    before: dict[str, Any]
    contract: str
    after: bytes | None
    fault: Rejected | None


def rows_of(stream: Stream, sources: Sources, limit: int) -> list[FileRow]:
    """Read some rows of a stream.

    Raises:
        SourceUnavailable: the source does not answer as declared.
    """
    if isinstance(stream.source, Sql):
        return [FileRow(row.columns) for row in sources.sql(stream).sample(limit)]
    source = sources.file(stream)
    drop = source.newest()
    return list(islice(chain.from_iterable(source.pages(drop)), limit)) if drop else []


def trials(adapter: Adapter, stream: Stream, rows: list[FileRow]) -> Iterator[Trial]:
    """Map rows as the adapter would; keys of natural keys are digested with another secret than the adapter's."""
    changes = Changes(adapter, stream)
    make_key = key_maker(stream.key, stream.name, _NO_SECRET)
    for read in rows:
        key = make_key([read.columns.get(name) for name in stream.key.columns])
        source = changes.row(key, 0, 1, dict(read.columns))
        if read.fault is not None:
            source.fault = Rejected(read.why, code="unreadable", field=read.fault)
        if stream.images is not None:
            source.row[stream.images.column] = None
            source.row.templates = (STAND_IN,)
        change = changes.of(source, None)
        assert change is not None
        yield Trial(read.columns, change.contract, change.value, change.fault)
