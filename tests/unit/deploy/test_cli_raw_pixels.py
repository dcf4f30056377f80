"""Raw pixels on the command line: they are told their size, and what else is in a folder stays what it is."""

import base64
import struct

import pytest
import wsq  # noqa: F401  lets Pillow write WSQ

from deploy.exits import Exit
from deploy.fingers import finger_files, is_raw, raw_size
from hub.errors import Misconfigured
from tests.unit.biometrics.formats.made import an2k, encoded, read, ridges, type_4
from tests.unit.biometrics.quality.prints import nfiq2
from tests.unit.deploy.test_cli_fingers import (
    FOUND,
    PURPOSE,
    VERIFIED,
    bodies,
    enrolled,
    run,
    told,
)

SIZE = (240, 260)
OF_SIZE = ("--width", 240, "--height", 260)
PIXELS = ridges(width=240, height=260).tobytes()


@pytest.fixture
def folder(tmp_path):
    """A folder with raw pixels, the same as a picture, and what is no finger."""
    prints = tmp_path / "prints"
    prints.mkdir()
    (prints / "a.gray").write_bytes(PIXELS)
    (prints / "b.png").write_bytes(encoded(ridges(), "PNG"))
    (prints / "readme.txt").write_text("Prints of nobody.")
    return prints


def test_a_folder_of_raw_pixels_and_pictures_is_converted(folder, tmp_path):
    out = tmp_path / "out"
    status, answer = told("convert", folder, "--to", "png", "--dpi", 569, "--out", out, *OF_SIZE)
    assert (status, answer["passed_over"]) == (Exit.DONE, 1)
    assert [each["format"] for each in answer["written"]] == ["raw", "png"]
    one, other = (read((out / name).read_bytes()).samples[0].image for name in ("a.png", "b.png"))
    assert (one.pixels, one.dpi) == (other.pixels, 569)


def test_the_quality_of_raw_pixels_is_measured(folder, judging):
    judging(nfiq2(60))
    status, answer = told("quality", folder / "a.gray", "--dpi", 500, *OF_SIZE)
    assert (status, answer["measured"][0]["nfiq2"], answer["measured"][0]["dpi"]) == (Exit.DONE, 60, 500)


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        (("verify", *PURPOSE, "--record", "a:b:c"), (200, VERIFIED)),
        (("identify", *PURPOSE), (200, FOUND)),
        (("enrol", "--subject", "registration:person:7"), enrolled()),
    ],
    ids=["verify", "identify", "enrol"],
)
def test_raw_pixels_are_sent_with_their_size(folder, service, command, answer):
    asked = service(answer)
    assert run(command[0], folder / "a.gray", *command[1:], "--dpi", 500, *OF_SIZE).exit_code == Exit.DONE
    (body,) = bodies(asked)
    (sent,) = [body["probe"]] if "probe" in body else body.get("probes") or body["samples"]
    assert (sent["format"], sent["width"], sent["height"], sent["dpi"]) == ("raw", 240, 260, 500)
    assert base64.b64decode(sent["data"]) == PIXELS


def test_a_size_that_does_not_fit_is_a_sentence(folder, tmp_path):
    out = ("--to", "png", "--dpi", 500, "--out", tmp_path / "out")
    result = run("convert", folder / "a.gray", *out, "--width", 240, "--height", 261)
    assert result.exit_code == Exit.FAILED
    assert "a.gray: 62400 bytes do not fill 240 x 261 pixels; send one byte a pixel." in result.stderr
    assert "say it with --dpi" in run("convert", folder / "a.gray", "--to", "png", "--out", tmp_path, *OF_SIZE).stderr


def test_a_file_of_no_known_format_is_told_which_options_raw_pixels_have(folder, tmp_path, service):
    options = "raw pixels with --width and --height"
    assert options in run("convert", folder / "a.gray", "--to", "png", "--out", tmp_path / "out").stderr
    service((200, FOUND))
    assert options in run("identify", folder / "a.gray", *PURPOSE).stderr
    (folder / "c.png").touch()
    result = run("convert", folder / "c.png", "--to", "png", "--out", tmp_path / "out")
    assert "c.png: The file is empty" in result.stderr
    _, answer = told("convert", folder / "a.gray", "--to", "png", "--out", tmp_path / "out")
    assert [each["code"] for each in answer["refused"]] == ["unknown-format"]


def test_a_size_has_two_sides(folder):
    ended = run("quality", folder / "a.gray", "--dpi", 500, "--width", 240)
    assert isinstance(ended.exception, Misconfigured)
    assert "--height" in str(ended.exception)
    assert raw_size(None, None) is None


def test_what_is_no_raw_pixels_stays_what_it_is(folder):
    picture = encoded(ridges(), "PNG")
    assert not is_raw(picture, SIZE)
    assert not is_raw(PIXELS, None)
    for kind in ("PNG", "JPEG", "JPEG2000", "BMP", "TIFF", "WSQ"):
        filled = encoded(ridges(), kind)
        filled += bytes(-len(filled) % 200)
        assert not is_raw(filled, (200, len(filled) // 200)), kind
    record = an2k(type_4(PIXELS, size=SIZE))
    assert not is_raw(record, (1, len(record)))
    too_large = b"BM" + bytes(8) + struct.pack("<IIIIHHIIIIII", 54, 40, 9_999, 9_999, 1, 8, 0, 0, 0, 0, 0, 0)
    assert not is_raw(too_large, (1, len(too_large)))
    bmp_by_chance = b"BM" + PIXELS[2:]
    assert is_raw(bmp_by_chance, SIZE)
    wsq_by_chance = b"\xff\xa0" + PIXELS[2:]
    assert is_raw(wsq_by_chance, SIZE)
    assert [file.path.name for file in finger_files([folder], SIZE).files] == ["a.gray", "b.png"]
    assert [file.path.name for file in finger_files([folder]).files] == ["b.png"]
