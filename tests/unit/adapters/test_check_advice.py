"""What `check` advises before an adapter goes live: the form of document numbers, and how often a table is compared."""

import json
import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

from deploy.cli_adapter import app

DECLARATION = """
from adapters.declaration import Adapter, Clock, Ended, Lookup, Sql, Stream, Surrogate
from contracts.identity import DocumentRef, IdentityData, PersonName
from contracts.records import PersonV1

def holder(row):
    return PersonV1(
        **row.own,
        subject=row.own["record"],
        identity=IdentityData(names=(PersonName(full=row["name"]),)),
        documents=(DocumentRef(number=row["passport"]),),
    )

ADAPTER = Adapter(
    system="invented", owner="o", purpose="p", legal_basis="l",
    streams=(Stream("person", PersonV1, SOURCE, Surrogate("id"), holder, lookup=Lookup(document="passport")),),
)
"""
SHORTER = " A table of so few rows may be read more often: `compare_s=30`."


@pytest.fixture
def advice(tmp_path):
    """Give what is advised of a table that is declared so, with these document numbers."""

    def advised(declared, *numbers):
        with closing(sqlite3.connect(tmp_path / "legacy.sqlite", isolation_level=None)) as database:
            database.execute("CREATE TABLE person (id TEXT, name TEXT, passport TEXT, gone TEXT, at INTEGER)")
            rows = [(str(number), "Ada Testova", written, None, number) for number, written in enumerate(numbers)]
            database.executemany("INSERT INTO person VALUES (?, ?, ?, ?, ?)", rows)
        file = tmp_path / "invented.py"
        file.write_text(DECLARATION.replace("SOURCE", f'Sql("person", {declared})'))
        arguments = ["check", str(file), "--source", f"sqlite:///{tmp_path / 'legacy.sqlite'}", "--json"]
        found = json.loads(CliRunner().invoke(app, arguments).stdout)
        return [finding["text"] for finding in found if finding["level"] == "advice" and "index" not in finding["text"]]

    return advised


MARKED = 'updated="at", clock=Clock.EPOCH_S, ended=Ended("gone")'


def test_document_numbers_in_another_form_are_counted_and_the_function_named(advice):
    told, mapping = advice(MARKED, "X1000008", "X 1000-009")
    assert told == (
        "1 of 2 document numbers in the column passport have small letters, blanks or signs: live questions ask for "
        "capitals and digits alone and do not find them; name a column that holds them so."
    )
    assert mapping == (
        "1 of 2 rows map; 1 x invalid number (column passport): string_pattern_mismatch. "
        "`document_number()` of `contracts.identity` brings a document number to its form."
    )


def test_numbers_in_their_form_are_not_spoken_of_though_a_column_of_fixed_width_fills_them_up(advice):
    assert advice(MARKED, "X1000008", "X1000009   ") == []


def test_it_is_said_when_deleted_rows_of_a_table_without_a_mark_are_found(advice):
    (told,) = advice('updated="at", clock=Clock.EPOCH_S', "X1000008")
    deleted = "No mark of an end is declared (`ended`): rows that are deleted are found by the comparison, every 300 s"
    assert told == f"{deleted} (`compare_s`).{SHORTER}"


def test_a_table_that_is_compared_often_is_advised_to_nothing_more(advice):
    (told,) = advice('updated="at", clock=Clock.EPOCH_S, compare_s=30', "X1000008")
    assert told.endswith("every 30 s (`compare_s`).")


def test_it_is_said_when_changes_of_a_table_without_a_time_of_change_are_found(advice):
    (told,) = advice("updated=None", "X1000008")
    whole = "There is no time of change: the whole table is read every 300 s (`compare_s`)"
    assert told == f"{whole}, and what changed or was deleted found then.{SHORTER}"
