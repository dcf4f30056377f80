"""Statements as databases get them: what types their parameters have, and how many there are."""

import datetime as dt
import sqlite3
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.postgresql import psycopg

from adapters.databases import connect
from adapters.declaration import Sql
from adapters.position import Position
from adapters.sql_source import SqlSource

POSTGRESQL, SQLITE = psycopg.dialect(), sqlite.dialect()
END = "infinity"


class Watched(SqlSource):
    """A table whose statements are kept in place of being run."""

    def _pages(self, statement, page):
        self.statement = statement
        return iter(())


@pytest.fixture
def table():
    return Watched(sa.create_engine("sqlite://"), Sql("paper"), ("doc_no", "valid_to"), ZoneInfo("UTC"))


def asked(table, dialect):
    compiled = table.statement.compile(dialect=dialect)
    return str(compiled).partition("WHERE")[2], compiled.params


@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE])
def test_postgresql_gets_text_without_a_type_for_it_may_be_a_time(table, dialect):
    table.rows([("X1  ", END)])
    statement, values = asked(table, dialect)
    assert "VARCHAR" not in statement
    assert list(values.values()) == ["X1  ", END]
    list(table.changed(Position(END, ("X1  ", END)), 0))
    statement, values = asked(table, dialect)
    assert "VARCHAR" not in statement
    assert set(values.values()) >= {"X1  ", END}


def test_so_it_is_with_a_key_of_one_column():
    table = Watched(sa.create_engine("sqlite://"), Sql("paper"), ("doc_no",), ZoneInfo("UTC"))
    table.rows([("X1  ",), ("X2  ",)])
    statement, values = asked(table, POSTGRESQL)
    assert "VARCHAR" not in statement
    assert list(values.values()) == ["X1  ", "X2  "]


def test_other_databases_get_text_with_its_type(table):
    table.rows([("X1", "Ł1")])
    types = {bind.value: bind.type for bind in table.statement.compile(dialect=SQLITE).binds.values()}
    assert isinstance(types["X1"].dialect_impl(SQLITE), sa.String)
    assert isinstance(types["Ł1"].dialect_impl(SQLITE), sa.Unicode)


def test_other_values_have_their_types(table):
    table.rows([(7, dt.date(2026, 3, 1))])
    statement, _ = asked(table, POSTGRESQL)
    assert "::INTEGER" in statement
    assert "::DATE" in statement


@pytest.mark.parametrize("key", [("doc_no",), ("doc_no", "valid_to")])
def test_a_thousand_rows_are_found_by_their_keys_also_where_these_have_two_columns(tmp_path, key):
    database = sqlite3.connect(tmp_path / "legacy.sqlite")
    database.execute("CREATE TABLE paper (doc_no TEXT, valid_to TEXT, updated_at TEXT)")
    keys = [(f"X{number}", END)[: len(key)] for number in range(1_000)]
    database.executemany("INSERT INTO paper VALUES (?, ?, NULL)", [(each[0], END) for each in keys])
    database.commit()
    database.close()
    engine = connect(f"sqlite:///{tmp_path / 'legacy.sqlite'}")
    table = SqlSource(engine, Sql("paper"), key, ZoneInfo("UTC"))
    assert [row.key for row in table.rows(keys)] == keys
    assert table.rows([]) == []
    engine.dispose()
