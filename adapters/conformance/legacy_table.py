"""This module makes legacy tables in SQLite for the conformance kit, with the types of larger databases."""

import datetime as dt
import json
import sqlite3
import time
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from adapters.clock import instant
from adapters.declaration import Clock, Sql, Stream

_STORED = "%Y-%m-%d %H:%M:%S.%f"  # as SQLAlchemy writes times into SQLite
# The second word keeps SQLite from turning digits into numbers.
_TYPES = {dt.datetime: "kit_time text", dt.date: "kit_date text", UUID: "kit_uuid text", list: "kit_json text"}


def _time(raw: bytes) -> dt.datetime:
    return dt.datetime.strptime(raw.decode(), _STORED).replace(tzinfo=dt.UTC)


class LegacyTable:
    """One table, an hour old: row times are told in seconds since then."""

    def __init__(self, folder: Path, stream: Stream, zone: ZoneInfo, sample: dict[str, Any]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        assert isinstance(stream.source, Sql)
        self.folder = folder
        self._source = stream.source
        self._key = stream.key.columns
        self._zone = zone
        self._begin = int(time.time()) - 3_600
        self.engine = self._engine(folder / "legacy.sqlite")
        self._columns = list(dict.fromkeys((*sample, str(self._source.updated))))
        typed = ", ".join(f'"{name}" {self._type(name, sample.get(name))}' for name in self._columns)
        with self.engine.begin() as connection:
            connection.exec_driver_sql(f'CREATE TABLE "{self._source.table}" ({typed})')

    def micros(self, second: int) -> int:
        """Give the time of change of a row that was put at `second`."""
        return (self._begin + second) * 1_000_000

    def raw(self, second: int) -> Any:
        """Write a time as the declared clock does."""
        time = instant(self.micros(second))
        match self._source.clock:
            case Clock.EPOCH_S:
                return self._begin + second
            case Clock.EPOCH_MS:
                return (self._begin + second) * 1_000
            case Clock.TEXT:
                return time.astimezone(self._zone).replace(tzinfo=None).isoformat(" ")
            case Clock.TIMESTAMP:
                return time

    def put(self, row: dict[str, Any], *, second: int) -> None:
        """Insert a row, or replace the one with its key."""
        self.delete(row)
        full = {**row, str(self._source.updated): self.raw(second)}
        names = ", ".join(f'"{name}"' for name in full)
        marks = ", ".join("?" for _ in full)
        with self.engine.begin() as connection:
            values = tuple(_stored(value) for value in full.values())
            statement = f'INSERT INTO "{self._source.table}" ({names}) VALUES ({marks})'  # noqa: S608  names of the kit
            connection.exec_driver_sql(statement, values)

    def delete(self, row: dict[str, Any]) -> None:
        """Delete the row with the key of `row`."""
        condition = " AND ".join(f'"{name}" = ?' for name in self._key)
        with self.engine.begin() as connection:
            values = tuple(_stored(row[name]) for name in self._key)
            statement = f'DELETE FROM "{self._source.table}" WHERE {condition}'  # noqa: S608  names of the kit
            connection.exec_driver_sql(statement, values)

    def _type(self, name: str, value: Any) -> str:
        if name == self._source.updated:
            return "kit_time text" if self._source.clock is Clock.TIMESTAMP else ""
        return next((_TYPES[kind] for kind in _TYPES if type(value) is kind), "")

    @staticmethod
    def _engine(file: Path) -> sa.Engine:
        sqlite3.register_converter("kit_time", _time)
        sqlite3.register_converter("kit_date", lambda raw: dt.date.fromisoformat(raw.decode()))
        sqlite3.register_converter("kit_uuid", lambda raw: UUID(raw.decode()))
        sqlite3.register_converter("kit_json", json.loads)
        arguments = {"detect_types": sqlite3.PARSE_DECLTYPES, "check_same_thread": False}
        return sa.create_engine(f"sqlite:///{file}", connect_args=arguments)


def _stored(value: Any) -> Any:
    match value:
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime(_STORED)
        case dt.date():
            return value.isoformat()
        case UUID():
            return value.hex  # as SQLAlchemy writes it into SQLite
        case list():
            return json.dumps(value)
        case _:
            return value
