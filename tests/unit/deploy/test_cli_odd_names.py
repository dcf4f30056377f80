"""Names of files are any bytes: none of them loses a report, and no terminal obeys them."""

import io
import json
import os

import pytest

from biometrics.pairing import Features, Pairing
from deploy import cli_biometrics_explain
from deploy.cli import _tell
from deploy.exits import Exit
from deploy.fingers import NoSuchFile
from deploy.harmless import json_line, say
from deploy.text_files import scores_file
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import encoded, ridges
from tests.unit.deploy.test_cli_fingers import enrolled, run, told

UNDECODABLE = os.fsdecode(b"\xff\xfe_1.png")
EVIL = "a\x1b[2J\x9b\u202e\n.png"
PRINT = encoded(ridges(), "PNG", dpi=(500, 500))
PERSON = ("--subject", "registration:person:7")


@pytest.fixture
def prints(tmp_path):
    for name in (UNDECODABLE, EVIL, "good.png"):
        (tmp_path / name).write_bytes(PRINT)
    return tmp_path


def test_a_name_that_is_no_text_loses_nothing_of_what_was_enrolled(prints, service):
    service(enrolled())
    status, answer = told("enrol", prints, *PERSON)
    assert (status, len(answer["enrolled"])) == (Exit.DONE, 3)
    assert sorted(file for each in answer["enrolled"] for file in each["files"]) == sorted(
        str(prints / name) for name in (UNDECODABLE, EVIL, "good.png")
    )


def test_lines_show_names_without_what_a_terminal_obeys(prints, service):
    service(enrolled())
    result = run("enrol", prints, *PERSON)
    assert result.exit_code == Exit.DONE
    assert result.stdout.count("\n") == 3
    assert r"\udcff\udcfe_1.png ->" in result.stdout
    assert "a\ufffd[2J\ufffd\ufffd\ufffd.png ->" in result.stdout


def test_a_refusal_shows_names_in_the_same_way(prints, service):
    service((422, {"code": "blank-image", "detail": "The image is \x1b[2Jblank."}))
    result = run("enrol", prints, *PERSON)
    assert r"\udcff\udcfe_1.png: The image is" in result.stderr
    assert "\x1b" not in result.stderr
    assert result.stderr.count("\n") == 4


def test_json_escapes_what_acts_and_what_standard_output_cannot_hold(monkeypatch):
    value = {"file": f"{UNDECODABLE}{EVIL}ä"}
    line = json_line(value)
    assert json.loads(line) == value
    assert (r"\udcff" in line, r"\u009b\u202e\n" in line, "ä" in line) == (True, True, True)
    line.encode()
    with io.TextIOWrapper(io.BytesIO(), encoding="ascii") as plain:
        monkeypatch.setattr("sys.stdout", plain)
        line = json_line(value)
        assert (json.loads(line), line.isascii()) == (value, True)
        say("ä\udcff")
        assert plain.buffer.getvalue() == b"\\xe4\\udcff\n"


def test_an_error_of_a_command_shows_names_in_the_same_way(prints, capsys):
    _tell(str(run("quality", prints / f"no{EVIL}").exception))
    error = capsys.readouterr().err
    assert ("\x1b" in error, error.count("\n")) == (False, 1)
    assert isinstance(run("quality", prints / "absent").exception, NoSuchFile)


def test_scores_of_files_whose_names_are_no_text_are_written(tmp_path):
    with scores_file(tmp_path / "s.csv", ()) as write:
        write(("probe",), [(UNDECODABLE,)])
    assert (tmp_path / "s.csv").read_bytes() == b"probe\r\n\\udcff\\udcfe_1.png\r\n"


class Explaining(FakeEngine):
    def features(self, template):
        return Features(200, 250, ())

    def pairing(self, probe, candidate):
        return Pairing(100.0, (), (), {})


def test_an_explanation_names_files_whose_names_are_no_text(prints, monkeypatch):
    monkeypatch.setattr(cli_biometrics_explain, "engine", lambda _: Explaining())
    monkeypatch.setattr(cli_biometrics_explain, "can_be_measured", lambda: False)
    result = run("explain", prints / UNDECODABLE, prints / EVIL, "--plain", "--out", prints / f"{UNDECODABLE}.html")
    assert (result.exit_code, r"\udcff\udcfe_1.png.html" in result.stdout) == (Exit.DONE, True)
    assert r"\udcff\udcfe_1.png (probe)" in (prints / f"{UNDECODABLE}.html").read_text()
