"""This module holds a row on its way from a legacy system to a contract."""

from collections.abc import Mapping
from typing import Any

from contracts.records import FingerTemplate
from contracts.references import record_ref


class Row(dict[str, Any]):
    """The columns of one row by name, with what a mapping needs besides: the record's reference and its templates."""

    __slots__ = ("record", "system", "templates")

    def __init__(self, columns: dict[str, Any], *, system: str, record: str) -> None:
        super().__init__(columns)
        self.system = system
        self.record = record
        self.templates: tuple[FingerTemplate, ...] = ()

    @property
    def own(self) -> dict[str, str]:
        """System and record reference, as every contract wants them: `PersonV1(**row.own, ...)`."""
        return {"system": self.system, "record": self.record}

    def subject(self, kind: str, key: object) -> str:
        """Name a person or thing of this system, such as `entry-exit:traveller:7`."""
        return record_ref(self.system, kind, str(key))

    def text(self, column: str) -> str | None:
        """Give a column without the blanks around it; nothing where only blanks are."""
        value = self[column]
        if value is None:
            return None
        return str(value).strip() or None


class WatchedRow(Row):
    """A row that remembers what was read of it, last what was read last: over that a mapping stumbled."""

    __slots__ = ("reads",)

    def __init__(self, row: Row) -> None:
        super().__init__(row, system=row.system, record=row.record)
        self.templates = row.templates
        self.reads: dict[str, Any] = {}

    def __getitem__(self, column: str) -> Any:
        self.get(column)
        return super().__getitem__(column)

    def get(self, column: str, default: Any = None) -> Any:
        """Give a column, or `default` where there is none."""
        value = super().get(column, default)
        self.reads.pop(column, None)
        self.reads[column] = value
        return value


class RawLine(bytes):
    """A line of a list that cannot be decoded, as the bytes it is: all that its row says. No column is one."""

    __slots__ = ()


UNDECODED = "The row has bytes that cannot be decoded."


def is_decoded(value: object) -> bool:
    """Tell whether a value has no bytes that could not be decoded: these are carried as lone surrogates."""
    if not isinstance(value, str) or value.isascii():
        return True
    return not any("\udc80" <= character <= "\udcff" for character in value)


def undecoded(columns: Mapping[str, object]) -> str | None:
    """Name the first column with bytes that could not be decoded, if there is one."""
    return next((name for name, value in columns.items() if not is_decoded(value)), None)
