"""`isthmus evaluate linkage`: its files, its figures, and what it says of bad ones."""

import csv
import gzip
import json
import os
import random
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli_evaluate import app
from search.evaluation.linkage import NotMeasurable, measure, read_map, read_pairs, read_records
from tests.unit.search.linkage.people import invented

MAP = 'id = "number"\ngiven = "first"\nfamily = "last"\nbirth_date = "born"\nsex = "sex"\n'


def test_a_map_names_fields_of_the_contract_and_extra_ones():
    fields = read_map('id = ["system", "number"]\nsurname = "last"\n[more]\nphone = "tel"')
    assert fields.columns == {"id": ("system", "number"), "family": ("last",), "phone": ("tel",)}
    assert fields.extras == ("phone",)


@pytest.mark.parametrize("text", ["id = ", 'family = "last"', "id = 3", "id = []"])
def test_a_map_that_is_not_right_is_refused(text):
    with pytest.raises(NotMeasurable):
        read_map(text)


def test_rows_of_one_identifier_and_values_with_bars_are_one_record():
    rows = [
        "number , first, last, born, sex\n",
        "1, Ada, Testova|Probova, 1984-05-06, f\n",
        "1, Eva, Testova, 1984, \n",
    ]
    (record,) = read_records(rows, read_map(MAP), "a.csv")
    assert (record.birth_dates, record.sex) == (("19840506", "1984"), "F")
    assert [name.all for name in record.names] == [("ada", "testova", "probova"), ("eva", "testova")]


@pytest.fixture
def field_limit():
    """The longest field that the csv module takes, which other parts of the project may have raised."""
    before = csv.field_size_limit(1000)
    yield
    csv.field_size_limit(before)


@pytest.mark.usefixtures("field_limit")
@pytest.mark.parametrize(
    ("rows", "told"),
    [
        (["first\n", "Ada\n"], "no column number"),
        (["number,first\n", ",Ada\n"], "Line 2 of a.csv has no identifier"),
        (["number\n", "x" * 2000 + "\n"], "Line 2 of a.csv is no CSV"),
    ],
)
def test_records_that_cannot_be_read_say_which_line(rows, told):
    with pytest.raises(NotMeasurable, match=told):
        [*read_records(rows, read_map(MAP), "a.csv")]


def test_pairs_are_read_in_any_order_and_without_those_that_do_not_match():
    columns, pairs = read_pairs(["left,right,match\n", "b,a,1\n", "c,d,0\n", "a,b,1\n"], "pairs.csv")
    assert (columns, pairs) == (("left", "right"), {("a", "b")})


@pytest.mark.parametrize("rows", [["left\n", "a\n"], ["left,right\n", "a,\n"], ["left,right\n"], []])
def test_what_is_no_file_of_pairs_is_refused(rows):
    with pytest.raises(NotMeasurable):
        read_pairs(rows, "pairs.csv")


def test_figures_are_those_of_the_book():
    told = measure({("a", "b"), ("c", "d"), ("e", "f")}, {("a", "b"), ("c", "d"), ("x", "y"), ("u", "v")})
    assert told == {"precision": pytest.approx(2 / 3), "recall": 0.5, "f1": pytest.approx(4 / 7), "pairs": 3}
    assert measure(set(), {("a", "b")}) == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "pairs": 0}


@pytest.fixture
def files(tmp_path):
    people = invented(random.Random(3), 300)
    for name, suffix, chosen in (("a.csv", "", people), ("b.csv.gz", "-b", people[:30])):
        rows = "number,first,last,born,sex\n" + "".join(
            f"{each['id']}{suffix},{each['given']},{each['family']},{each['birth_date']},{each['sex']}\n"
            for each in chosen
        )
        file = tmp_path / name
        file.write_bytes(gzip.compress(rows.encode()) if suffix else rows.encode())
    (tmp_path / "map.toml").write_text(MAP)
    (tmp_path / "pairs.csv").write_text("one,other\n" + "".join(f"r{n},r{n}-b\n" for n in range(30)) + "r270,none\n")
    return tmp_path


def run(folder, *options):
    arguments = [
        str(folder / "a.csv"),
        str(folder / "b.csv.gz"),
        "--truth",
        str(folder / "pairs.csv"),
        "--map",
        str(folder / "map.toml"),
    ]
    return CliRunner().invoke(app, ["linkage", *arguments, *options])


def test_the_command_links_files_and_writes_scores_with_reasons(files):
    result = run(files, "--json", "--scores", str(files / "scores.csv"))
    assert result.exit_code == 0, result.exception
    told = json.loads(result.stdout)
    assert set(told) == {"precision", "recall", "f1", "pairs", "seconds"}
    assert told["recall"] == pytest.approx(30 / 31)
    assert told["precision"] == 1.0
    assert "1 of the true pairs name records that no file has" in result.stderr
    rows = [*csv.DictReader((files / "scores.csv").read_text().splitlines())]
    assert [*rows[0]] == ["one", "other", "match", "score", "reasons"]
    assert "family_name same" in rows[0]["reasons"]
    assert {(row["one"], row["score"]) for row in rows if row["reasons"] == "no such record"} == {("none", "0.0")}


def test_the_table_shows_the_same(files):
    result = run(files)
    assert "precision  1.0000" in result.output


def test_scores_that_cannot_be_written_are_one_sentence(files):
    assert "choose another place" in str(run(files, "--scores", str(files / "none" / "scores.csv")).exception)


def test_two_files_may_not_use_one_identifier(files):
    (files / "b.csv.gz").write_bytes(gzip.compress((files / "a.csv").read_bytes()))
    assert "map id to a list of columns" in str(run(files).exception)


@pytest.mark.data
@pytest.mark.skipif("ISTHMUS_DATA" not in os.environ, reason="ISTHMUS_DATA names no folder of real data")
def test_real_records_are_linked_by_name_birth_date_and_sex_alone(tmp_path):
    folder = Path(os.environ["ISTHMUS_DATA"]) / "names" / "linkage"
    (tmp_path / "map.toml").write_text(
        'id = "rec_id"\ngiven = "given_name"\nfamily = "surname"\nbirth_date = "date_of_birth"\nsex = "sex"\n'
    )
    files = [str(folder / "opencr_uganda_v21.csv.gz"), "--truth", str(folder / "opencr_uganda_v21_true_links.csv")]
    result = CliRunner().invoke(app, ["linkage", *files, "--map", str(tmp_path / "map.toml"), "--json"])
    assert json.loads(result.stdout)["f1"] >= 0.95
