"""This module lets the Kafka client go on where it cannot unpack a batch, which otherwise stops a partition for ever.

aiokafka fails on such a batch at every reading anew; worse, what it had fetched of other partitions for the same call
is passed over, and the next commit makes that final: one agency's message would lose another's. So nothing may be
raised while records are unpacked. A header whose name is not UTF-8 (Kafka stores any bytes) is read with U+FFFD in the
place of what is no text; of a batch that cannot be unpacked at all, each offset becomes a record without content, whose
header `unreadable` says why. Either is refused by the envelope and ends as a dead letter.

A megabyte of a compressed batch can hold thirty gigabytes, and one such batch would end every reader of its topic again
and again. So unpacking stops at `MAX_UNPACKED_BYTES`; what is larger counts as what cannot be unpacked.
"""

import gzip
import io
import mmap
import struct
import sys
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, SupportsIndex

import cramjam
from aiokafka import codec
from aiokafka.consumer import fetcher
from aiokafka.record import default_records
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from hub.message import MAX_MESSAGE_BYTES

MAX_UNPACKED_BYTES = 32 * MAX_MESSAGE_BYTES
"""A batch as it is stored has at most the size of the largest message; honest records shrink to a tenth, not more."""
UNREADABLE = "unreadable"
_OFFSET_AND_LENGTH = struct.Struct(">qi")


def read_tolerantly() -> None:
    """Make all consumers of this process read whatever a batch holds; to be called before the first is made."""
    fetcher.MemoryRecords = TolerantRecords
    # The client has two parsers of batches, one in C and one in Python, each with names of its own for the codecs.
    for parser in (default_records, sys.modules[default_records.DefaultRecordBatch.__module__]):
        for name, unpack in _BOUNDED.items():
            setattr(parser, name, unpack)


class UnpacksTooLarge(ValueError):
    """A batch would unpack to more than any honest one does."""


def _gunzip(packed: bytes) -> bytes:
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        found = file.read(MAX_UNPACKED_BYTES + 1)
    if len(found) > MAX_UNPACKED_BYTES:
        raise UnpacksTooLarge
    return found


def _unsnap(packed: bytes) -> bytes:
    # Its decoder makes as much room at once as a block says that it needs: it is asked before.
    if sum(map(cramjam.snappy.decompress_raw_len, _snappy_blocks(packed))) > MAX_UNPACKED_BYTES:
        raise UnpacksTooLarge
    return bytes(codec.snappy_decode(packed))


def _snappy_blocks(packed: bytes) -> Iterator[bytes]:
    """Give the blocks as the client will read them: with a header of the Java library there are several."""
    if not codec._detect_xerial_stream(packed):  # noqa: SLF001  the client offers no other way to it
        yield packed
        return
    at = 16
    while at < len(packed):
        (length,) = struct.unpack_from("!i", packed, at)
        if length < 0:
            raise ValueError("a block of a negative length")
        yield packed[at + 4 : at + 4 + length]
        at += 4 + length


def _into_room(unpack_into: Callable[[bytes, Any], int]) -> Callable[[bytes], bytes]:
    """Bound a codec that fails where the room it is given is too small; the system gives only what is written of it."""

    def unpack(packed: bytes) -> bytes:
        with mmap.mmap(-1, MAX_UNPACKED_BYTES) as room:
            return room[: unpack_into(packed, room)]

    return unpack


_BOUNDED: dict[str, Callable[[bytes], bytes]] = {
    "gzip_decode": _gunzip,
    "snappy_decode": _unsnap,
    "lz4_decode": _into_room(cramjam.lz4.decompress_into),
    "zstd_decode": _into_room(cramjam.zstd.decompress_into),
}


class TolerantRecords:
    """What one fetch gave: batches as the client's own (fast) parser reads them, with one more try where it fails."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records = MemoryRecords(data)

    def has_next(self) -> bool:
        """Tell whether there is another batch."""
        return bool(self._records.has_next())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def next_batch(self) -> "_TolerantBatch":
        """Give the next batch; only to be called when there is one."""
        return _TolerantBatch(self._records.next_batch(), self._data)


class UnreadableRecord(NamedTuple):
    """What stands in the place of a record that cannot be unpacked, with the fields that the client looks at."""

    offset: int
    headers: tuple[tuple[str, bytes], ...]
    key: bytes | None = None
    value: bytes | None = None
    timestamp: int = -1
    timestamp_type: int = 0
    checksum: int | None = None


class _TolerantBatch:
    """One batch, with everything that the client's own batch has."""

    def __init__(self, batch: Any, data: bytes) -> None:
        self._batch = batch
        self._data = data

    def __getattr__(self, name: str) -> Any:
        return getattr(self._batch, name)

    def __iter__(self) -> Iterator[Any]:
        # After a failure from the beginning: the client passes over the offsets that it has already given.
        try:
            yield from self._batch
        except UnicodeDecodeError:
            try:
                yield from _read_leniently(self._data, self._batch.base_offset)
            except Exception as error:  # noqa: BLE001  nothing may be raised here, see above
                yield from self._without_content(error)
        except Exception as error:  # noqa: BLE001
            yield from self._without_content(error)

    def _without_content(self, error: Exception) -> Iterator["UnreadableRecord"]:
        for offset in range(self._batch.base_offset, self._batch.next_offset):
            yield UnreadableRecord(offset, ((UNREADABLE, type(error).__name__.encode()),))

    def __next__(self) -> Any:
        return next(self._batch)


def _read_leniently(data: bytes, base_offset: int) -> Iterator[Any]:
    """Read the batch that begins at an offset with the client's parser in Python, on bytes that decode leniently."""
    start = 0
    while True:
        offset, length = _OFFSET_AND_LENGTH.unpack_from(data, start)
        end = start + _OFFSET_AND_LENGTH.size + length
        if offset == base_offset:
            break
        start = end
    batch = _DefaultRecordBatchPy(data[start:end])
    batch._maybe_uncompress()  # noqa: SLF001  the client offers no way to it
    batch._buffer = _LenientBytes(batch._buffer)  # noqa: SLF001
    return iter(batch)


class _LenientBytes(bytearray):
    """Bytes whose slices decode without ever failing."""

    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        found = super().__getitem__(place)
        return _LenientBytes(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", _errors: str = "strict") -> str:
        return super().decode(encoding, "replace")
