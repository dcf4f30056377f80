"""The files that people measure with: read however they are packed, and scores that are written or refused early."""

import gzip
import io
import sys
from pathlib import Path

import pytest

from deploy.text_files import UnreadableFile, UnwritableFile, lines_of, read_table, scores_file

TEXT = "left,right,match\nŽofie,Ada,1\n"


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode(),
        b"\xef\xbb\xbf" + TEXT.encode(),
        TEXT.encode("utf-16"),
        gzip.compress(TEXT.encode()),
        gzip.compress(TEXT.encode("utf-16")),
    ],
)
def test_a_file_is_read_the_same_whatever_it_is_packed_in_and_called(tmp_path, content):
    for name in ("pairs.csv", "pairs.csv.gz"):
        (tmp_path / name).write_bytes(content)
        assert "".join(lines_of(tmp_path / name)) == TEXT
        (row,) = read_table(tmp_path / name, ("left",)).rows
        assert row.cells == {"left": "Žofie", "right": "Ada", "match": "1"}


def test_a_dash_is_standard_input_once(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(gzip.compress(TEXT.encode()))))
    assert "".join(lines_of(Path("-"))) == TEXT
    with pytest.raises(UnreadableFile, match="standard input was read before"):
        list(lines_of(Path("-")))


def test_a_row_that_is_no_utf_8_is_noted_and_the_rest_is_read(tmp_path):
    (tmp_path / "x.csv").write_bytes("left\nÄda\nAda\n".encode("latin-1"))
    table = read_table(tmp_path / "x.csv")
    assert ([row.text("left") for row in table.rows], [fault.line for fault in table.faults]) == (["Ada"], [2])


def written(folder, content):
    (folder / "x.csv").write_bytes(content)
    return folder / "x.csv"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "none.csv", "none.csv is not there"),
        (lambda folder: folder, "is a folder; name a file"),
        (lambda folder: written(folder, gzip.compress(TEXT.encode() * 99)[:-20]), "x.csv is packed with gzip, and cut"),
        (lambda folder: written(folder, gzip.compress(TEXT.encode())[:11] + b"spoilt" * 9), "damaged"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(tmp_path, make, said):
    with pytest.raises(UnreadableFile, match=said):
        list(lines_of(make(tmp_path)))


def test_scores_replace_what_was_there_only_when_there_are_some(tmp_path):
    path = tmp_path / "scores.csv"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), scores_file(path, []):
        raise ZeroDivisionError
    assert path.read_text() == "old"
    with scores_file(path, []) as write:
        write(("name", "score"), [("Ada, Eva", 1)])
    assert path.read_bytes() == b'name,score\r\n"Ada, Eva",1\r\n'


def test_scores_are_packed_where_their_name_says_so(tmp_path):
    path = tmp_path / "scores.csv.gz"
    for _ in range(2):
        with scores_file(path, []) as write:
            write(("name", "score"), [("Žofie", 1)])
        assert gzip.decompress(path.read_bytes()).decode() == "name,score\r\nŽofie,1\r\n"


def test_a_measurement_that_fails_leaves_no_empty_scores(tmp_path):
    with pytest.raises(ZeroDivisionError), scores_file(tmp_path / "scores.csv", []):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["none/scores.csv", ".", "records.csv"])
def test_scores_that_cannot_be_written_are_refused_before_anything_is_measured(tmp_path, name):
    (tmp_path / "records.csv").write_text(TEXT)
    with (
        pytest.raises(UnwritableFile, match=r"name (a file in a folder that is there|another file)"),
        scores_file(tmp_path / name, [tmp_path / "records.csv"]),
    ):
        pytest.fail("was measured")
    assert (tmp_path / "records.csv").read_text() == TEXT


def test_without_a_file_nothing_is_written():
    with scores_file(None, []) as write:
        write((), iter(lambda: pytest.fail("was asked for"), None))


def test_scores_on_standard_output_are_refused_and_no_file_is_named_by_a_dash(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UnwritableFile, match="name a file"), scores_file(Path("-"), []):
        raise AssertionError("nothing is measured")
    assert not (tmp_path / "-").exists()
