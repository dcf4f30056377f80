"""`isthmus evaluate retrieval` without its server: what it refuses, what it writes, and how it ends."""

import csv
import json

import pytest
from typer.testing import CliRunner

from deploy import cli_evaluate_retrieval
from deploy.cli_evaluate import app
from deploy.exits import Exit
from search.evaluation.retrieval import Answer
from search.evaluation.tables import NotMeasurable


@pytest.fixture(autouse=True)
def nobody_is_found(monkeypatch):
    async def answered(_settings, _people, questions, _teller):
        return [Answer(question, (), 1.0) for question in questions]

    monkeypatch.setattr(cli_evaluate_retrieval, "answered", answered)
    monkeypatch.setattr(cli_evaluate_retrieval, "elasticsearch", lambda _stack: None)
    monkeypatch.setattr(cli_evaluate_retrieval, "end_as_by_ctrl_c", lambda: None)


def run(folder, queries, *options, records="id,name\n1,Ada Testova\n"):
    (folder / "records.csv").write_text(records)
    (folder / "queries.csv").write_text(queries)
    return CliRunner().invoke(
        app, ["retrieval", str(folder / "records.csv"), str(folder / "queries.csv"), "--json", *options]
    )


def test_without_negatives_their_alerts_are_not_defined(tmp_path):
    result = run(tmp_path, "name,expected_id\nAda Testova,1\n")
    assert result.exit_code == Exit.DONE, result.exception
    told = json.loads(result.stdout)
    assert (told["recall_at_1"], told["alerts_per_negative"]) == (0.0, None)


def test_a_query_that_is_not_asked_makes_an_exit_in_part_and_a_value_that_is_left_out_does_not(tmp_path):
    queries = "name,birth_date,expected_id\nAda Testova,,1\n"
    records = "id,name,birth_date\n1,Ada Testova,11/08/1960\n"
    assert run(tmp_path, queries, records=records).exit_code == Exit.DONE
    assert run(tmp_path, queries + "Ada Testova,11/08/1960,1\n").exit_code == Exit.PARTLY


@pytest.mark.parametrize(
    ("records", "queries", "said"),
    [
        ("id,name\n", "name,expected_id\nAda,1\n", "records.csv holds no record that can be used"),
        ("id,name\n1,Ada\n", "name,expected_id\n", "queries.csv holds no query that can be asked"),
        ("id,name\n1,Ada\n", "name,expected_id\n...,1\n", "queries.csv holds no query that can be asked"),
    ],
)
def test_where_nothing_can_be_asked_one_sentence_says_so(tmp_path, records, queries, said):
    result = run(tmp_path, queries, records=records)
    assert isinstance(result.exception, NotMeasurable)
    assert said in str(result.exception)


def test_scores_replace_columns_of_their_own(tmp_path):
    queries = "score,name,found_id,expected_id,reasons\n0.5,Ada Testova,7,1,none\n"
    assert run(tmp_path, queries, "--scores", str(tmp_path / "scores.csv")).exit_code == Exit.DONE
    header, row = csv.reader((tmp_path / "scores.csv").read_text().splitlines())
    assert header == ["name", "expected_id", "score", "found_id", "reasons"]
    assert row == ["Ada Testova", "1", "", "", ""]
