"""This module writes positions in a source and its keys as text, so that they can be kept in a file, and reads them."""

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
        return json.dumps([_written(self.updated), _parts(self.key)])

    @classmethod
    def from_text(cls, text: str) -> "Position":
        """Read what `to_text` wrote."""
        updated, key = json.loads(text)
        return cls(_read(updated), tuple(_read(part) for part in key))


def key_to_text(key: tuple[Any, ...]) -> str:
    """Write a key as the source has it."""
    return json.dumps(_parts(key))


def key_from_text(text: str) -> tuple[Any, ...]:
    """Read what `key_to_text` wrote."""
    return tuple(_read(part) for part in json.loads(text))


def _parts(key: tuple[Any, ...]) -> list[Any]:
    return [_written(part) for part in key]


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
