"""What `isthmus evaluate mrz` prints of each zone."""

import datetime as dt
import gzip
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli_evaluate import app
from search.evaluation.mrz import report, zones
from tests.unit.search.mrz.specimens import TD1, TD3, damaged

TODAY = dt.date(2026, 11, 22)


def test_zones_are_parted_by_blank_lines():
    text = "\n\n" + "\n".join(TD1) + "\n \n\n" + "\r\n".join(TD3)
    assert [*zones(text.splitlines(keepends=True))] == [TD1, TD3]


def test_a_file_without_blank_lines_is_read_in_pieces_and_not_as_one():
    assert max(map(len, zones(["x\n"] * 1000))) == 4


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


def test_the_command_reads_packed_files_and_whatever_they_hold(tmp_path):
    file = tmp_path / "zones.txt.gz"
    file.write_bytes(gzip.compress("\n".join([*TD3, "", "no zone", "", *TD1]).encode() + b"\n\n\xff\xfe"))
    result = CliRunner().invoke(app, ["mrz", str(file)])
    assert result.exit_code == 0
    assert [json.loads(line)["valid"] for line in result.output.splitlines()] == [True, False, True, False]


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    result = CliRunner().invoke(app, ["mrz", str(tmp_path / "none.gz")])
    assert "look at its name and mode" in str(result.exception)


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
