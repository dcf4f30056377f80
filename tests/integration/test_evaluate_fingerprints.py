"""`isthmus evaluate fingerprints` on invented fingers: what it prints, writes and refuses."""

import csv
import json
import os
import re

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner

from biometrics.enhancement.views import VIEWS
from biometrics.synthetic.finger import make_finger
from biometrics.synthetic.impression import press
from deploy import cli_evaluate_fingerprints
from deploy.cli_evaluate import app
from deploy.exits import Exit
from tests.integration.real_engine import real_engine

pytestmark = pytest.mark.jvm
NAME = r"(?P<finger>[^_]+)_(?P<impression>\d+)"
FINGERS, IMPRESSIONS = 4, 2


@pytest.fixture(scope="module")
def prints(tmp_path_factory):
    real_engine()
    folder = tmp_path_factory.mktemp("prints")
    for seed in range(FINGERS):
        finger = make_finger(seed)
        for n in range(IMPRESSIONS):
            image = press(finger, n)
            pixels = np.frombuffer(image.pixels, np.uint8).reshape(image.height, image.width)
            Image.fromarray(pixels).save(folder / f"f{seed}_{n}.png", dpi=(image.dpi, image.dpi))
    (folder / "f9_0.png").write_bytes(b"no image")
    (folder / "readme.txt").write_text("no print", encoding="utf-8")
    return folder


def evaluate(*arguments):
    return CliRunner().invoke(app, ["fingerprints", *map(str, arguments)])


def test_invented_fingers_are_told_apart_in_every_configuration(prints, tmp_path):
    scores, picture = tmp_path / "scores.csv", tmp_path / "det.svg"
    result = evaluate(prints, "--name", NAME, "--json", "--scores", scores, "--det", picture)
    assert result.exit_code == Exit.PARTLY  # one file is no image
    figures = json.loads(result.stdout)
    assert (figures["eer"], figures["zero_fmr"], figures["rank1"]) == (0, 0, 1)
    assert (figures["failures"], figures["faults"]) == (0, 1)
    assert {"fmr100", "fmr1000", "fnir_at_fpir", "extract_ms", "compare_per_s", "fvc"} <= set(figures)
    assert set(figures["configurations"]) == {"plain", "sum", *(view.name for view in VIEWS)}
    assert set(figures["fusion"]) == {"1x1", "2x1"}
    rows = list(csv.DictReader(scores.read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 8 * 7 / 2
    assert sum(row["genuine"] == "1" for row in rows) == FINGERS
    genuine = [float(row["shipped"]) for row in rows if row["genuine"] == "1"]
    impostors = [float(row["shipped"]) for row in rows if row["genuine"] == "0"]
    assert min(genuine) > max(impostors)
    assert picture.read_text(encoding="utf-8").count("<polyline") == 2 + 1 + len(VIEWS)


def test_the_lower_name_is_the_probe_of_a_row_and_the_curve_is_drawn_unasked(prints, tmp_path, monkeypatch):
    scores, drawn = tmp_path / "scores.csv", tmp_path / "var"
    monkeypatch.setattr(cli_evaluate_fingerprints, "DRAWN", drawn)
    table = evaluate(prints, "--name", NAME, "--scores", scores).stdout
    assert re.search(r"true FMR where shipped says 0\.01 +0\.0000 \(0\.0000 to 0\.\d{4}\)", table)
    assert [file.name for file in drawn.iterdir()] == [f"det-{prints.parent.name}-{prints.name}.svg"]
    rows = list(csv.DictReader(scores.read_text(encoding="utf-8").splitlines()))
    assert rows
    assert all(row["probe"] < row["candidate"] for row in rows)
    printed = [line.split() for line in table.splitlines()]
    for head in ("group", "fvc", "fusion"):
        assert [head, "eer", "fmr100", "fmr1000", "zero_fmr"] in [line[:5] for line in printed]
    for line in (["plain", "2x1"], ["shipped", "1x1"], ["shipped", "2x1"]):
        assert [*line, *["0.0000"] * 4, "1.0000", "0.0000"] in printed


def test_where_the_curve_cannot_be_written_unasked_the_figures_are_told_all_the_same(prints, tmp_path, monkeypatch):
    monkeypatch.setattr(cli_evaluate_fingerprints, "DRAWN", tmp_path / "no" / "folder")
    result = evaluate(prints, "--name", NAME, "--json")
    assert result.exit_code == Exit.PARTLY
    assert json.loads(result.stdout)["eer"] == 0
    assert "--det" in result.stderr


def test_a_curve_that_cannot_be_written_where_it_was_asked_for_is_told_before_anything_is_compared(
    prints, tmp_path, monkeypatch
):
    monkeypatch.setattr(cli_evaluate_fingerprints, "score_all", None)
    result = evaluate(prints, "--name", NAME, "--det", tmp_path / "no" / "det.svg")
    assert result.exit_code != 0
    assert "det.svg" in str(result.exception)


def test_a_copy_and_what_cannot_be_read_are_faults_and_the_rest_is_compared(prints, tmp_path):
    for file in prints.glob("f[01]_*.png"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "f0_0.PNG").write_bytes((tmp_path / "f0_0.png").read_bytes())
    (tmp_path / "f5_0.png").touch()
    os.truncate(tmp_path / "f5_0.png", 1 << 40)
    result = evaluate(tmp_path, "--name", NAME, "--json", "--det", tmp_path / "det.svg")
    assert (json.loads(result.stdout)["genuine"], json.loads(result.stdout)["faults"]) == (2, 2)


def test_images_of_twice_the_resolution_are_scored_at_their_own_unless_an_option_says_otherwise(prints, tmp_path):
    for file in prints.glob("f[01]_*.png"):
        with Image.open(file) as image:
            doubled = image.resize((image.width * 2, image.height * 2), Image.Resampling.LANCZOS)
            doubled.save(tmp_path / file.name, dpi=(1000, 1000))

    def genuine(*options):
        scores = tmp_path / "scores.csv"
        result = evaluate(tmp_path, "--name", NAME, "--scores", scores, "--det", tmp_path / "det.svg", *options)
        rows = csv.DictReader(scores.read_text(encoding="utf-8").splitlines())
        return result, [float(row["shipped"]) for row in rows if row["genuine"] == "1"]

    own, scores_of_own = genuine()
    as_told, scores_as_told = genuine("--dpi", "1000")
    wrong, scores_if_wrong = genuine("--dpi", "500")
    assert scores_of_own == scores_as_told
    assert scores_of_own != scores_if_wrong
    assert [each.stderr.count("is in doubt") for each in (own, as_told, wrong)] == [0, 0, 1]
    assert "of 4 of 4 images" in wrong.stderr


def test_a_blank_image_of_a_finger_is_a_failure_that_misses_in_all_its_genuine_pairs(prints, tmp_path):
    for file in prints.glob("f[01]_*.png"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    Image.new("L", (300, 300), 255).save(tmp_path / "f0_2.png", dpi=(500, 500))
    result = evaluate(tmp_path, "--name", NAME, "--json", "--det", tmp_path / "det.svg")
    figures = json.loads(result.stdout)
    assert (result.exit_code, figures["faults"]) == (0, 0)
    assert [each["failures"] for each in (figures, *figures["configurations"].values())] == [1] * 4
    assert (figures["genuine"], figures["impostors"], figures["zero_fmr"]) == (4, 6, 0.5)
    assert "f0_2.png: The image is blank" in result.stderr


def test_images_of_an_unknown_resolution_are_one_sentence_that_names_the_option(prints, tmp_path):
    for file in prints.glob("f[01]_*.png"):
        with Image.open(file) as image:
            Image.fromarray(np.asarray(image)).save(tmp_path / file.name)
    result = evaluate(tmp_path, "--name", NAME)
    assert result.exit_code != 0
    assert re.fullmatch(r"Nothing possible tells .*--dpi.*\.", str(result.exception))


@pytest.mark.parametrize("name", ["nothing_(?P<finger>x)(?P<impression>y)", "(?P<finger>.)", "("])
def test_an_expression_that_does_not_fit_is_one_sentence_and_leaves_no_file(prints, name, tmp_path):
    result = evaluate(prints, "--name", name, "--det", tmp_path / "det.svg")
    assert result.exit_code != 0
    assert "expression" in str(result.exception)
    assert not (tmp_path / "det.svg").exists()
