"""`isthmus evaluate fingerprints`: which images of a folder are measured, and at which resolution."""

import json
import re

import pytest
import typer
from PIL import Image
from typer.testing import CliRunner

from biometrics.evaluation.impressions import NotMeasurable
from biometrics.formats.minutiae import MinutiaeFormat
from biometrics.formats.minutiae_writing import write_minutiae
from biometrics.rejections import BlankImage
from deploy import cli_evaluate_fingerprints
from deploy.cli_evaluate_fingerprints import files_of, read_files
from deploy.exits import Exit
from deploy.text_files import UnwritableFile
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import an2k, encoded, finger, ramp, ridges, type_9, type_14

NAME = re.compile(r"(?P<finger>\d+)_(?P<impression>\d+)")


def print_of(told=None, true=500):
    """A print of an inch whose ridges are as far apart as at `true` dpi, and whose file tells `told`."""
    image = ridges(9.0 * true / 500, true, true)
    return encoded(image, "PNG", **({"dpi": (told, told)} if told else {}))


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        for name, data in files.items():
            (tmp_path / f"{name.removeprefix('n')}.png").write_bytes(data)
        return tmp_path

    return write


def read_folder(engine, folder, pattern, dpi):
    return read_files(engine, files_of(folder, pattern), pattern, dpi)


def dpi_of(folder, dpi=None):
    return [image.dpi for image in read_folder(FakeEngine(), folder, NAME, dpi).images]


def test_without_an_option_each_files_own_resolution_counts(folder, capsys):
    assert dpi_of(folder(n1_1=print_of(500), n1_2=print_of(1000, 1000))) == [500, 1000]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("told", [None, 72])
def test_where_a_file_tells_no_possible_resolution_one_sentence_names_the_option(folder, told):
    prints = folder(n1_1=print_of(500), n1_2=print_of(told))
    with pytest.raises(NotMeasurable, match=r"^Nothing possible tells the resolution of 1_2\.png; .*--dpi .*\.$"):
        dpi_of(prints)
    assert dpi_of(prints, 500) == [500, 500]


NO_DPI = an2k(type_9([(n + 1, 10 + n, 10 + n, 5, 1, 60) for n in range(40)], f131="", f132=""))
FAR_DPI = an2k(type_9([(n + 1, 10 + n, 10 + n, 5, 1, 60) for n in range(40)], f131="1", f132="1"))
TWO = an2k(*(type_14(ramp().tobytes(), position, f008="0") for position in "12"))


@pytest.mark.parametrize(
    ("data", "fault"), [(NO_DPI, "a template"), (FAR_DPI, "a template"), (TWO, "2 fingers")], ids=["no", "far", "two"]
)
def test_what_is_no_image_of_one_finger_is_a_fault_whatever_its_resolution_is(folder, data, fault):
    read = read_folder(FakeEngine(), folder(n1_1=print_of(500), n1_2=data), NAME, None)
    assert [each.name for each in read.impressions] == ["1_1"]
    assert [fault in each for each in read.faults] == [True]


@pytest.mark.parametrize("side", [20, 1_500])
def test_how_much_of_a_finger_an_image_shows_nobody_tells_without_its_resolution(folder, side):
    with pytest.raises(NotMeasurable, match=r"resolution of 1_2\.png"):
        dpi_of(folder(n1_1=print_of(500), n1_2=encoded(ridges(9.0, side, side), "PNG")))


def test_files_that_contradict_the_option_are_told_once_with_their_count(folder, capsys):
    prints = folder(n1_1=print_of(500), n1_2=print_of(1000), n2_1=print_of(1000), n2_2=print_of(), n3_1=print_of(505))
    assert dpi_of(prints, 500) == [500] * 5
    assert capsys.readouterr().err == (
        "The resolution of 2 of 5 images is in doubt: 1_2.png: the file tells 1000 dpi; the caller's 500 counts.\n"
    )


def test_files_whose_ridges_look_otherwise_are_told_once_with_their_count(folder, capsys):
    assert dpi_of(folder(n1_1=print_of(500), n1_2=print_of(1000))) == [500, 1000]
    told = capsys.readouterr().err
    assert told.startswith("The resolution of 1 of 2 images is in doubt: 1_2.png: doubtful: the ridges look like")


def test_what_else_is_to_be_noted_of_files_is_told_once_with_their_count(folder, capsys):
    good, broken = type_14(print_of(), "2", (500, 500), "PNG"), type_14(b"broken", "2", (500, 500), "PNG")
    spoilt = an2k(good, broken)
    read = read_folder(FakeEngine(), folder(n1_1=print_of(500), n1_2=spoilt, n2_1=spoilt, n2_2=an2k(good)), NAME, None)
    assert (len(read.images), read.failures, read.faults, read.doubts) == (4, [], [], [])
    told = capsys.readouterr().err
    assert told.startswith(
        "Something is to be noted of 2 of 4 images: 1_2.png: beside what was read, something was passed over: The "
    )
    assert told.endswith(".\n")
    assert not told.endswith("..\n")
    assert told.count("\n") == 1


def test_an_image_that_is_refused_for_what_it_shows_has_a_place_and_what_is_no_image_has_none(folder, capsys):
    blank = encoded(Image.new("L", (300, 300), 255), "PNG")
    template = write_minutiae([finger()], MinutiaeFormat.ISO_2005)
    prints = folder(
        n1_1=print_of(),
        n1_2=blank,
        n2_1=encoded(ridges(9.0, 100, 100), "PNG"),
        n2_2=encoded(ridges(9.0, 1_000, 1_000), "PNG"),
        n3_1=encoded(Image.new("L", (3_000, 3_000), 255), "PNG"),
        n4_1=b"no image",
        n4_2=print_of()[:-500],
        n4_3=b"",
        n4_4=template,
    )
    read = read_folder(FakeEngine(), prints, NAME, 500)
    assert [each.name for each in read.impressions] == ["1_1", "1_2", "2_1", "2_2", "3_1"]
    assert [image is None for image in read.images] == [False, True, True, True, True]
    assert [failure.split(":")[0] for failure in read.failures] == ["1_2.png", "2_1.png", "2_2.png", "3_1.png"]
    assert [fault.split(":")[0] for fault in read.faults] == ["4_1.png", "4_2.png", "4_3.png", "4_4.png"]
    told = capsys.readouterr().err
    assert "1_2.png: The image is blank; take the finger again. It counts as a failure.\n" in told
    assert "4_1.png: " in told


@pytest.fixture
def measured(monkeypatch, folder, tmp_path):
    """Run the command on four prints with an engine that needs no JVM; nothing may be drawn into the checkout."""
    prints = folder(n1_1=print_of(500), n1_2=print_of(500), n2_1=print_of(500), n2_2=print_of(500))
    started = []
    monkeypatch.setattr(cli_evaluate_fingerprints, "start_jvm", lambda *_: started.append(True))
    monkeypatch.setattr(cli_evaluate_fingerprints.Downloads, "jars", lambda *_: tmp_path)
    monkeypatch.setattr(cli_evaluate_fingerprints, "SourceAfis", FakeEngine)
    monkeypatch.setattr(cli_evaluate_fingerprints, "DRAWN", tmp_path / "var")
    app = typer.Typer()
    app.command()(cli_evaluate_fingerprints.fingerprints)

    def run(*options):
        return CliRunner().invoke(app, [str(prints), "--name", NAME.pattern, *map(str, options)]), started

    return run


@pytest.mark.parametrize("option", ["--scores", "--det"])
def test_nothing_is_written_over_a_print_that_is_measured(measured, tmp_path, option):
    before = (tmp_path / "1_1.png").read_bytes()
    (tmp_path / "link.png").symlink_to(tmp_path / "1_1.png")
    for file in ("1_1.png", "link.png"):
        result, started = measured(option, tmp_path / file)
        assert isinstance(result.exception, UnwritableFile)
        assert f"{file} is read, and would be written over; name another file" in str(result.exception)
        assert started == [], "nothing was measured"
    assert (tmp_path / "1_1.png").read_bytes() == before


def test_the_curve_is_not_drawn_over_the_scores(measured, tmp_path):
    result, started = measured("--scores", tmp_path / "one.csv", "--det", tmp_path / "." / "one.csv")
    assert isinstance(result.exception, UnwritableFile)
    assert str(result.exception) == "one.csv cannot hold both the scores and the curve; name two files."
    assert (started, (tmp_path / "one.csv").exists()) == ([], False)


def test_results_are_written_beside_the_prints_and_are_none_of_them(measured, tmp_path):
    result, _ = measured("--scores", tmp_path / "5_2.csv", "--det", tmp_path / "5_1.svg", "--json")
    assert (result.exit_code, "5_1" in result.stderr.partition("DET")[0]) == (Exit.DONE, False)
    assert (tmp_path / "5_2.csv").read_text().startswith("probe,candidate,genuine,")
    assert "<svg" in (tmp_path / "5_1.svg").read_text()


def test_an_image_of_which_the_engine_makes_no_template_is_named(measured, tmp_path, monkeypatch):
    class Blind(FakeEngine):
        def extract(self, image):
            if image.pixels[:8] == blind[:8]:
                raise BlankImage("The image shows no ridge endings or forks; take the finger again.")
            return super().extract(image)

    blind = ridges(13.0, 500, 500).tobytes()
    (tmp_path / "1_3.png").write_bytes(encoded(ridges(13.0, 500, 500), "PNG", dpi=(500, 500)))
    (tmp_path / "2_2.png").write_bytes(encoded(Image.new("L", (300, 300), 255), "PNG", dpi=(500, 500)))
    monkeypatch.setattr(cli_evaluate_fingerprints, "SourceAfis", Blind)
    result, _ = measured("--det", tmp_path / "d.svg", "--json")
    why = "1_3.png: The image shows no ridge endings or forks; take the finger again."
    assert f"{why} It counts as a failure.\n" in result.stderr
    assert result.stderr.count("It counts as a failure.") == 2
    answer = json.loads(result.stdout)
    assert (answer["failures"], answer["failed"]) == (2, ["2_2.png: The image is blank; take the finger again.", why])


def test_the_curve_is_drawn_before_anything_is_printed(measured, tmp_path, monkeypatch):
    def closed(*_):
        raise BrokenPipeError

    monkeypatch.setattr(cli_evaluate_fingerprints, "show", closed)
    result, _ = measured("--det", tmp_path / "d.svg")
    assert isinstance(result.exception, BrokenPipeError)
    assert "<svg" in (tmp_path / "d.svg").read_text()
