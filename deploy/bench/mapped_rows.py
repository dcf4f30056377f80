"""This module counts how many rows of a real list an adapter makes records of."""

from pathlib import Path

from adapters.change import Changes
from adapters.declaration import Adapter, File, Stream
from adapters.file_source import FileRow, FileSource
from adapters.keys import KeyMaker, key_maker
from deploy.bench.figures import MeasurementFailed

KEY = b"a key of the measurement's own"


def rows_mapped(adapter: Adapter, folder: Path) -> float:
    """Give the share of rows that become valid records, over all lists of an adapter in `folder`.

    Raises:
        MeasurementFailed: there is no list.
    """
    mapped = total = 0
    for stream in adapter.streams:
        assert isinstance(stream.source, File)
        source = FileSource(folder, stream.source)
        drop = source.newest()
        if drop is None:
            raise MeasurementFailed(f"There is no list {stream.source.pattern} to map.")
        changes = Changes(adapter, stream)
        key = key_maker(stream.key, stream.name, KEY)
        for page in source.pages(drop):
            total += len(page)
            mapped += sum(_is_mapped(changes, stream, key, row) for row in page)
    if not total:
        raise MeasurementFailed("The lists hold no rows.")
    return mapped / total


def _is_mapped(changes: Changes, stream: Stream, key: KeyMaker, row: FileRow) -> bool:
    if row.fault is not None:
        return False
    values = [row.columns.get(name) for name in stream.key.columns]
    change = changes.of(changes.row(key(values), "", 1, row.columns), None)
    return change.fault is None
