"""This module loads rows into PostgreSQL as an agency's own bulk load would: by COPY, in short transactions.

Every row is written anew, changed or not, and gets a new change time, so readers who follow change times see them all.
"""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, Table

CHUNK = 5_000  # rows a transaction: none is open for longer than readers wait for late commits

Row = dict[str, Any]


def load(engine: Engine, table: Table, rows: Iterable[Row]) -> int:
    """Insert or replace rows by their primary key; gives their number.

    `updated_at` becomes the moment of writing, and `deleted_at` (where there is one) empty again.
    """
    connection = engine.raw_connection()
    remaining = iter(rows)
    loaded = 0
    try:
        driver: Any = connection.driver_connection
        while chunk := list(islice(remaining, CHUNK)):
            _replace(driver, table, chunk)
            driver.commit()
            loaded += len(chunk)
    finally:
        connection.close()
    return loaded


def _replace(connection: psycopg.Connection[Any], table: Table, rows: Sequence[Row]) -> None:
    target, stage = sql.Identifier(table.name), sql.Identifier(f"stage_{table.name}")
    names = list(rows[0])
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    key = sql.Identifier(next(iter(table.primary_key.columns)).name)
    fresh: list[sql.Composable] = [
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in names if sql.Identifier(name) != key
    ]
    fresh.append(sql.SQL("updated_at = excluded.updated_at"))
    if "deleted_at" in table.c:
        fresh.append(sql.SQL("deleted_at = NULL"))
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("CREATE TEMPORARY TABLE {} (LIKE {} INCLUDING DEFAULTS) ON COMMIT DROP").format(stage, target)
        )
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(stage, columns)) as copy:
            for row in rows:
                copy.write_row([row[name] for name in names])
        cursor.execute(
            sql.SQL(
                "INSERT INTO {} ({}, updated_at) SELECT {}, clock_timestamp() FROM {} ON CONFLICT ({}) DO UPDATE SET {}"
            ).format(target, columns, columns, stage, key, sql.SQL(", ").join(fresh))
        )
