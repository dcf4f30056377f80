"""This module writes and reads a reader's position in a source as text, so that it can be kept in a file."""

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

_READERS: dict[str, Callable[[str], Any]] = {
    "datetime": dt.datetime.fromisoformat,
    "date": dt.date.fromisoformat,
    "uuid": UUID,
    "decimal": Decimal,
    "bytes": bytes.fromhex,
}


@dataclass(frozen=True, slots=True)
class Position:
    """The last row that was published: its time of change and its key, as the source writes them."""

    updated: Any
    key: tuple[Any, ...]

    def to_text(self) -> str:
        """Write the position."""
        return json.dumps([_written(self.updated), [_written(part) for part in self.key]])

    @classmethod
    def from_text(cls, text: str) -> "Position":
        """Read what `to_text` wrote."""
        updated, key = json.loads(text)
        return cls(_read(updated), tuple(_read(part) for part in key))


def _written(value: Any) -> Any:
    match value:
        case dt.datetime():
            return {"datetime": value.isoformat()}
        case dt.date():
            return {"date": value.isoformat()}
        case UUID():
            return {"uuid": str(value)}
        case Decimal():
            return {"decimal": str(value)}
        case bytes():
            return {"bytes": value.hex()}
        case _:
            return value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    return _READERS[kind](text)
