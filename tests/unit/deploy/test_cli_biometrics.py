"""`isthmus biometrics convert`: files and folders in, files of another format out, and a reason for each refusal."""

import json

import pytest
from typer.testing import CliRunner

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_reading import read_minutiae
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.formats.positions import Position
from deploy import fingers
from deploy.cli_biometrics import app
from deploy.exits import Exit, exit_of
from deploy.finger_results import NameTaken
from deploy.fingers import NoSuchFile, finger_files
from hub.errors import Misconfigured
from tests.unit.biometrics.formats.made import an2k, encoded, finger, fir_2005, read, ridges, type_14

TEMPLATE = write_minutiae([finger(), finger(position=Position.RIGHT_THUMB)], MinutiaeFormat.ISO_2005)


@pytest.fixture
def folder(tmp_path):
    prints = tmp_path / "prints"
    (prints / "booth").mkdir(parents=True)
    (prints / "a.iso").write_bytes(TEMPLATE)
    (prints / "booth" / "b.fmr").write_bytes(write_minutiae([finger()], MinutiaeFormat.ANSI_2009))
    (prints / "readme.txt").write_text("Prints of nobody.")
    return prints


def run(*arguments):
    return CliRunner().invoke(app, ["convert", *map(str, arguments)])


def told(*arguments):
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)


def test_a_folder_is_converted_with_all_below_it(folder, tmp_path):
    out = tmp_path / "out"
    status, answer = told(folder, "--to", "iso-19794-2:2011", "--out", out)
    assert (status, answer["refused"], answer["passed_over"]) == (Exit.DONE, [], 1)
    assert [each["written"] for each in answer["written"]] == [str(out / "a.iso"), str(out / "booth" / "b.iso")]
    assert [each["fingers"] for each in answer["written"]] == [["left index", "right thumb"], ["left index"]]
    record = read_minutiae((out / "a.iso").read_bytes())
    assert (record.format, len(record.fingers)) == (MinutiaeFormat.ISO_2011, 2)


def test_an_image_of_a_folder_that_is_empty_is_refused_not_passed_over(folder, tmp_path):
    (folder / "c.PNG").touch()
    status, answer = told(folder, "--to", "iso-19794-2:2011", "--out", tmp_path / "out")
    assert (status, answer["passed_over"]) == (Exit.PARTLY, 1)
    assert [(each["file"], each["code"]) for each in answer["refused"]] == [(str(folder / "c.PNG"), "unknown-format")]


def test_fingers_of_a_record_are_written_apart(folder, tmp_path):
    _, answer = told(folder / "a.iso", "--to", "ansi-378:2004", "--out", tmp_path / "out", "--apart")
    names = [each["written"].rpartition("/")[2] for each in answer["written"]]
    assert names == ["a-1.ansi", "a-2.ansi"]


def test_what_was_written_of_one_file_is_not_written_over_by_another(folder, tmp_path):
    other = folder / "a-1.fmr"
    other.write_bytes(write_minutiae([finger(position=Position.LEFT_THUMB)], MinutiaeFormat.ANSI_2009))
    out = ("--to", "iso-19794-2:2005", "--out", tmp_path / "out", "--apart")
    status, answer = told(folder, *out)
    assert status == Exit.PARTLY
    assert [each["written"].rpartition("/")[2] for each in answer["written"]] == ["a-1.iso", "a-2.iso", "b.iso"]
    (refused,) = answer["refused"]
    assert (refused["file"], refused["finger"]) == (str(folder / "a.iso"), "left index")
    assert (refused["code"], "a-1.iso is read or was just written" in refused["detail"]) == ("name-taken", True)
    (held,) = read_minutiae((tmp_path / "out" / "a-1.iso").read_bytes()).fingers
    assert held.capture.position is Position.LEFT_THUMB
    _, answer = told(folder / "a.iso", other, *out, "--overwrite")
    assert [each["file"] for each in answer["refused"]] == [str(other)], "the first that was named has the name"


def test_an_explanation_is_not_written_over_what_it_explains(folder):
    probe, candidate = folder / "a.iso", folder / "booth" / "b.fmr"
    result = CliRunner().invoke(app, ["explain", str(probe), str(candidate), "--out", str(probe)])
    assert isinstance(result.exception, NameTaken)
    assert exit_of(result.exception) is Exit.USAGE
    assert probe.read_bytes() == TEMPLATE


def test_one_that_is_refused_is_named_and_the_others_are_converted(folder, tmp_path):
    (folder / "cut.iso").write_bytes(TEMPLATE[:-3])
    result = run(folder, "--to", "iso-19794-2:2005", "--out", tmp_path / "out")
    assert result.exit_code == Exit.PARTLY
    assert "cut.iso: The template is cut short" in result.stderr
    assert "2 written, 1 refused, 1 passed over." in result.stderr
    status, answer = told(folder / "cut.iso", "--to", "iso-19794-2:2005", "--out", tmp_path / "out")
    assert status == Exit.FAILED
    assert answer["refused"][0]["code"] == "unreadable-template"


def test_images_of_records_become_pictures_and_missing_fingers_are_told(tmp_path):
    file = tmp_path / "person.an2"
    file.write_bytes(an2k(type_14(ridges().tobytes(), size=(240, 260), f018="9\x1fXX")))
    status, answer = told(file, "--to", "png", "--out", tmp_path / "out")
    assert status == Exit.DONE
    assert answer["written"][0]["missing"] == {"left ring": "amputated"}
    assert read((tmp_path / "out" / "person.png").read_bytes()).samples[0].image.dpi == 500


def test_a_resolution_is_said_or_estimated_or_the_file_refused(tmp_path):
    file = tmp_path / "print.png"
    file.write_bytes(encoded(ridges(), "PNG"))
    out = ("--to", "png", "--out", tmp_path / "out")
    assert told(file, *out)[1]["refused"][0]["code"] == "unknown-resolution"
    assert told(file, *out, "--dpi", 569)[0] == Exit.DONE
    assert read((tmp_path / "out" / "print.png").read_bytes()).samples[0].image.dpi == 569
    (written,) = told(file, *out, "--estimate", "--overwrite")[1]["written"]
    assert "estimate" in written["notes"][0]
    assert run(file, *out, "--dpi", 50).exit_code == Exit.USAGE


def test_what_was_odd_is_told_once(tmp_path):
    image = encoded(ridges(), "PNG", dpi=(1000, 1000))
    file = tmp_path / "two.fir"
    file.write_bytes(fir_2005((7, image), (8, image), compression=5, size=(240, 260)))
    written = told(file, "--to", "png", "--out", tmp_path / "out")[1]["written"]
    assert [each["notes"] for each in written] == [["the file tells 1000 dpi; the record's 500 counts"]] * 2


def test_a_file_that_is_read_is_never_written_over(folder):
    result = run(folder / "a.iso", "--to", "iso-19794-2:2005", "--out", folder)
    assert (result.exit_code, "a.iso is read" in result.stderr) == (Exit.USAGE, True)
    status, answer = told(folder, "--to", "iso-19794-2:2005", "--out", folder)
    assert (status, [each["code"] for each in answer["refused"]]) == (Exit.PARTLY, ["name-taken"])
    assert (folder / "a.iso").read_bytes() == TEMPLATE
    assert (folder / "booth" / "b.iso").exists(), "the others are done"


def test_a_folder_that_cannot_be_written_is_a_sentence(folder, tmp_path):
    (tmp_path / "taken").write_text("")
    result = run(folder, "--to", "iso-19794-2:2005", "--out", tmp_path / "taken")
    assert isinstance(result.exception, Misconfigured)
    assert "--out" in str(result.exception)


def test_nothing_to_convert_is_a_failure(tmp_path):
    (tmp_path / "readme.txt").write_text("Nothing here.")
    assert told(tmp_path, "--to", "png", "--out", tmp_path / "out")[0] == Exit.FAILED


def test_a_folder_that_holds_no_files_is_said_to_be_empty(folder, tmp_path):
    (tmp_path / "nothing" / "below").mkdir(parents=True)
    out = ("--to", "iso-19794-2:2005", "--out", tmp_path / "out")
    result = run(tmp_path / "nothing", *out)
    assert result.exit_code == Exit.FAILED
    assert result.stderr.splitlines() == [
        f"{tmp_path / 'nothing'}: The folder holds no files.",
        "0 written, 0 refused.",
    ]
    assert "holds no files" in run(tmp_path / "nothing", folder, *out).stderr
    assert "holds no files" not in run(folder, *out).stderr


def test_files_are_found_once_and_named_apart(folder):
    (folder / "a.png").write_bytes(encoded(ridges(), "PNG"))
    found = finger_files([folder, folder / "a.iso"])
    assert [str(each.name) for each in found.files] == ["a.iso", "a.png", "booth/b"]
    with pytest.raises(NoSuchFile, match=r"absent\.iso"):
        finger_files([folder / "absent.iso"])
    (folder / "booth" / "a.iso").write_bytes(TEMPLATE)
    found = finger_files([folder / "a.iso", folder / "booth" / "a.iso"])
    assert [str(each.name) for each in found.files] == ["prints/a", "booth/a"]


def test_a_file_too_large_to_be_of_a_finger_is_refused(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(fingers, "LARGEST", 10)
    status, answer = told(folder / "a.iso", "--to", "iso-19794-2:2005", "--out", tmp_path / "out")
    assert (status, answer["refused"][0]["code"]) == (Exit.FAILED, "unreadable-file")
