"""This module maps some rows of a stream without publishing anything: what `check` counts and `preview` shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from adapters.change import Changes, SourceRow
from adapters.declaration import Adapter, Sql, Stream
from adapters.file_source import FileRow
from adapters.keys import KeyMaker, key_maker
from adapters.streams import Sources
from adapters.whole_rows import WholeRows, table_row
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
        return [table_row(row.columns) for row in sources.sql(stream).sample(limit)]
    source = sources.file(stream)
    drop = source.newest()
    return list(islice(chain.from_iterable(source.pages(drop)), limit)) if drop else []


def trials(adapter: Adapter, stream: Stream, rows: list[FileRow]) -> Iterator[Trial]:
    """Map rows as the adapter would; keys of natural keys are digested with another secret than the adapter's."""
    changes = Changes(adapter, stream)
    make_key = key_maker(stream.key, stream.name, _NO_SECRET)
    is_whole = not isinstance(stream.source, Sql) or stream.source.updated is None
    for source in (_of_whole if is_whole else _of_table)(stream, changes, make_key, rows):
        before = dict(source.row)
        if stream.images is not None:
            source.row[stream.images.column] = None
            source.row.templates = (STAND_IN,)
        change = changes.of(source, None)
        yield Trial(before, change.contract, change.value, change.fault)


def _of_whole(stream: Stream, changes: Changes, key: KeyMaker, rows: list[FileRow]) -> Iterator[SourceRow]:
    whole = WholeRows(stream, changes, key)
    seen: set[str] = set()
    for read in rows:
        source = whole.of(read, 1)
        yield whole.again(source) if source.key in seen else source
        seen.add(source.key)


def _of_table(stream: Stream, changes: Changes, key: KeyMaker, rows: list[FileRow]) -> Iterator[SourceRow]:
    for read in rows:
        source = changes.row(key([read.columns[name] for name in stream.key.columns]), 0, 1, read.columns)
        if read.fault is not None and not changes.has_ended(read.columns):
            source.fault = Rejected(read.why, code="unreadable", field=read.fault)
        yield source
