"""Headers whose names are no text, read by the Kafka client's own parser and fetcher."""

import struct
import tracemalloc
from types import SimpleNamespace

import pytest
from aiokafka.codec import gzip_encode, lz4_encode, snappy_encode, zstd_encode
from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import FetchResult
from aiokafka.record.default_records import DefaultRecordBatchBuilder, _DefaultRecordBatchPy
from aiokafka.record.util import calc_crc32c
from aiokafka.structs import TopicPartition

from hub import kafka_records
from hub.broker import make_broker
from hub.kafka_records import (
    MAX_GIVEN_BYTES,
    MAX_HEADERS,
    MAX_LENIENT_BYTES,
    MAX_UNPACKED_BYTES,
    UNREADABLE,
    read_tolerantly,
)
from hub.message import MAX_MESSAGE_BYTES
from hub.producer import Producer, connection
from hub.settings import KafkaSettings

WHOLE, SPOILT = TopicPartition("in.asylum.person.v1", 0), TopicPartition("in.alerts.alert.v1", 0)
HEADER_BYTES = _DefaultRecordBatchPy.HEADER_STRUCT.size


@pytest.fixture(autouse=True)
def client_as_it_comes(monkeypatch):
    from aiokafka.record.memory_records import MemoryRecords

    monkeypatch.setattr(fetcher, "MemoryRecords", MemoryRecords)
    monkeypatch.setattr(fetcher, "FetchResult", FetchResult)


def batch(*names: bytes, base: int = 0, gzip: bool = False) -> bytes:
    """Give a batch as a broker stores it, one record for each name of a header; the client itself writes only text."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 1_000_000)
    for number, name in enumerate(names):
        builder.append(number, 1, b"k", b"v%d" % number, [("?" * len(name), b"x")])
    header, records = bytearray(builder.build()[:HEADER_BYTES]), bytes(builder.build()[HEADER_BYTES:])
    for name in names:
        records = records.replace(b"?" * len(name), name, 1)
    if gzip:
        records = gzip_encode(records)
        header[22] |= _DefaultRecordBatchPy.CODEC_GZIP
    struct.pack_into(">qi", header, 0, base, len(header) + len(records) - _DefaultRecordBatchPy.AFTER_LEN_OFFSET)
    struct.pack_into(">I", header, 17, calc_crc32c(bytes(header[21:]) + records))
    return bytes(header) + records


class Position:
    paused, position = False, 0

    def consumed_to(self, offset):
        self.position = offset


class Fetched(fetcher.Fetcher):
    """The client's fetcher, when an answer of the broker has just come."""

    def __init__(self, answer: dict[TopicPartition, bytes]):
        positions = {partition: Position() for partition in answer}
        assignment = SimpleNamespace(active=True, state_value=positions.get)
        self._subscriptions = SimpleNamespace(reassignment_in_progress=False)
        self._wait_consume_future = None
        self._records = {}
        for partition, data in answer.items():
            parsed = fetcher.PartitionRecords(partition, fetcher.MemoryRecords(data), [], 0, None, None, True, 0)
            self._records[partition] = fetcher.FetchResult(
                partition, assignment=assignment, partition_records=parsed, backoff=0
            )


async def given(answer: dict[TopicPartition, bytes], max_records: int | None = None) -> list[tuple]:
    """List what comes out, call after call, until there is no more."""
    client, found = Fetched(answer), []
    while client._records:
        records = (await client.fetched_records([], 0, max_records)).values()
        found += [(each.offset, each.value, each.headers) for batch in records for each in batch]
    return found


def consumers_of_the_house(kind: str) -> None:
    if kind == "broker":
        make_broker(KafkaSettings(), "s", Producer(KafkaSettings(), "s"))
    else:
        connection(KafkaSettings(), "s")


async def test_without_help_the_client_stops_there_and_passes_over_what_it_had_of_other_partitions():
    client = Fetched({WHOLE: batch(b"a", b"b"), SPOILT: batch(b"\xff")})
    with pytest.raises(UnicodeDecodeError):
        await client.fetched_records([], 0)
    assert list(client._records) == [SPOILT]


@pytest.mark.parametrize("kind", ["broker", "any other consumer"])
@pytest.mark.parametrize("gzip", [False, True])
async def test_a_name_that_is_no_text_is_read_and_nothing_beside_it_is_lost_or_given_twice(kind, gzip):
    consumers_of_the_house(kind)
    spoilt = batch(b"aa", b"\xffe", b"cc", gzip=gzip) + batch(b"dd", base=3, gzip=gzip) + batch(b"\xc3(", base=4)
    for max_records in (None, 1, 2):
        assert await given({WHOLE: batch(b"a"), SPOILT: spoilt}, max_records) == [
            (0, b"v0", (("a", b"x"),)),
            (0, b"v0", (("aa", b"x"),)),
            (1, b"v1", (("\ufffde", b"x"),)),
            (2, b"v2", (("cc", b"x"),)),
            (3, b"v0", (("dd", b"x"),)),
            (4, b"v0", (("\ufffd(", b"x"),)),
        ]


async def test_a_batch_that_was_damaged_on_its_way_is_still_refused():
    connection(KafkaSettings(), "s")
    with pytest.raises(fetcher.Errors.CorruptRecordException):
        await given({SPOILT: batch(b"\xff")[:-1] + b"\x02"})


async def test_what_stands_before_a_damaged_batch_is_given_and_the_damaged_one_is_not_passed_over():
    connection(KafkaSettings(), "s")
    client = Fetched({SPOILT: batch(b"a", b"b") + batch(b"c", base=2)[:-1] + b"\x02"})
    state = client._records[SPOILT]._assignment.state_value(SPOILT)
    (records,) = (await client.fetched_records([], 0)).values()
    assert ([record.offset for record in records], state.position) == ([0, 1], 2)
    assert await client.fetched_records([], 0) == {}  # and fetched anew, from there
    assert (state.position, client._records) == (2, {})


def spoilt_codec(count: int) -> bytes:
    """A batch that says it is compressed and is not."""
    data = bytearray(batch(*(b"ok",) * count))
    data[22] |= _DefaultRecordBatchPy.CODEC_GZIP
    struct.pack_into(">I", data, 17, calc_crc32c(bytes(data[21:])))
    return bytes(data)


def test_a_batch_that_cannot_be_unpacked_gives_a_record_without_content_for_each_offset():
    read_tolerantly()
    records = fetcher.MemoryRecords(spoilt_codec(3))
    given = list(records.next_batch())
    assert [(record.offset, record.value) for record in given] == [(0, None), (1, None), (2, None)]
    assert {name for record in given for name, _ in record.headers} == {UNREADABLE}


CODECS = {
    0: bytes,
    1: gzip_encode,
    2: snappy_encode,
    2.5: lambda data: snappy_encode(data, xerial_compatible=False),
    3: lz4_encode,
    4: zstd_encode,
}
LIMIT = 100_000


def packed(codec: float, value: bytes, name: bytes = b"ok", *, base: int = 0, headers: int = 0) -> bytes:
    """Give a batch of one record, compressed, with as many further headers."""
    builder = DefaultRecordBatchBuilder(2, 0, 0, -1, -1, -1, 2 * len(value) + 1_000)
    builder.append(0, 1, b"k", value, [("?" * len(name), b"x"), *[("", b"")] * headers])
    header, records = bytearray(builder.build()[:HEADER_BYTES]), bytes(builder.build()[HEADER_BYTES:])
    records = CODECS[codec](records.replace(b"?" * len(name), name, 1))
    header[22] |= int(codec)
    struct.pack_into(">qi", header, 0, base, len(header) + len(records) - _DefaultRecordBatchPy.AFTER_LEN_OFFSET)
    struct.pack_into(">I", header, 17, calc_crc32c(bytes(header[21:]) + records))
    return bytes(header) + records


@pytest.mark.parametrize("codec", [codec for codec in CODECS if codec])
@pytest.mark.parametrize("name", [b"ok", b"\xff"])
async def test_a_batch_is_unpacked_up_to_the_limit_and_counts_as_unreadable_beyond(monkeypatch, codec, name):
    connection(KafkaSettings(), "s")
    monkeypatch.setattr(kafka_records, "MAX_UNPACKED_BYTES", LIMIT)
    ((_, value, _),) = await given({SPOILT: packed(codec, bytes(LIMIT - 100), name)})
    assert value == bytes(LIMIT - 100)
    for size in (LIMIT, 50 * LIMIT):
        ((offset, value, headers),) = await given({SPOILT: packed(codec, bytes(size), name)})
        assert (offset, value, [name for name, _ in headers]) == (0, None, [UNREADABLE])


async def test_a_bomb_takes_no_more_room_than_the_limit_and_spoils_nothing_beside_it():
    connection(KafkaSettings(), "s")
    bomb = packed(1, bytes(3 * MAX_UNPACKED_BYTES))
    assert len(bomb) < MAX_UNPACKED_BYTES / 100
    tracemalloc.start()
    try:
        found = await given({WHOLE: batch(b"a"), SPOILT: bomb + batch(b"bb", base=1)})
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [(offset, value) for offset, value, _ in found] == [(0, b"v0"), (0, None), (1, b"v0")]
    assert most < 2.5 * MAX_UNPACKED_BYTES


async def portions_of(data: bytes) -> list[list[int]]:
    """List the offsets that come out of one partition, call after call."""
    client, portions = Fetched({SPOILT: data}), []
    while client._records:
        found = await client.fetched_records([], 0, 1_000)
        portions += [[record.offset for record in records] for records in found.values()]
    return portions


@pytest.mark.parametrize("codec", [codec for codec in CODECS if codec])
async def test_many_batches_each_small_and_large_inside_are_given_in_portions_and_none_is_lost(codec):
    connection(KafkaSettings(), "s")
    portions = await portions_of(b"".join(packed(codec, bytes(MAX_MESSAGE_BYTES), base=base) for base in range(20)))
    assert [offset for portion in portions for offset in portion] == list(range(20))
    assert max(map(len, portions)) * MAX_MESSAGE_BYTES <= MAX_GIVEN_BYTES


async def test_what_is_not_compressed_is_given_as_it_was_fetched_and_what_is_behind_it_in_portions():
    connection(KafkaSettings(), "s")
    codecs = [0] * 6 + [4] * 12
    batches = (packed(codec, bytes(MAX_MESSAGE_BYTES), base=base) for base, codec in enumerate(codecs))
    portions = await portions_of(b"".join(batches))
    assert [offset for portion in portions for offset in portion] == list(range(18))
    assert list(map(len, portions)) == [10, 4, 4]


@pytest.mark.parametrize(("name", "headers"), [(b"ok", 1_000_000), (b"\xff", 10_000)])
async def test_a_record_of_more_headers_than_memory_holds_is_unreadable_and_the_next_is_given(name, headers):
    connection(KafkaSettings(), "s")
    answer = packed(4, b"v", name, headers=headers) + packed(4, b"v", base=1, headers=MAX_HEADERS - 1)
    assert len(answer) < 10_000
    first, second = await given({SPOILT: answer})
    assert first == (0, None, ((UNREADABLE, b"TooManyHeaders"),))
    assert (second[0], second[1], len(second[2])) == (1, b"v", MAX_HEADERS)


async def test_a_large_batch_with_a_name_that_is_no_text_is_not_read_slowly_while_all_else_waits():
    connection(KafkaSettings(), "s")
    ((_, value, headers),) = await given({SPOILT: packed(4, b"v", b"\xff", headers=MAX_LENIENT_BYTES)})
    assert (value, headers) == (None, ((UNREADABLE, b"UnpacksTooLarge"),))


def test_a_block_that_only_says_it_is_large_is_given_no_room():
    read_tolerantly()
    with pytest.raises(kafka_records.UnpacksTooLarge):
        kafka_records._unsnap(b"\xff\xff\xff\xff\x0f" + b"x" * 20)


def test_an_answer_without_a_whole_batch_can_be_asked_everything_that_the_client_asks():
    read_tolerantly()
    records = fetcher.MemoryRecords(b"")
    assert (records.has_next(), records.size_in_bytes()) == (False, 0)
