"""What a database refuses is said in one sentence: the table, column or right that is missing, and what to do."""

import json
import os
from pathlib import Path
from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from typer.testing import CliRunner

from adapters.database_faults import told
from deploy.cli_adapter import app

POSTGRES = make_url("postgresql://reader:secret@db.test:5432/permits")
DECLARATION = """
from adapters.declaration import Adapter, Clock, Lookup, Sql, Stream, Surrogate
from contracts.records import PersonV1

SOURCE = Sql("HOLDERS", updated="CHANGED", clock=Clock.EPOCH_S, columns=("ID", "LAST"))
STREAM = Stream("person", PersonV1, SOURCE, Surrogate("ID"), lambda row: None, lookup=Lookup(document="PASSPORT"))
ADAPTER = Adapter("permits", "o", "p", "l", (STREAM,))
"""


class DriverError(Exception):
    def __init__(self, text, sqlstate=None):
        super().__init__(text)
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("text", "sqlstate", "sentence"),
    [
        ('relation "holders" does not exist\nLINE 1: SELECT', "42P01", "There is no table holders for this account"),
        ('column "chnged" does not exist', "42703", "The table holders has no column chnged"),
        ("permission denied for table holders", "42501", "may not read the table holders; grant it SELECT"),
        ('FATAL:  password authentication failed for user "x"', None, "db.test:5432/permits refuses the account"),
        ('FATAL:  role "reader" does not exist', None, "db.test:5432/permits refuses the account"),
        ('FATAL:  database "permits" does not exist', None, "There is no database db.test:5432/permits"),
        ("connection refused", None, "The database db.test:5432/permits does not answer"),
    ],
)
def test_what_postgresql_says_becomes_a_sentence_without_the_account_and_the_statement(text, sqlstate, sentence):
    said = told(OperationalError("SELECT", {}, DriverError(text, sqlstate)), "holders", POSTGRES)
    assert sentence in said
    assert said.endswith(".")
    assert not any(word in said for word in ("reader", "secret", "LINE", "again"))


@pytest.fixture
def declared(tmp_path, monkeypatch):
    for name in ("ISTHMUS_SOURCE", "ISTHMUS_SOURCE_FILE"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "permits.py"
    file.write_text(DECLARATION)
    return SimpleNamespace(file=str(file), database=tmp_path / "permits.db")


def faults(declared, *statements):
    """Make a database of statements, and give what `check` finds wrong with it."""
    url = f"sqlite:///{declared.database}"
    if statements:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))
        engine.dispose()
    result = CliRunner().invoke(app, ["check", declared.file, "--source", url, "--json"])
    assert result.exit_code == 1
    return [finding["text"] for finding in json.loads(result.stdout) if finding["level"] == "fault"]


def test_check_names_a_missing_table(declared):
    assert faults(declared, "CREATE TABLE OTHERS (ID)") == [
        "There is no table HOLDERS for this account; correct the declaration, or let the account see it."
    ]


@pytest.mark.parametrize("filled", [False, True])
def test_check_names_all_missing_columns_even_of_an_empty_table(declared, filled):
    rows = ["INSERT INTO HOLDERS VALUES (1, 'TESTOVA')"] if filled else []
    assert faults(declared, "CREATE TABLE HOLDERS (ID, LAST)", *rows) == [
        "The table HOLDERS has no column CHANGED, PASSPORT; correct the declaration."
    ]


def test_check_names_days_that_are_declared_as_times_of_change(declared):
    declaration = DECLARATION.replace("Clock.EPOCH_S", "Clock.TEXT")
    Path(declared.file).write_text(declaration)
    table = "CREATE TABLE HOLDERS (ID, LAST, PASSPORT, CHANGED)"
    rows = "INSERT INTO HOLDERS VALUES (1, 'A', 'X1', '2026-03-01'), (2, 'B', 'X2', '2026-03-01 12:00')"
    assert faults(declared, table, rows)[0] == (
        "1 of the first 500 times of change are days, whose changes look alike; declare `updated=None`."
    )


def test_check_names_a_missing_database_and_a_file_that_is_none(declared):
    (absent,) = faults(declared)
    assert f"The database file {declared.database} cannot be opened" in absent
    declared.database.write_bytes(b"no database" * 100)
    assert faults(declared) == [f"The file {declared.database} is no SQLite database; correct the source."]


def test_check_names_a_folder_that_is_not_there_and_a_column_that_a_list_lacks(tmp_path):
    call = ["check", "blacklist", "--json", "--source"]
    assert "no folder" in CliRunner().invoke(app, [*call, str(tmp_path / "absent")]).stdout
    assert "no rows yet (file *.csv;" in CliRunner().invoke(app, [*call, str(tmp_path)]).stdout
    (tmp_path / "list.csv").write_text("NUMERO;MOTIF\nX0000001;VOLE\n")
    os.utime(tmp_path / "list.csv", ns=(10**18, 10**18))
    assert "no column PAYS in the list list.csv" in CliRunner().invoke(app, [*call, str(tmp_path)]).stdout
