"""Which files a command of fingers takes, and which names tell apart what it makes of them."""

from pathlib import Path

import pytest

from deploy.exits import Exit
from deploy.fingers import finger_files
from tests.unit.biometrics.formats.made import encoded, ridges
from tests.unit.biometrics.quality.prints import nfiq2
from tests.unit.deploy.test_cli_fingers import PURPOSE, VERIFIED, enrolled, run, told

PRINT = encoded(ridges(), "PNG", dpi=(500, 500))


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Write prints, by their ways below the folder that is worked in."""
    monkeypatch.chdir(tmp_path)

    def put(*ways):
        for way in ways:
            (tmp_path / way).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / way).write_bytes(PRINT)
        return tmp_path

    return put


def names(*paths):
    return [str(file.name) for file in finger_files(map(Path, paths)).files]


def test_files_of_one_name_in_two_folders_keep_the_folders_names(tree):
    tree("p1/right.png", "p1/left.png", "p2/right.png", "p3/thumb.png")
    assert names("p1/right.png", "p2/right.png") == ["p1/right", "p2/right"]
    assert names("p1", "p2", "p3") == ["p1/left", "p1/right", "p2/right", "thumb"]
    assert names("p1", "p3") == ["left", "right", "thumb"]
    assert names(".") == ["p1/left", "p1/right", "p2/right", "p3/thumb"]


def test_so_do_folders_of_one_name_with_those_above_them(tree):
    tree("a/left/f.png", "b/left/f.png", "b/left/f.iso", "f.png")
    assert names("a/left", "b/left") == ["a/left/f", "b/left/f.iso", "b/left/f.png"]
    assert names("a/left/f.png", "f.png", "b/../b/left") == [
        "a/left/f",
        f"{tree().name}/f",
        "b/left/f.iso",
        "b/left/f.png",
    ]
    assert names("f.png", "./f.png", "a/../f.png") == ["f"], "it is one file"


def test_a_file_keeps_its_ending_where_another_has_its_name_without_it(tree):
    tree("a.png", "a.b", "a.b.png", "c", "c.png")
    assert names(".") == ["a.b", "a.b.png", "a.png", "c", "c.png"]


def test_what_writes_nothing_takes_files_of_one_name(tree, service, judging):
    tree("p1/right.png", "p2/right.png")
    judging(nfiq2(60))
    assert told("quality", "p1/right.png", "p2/right.png")[0] == Exit.DONE
    service((200, VERIFIED))
    assert told("verify", "p1", "p2", "--record", "a:b:c", *PURPOSE)[0] == Exit.DONE
    asked = service(enrolled())
    assert told("enrol", "p1", "p2", "--name", "(?P<subject>right)")[0] == Exit.DONE
    assert [body["key"] for _, body in asked[-4:] if isinstance(body, dict)] == ["p1~right", "p2~right"]


def test_what_is_made_of_files_of_one_name_is_written_by_their_folders(tree):
    at = tree("p1/right.png", "p2/right.png")
    status, answer = told("convert", "p1/right.png", "p2/right.png", "--to", "png", "--out", "out")
    assert (status, [each["written"] for each in answer["written"]]) == (
        Exit.DONE,
        ["out/p1/right.png", "out/p2/right.png"],
    )
    assert (at / "out" / "p2" / "right.png").exists()


def test_a_second_run_does_not_take_the_results_of_the_first(tree):
    tree("f.png", "g.png")
    convert = ("convert", ".", "--to", "png")
    first = run(*convert)
    assert (first.exit_code, "results" in first.stderr) == (Exit.DONE, False)
    status, answer = told(*convert)
    assert (status, [each["written"] for each in answer["written"]], answer["passed_over"]) == (
        Exit.DONE,
        ["converted/f.png", "converted/g.png"],
        2,
    )
    assert "converted: The folder of results is passed over.\n" in run(*convert).stderr
    assert len(told("convert", "converted", "--to", "png", "--out", "more")[1]["written"]) == 2
    assert len(told("convert", "converted", "--to", "png")[1]["refused"]) == 2, "it was named itself"


def test_a_folder_of_results_that_is_no_part_of_what_is_read_takes_nothing_out_of_it(tree):
    tree("prints/p1/f.png", "prints/g.png")
    for read, out, written in (("prints", ".", 2), ("prints/p1", "prints", 1)):
        status, answer = told("convert", read, "--to", "png", "--out", out, "--overwrite")
        assert (len(answer["written"]) + len(answer["refused"]), answer["passed_over"]) == (written, 0)
        assert status is not Exit.DONE or answer["written"]


def test_one_file_by_two_ways_is_one(tree):
    at = tree("prints/f.png")
    assert names(f"{at}/prints", f"/{at}/prints", f"/{at}/prints/f.png") == ["f"]


def test_a_link_to_nothing_is_named(tree):
    at = tree("prints/f.png")
    (at / "prints" / "gone.png").symlink_to("nowhere")
    (at / "prints" / "gone").symlink_to("nowhere")
    status, answer = told("convert", "prints", "--to", "png")
    assert (status, [each["file"] for each in answer["refused"]]) == (Exit.PARTLY, ["prints/gone", "prints/gone.png"])
