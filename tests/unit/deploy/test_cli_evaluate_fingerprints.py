"""`isthmus evaluate fingerprints`: which images of a folder are measured, and at which resolution."""

import re

import pytest

from biometrics.evaluation.impressions import NotMeasurable
from deploy.cli_evaluate_fingerprints import read_folder
from tests.unit.biometrics.fakes import FakeEngine
from tests.unit.biometrics.formats.made import encoded, ridges

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


def dpi_of(folder, dpi=None):
    _, images, _ = read_folder(FakeEngine(), folder, NAME, dpi)
    return [image.dpi for image in images]


def test_without_an_option_each_files_own_resolution_counts(folder, capsys):
    assert dpi_of(folder(n1_1=print_of(500), n1_2=print_of(1000, 1000))) == [500, 1000]
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("told", [None, 72])
def test_where_a_file_tells_no_possible_resolution_one_sentence_names_the_option(folder, told):
    prints = folder(n1_1=print_of(500), n1_2=print_of(told))
    with pytest.raises(NotMeasurable, match=r"^Nothing possible tells the resolution of 1_2\.png; .*--dpi .*\.$"):
        dpi_of(prints)
    assert dpi_of(prints, 500) == [500, 500]


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
