"""This module finds what a live question asks for in the legacy tables, and answers in contracts."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from adapters.change import ended
from adapters.declaration import Adapter, Lookup, NameColumns, Sql, Stream
from adapters.failures import PoisonRow
from adapters.keys import KeyMaker
from adapters.row import Row, undecoded
from adapters.sql_source import SqlSource
from contracts.identity import IdentityData, PersonName
from contracts.query import Criteria
from contracts.records import AlertV1, BorderCrossingV1, FingerprintV1, PersonV1, Record, TravelDocumentV1
from contracts.references import record_ref
from hub.logs import get_logger

Answerable = PersonV1 | TravelDocumentV1 | BorderCrossingV1 | AlertV1
SPARE = 4  # rows read for each one asked for: some fall to the exact comparison of birth dates
MAX_SPLITS = 8


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
        self._lookup = stream.lookup
        self._source = source
        self._key = key

    def find(self, criteria: Criteria, limit: int) -> Found | None:
        """Give the records that fit, at most one more than `limit`; nothing where the table cannot be asked for this.

        Blocks, and belongs in a thread.

        Raises:
            SourceUnavailable: the database does not answer.
        """
        wanted = condition(self._lookup, criteria)
        if wanted is None:
            return None
        found: list[Answerable] = []
        most = (limit + 1) * SPARE
        rows = self._source.find(wanted, most)
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


def condition(lookup: Lookup, criteria: Criteria) -> sa.ColumnElement[bool] | None:
    """Give the rows that may fit: the document number is equal, or a name is, in any upper or lower case."""
    parts: list[sa.ColumnElement[bool]] = []
    if lookup.document and criteria.documents:
        column: sa.ColumnClause[Any] = sa.column(lookup.document)
        parts.extend(column == document.number for document in criteria.documents)
    named = [equal for name in criteria.names for columns in lookup.names for equal in _name(columns, name)]
    if named:
        parts.append(sa.and_(sa.or_(*named), _born(lookup, criteria)))
    return sa.or_(*parts) if parts else None


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


def _born(lookup: Lookup, criteria: Criteria) -> sa.ColumnElement[bool]:
    if lookup.birth is None or criteria.birth_date is None:
        return sa.true()
    name, pattern = lookup.birth
    column: sa.ColumnClause[Any] = sa.column(name)
    if pattern == "{year}":
        return sa.or_(column == criteria.birth_date.year, column.is_(None))
    return sa.or_(column.like(pattern.format(year=f"{criteria.birth_date.year:04d}")), column.is_(None), column == "")


def _name(columns: NameColumns, name: PersonName) -> Iterator[sa.ColumnElement[bool]]:
    if columns.full:
        yield _equal(columns.full, whole_names(name))
    if columns.family:
        for family, given in parted_names(name):
            same = _equal(columns.family, [family])
            yield sa.and_(same, _equal(columns.given, [given])) if given and columns.given else same


def whole_names(name: PersonName) -> list[str]:
    """Give the ways to write a name on one line: given names first, or family name first."""
    if name.full:
        return [name.full]
    parts = [part for part in (name.given, name.family) if part]
    return list(dict.fromkeys((" ".join(parts), " ".join(reversed(parts)))))


def parted_names(name: PersonName) -> list[tuple[str, str | None]]:
    """Give the ways to part a name into family and given; a whole one may be parted at any blank, in both orders."""
    if name.family or not name.full:
        return [(name.family or name.given or "", name.given if name.family else None)]
    words = name.full.split()[: MAX_SPLITS + 1]
    if len(words) == 1:
        return [(words[0], None)]
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return [*((last, first) for first, last in cuts), *cuts]


def _equal(column: str, values: Iterable[str]) -> sa.ColumnElement[bool]:
    """Compare without case: databases differ about letters beyond ASCII, so both forms are looked for."""
    forms = {form for value in values for form in (value.upper(), _ascii_upper(value))}
    upper = sa.func.upper(sa.column(column))
    return sa.or_(*(upper == form for form in sorted(forms)))  # quicker to send than a list of a length of its own


def _ascii_upper(text: str) -> str:
    return "".join(character.upper() if character.isascii() else character for character in text)
