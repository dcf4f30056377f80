"""The examples of `docs/evaluation.md` are run as they stand there."""

import re
import shlex

import pytest
from typer.testing import CliRunner

from adapters.conversions.countries import nationalities_in
from deploy.cli_evaluate import app
from deploy.local.home import CHECKOUT
from deploy.text_files import read_table
from search.evaluation.linked_records import CONTRACT_NAMES
from search.evaluation.people import QUERY_COLUMNS, RECORD_COLUMNS, people_of, queries_of

BLOCK = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = BLOCK.findall((CHECKOUT / "docs" / "evaluation.md").read_text(encoding="utf-8"))
EXAMPLES = [text.splitlines() for kind, _, text in BLOCKS if kind == "console"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for _, name, text in BLOCKS:
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_each_command_that_needs_no_server_has_an_example():
    assert {command.split()[3] for command, *_ in EXAMPLES} == {"names", "linkage", "mrz"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda lines: lines[0])
@pytest.mark.usefixtures("folder")
def test_an_example_prints_what_the_document_says(example):
    command, *told = example
    result = CliRunner().invoke(app, shlex.split(command)[3:])
    printed = [line.split() for line in (result.stdout + result.stderr).splitlines()]
    assert result.exit_code == 0
    assert [line for line in told if line.split() not in printed] == []


def test_the_tables_of_searches_are_read_without_a_fault(folder):
    records = read_table(folder / "records.csv", RECORD_COLUMNS)
    people = people_of(records.rows, nationalities_in)
    (positive, negative) = queries_of(read_table(folder / "queries.csv", QUERY_COLUMNS).rows, nationalities_in)
    assert (len(people.events), people.faults, records.faults) == (2, [], [])
    assert (positive.expected, positive.fault, negative.expected, negative.fault) == ({"1"}, "", frozenset(), "")


def test_the_document_tells_the_names_that_a_map_knows():
    text = (CHECKOUT / "docs" / "evaluation.md").read_text(encoding="utf-8")
    told = {
        field: tuple(re.findall("`(.+?)`", names))
        for field, names in re.findall(r"^\| (\w+) \| (`.+?) \|$", text, re.MULTILINE)
    }
    assert {field: told.get(field) for field in CONTRACT_NAMES} == CONTRACT_NAMES
