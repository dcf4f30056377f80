"""What commands of fingers write: wholly or not at all, told in every case, and over nothing that somebody may want."""

import json
import os
from pathlib import Path

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from biometrics.pairing import Features, Pairing
from deploy import cli_biometrics_explain
from deploy.exits import Exit
from deploy.finger_results import NameTaken, Results, UnwritableFile
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import an2k, encoded, finger, ridges, type_14
from tests.unit.deploy.test_cli_fingers import run, told

PNG = encoded(ridges(), "PNG")
SIZE = (240, 260)
ISO = ("--to", "iso-19794-2:2005")


def template(position):
    return write_minutiae([finger(position=position)], MinutiaeFormat.ANSI_2009)


def full(path, data):
    with path.open("wb") as file:
        file.write(data[:1])
    raise OSError(28, "No space left on device")


@pytest.fixture
def card(tmp_path):
    path = tmp_path / "card.an2"
    path.write_bytes(an2k(*(type_14(PNG, str(code), SIZE, "PNG") for code in (7, 8, 9))))
    return path


@pytest.mark.parametrize("command", [("convert", "--to", "png"), ("extract", "--no-quality")])
def test_what_was_written_of_a_file_is_told_though_one_of_its_fingers_cannot_be(card, tmp_path, monkeypatch, command):
    monkeypatch.setattr("deploy.cli_biometrics_extract.engine", lambda _: FakeEngine())
    out, ending = tmp_path / "out", "png" if command[0] == "convert" else "sourceafis"
    (out / f"card-2.{ending}").mkdir(parents=True)
    other = tmp_path / "other.png"
    other.write_bytes(encoded(ridges(), "PNG", dpi=(500, 500)))
    status, answer = told(*command, card, other, "--out", out)
    assert status == Exit.PARTLY
    done = answer["written" if command[0] == "convert" else "extracted"]
    assert [each["written"] for each in done][:2] == [str(out / f"card-{number}.{ending}") for number in (1, 3)]
    (refused,) = answer["refused"]
    assert (refused["finger"], refused["code"]) == ("left middle", "unwritable-file")
    assert answer["not_tried"] == [str(other)] or len(done) == 3, "another may have been under way"


def test_what_cannot_be_written_of_the_first_finger_is_a_failure_of_which_nothing_was_done(card, tmp_path):
    (tmp_path / "out").write_text("")
    result = run("convert", card, "--to", "png", "--out", tmp_path / "out")
    assert isinstance(result.exception, UnwritableFile)


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    file = tmp_path / "t.sourceafis"
    file.write_bytes(b"an older template")
    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(UnwritableFile):
        Results([], overwrite=True).write(file, b"a newer one")
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == [(file.name, b"an older template")]


def test_what_an_earlier_run_wrote_is_kept_unless_it_is_the_same_or_may_go(tmp_path):
    for folder, position in (("a", Position.LEFT_INDEX), ("b", Position.LEFT_RING)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "f.fmr").write_bytes(template(position))
    out = (*ISO, "--out", tmp_path / "out")
    assert told("convert", tmp_path / "a" / "f.fmr", *out)[0] == Exit.DONE
    first = (tmp_path / "out" / "f.iso").read_bytes()
    status, answer = told("convert", tmp_path / "b" / "f.fmr", *out)
    assert (status, answer["refused"][0]["code"]) == (Exit.USAGE, "name-taken")
    assert "--overwrite" in answer["refused"][0]["detail"]
    assert (tmp_path / "out" / "f.iso").read_bytes() == first
    status, answer = told("convert", tmp_path / "a" / "f.fmr", *out)
    assert (status, len(answer["written"])) == (Exit.DONE, 1), "the same again harms nobody"
    assert told("convert", tmp_path / "b" / "f.fmr", *out, "--overwrite")[0] == Exit.DONE
    assert (tmp_path / "out" / "f.iso").read_bytes() != first


def test_what_holds_nothing_and_what_is_no_file_can_be_written(tmp_path):
    (tmp_path / "empty").touch()
    Results([]).write(tmp_path / "empty", b"new")
    assert (tmp_path / "empty").read_bytes() == b"new"
    reading, writing = os.pipe()
    Results([]).write(Path(f"/dev/fd/{writing}"), b"new")
    os.close(writing)
    assert Path(f"/dev/fd/{reading}").read_bytes() == b"new"
    os.close(reading)


def test_a_name_that_is_too_long_is_a_sentence(tmp_path):
    with pytest.raises(UnwritableFile):
        Results([]).write(tmp_path / ("a" * 300), b"new")


def test_not_even_overwriting_is_done_to_a_file_that_is_read(tmp_path):
    file = tmp_path / "a.iso"
    file.write_bytes(template(Position.LEFT_INDEX))
    with pytest.raises(NameTaken):
        Results([file], overwrite=True).write(file, b"new")


class Explaining(FakeEngine):
    def features(self, template):
        return Features(200, 250, ())

    def pairing(self, probe, candidate):
        return Pairing(100.0, (), (), {})


def test_a_page_is_made_anew_and_nothing_else_is_lost_to_one(tmp_path, monkeypatch):
    monkeypatch.setattr(cli_biometrics_explain, "engine", lambda _: Explaining())
    monkeypatch.setattr(cli_biometrics_explain, "can_be_measured", lambda: False)
    for name in "abc":
        (tmp_path / f"{name}.png").write_bytes(encoded(ridges(), "PNG", dpi=(500, 500)))
    page = tmp_path / "page.html"

    def explain(one, other, *options):
        return run("explain", tmp_path / one, tmp_path / other, "--plain", "--out", page, *options)

    assert explain("a.png", "b.png").exit_code == Exit.DONE
    assert explain("a.png", "c.png").exit_code == Exit.DONE
    assert "c.png (candidate)" in page.read_text()
    page.write_text("<!doctype html><p>Notes of mine.</p>")
    refused = explain("a.png", "b.png")
    assert isinstance(refused.exception, NameTaken)
    assert "Notes" in page.read_text()
    assert explain("a.png", "b.png", "--overwrite").exit_code == Exit.DONE
    assert json.loads(explain("a.png", "b.png", "--json").stdout)["written"] == str(page)


def test_links_that_lead_in_a_circle_hold_nothing_that_is_lost(tmp_path):
    one, other = tmp_path / "one.iso", tmp_path / "other.iso"
    one.symlink_to(other)
    other.symlink_to(one)
    Results([]).write(one, b"new")
    assert one.read_bytes() == other.read_bytes() == b"new"


def test_a_result_that_may_not_be_written_over_stays(tmp_path, monkeypatch):
    there = tmp_path / "there.iso"
    there.write_bytes(b"old")
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(UnwritableFile):
        Results([], overwrite=True).write(there, b"new")
    assert there.read_bytes() == b"old"
