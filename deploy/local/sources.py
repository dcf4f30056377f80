"""This module gives each reference agency the place of its legacy records, and its adapter the right to read them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from deploy.local.faults import ServerFailed
from deploy.local.home import Home
from deploy.local.postgres import Login, PostgresServer
from deploy.local.reference_agencies import STORAGE, Storage
from deploy.local.secrets import Secrets


class Sources:
    """The reference agencies' sources, as addresses that SQLAlchemy takes, or the path of a folder of files."""

    def __init__(self, home: Home, secrets: Secrets, postgres: Callable[[], PostgresServer]) -> None:
        self._home = home
        self._secrets = secrets
        self._postgres = postgres

    def make(self) -> None:
        """Make databases and folders, empty, and the files that tell each adapter its source.

        Raises:
            ServerFailed: PostgreSQL refused, or went away.
        """
        for system, storage in STORAGE.items():
            if storage is Storage.POSTGRESQL:
                with self._reached() as postgres:
                    postgres.make_database(system, self._login(system, "owner"), self._login(system, "reader"))
            elif storage is Storage.FOLDER:
                (self._home.agencies / system).mkdir(exist_ok=True)
            self._secrets.keep(f"source-{system}", self.reader_url(system) + "\n")

    def reader_url(self, system: str) -> str:
        """Give the address with which the adapter reads; in PostgreSQL as a role that only can read."""
        return self._url(system, "reader")

    def owner_url(self, system: str) -> str:
        """Give the address with which the agency itself writes its records."""
        return self._url(system, "owner")

    def exists(self, system: str) -> bool:
        """Tell whether the agency has anything in its place yet: tables, a file."""
        storage = STORAGE[system]
        if storage is Storage.SQLITE:
            return (self._home.agencies / f"{system}.sqlite").is_file()
        if storage is Storage.FOLDER:
            return any((self._home.agencies / system).glob("*"))
        return self._has_tables(system)

    def _has_tables(self, system: str) -> bool:
        url = self.owner_url(system).replace("+psycopg", "")
        with self._reached(), psycopg.connect(url) as connection:
            row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        return row is not None and int(row[0]) > 0

    @contextmanager
    def _reached(self) -> Iterator[PostgresServer]:
        postgres = self._postgres()
        try:
            yield postgres
        except psycopg.Error as error:
            message = (
                f"PostgreSQL refused what the reference agencies need, or went away ({type(error).__name__}): "
                f"look into {postgres.log} and start again."
            )
            raise ServerFailed(message) from error

    def _login(self, system: str, part: str) -> Login:
        role = f"{system}-{part}"
        return Login(role, self._secrets.password(f"postgres-{role}"))

    def _url(self, system: str, part: str) -> str:
        if STORAGE[system] is Storage.POSTGRESQL:
            return self._postgres().url(system, self._login(system, part))
        if STORAGE[system] is Storage.SQLITE:
            return f"sqlite:///{self._home.agencies / system}.sqlite"
        return str(self._home.agencies / system)
