"""The example of a published list: ten invented rows with its traps, and, where it is at hand, the list itself."""

import csv
import gzip
import json
import os
from itertools import chain
from pathlib import Path

import pytest

from adapters.declaration import File
from adapters.examples.eu_journal import ADAPTER
from adapters.file_source import FileRow, FileSource
from adapters.trial import trials

STREAM = ADAPTER.stream("listing")
EMPTY = dict.fromkeys(
    [
        *("celex", "recordId", "name", "alias", "weakAlias", "previousName", "country", "nationality", "birthDate"),
        *("birthPlace", "gender", "position", "passportNumber", "idNumber", "startDate", "annex", "measure", "notes"),
    ],
    "",
)
INVENTED = [
    {"name": "TESTOVA Ada"},
    {"name": "TESTOVA Ada", "alias": "Ada Tester; A. Testova", "birthDate": "6.3.1955 or 15.3.1955"},
    {"name": "TESTOVA Ada", "birthDate": "circa 1957", "nationality": "Iranian and US", "gender": "Female"},
    {"name": "TESTOVA Ada", "passportNumber": "X0000001 (Iran); 000000002 (USA)", "gender": "female"},
    {"name": "Ada (a.k.a. Adda) TESTOVA", "birthDate": "Between 1958 and 1963; Approximately 1970"},
    {"name": "TESTOVA Ada Ада Тестова", "alias": "Ада Тэстава", "startDate": "1 Jan. 2020"},
    {"name": "TESTOVA Ada", "birthDate": "28 September; (year unknown)", "nationality": "Myanmar/ Burma"},
    {"name": "TESTOVA Ada", "birthPlace": "Utopia " * 100, "previousName": "Mustrová"},
    {"name": "TESTOVA Ada", "nationality": "of nowhere at all"},
    {"name": "", "alias": ""},
]


def mapped(rows):
    keys = {"celex": "3", "annex": "I"}  # a row without a key is a dead letter, whatever it tells
    numbered = [{**EMPTY, **keys, "recordId": str(number), **row} for number, row in enumerate(rows)]
    return list(trials(ADAPTER, STREAM, [FileRow(row) for row in numbered]))


def test_ten_rows_with_the_traps_of_the_list_map_or_are_dead_letters_with_a_reason():
    made = mapped(INVENTED)
    assert [trial.fault.reason if trial.fault else None for trial in made] == [*[None] * 8, "unmapped", "invalid"]


def test_dates_documents_and_scripts_are_found_in_prose():
    made = [json.loads(trial.after)["person"] for trial in mapped(INVENTED[:8])]
    assert made[1]["birth_dates"] == ["1955-03-06", "1955-03-15"]
    assert made[2]["nationalities"] == ["IRN", "USA"]
    assert made[4]["birth_dates"][-1] == "1970"
    assert {name.get("script") for name in made[5]["names"]} == {"Latn", "Cyrl"}


@pytest.mark.data
def test_nearly_every_row_of_the_list_itself_maps():
    folder = Path(os.environ.get("ISTHMUS_DATA", "absent")) / "names" / "eu-journal"
    if not folder.is_dir():
        pytest.skip("ISTHMUS_DATA names no folder with the list")
    assert isinstance(STREAM.source, File)
    source = FileSource(folder, STREAM.source)
    rows = list(chain.from_iterable(source.pages(source.newest())))
    with gzip.open(next(folder.glob("*persons*.csv.gz")), "rt", encoding="utf-8") as file:
        assert len(rows) == sum(1 for _ in csv.DictReader(file))
    made = list(trials(ADAPTER, STREAM, rows))
    good = sum(1 for trial in made if trial.fault is None)
    assert good / len(made) > 0.99
    assert all(trial.fault.field for trial in made if trial.fault)
