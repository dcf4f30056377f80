"""This module connects to a legacy database. Nothing is ever written: read-only where the database knows how."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from hub.errors import Misconfigured

POOL = 6
WRITTEN = (
    "postgresql://reader@host/name, or for a file of SQLite sqlite:////folder/name.db (three slashes, and a fourth "
    "where the path begins at the root); a URL with a password belongs into a file that ISTHMUS_SOURCE_FILE names"
)
"""How the source of an adapter of tables is written, for a person."""


def connect(url: str, *, live: bool = False) -> sa.Engine:
    """Give an engine for a legacy database.

    For `live` questions every round trip counts: no transactions, and connections are not tried before they are used.

    Raises:
        Misconfigured: `url` is no SQLAlchemy URL, or of a database whose driver is not there.
    """
    try:
        return _engine(make_url(url), live=live)
    except (NoSuchModuleError, ImportError):
        raise Misconfigured(f"There is no driver here for the database of the source; write it as {WRITTEN}.") from None
    except (ArgumentError, ValueError):  # the latter of a port that is no number
        raise Misconfigured(f"The source is no database URL; write it as {WRITTEN}.") from None


def _engine(parsed: URL, *, live: bool) -> sa.Engine:
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    arguments: dict[str, Any] = {}
    if parsed.get_backend_name() == "postgresql":
        arguments = {"connect_timeout": 5, "options": "-c default_transaction_read_only=on"}
    options: dict[str, Any] = {"pool_pre_ping": True}
    if live:
        options = {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None}
    engine = sa.create_engine(parsed, pool_size=POOL, max_overflow=2, connect_args=arguments, **options)
    if engine.dialect.driver == "psycopg":
        _hand_over_times_as_text(engine)
    return engine


def _hand_over_times_as_text(engine: sa.Engine) -> None:
    from adapters.postgres_times import hand_over_as_text  # noqa: PLC0415  other databases need no such driver

    @sa.event.listens_for(engine, "connect")
    def tolerate(connection: Any, _record: Any) -> None:
        hand_over_as_text(connection.adapters)


def _sqlite(url: URL) -> sa.Engine:
    if url.database and url.database != ":memory:":  # SQLite makes a file that is not there, and nothing may be written
        url = url.set(database=f"file:{quote(url.database)}", query={**url.query, "mode": "rw", "uri": "true"})
    engine = sa.create_engine(url, connect_args={"timeout": 5, "check_same_thread": False})

    @sa.event.listens_for(engine, "connect")
    def read_only(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA query_only=ON")
        # SQLite keeps any bytes as text: one bad value must cost one row, and not the whole table.
        connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")

    return engine
