"""This module reads a table of a legacy database: what changed after a position, which keys there are, rows by key.

All calls block and belong in a thread. Nothing is ever written: connections are read-only where the database knows how.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.sql.compiler import SQLCompiler

from adapters.change import says_ended
from adapters.clock import UNKNOWN, micros, step
from adapters.database_faults import told
from adapters.declaration import Clock, Sql
from adapters.failures import SourceUnavailable
from adapters.position import Position
from adapters.row import is_decoded

PAGE = 1_000
STATEMENT_PAGES = 20  # pages of one statement: few sorts of equal times, and no transaction that stays open for long
KEYS = 400  # of one statement: SQLite nests no condition more than 1,000 deep, SQL Server takes 2,100 parameters
# PostgreSQL gets text without a type, and takes it for what the column holds: it compares no time with a VARCHAR, and
# `infinity` reaches us as text. Others get it with its type.
_ASCII, _TEXT = (kind.with_variant(sa.types.NULLTYPE, "postgresql") for kind in (sa.String(), sa.Unicode()))


class ReadRow(NamedTuple):
    """A row as it was read: the values of its key, its time of change as written, its columns."""

    key: tuple[Any, ...]
    updated: Any
    columns: dict[str, Any]


class SeenKey(NamedTuple):
    """A key that the source holds, with the row's time of change and whether it is marked as ended."""

    key: tuple[Any, ...]
    updated: Any
    ended: bool = False


class Run(NamedTuple):
    """The first and the last of times that cannot be read; in the database's order none that can be lay between."""

    first: Any
    last: Any


def _bound(value: Any) -> Any:
    """Give a value as a statement takes it: text with undecodable bytes, which only SQLite gives, as these bytes."""
    if not isinstance(value, str):
        return value
    if is_decoded(value):
        return sa.literal(value, _ASCII if value.isascii() else _TEXT)
    return sa.cast(sa.literal(value.encode("utf-8", "surrogateescape"), sa.LargeBinary), sa.Text)


class SqlSource:
    """One declared table of a database."""

    def __init__(self, engine: sa.Engine, source: Sql, key: Sequence[str], zone: ZoneInfo) -> None:
        self.engine = engine
        self.source = source
        self.table = sa.table(source.table, schema=source.schema)
        self._zone = zone
        self._key: list[sa.ColumnClause[Any]] = [sa.column(name) for name in key]
        self._updated = sa.column(source.updated) if source.updated else sa.null().label("no_time_of_change")
        self._mark = sa.column(source.ended.column) if source.ended else sa.null().label("no_mark_of_an_end")
        marks = (source.ended.column,) if source.ended else ()
        needed = dict.fromkeys((*source.columns, *key, *((source.updated,) if source.updated else ()), *marks))
        self._all: list[Any] = [sa.column(name) for name in needed] if source.columns else [sa.text("*")]
        self._unreadable: Run | None = None  # the last run of such times, where one is known
        self._many_nones = False  # whether the driver gave none for a page of times that the database has

    @contextmanager
    def answers(self) -> Iterator[None]:
        """Turn what the driver says into one sentence that names what is missing: a `SourceUnavailable`."""
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            raise SourceUnavailable(told(error, self.source.name, self.engine.url)) from error

    def micros(self, updated: Any) -> int:
        """Give a time of change of this table in microseconds."""
        return micros(updated, self.source.clock, self._zone)

    def now(self) -> int:
        """Give the database's own clock, in microseconds: the adapter's may be wrong."""
        if self.engine.dialect.name == "sqlite":
            return time.time_ns() // 1_000
        with self.answers(), self.engine.connect() as connection:
            return micros(connection.execute(sa.select(sa.func.now())).scalar_one(), Clock.TIMESTAMP, self._zone)

    def settled(self) -> int:
        """Give the time of change up to which rows are read: younger ones may change again, or have company to come."""
        return self.now() - int(self.source.settle_s * 1e6)

    def is_settled(self, updated: Any, newest: int) -> bool:
        """Tell whether a row may be read, `newest` being what `settled` gave.

        While its clock stands on one reading a row may change twice: read in between, the second change would be lost.
        """
        at = self.micros(updated)
        return at + step(at) <= newest

    def changed(self, after: Position | None, newest: int, *, page: int = PAGE) -> Iterator[list[ReadRow]]:
        """Give the rows that changed after a position and are settled, in the order of time and key, in pages.

        A row whose time cannot be read is left, as is one without any: nobody knows what comes after it. Those of the
        run that `keys` has met are not even asked for; nor are those for whose times the driver gives none (as some do
        for `0000-00-00`), once a page of them was met and while the last row is one: what is sorted before it waits for
        the comparison.
        """
        if self._many_nones and self._ends_in_none():
            return
        self._many_nones = False
        for part in reversed(self._parts()):
            for rows in self._in_order(part, after, page):
                ready, is_end = self._ready(rows, newest)
                if ready:
                    yield ready
                if is_end:
                    return

    def _in_order(self, part: sa.ColumnElement[bool], after: Position | None, page: int) -> Iterator[list[ReadRow]]:
        """Give the rows of a part of the table after a position, in the order of time and key, in pages.

        One statement reads `STATEMENT_PAGES` pages at most, of SQLite one.
        """
        most = page if self._locks else page * STATEMENT_PAGES
        beyond = 0  # rows after `after` that were read too: nothing can be compared with a time that is none
        while True:
            begin, read = (after, beyond), 0
            statement = self._after(after).where(part).limit(most)
            for rows in self._pages(statement.offset(beyond) if beyond else statement, page):
                yield rows
                read += len(rows)
                timed = next((at for at in range(len(rows), 0, -1) if rows[at - 1].updated is not None), 0)
                if timed:
                    after, beyond = Position(rows[timed - 1].updated, rows[timed - 1].key), len(rows) - timed
                else:
                    beyond += len(rows)
                    if len(rows) == page and self._ends_in_none():
                        self._many_nones = True
                        return
            # A database that compares a key in another way than it gives it would show the same page for ever.
            if read < most or (after, beyond) == begin:
                return

    def _ends_in_none(self) -> bool:
        """Tell whether the driver gives none for the last of the times that the database has."""
        last = sa.select(self._updated).select_from(self.table).where(self._updated.is_not(None))
        last = last.order_by(self._updated.desc()).limit(1)
        return [row[0] for _, rows in self._partitions(last, 1) for row in rows] == [None]

    def _ready(self, rows: Sequence[ReadRow], newest: int) -> tuple[list[ReadRow], bool]:
        """Give the rows before the first that is not settled, without unreadable times, and whether there is one."""
        ready: list[ReadRow] = []
        for row in rows:
            at = self.micros(row.updated)
            if at + step(at) > newest:
                return ready, True
            if at != UNKNOWN:
                ready.append(row)
        return ready, False

    def _after(self, after: Position | None) -> Any:
        statement = self._select()
        if after is not None:
            statement = statement.where(
                sa.or_(
                    self._updated > _bound(after.updated),
                    sa.and_(self._updated == _bound(after.updated), self._after_key(after.key)),
                )
            )
        return statement.order_by(self._updated, *self._key)

    def _parts(self) -> list[sa.ColumnElement[bool]]:
        """Give the parts of the table with times that may be read, the last first: all but the known run of others."""
        if self._unreadable is None:
            return [self._updated.is_not(None)]
        return [self._updated > _bound(self._unreadable.last), self._updated < _bound(self._unreadable.first)]

    def everything(self) -> Iterator[list[ReadRow]]:
        """Give all rows, in pages and in no order."""
        return self._pages(self._select(), PAGE)

    def keys(self, *, since: int | None = None) -> Iterator[list[SeenKey]]:
        """Give the keys of all rows, or of those that changed after `since` (microseconds), in pages."""
        if since is not None:
            yield from self._since(since)
            return
        yield from self._seen()
        self._unreadable = None  # a time that can be read may lie in the run that was known: it is met anew
        with suppress(SourceUnavailable):  # all keys were given: what only spares work breaks no comparison off
            for _ in self._since(self.now() - int(self.source.overlap_s * 1e6)):
                pass

    def _seen(self, *parts: sa.ColumnElement[bool]) -> Iterator[list[SeenKey]]:
        """Give the keys of all rows in no order, or of a part of the table with the last times first, in pages."""
        statement = sa.select(*self._key, self._updated, self._mark.label("kept_mark")).select_from(self.table)
        if parts:
            statement = statement.where(*parts).order_by(self._updated.desc())
        width = len(self._key)
        for _, rows in self._partitions(statement, PAGE):
            yield [SeenKey(tuple(row[:width]), row[width], self._says_ended(row[width + 1])) for row in rows]

    def _since(self, since: int) -> Iterator[list[SeenKey]]:
        """Give the keys of the rows that changed after `since`, the last first; note the first run that is met.

        A table may have any number of rows at `infinity`, or at a default that is no time, and they would be read again
        and again. A time that can be read may come before a run or behind it at any moment, and is asked for; one that
        comes in between waits for the comparison.
        """
        known, run, is_whole = self._unreadable, None, False
        for part in self._parts():
            for seen in self._seen(part):
                times = [self.micros(entry.updated) for entry in seen]
                for entry, at in zip(seen, times, strict=True):
                    if at != UNKNOWN:
                        is_whole = run is not None
                    elif not is_whole and entry.updated is not None:  # some drivers give none for what they cannot read
                        run = Run(entry.updated, run.last if run else entry.updated)
                self._unreadable = run or self._unreadable
                yield [entry for entry, at in zip(seen, times, strict=True) if at >= since]
                if any(UNKNOWN != at < since for at in times):
                    return
                if len(seen) == PAGE and all(entry.updated is None for entry in seen):
                    return
            if known is not None and not is_whole:  # nothing that can be read lies between the two
                run, known = Run(known.first, run.last if run else known.last), None
                self._unreadable = run

    def _says_ended(self, value: Any) -> bool:
        return self.source.ended is not None and says_ended(self.source.ended, value)

    def rows(self, keys: Sequence[tuple[Any, ...]]) -> list[ReadRow]:
        """Give the rows of `keys`, as far as they are still there."""
        parts = (keys[start : start + KEYS] for start in range(0, len(keys), KEYS))
        statements = (self._select().where(self._is_one_of(part)) for part in parts)
        return [row for statement in statements for page in self._pages(statement, PAGE) for row in page]

    def _is_one_of(self, keys: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
        if len(self._key) == 1:
            return self._key[0].in_([_bound(key[0]) for key in keys])
        return sa.or_(*(sa.and_(*(c == _bound(v) for c, v in zip(self._key, key, strict=True))) for key in keys))

    def sample(self, limit: int) -> list[ReadRow]:
        """Give some rows."""
        return [row for page in self._pages(self._select().limit(limit), PAGE) for row in page]

    def prepared(self, condition: sa.ColumnElement[bool]) -> SQLCompiler:
        """Write the statement that gives the rows that fit a condition, for `find`."""
        statement = self._select().where(condition).limit(sa.bindparam("most", type_=sa.Integer))
        compiled: SQLCompiler = statement.compile(self.engine)
        return compiled

    def find(self, statement: SQLCompiler, values: Mapping[str, Any], most: int) -> list[ReadRow]:
        """Run a prepared statement with its values for at most so many rows: in one round trip, as somebody waits."""
        parameters: Any = statement.construct_params({**values, "most": most})
        if statement.positiontup is not None:
            parameters = tuple(parameters[name] for name in statement.positiontup)
        with self.answers():
            try:
                return self._found(statement.string, parameters)
            except DBAPIError as error:
                if not error.connection_invalidated:
                    raise
            return self._found(statement.string, parameters)  # the database was restarted since the last time

    def _found(self, statement: str, parameters: Any) -> list[ReadRow]:
        with self.engine.connect() as connection:
            result = connection.exec_driver_sql(statement, parameters)
            return self._read(list(result.keys()), result.fetchall())

    def _select(self) -> Any:
        return sa.select(*self._all).select_from(self.table)

    def _after_key(self, key: tuple[Any, ...]) -> sa.ColumnElement[bool]:
        """Give the order of composite keys without row values, which not every database compares by index."""
        first, rest = self._key[0], list(zip(self._key, key, strict=True))[1:]
        condition: sa.ColumnElement[bool] = first > _bound(key[0])
        equal: sa.ColumnElement[bool] = first == _bound(key[0])
        for column, value in rest:
            condition = sa.or_(condition, sa.and_(equal, column > _bound(value)))
            equal = sa.and_(equal, column == _bound(value))
        return condition

    def _pages(self, statement: Any, page: int) -> Iterator[list[ReadRow]]:
        return (self._read(names, rows) for names, rows in self._partitions(statement, page))

    def _partitions(self, statement: Any, page: int) -> Iterator[tuple[list[str], Sequence[Any]]]:
        """Run a statement and give its rows in parts, without holding them all; see `_locks` for the exception."""
        with self.answers(), self._streaming() as connection, connection.execute(statement) as result:
            names = list(result.keys())
            if not self._locks:
                for rows in result.partitions(page):
                    yield names, rows
                return
            everything = result.fetchall()
        for start in range(0, len(everything), page):
            yield names, everything[start : start + page]

    @property
    def _locks(self) -> bool:
        """Whether an open result keeps the agency itself from writing, as in SQLite: it is read at once then."""
        return self.engine.dialect.name == "sqlite"

    def _read(self, names: list[str], rows: Sequence[Any]) -> list[ReadRow]:
        place = {name: index for index, name in enumerate(names)}
        try:
            key = [place[column.name] for column in self._key]
            updated = place[self.source.updated] if self.source.updated else None
        except KeyError as error:
            raise SourceUnavailable(
                f"The table {self.source.name} has no column {error.args[0]}; correct the declaration."
            ) from None
        return [
            ReadRow(
                tuple(row[index] for index in key),
                None if updated is None else row[updated],
                dict(zip(names, row, strict=True)),
            )
            for row in rows
        ]

    @contextmanager
    def _streaming(self) -> Iterator[sa.Connection]:
        with self.engine.connect().execution_options(stream_results=True) as connection:
            yield connection
