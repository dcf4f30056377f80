"""This module gives each reference agency the place of its legacy records, and its adapter the right to read them."""

from collections.abc import Callable

import psycopg

from deploy.local.home import Home
from deploy.local.postgres import Login, PostgresServer
from deploy.local.reference_agencies import REFERENCE_AGENCIES, ReferenceAgency, Storage
from deploy.local.secrets import Secrets


class Sources:
    """The reference agencies' sources, as addresses that SQLAlchemy takes, or `file://` for a folder of files."""

    def __init__(self, home: Home, secrets: Secrets, postgres: Callable[[], PostgresServer]) -> None:
        self._home = home
        self._secrets = secrets
        self._postgres = postgres

    def make(self) -> None:
        """Make databases and folders, empty, and the files that tell each adapter its source."""
        for agency in REFERENCE_AGENCIES:
            if agency.storage is None:
                continue
            if agency.storage is Storage.POSTGRESQL:
                self._postgres().make_database(
                    agency.system, self._login(agency, "owner"), self._login(agency, "reader")
                )
            elif agency.storage is Storage.FOLDER:
                (self._home.agencies / agency.system).mkdir(exist_ok=True)
            self._secrets.keep(f"source-{agency.system}", self.reader_url(agency.system) + "\n")

    def reader_url(self, system: str) -> str:
        """Give the address with which the adapter reads; in PostgreSQL as a role that only can read."""
        return self._url(_agency(system), "reader")

    def owner_url(self, system: str) -> str:
        """Give the address with which the agency itself writes its records."""
        return self._url(_agency(system), "owner")

    def exists(self, system: str) -> bool:
        """Tell whether the agency has anything in its place yet: tables, a file."""
        agency = _agency(system)
        if agency.storage is Storage.SQLITE:
            return (self._home.agencies / f"{system}.sqlite").is_file()
        if agency.storage is Storage.FOLDER:
            return any((self._home.agencies / system).glob("*"))
        return agency.storage is Storage.POSTGRESQL and self._has_tables(agency)

    def _has_tables(self, agency: ReferenceAgency) -> bool:
        url = self._url(agency, "owner").replace("+psycopg", "")
        with psycopg.connect(url) as connection:
            row = connection.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone()
        return row is not None and int(row[0]) > 0

    def _login(self, agency: ReferenceAgency, part: str) -> Login:
        role = f"{agency.system}-{part}"
        return Login(role, self._secrets.password(f"postgres-{role}"))

    def _url(self, agency: ReferenceAgency, part: str) -> str:
        if agency.storage is Storage.POSTGRESQL:
            return self._postgres().url(agency.system, self._login(agency, part))
        if agency.storage is Storage.SQLITE:
            return f"sqlite:///{self._home.agencies / agency.system}.sqlite"
        return (self._home.agencies / agency.system).as_uri()


def _agency(system: str) -> ReferenceAgency:
    return next(agency for agency in REFERENCE_AGENCIES if agency.system == system)
