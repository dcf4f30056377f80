"""`check`, `preview` and a running adapter say the same of the same rows."""

import json
import os
import sqlite3
from collections import Counter
from contextlib import closing

import pytest
from typer.testing import CliRunner

from adapters.conformance.recorder import Recorder
from adapters.failures import SourceUnavailable
from adapters.registry import find
from adapters.streams import Sources, Streams
from deploy.cli_adapter import app
from hub.audit import Auditor

DECLARATION = """
from adapters.conversions import dates
from adapters.declaration import Adapter, Clock, Ended, File, Sql, Stream, Surrogate
from contracts.identity import DocumentRef, IdentityData, PersonName
from contracts.records import PersonV1

def holder(row):
    return PersonV1(
        **row.own,
        subject=row.own["record"],
        identity=IdentityData(names=(PersonName(full=row["name"]),), birth_dates=dates.some(dates.digits(row["born"]))),
    )

ADAPTER = Adapter(
    system="invented", owner="o", purpose="p", legal_basis="l",
    streams=(Stream("person", PersonV1, SOURCE, Surrogate("id"), holder),),
)
"""
LIST = 'File("*.csv", ended=Ended("gone"))'
WHOLE = 'Sql("person", updated=None, ended=Ended("gone"), settle_s=0)'
TABLE = 'Sql("person", updated="at", clock=Clock.EPOCH_S, ended=Ended("gone"), settle_s=0, compare_s=7)'
GOOD = ("1", b"Ada Testova", "19600811", None, 1)
ROWS = [
    GOOD,
    ("1", b"Bo Testov", "19600811", None, 2),  # the key of another
    (None, b"Cy Testov", "19600811", None, 3),  # no key
    (None, b"Cy Testov", "19600811", None, 3),  # and the same again
    ("5", b"Di Testova", "born", None, 5),  # does not map
    ("6", b"Test\xffova", "19600811", None, 6),  # cannot be decoded
    ("7", b"Test\xffova", "19600811", "yes", 7),  # nor can this, but it has ended
]
KEYS_OF_ONE_EACH = [("1", *GOOD[1:4], "no time"), ("2", *GOOD[1:4], None), *((f"{n}", *GOOD[1:]) for n in (3, 4, 5))]


class Agency:
    """A source with rows, and what each of the three says of it."""

    def __init__(self, folder, source, rows):
        self.folder = folder
        self.file = folder / "invented.py"
        self.file.write_text(DECLARATION.replace("SOURCE", source))
        self.source = str(folder / "drops")
        if source == LIST:
            self._drop(rows)
        else:
            self.source = f"sqlite:///{folder / 'legacy.sqlite'}"
            with closing(sqlite3.connect(folder / "legacy.sqlite", isolation_level=None)) as database:
                database.execute("CREATE TABLE person (id TEXT, name TEXT, born TEXT, gone TEXT, at)")
                database.executemany("INSERT INTO person VALUES (?, CAST(? AS TEXT), ?, ?, ?)", rows)

    def _drop(self, rows):
        drops = self.folder / "drops"
        drops.mkdir()
        lines = [
            b",".join(cell if isinstance(cell, bytes) else (cell or "").encode() for cell in row[:4]) for row in rows
        ]
        (drops / "list.csv").write_bytes(b"\n".join([b"id,name,born,gone", *lines, b""]))
        os.utime(drops / "list.csv", (1, 1))

    def call(self, command, *options):
        arguments = [command, str(self.file), "--source", self.source, *options]
        return CliRunner().invoke(app, arguments, env={"COLUMNS": "220"})

    def found(self):
        result = self.call("check", "--json")
        return result.exit_code, {finding["text"]: finding["level"] for finding in json.loads(result.stdout)}

    def previewed(self):
        shown = json.loads(self.call("preview", "--rows", "20", "--json").stdout)
        return Counter(f"{row['fault']['reason']} {row['fault']['field']}" for row in shown if row["fault"])

    async def run(self):
        adapter, kafka = find(str(self.file)), Recorder()
        sources = Sources(adapter, self.source)
        with Streams(adapter, sources, self.folder / "state", kafka, Auditor(kafka, "test")) as streams:
            await streams.running[0].reader.poll()
        letters = ((letter["dead_reason"], letter["dead_field"]) for letter in kafka.dead_letters())
        return kafka, Counter(f"{reason.decode()} {field.decode()}" for reason, field in letters)


@pytest.mark.parametrize("source", [LIST, WHOLE], ids=["list", "table without a time of change"])
async def test_the_dead_letters_of_a_whole_are_those_that_check_and_preview_tell(tmp_path, source):
    agency = Agency(tmp_path, source, ROWS)
    column = "encoding" if source == LIST else "column name"
    expected = {
        "duplicate-key column id": 1,
        "no-key column id": 1,
        "unmapped column born": 1,
        f"unreadable {column}": 1,
    }
    kafka, letters = await agency.run()
    assert letters == expected
    assert list(kafka.held()) == ["invented:person:1"]
    assert agency.previewed() == {**expected, "no-key column id": 2}  # equal lines make one letter
    status, found = agency.found()
    assert status == 0
    assert any(text.startswith("2 of 7 rows map; 2 x no-key column id; 1 x ") for text in found)
    rows = "2 of 7 rows have no whole key: they are dead letters, and while one is there nothing ends."
    assert found[rows] == "advice"
    again = "1 of 7 rows have the key of another: the first of them stands, the others are dead letters; "
    assert found[f"{again}where they are records of their own choose more key columns."] == "advice"


async def test_so_it_is_with_a_table_that_keeps_a_time_of_change(tmp_path):
    agency = Agency(tmp_path, TABLE, [ROWS[0], *ROWS[4:]])
    expected = {"unmapped column born": 1, "unreadable column name": 1}
    kafka, letters = await agency.run()
    assert letters == agency.previewed() == expected
    assert list(kafka.held()) == ["invented:person:1"]
    status, found = agency.found()
    assert status == 0
    assert "2 of 4 rows map; 1 x unmapped column born; 1 x unreadable column name." in found


async def test_rows_whose_time_of_change_cannot_be_read_are_published_and_advised_on(tmp_path):
    agency = Agency(tmp_path, TABLE, KEYS_OF_ONE_EACH)
    kafka, letters = await agency.run()
    assert (len(kafka.held()), letters) == (5, {})
    status, found = agency.found()
    assert status == 0
    text = (
        "2 of 5 times of change cannot be read; look at `clock`. Such rows are published, and their changes found by "
        "the comparison alone, every 7 s (`compare_s`)."
    )
    assert found[text] == "advice"


def test_a_clock_by_which_no_time_can_be_read_is_not_fit(tmp_path):
    status, found = Agency(tmp_path, TABLE, KEYS_OF_ONE_EACH[:2]).found()
    assert status == 1
    assert found["None of 2 times of change can be read; correct `clock`, or declare `updated=None`."] == "fault"


def test_keys_that_stand_twice_in_a_table_with_a_time_of_change_are_not_fit(tmp_path):
    status, found = Agency(tmp_path, TABLE, ROWS[:4]).found()
    assert status == 1
    assert found["2 rows have no key and 1 keys stand twice; choose other key columns."] == "fault"


def test_preview_shows_empty_columns_and_tells_a_dead_letter_in_a_sentence(tmp_path):
    shown = " ".join(Agency(tmp_path, WHOLE, ROWS).call("preview", "--rows", "20").stdout.split())
    assert "gone: NULL" in shown
    assert "dead letter, unmapped: The row cannot be mapped (column born)." in shown
    assert "dead letter, no-key: The row has no whole key (column id)." in shown
    assert "dead letter, duplicate-key: Another row has the same key (column id)." in shown
    assert "dead letter, unreadable: The row has bytes that cannot be decoded (column name)." in shown
    assert "Test\ufffdova" in shown


async def test_a_list_that_breaks_off_behind_the_rows_that_are_tried_is_not_fit(tmp_path):
    rows = [(str(number), *GOOD[1:]) for number in range(600)]
    agency = Agency(tmp_path, LIST, rows)
    status, found = agency.found()
    assert (status, found["The list list.csv can be read to its end, 600 rows."]) == (0, "fine")
    with (tmp_path / "drops" / "list.csv").open("a") as file:
        file.write('600,"Ada Testova,19600811,\n')
    os.utime(tmp_path / "drops" / "list.csv", (1, 1))
    text = "The list list.csv cannot be read from line 602 on"
    with pytest.raises(SourceUnavailable, match=text):
        await agency.run()
    status, found = agency.found()
    assert status == 1
    assert [told for told, level in found.items() if level == "fault" and told.startswith(text)]
