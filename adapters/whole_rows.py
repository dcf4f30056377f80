"""This module says what each row of a whole is: one to be mapped, or one that is rejected as it stands. Pure rules.

A whole is a dropped list, or a table without a time of change. Who publishes it and who only tries it asks here.
"""

from collections.abc import Mapping
from typing import Any

from adapters.change import Changes, SourceRow
from adapters.declaration import Stream
from adapters.digest import row_digest
from adapters.file_source import ARITY, FileRow
from adapters.keys import KeyMaker
from adapters.mapping_faults import COLUMN
from adapters.row import UNDECODED, is_decoded, undecoded
from hub.errors import Rejected

REJECTED_KEY = "~line-"
NO_KEY = "no-key"
DUPLICATE_KEY = "duplicate-key"


class WholeRows:
    """Makes of the rows of a whole those that changes are made of."""

    def __init__(self, stream: Stream, changes: Changes, key: KeyMaker) -> None:
        self._stream = stream
        self._changes = changes
        self._key = key
        self._key_names = COLUMN + ", ".join(stream.key.columns)

    def of(self, row: FileRow, at: int) -> SourceRow:
        """Give a row of a whole that was made at `at` (microseconds), under its key or else under one of its own."""
        digest = row_digest(row.columns, row.why if row.fault else "")
        if not self._has_whole_key(row.columns):
            code = NO_KEY if row.fault is None else "unreadable"
            why = f"The row has no whole key ({self._key_names})." if row.fault is None else row.why
            fault = Rejected(why, code=code, field=row.fault or self._key_names)
            return self._rejected(row.columns, digest, at, fault, row.place)
        source = self._changes.row(self._key(self._values(row.columns)), digest, at, row.columns, row.place)
        if row.fault is not None and not self._is_sure_of_its_end(row):
            source.fault = Rejected(row.why, code="unreadable", field=row.fault)
        return source

    def again(self, row: SourceRow) -> SourceRow:
        """Give a row whose key an earlier one had: that one stands. One that has no key stays as it is."""
        if row.key.startswith(REJECTED_KEY):
            return row
        text = f"Another row has the same key ({self._key_names})."
        fault = Rejected(text, code=DUPLICATE_KEY, field=self._key_names)
        return self._rejected(row.row, str(row.token), row.changed_at, fault, row.place)

    def has_sure_key(self, row: FileRow) -> bool:
        """Tell whether the key is the row's own: with a field too many or too few it may be another field's text."""
        return row.fault != ARITY and self._has_whole_key(row.columns)

    def _values(self, columns: Mapping[str, Any]) -> list[Any]:
        return [columns.get(name) for name in self._stream.key.columns]

    def _has_whole_key(self, columns: Mapping[str, Any]) -> bool:
        values = self._values(columns)
        return all(value is not None and str(value).strip() and is_decoded(value) for value in values)

    def _is_sure_of_its_end(self, row: FileRow) -> bool:
        """Tell whether a row that cannot be read whole is marked as ended: what is wrong with it matters no more.

        The mark itself must be read: with a field too many or too few it may be another field's text.
        """
        rule = self._stream.source.ended
        if rule is None or row.fault in {ARITY, COLUMN + rule.column} or not is_decoded(row.columns.get(rule.column)):
            return False
        return self._changes.has_ended(row.columns)

    def _rejected(self, columns: dict[str, Any], digest: str, at: int, fault: Rejected, place: str) -> SourceRow:
        source = self._changes.row(REJECTED_KEY + digest, digest, at, dict(columns), place)
        source.fault = fault
        return source


def table_row(columns: dict[str, Any]) -> FileRow:
    """Give a row of a table, with the first column that cannot be decoded as its fault."""
    column = undecoded(columns)
    return FileRow(columns) if column is None else FileRow(columns, COLUMN + column, UNDECODED)
