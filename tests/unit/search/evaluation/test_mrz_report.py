"""What `isthmus evaluate mrz` prints of each zone."""

import csv
import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli_evaluate import app
from search.evaluation.mrz import Found, report, zones
from tests.unit.search.mrz.specimens import TD1, TD3, damaged

TODAY = dt.date(2026, 11, 22)


def test_zones_are_parted_by_blank_lines():
    text = "\n\n" + "\n".join(TD1) + "\n \n\n" + "\r\n".join(TD3)
    assert [*zones(text.splitlines(keepends=True))] == [Found(3, TD1), Found(8, TD3)]


def test_a_file_without_blank_lines_is_read_in_pieces_and_not_as_one():
    found = [*zones(["x\n"] * 1000)]
    assert {len(each.lines) for each in found} == {4}
    assert [each.line for each in found] == [*range(1, 1000, 4)]


def test_a_zone_without_faults_is_reported_with_all_its_fields():
    told = report(TD3, TODAY)
    assert (told["format"], told["valid"], told["faults"], told["correction"]) == ("TD3", True, [], None)
    assert told["fields"] == {
        "document_code": "P<",
        "type": "passport",
        "document_number": "L898902C3",
        "issuer": "UTO",
        "family_name": "ERIKSSON",
        "given_name": "ANNA MARIA",
        "nationality": "UTO",
        "birth_date": "1974-08-12",
        "sex": "F",
        "expiry_date": "2012-04-15",
        "optional_data": "ZE184226B",
        "optional_data_2": "",
    }
    assert told["remarks"] == ["expired"]


def test_a_fault_is_reported_with_its_place():
    (fault, _) = report(damaged(TD3, 1, 14), TODAY)["faults"]
    assert (fault["field"], fault["kind"], fault["line"], fault["column"]) == ("birth_date", "check-digit", 2, 20)


@pytest.fixture
def packed(tmp_path):
    file = tmp_path / "zones.txt.gz"
    zones = "\n".join([*TD3, "", "no zone", "", *damaged(TD1, 1, 18), ""])
    file.write_bytes(gzip.compress(zones.encode() + b"\n\xff\xfe"))
    return file


def test_the_command_reads_packed_files_and_whatever_they_hold(packed):
    result = CliRunner().invoke(app, ["mrz", str(packed)])
    assert result.exit_code == 0
    told = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(each["line"], each["valid"]) for each in told] == [(1, True), (4, False), (6, False), (10, False)]
    assert ["zones", "4"] in [line.split() for line in result.stderr.splitlines()]
    assert ["no_zones", "2"] in [line.split() for line in result.stderr.splitlines()]


def test_with_json_there_is_nothing_but_the_objects(packed):
    result = CliRunner().invoke(app, ["mrz", str(packed), "--json"])
    assert (len(result.stdout.splitlines()), result.stderr) == (4, "")


def test_scores_hold_each_zone_with_its_faults(packed, tmp_path):
    assert CliRunner().invoke(app, ["mrz", str(packed), "--scores", str(tmp_path / "scores.csv")]).exit_code == 0
    with (tmp_path / "scores.csv").open(encoding="utf-8", newline="") as stream:
        first, second, third, _ = csv.DictReader(stream)
    assert first == {"line": "1", "zone": "\n".join(TD3), "score": "1", "reasons": ""}
    assert (second["zone"], second["score"]) == ("no zone", "0")
    assert "check digit" in third["reasons"]


def test_a_file_without_zones_is_one_sentence(tmp_path):
    (tmp_path / "none.txt").write_text("\n \n")
    assert "holds no zone" in str(CliRunner().invoke(app, ["mrz", str(tmp_path / "none.txt")]).exception)


@pytest.mark.data
@pytest.mark.skipif("ISTHMUS_DATA" not in os.environ, reason="ISTHMUS_DATA names no folder of real data")
def test_all_real_specimens_are_read_and_all_their_wrong_digits_located():
    names = {"number": "document_number", "birth": "birth_date", "expiry": "expiry_date", "optional": "optional_data"}
    file = Path(os.environ["ISTHMUS_DATA"]) / "names" / "mrz" / "specimens.jsonl"
    for line in file.read_text("utf-8").splitlines():
        specimen = json.loads(line)
        told = report(specimen["lines"], TODAY)
        if specimen["all_checks_ok"] or specimen["kind"] == "french_national_id":
            assert told["valid"], specimen["lines"]
        else:
            failing = {names.get(check, check) for check, agrees in specimen["checks"].items() if not agrees}
            assert {fault["field"] for fault in told["faults"] if fault["kind"] == "check-digit"} == failing
