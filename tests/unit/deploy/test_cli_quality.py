"""`isthmus biometrics quality`: images of fingers in files are judged here, and advice is given."""

import pytest

from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.quality.nfiq2 import Nfiq2
from deploy import fingers
from deploy.exits import Exit
from hub.errors import Misconfigured
from tests.unit.biometrics.formats.made import encoded, finger, fir_2005, fir_2011, ridges
from tests.unit.biometrics.quality.prints import nfiq2
from tests.unit.deploy.test_cli_fingers import run, told


@pytest.fixture
def folder(tmp_path):
    for name in ("1", "2", "3"):
        (tmp_path / f"{name}.png").write_bytes(encoded(ridges(), "PNG", dpi=(500, 500)))
    return tmp_path


def test_the_quality_of_every_image_is_told_with_what_would_help(folder, judging):
    judging(nfiq2(60), nfiq2(3), Nfiq2(None, {}))
    status, answer = told("quality", folder)
    assert status == Exit.DONE
    found = {each["file"].rpartition("/")[2]: each for each in answer["measured"]}
    assert sorted((each["nfiq2"] or 0, each["verdict"]) for each in found.values()) == [
        (0, "refused"),
        (3, "refused"),
        (60, "good"),
    ]
    assert {bool(each["advice"]) for each in found.values() if each["verdict"] == "refused"} == {True}
    assert "OCL_Bin10_Mean" in next(each for each in found.values() if each["nfiq2"] == 60)["measures"]
    plain = run("quality", folder)
    assert "3 measured, 0 refused." in plain.stderr


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ((), "refused"),
        (("--child",), "poor"),
        (("--finger", "left-little"), "poor"),
        (("--use", "verification"), "good"),
    ],
)
def test_quality_is_judged_for_the_use_and_the_finger_that_are_said(folder, judging, more, verdict):
    judging(nfiq2(4))
    _, answer = told("quality", folder / "1.png", *more)
    assert answer["measured"][0]["verdict"] == verdict


def record_of(*positions):
    return fir_2005(*((position, encoded(ridges(), "PNG")) for position in positions), compression=5, size=(240, 260))


def test_of_a_record_the_finger_that_is_meant_is_measured_alone(tmp_path, judging):
    judging(nfiq2(4))
    (tmp_path / "a.fir").write_bytes(record_of(7, 10))
    _, answer = told("quality", tmp_path / "a.fir", "--finger", "left-little")
    assert [(each["finger"], each["least"]) for each in answer["measured"]] == [("left little", 3)]


def test_a_finger_that_a_record_does_not_hold_is_refused(tmp_path, judging):
    judging(nfiq2(60))
    for positions in ((7, 10), (10,)):
        (tmp_path / "a.fir").write_bytes(record_of(*positions))
        status, answer = told("quality", tmp_path / "a.fir", "--finger", "left-thumb")
        assert (status, answer["measured"]) == (Exit.FAILED, [])
        assert [each["code"] for each in answer["refused"]] == ["no-finger"]


def test_a_record_that_tells_no_finger_is_judged_as_the_one_that_is_said(tmp_path, judging):
    judging(nfiq2(4))
    (tmp_path / "a.fir").write_bytes(record_of(0))
    _, answer = told("quality", tmp_path / "a.fir", "--finger", "left-little")
    assert [(each["finger"], each["least"]) for each in answer["measured"]] == [("left little", 3)]


def test_plain_lines_of_one_file_tell_which_finger_they_are_of(tmp_path, judging):
    judging(nfiq2(60))
    (tmp_path / "a.fir").write_bytes(record_of(6, 10, 10, 12))
    lines = run("quality", tmp_path / "a.fir").stdout.splitlines()
    fingers = ["left thumb", "left little", "left little (2)", "plain left thumb"]
    assert [line.rpartition(": ")[2] for line in lines] == fingers


def test_what_was_odd_about_a_file_is_told_with_the_quality_of_its_images(tmp_path, judging):
    judging(nfiq2(60))
    image = encoded(ridges(), "PNG", dpi=(1000, 1000))
    (tmp_path / "a.fir").write_bytes(fir_2011((7, image), compression=5, size=(240, 260)) + b"more")
    odd = ["4 bytes behind the record's end were left out", "the file tells 1000 dpi; the record's 500 counts"]
    _, answer = told("quality", tmp_path / "a.fir")
    assert answer["measured"][0]["notes"] == odd
    assert f"({'; '.join(odd)})" in run("quality", tmp_path / "a.fir").stdout


def test_a_template_has_no_quality(tmp_path, judging):
    judging()
    (tmp_path / "a.iso").write_bytes(write_minutiae([finger()], MinutiaeFormat.ISO_2005))
    status, answer = told("quality", tmp_path / "a.iso")
    assert (status, answer["refused"][0]["code"]) == (Exit.FAILED, "no-finger")


def test_where_quality_cannot_be_measured_this_is_said(folder, monkeypatch):
    monkeypatch.setattr(fingers, "can_be_measured", lambda: False)
    assert isinstance(run("quality", folder).exception, Misconfigured)
