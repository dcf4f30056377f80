"""`isthmus evaluate names`: what it writes, and how it ends."""

import csv
import io
import sys

from typer.testing import CliRunner

from deploy.cli_evaluate import app
from deploy.evaluating import show
from deploy.exits import Exit
from deploy.text_files import read_table


def test_scores_of_scores_can_be_read_again(tmp_path):
    (tmp_path / "pairs.csv").write_text("score,left,right,match,reasons\n0.1,Ada Testova,Ada Testowa,1,none\n")
    for source, target in (("pairs.csv", "one.csv"), ("one.csv", "two.csv")):
        result = CliRunner().invoke(app, ["names", str(tmp_path / source), "--scores", str(tmp_path / target)])
        assert result.exit_code == Exit.DONE, result.exception
    (row,) = csv.reader((tmp_path / "two.csv").read_text().splitlines()[1:])
    assert read_table(tmp_path / "two.csv").columns == ("left", "right", "match", "score", "reasons")
    assert (row[:3], float(row[3]) > 0.5, "Testova" in row[4] or "testova" in row[4]) == (
        ["Ada Testova", "Ada Testowa", "1"],
        True,
        True,
    )


def test_rows_that_are_passed_over_make_an_exit_in_part(tmp_path):
    (tmp_path / "pairs.csv").write_text("left,right,match\nAda,Ada,1\nAda,Eva,maybe\n")
    assert CliRunner().invoke(app, ["names", str(tmp_path / "pairs.csv")]).exit_code == Exit.PARTLY


def test_a_terminal_without_a_dash_breaks_no_table(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    show({"recall": None, "groups": {"Žofie": {"recall": 1.0}}}, False)
    sys.stdout.flush()
    assert written.getvalue().split() == [b"recall", b"?", b"group", b"recall", b"?ofie", b"1.0000"]
