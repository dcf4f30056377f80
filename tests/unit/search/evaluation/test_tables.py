"""Tables that people bring: what is read of them, and what is said of the rest."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.tables import Fault, UnreadableTable, read_table, table_of

NEEDED = ("left", "right", "match")


def written(tmp_path, content, name="pairs.csv"):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def test_a_compressed_table_is_read_as_a_plain_one_whatever_its_name(tmp_path):
    content = "\ufeffleft,right,match,more\nŽofie,Ada,1,x\n".encode()
    plain = read_table(written(tmp_path, content), NEEDED)
    packed = read_table(written(tmp_path, gzip.compress(content), "pairs.txt"), NEEDED)
    assert plain == packed
    assert plain.columns == (*NEEDED, "more")
    assert dict(plain.rows[0].cells) == {"left": "Žofie", "right": "Ada", "match": "1", "more": "x"}


def test_a_missing_column_is_named(tmp_path):
    with pytest.raises(UnreadableTable, match=r"pairs.csv lacks the column right, match"):
        read_table(written(tmp_path, b"left\nAda\n"), NEEDED)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        ("left,right,match\nÄda,Ada,1\n".encode("latin-1"), "is not UTF-8"),
        (gzip.compress(b"left,right,match\n" * 99)[:-20], "cannot be read"),
    ],
)
def test_what_is_no_table_is_one_sentence(tmp_path, content, said):
    with pytest.raises(UnreadableTable, match=said):
        read_table(written(tmp_path, content), NEEDED)


def test_a_file_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(UnreadableTable, match="not there"):
        read_table(tmp_path / "none.csv", NEEDED)


def test_a_row_with_too_many_cells_is_noted_by_its_line_and_the_rest_is_read():
    table = table_of(["left,right,match\n", "a,b,1,c\n", "\n", "a,b\n"], NEEDED, "x")
    assert table.faults == [Fault(2, "the row has more cells than the header")]
    assert [(row.line, row.cells["match"]) for row in table.rows] == [(4, "")]


def test_a_cell_with_several_values_gives_each_once():
    (row,) = table_of(["name\n", " Ada | Ada|| Ado \n"], ("name",), "x").rows
    assert row.values("name") == ("Ada", "Ado")


@given(st.text())
def test_no_text_breaks_the_reading(text):
    try:
        table_of(text.splitlines(keepends=True), (), "x")
    except UnreadableTable as error:
        assert "x is empty" in str(error)  # noqa: PT017  only this may be said of a text without needed columns
