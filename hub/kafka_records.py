"""This module lets the Kafka client go on where it cannot unpack a batch, which otherwise stops a partition for ever.

aiokafka fails on such a batch at every reading anew; worse, what it had fetched of other partitions for the same call
is passed over, and the next commit makes that final: one agency's message would lose another's. So nothing may be
raised while records are unpacked. A header whose name is not UTF-8 (Kafka stores any bytes) is read with U+FFFD in the
place of what is no text; of a batch that cannot be unpacked at all, each offset becomes a record without content, whose
header `unreadable` says why. Either is refused by the envelope and ends as a dead letter.

A megabyte of a compressed batch can hold thirty gigabytes, and one such batch would end every reader of its topic again
and again. So unpacking stops at `MAX_UNPACKED_BYTES`; what is larger counts as what cannot be unpacked, and so does a
record of more than `MAX_HEADERS`, which take a hundred bytes of memory each and two of the batch. A kilobyte can hold
what is below either limit, and a reader asks for a thousand records: of one partition with compressed batches it is
given no more than `MAX_GIVEN_BYTES` at a time, and the last record that exceeds them. What is not compressed is no more
than was fetched. Every partition counts for itself: beside what was fetched, one call may take for each of them
`MAX_GIVEN_BYTES`, that last record, and the unpacked batch that it stood in.
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
from aiokafka.consumer.fetcher import FetchResult
from aiokafka.record import default_records
from aiokafka.record.default_records import _DefaultRecordBatchPy
from aiokafka.record.memory_records import MemoryRecords

from hub.message import MAX_MESSAGE_BYTES, envelope_bytes

MAX_UNPACKED_BYTES = 16 * MAX_MESSAGE_BYTES
"""A batch as it is stored has at most the size of the largest message; honest records shrink to a tenth, not more."""
MAX_LENIENT_BYTES = 2 * MAX_MESSAGE_BYTES
"""What is read once more where a name is no text: that takes seconds for a megabyte of headers, and all else waits."""
MAX_HEADERS = 1_000
MAX_GIVEN_BYTES = 4 * MAX_MESSAGE_BYTES
UNREADABLE = "unreadable"
_OFFSET_AND_LENGTH = struct.Struct(">qi")


def read_tolerantly() -> None:
    """Make all consumers of this process read whatever a batch holds; to be called before the first is made."""
    fetcher.MemoryRecords = TolerantRecords
    fetcher.FetchResult = BoundedResult
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


class BoundedResult(FetchResult):  # type: ignore[misc]  # the client has no types
    """What was fetched of one partition, given out in portions that memory can hold."""

    def getall(self, max_records: int | None = None) -> list[Any]:
        """Give the next records, as many as are wanted and not too large together."""
        found: list[Any] = []
        room = MAX_GIVEN_BYTES
        source = self._partition_records and self._partition_records._records  # noqa: SLF001  it is let go at its end
        while room > 0 and (max_records is None or len(found) < max_records):
            try:
                record = self.getone()
            except Exception:
                if not found:
                    raise
                break  # these count as given already; the failure comes again when the rest is fetched anew
            if record is None:
                break
            found.append(record)
            if source.is_packed:
                room -= len(record.value or b"") + envelope_bytes(record.key, record.headers)
        return found


class TolerantRecords:
    """What one fetch gave: batches as the client's own (fast) parser reads them, with one more try where it fails."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._records = MemoryRecords(data)
        self.is_packed = False
        """Whether a compressed batch was among those given so far: they may hold more than was fetched."""

    def has_next(self) -> bool:
        """Tell whether there is another batch."""
        return bool(self._records.has_next())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._records, name)

    def next_batch(self) -> "_TolerantBatch":
        """Give the next batch; only to be called when there is one."""
        batch = self._records.next_batch()
        # The client does not tell it of a batch in the oldest format.
        self.is_packed = self.is_packed or getattr(batch, "compression_type", None) != 0
        return _TolerantBatch(batch, self._data)


class TooManyHeaders(ValueError):
    """A record has more headers than any honest one."""


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
            yield from map(_bearable, self._batch)
        except UnicodeDecodeError:
            try:
                yield from map(_bearable, _read_leniently(self._data, self._batch.base_offset))
            except Exception as error:  # noqa: BLE001  nothing may be raised here, see above
                yield from self._without_content(error)
        except Exception as error:  # noqa: BLE001
            yield from self._without_content(error)

    def _without_content(self, error: Exception) -> Iterator["UnreadableRecord"]:
        for offset in range(self._batch.base_offset, self._batch.next_offset):
            yield _unreadable(offset, type(error))

    def __next__(self) -> Any:
        return next(self._batch)


def _unreadable(offset: int, why: type[Exception]) -> UnreadableRecord:
    return UnreadableRecord(offset, ((UNREADABLE, why.__name__.encode()),))


def _bearable(record: Any) -> Any:
    return record if len(record.headers) <= MAX_HEADERS else _unreadable(record.offset, TooManyHeaders)


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
    if len(batch._buffer) > MAX_LENIENT_BYTES:  # noqa: SLF001
        raise UnpacksTooLarge
    batch._buffer = _LenientBytes(batch._buffer)  # noqa: SLF001
    return iter(batch)


class _LenientBytes(bytearray):
    """Bytes whose slices decode without ever failing."""

    def __getitem__(self, place: SupportsIndex | slice) -> Any:
        found = super().__getitem__(place)
        return _LenientBytes(found) if isinstance(found, bytearray) else found

    def decode(self, encoding: str = "utf-8", _errors: str = "strict") -> str:
        return super().decode(encoding, "replace")
