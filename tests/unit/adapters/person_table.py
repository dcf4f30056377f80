"""A table of persons in SQLite, with all that reads it and a stand-in for Kafka."""

import sqlite3
from contextlib import closing, contextmanager
from zoneinfo import ZoneInfo

from adapters.conformance.recorder import Recorder
from adapters.databases import connect
from adapters.declaration import Adapter, Clock, Ended, Lookup, NameColumns, Sql, Stream, Surrogate
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.sql_source import SqlSource
from adapters.state import StreamState
from contracts.identity import IdentityData, PersonName
from contracts.records import PersonV1
from hub.audit import Auditor


def person(row):
    return PersonV1(**row.own, subject=row.record, identity=IdentityData(names=(PersonName(full=row["name"]),)))


def parts(folder, updated, compare_s=0, kafka=None):
    source = Sql("person", updated, Clock.EPOCH_S, ended=Ended("gone"), settle_s=0, compare_s=compare_s)
    lookup = Lookup(names=(NameColumns(full="town"),))
    stream = Stream("person", PersonV1, source, Surrogate("id"), person, lookup=lookup)
    adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
    kafka = kafka or Recorder()
    state = StreamState(folder / "state.sqlite")
    publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
    table = SqlSource(connect(f"sqlite:///{folder / 'legacy.sqlite'}"), source, ("id",), ZoneInfo("UTC"))
    return adapter, stream, kafka, state, publisher, table, key_maker(stream.key, stream.name, b"")


@contextmanager
def persons(folder, count):
    """Make the table, with so many persons in it."""
    with closing(sqlite3.connect(folder / "legacy.sqlite", isolation_level=None)) as database:
        database.execute("CREATE TABLE person (id TEXT, name TEXT, town TEXT, gone TEXT, at INTEGER)")
        rows = [(str(number), f"Ada Testova {number}", "NORTH", None, number) for number in range(1, count + 1)]
        database.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", rows)
        yield database
