"""This module finds what a live question asks for in the legacy tables, and answers in contracts."""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from adapters.change import ended
from adapters.declaration import Adapter, Sql, Stream
from adapters.failures import PoisonRow
from adapters.keys import KeyMaker
from adapters.question import condition, question_of
from adapters.row import Row, undecoded
from adapters.sql_source import SqlSource
from contracts.identity import IdentityData
from contracts.query import Criteria
from contracts.records import AlertV1, BorderCrossingV1, FingerprintV1, PersonV1, Record, TravelDocumentV1
from contracts.references import record_ref
from hub.logs import get_logger

Answerable = PersonV1 | TravelDocumentV1 | BorderCrossingV1 | AlertV1
SPARE = 4  # rows read for each one asked for: some fall to the exact comparison of birth dates
SHAPES = 256
"""Statements kept; a question has few shapes, by how many words its names have and in which alphabet they are."""


class Found(NamedTuple):
    """What a table answers; `incomplete` where rows fit that could not be mapped, or more than were read."""

    records: list[Answerable]
    incomplete: bool = False


class LiveStream:
    """Answers from one table."""

    def __init__(self, adapter: Adapter, stream: Stream, source: SqlSource, key: KeyMaker) -> None:
        assert stream.lookup is not None
        self._adapter = adapter
        self._stream = stream
        self._lookup = lookup = stream.lookup
        self._source = source
        self._key = key
        self._statement = lru_cache(SHAPES)(lambda shape: source.prepared(condition(lookup, shape)))

    def find(self, criteria: Criteria, limit: int) -> Found | None:
        """Give the records that fit, at most one more than `limit`; nothing where the table cannot be asked for this.

        Blocks, and belongs in a thread.

        Raises:
            SourceUnavailable: the database does not answer.
        """
        question = question_of(self._lookup, criteria)
        if question is None:
            return None
        found: list[Answerable] = []
        most = (limit + 1) * SPARE
        rows = self._source.find(self._statement(question.shape), question.values, most)
        incomplete = len(rows) >= most
        for read in rows:
            try:
                record = self._record(Row(read.columns, system=self._adapter.system, record=self._reference(read.key)))
            except PoisonRow:
                incomplete = True
                continue
            if record is not None and agrees(record, criteria):
                found.append(record)
        return Found(found[: limit + 1], incomplete)

    def _reference(self, key: Sequence[object]) -> str:
        return record_ref(self._adapter.system, self._stream.name, self._key(key))

    def _record(self, row: Row) -> Answerable | None:
        assert isinstance(self._stream.source, Sql)
        try:
            record = None if ended(self._stream.source.ended, row) else self._mapped(row)
        except Exception as error:  # noqa: BLE001  a poison row is said by the reader; it must not spoil an answer
            get_logger().warning("row left out of an answer", record=row.record, error=type(error).__name__)
            raise PoisonRow("The row cannot be mapped.") from None
        return None if record is None or isinstance(record, FingerprintV1) else record

    def _mapped(self, row: Row) -> Record | None:
        if undecoded(row) is not None:
            raise PoisonRow("The row has bytes that cannot be decoded.")
        return self._stream.map(row)


def agrees(record: Record, criteria: Criteria) -> bool:
    """Tell whether a record found by name does not contradict the birth date that is asked for."""
    if criteria.birth_date is None or _has_document(record, criteria):
        return True
    identity = identity_of(record)
    if identity is None or not identity.birth_dates:
        return True
    return any(date.agrees_with(criteria.birth_date) for date in identity.birth_dates)


def identity_of(record: Record) -> IdentityData | None:
    """Give the person that a record tells of."""
    match record:
        case PersonV1():
            return record.identity
        case TravelDocumentV1():
            return record.holder
        case BorderCrossingV1():
            return record.traveller
        case AlertV1():
            return record.person
        case _:
            return None


def _has_document(record: Record, criteria: Criteria) -> bool:
    numbers = {document.number for document in criteria.documents}
    match record:
        case TravelDocumentV1():
            return record.document.number in numbers
        case BorderCrossingV1():
            return record.document is not None and record.document.number in numbers
        case PersonV1() | AlertV1():
            return any(document.number in numbers for document in record.documents)
        case _:
            return False
