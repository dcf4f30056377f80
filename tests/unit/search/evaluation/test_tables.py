"""Tables that people bring: what is read of them, and what is said of the rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evaluation.tables import Fault, NotMeasurable, table_of

NEEDED = ("left", "right", "match")
HEADER = "left,right,match\n"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["left\n", "Ada\n"], "x lacks the column right, match; its first line must name it"),
        (["left,Right,match\n"], "lacks the column right; write right instead of Right"),
        (["left,right,match,left\n"], "has two columns left"),
        ([], "is empty"),
        (["\n", " \n"], "is empty"),
        (["l\0e\0f\0t\0,\0\n"], "is no text in UTF-8"),
    ],
)
def test_what_is_no_table_is_one_sentence(lines, said):
    with pytest.raises(NotMeasurable, match=said):
        table_of(lines, NEEDED, "x")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("a,b,1,c\n", "the row has more cells than the header; it is passed over"),
        ("a\0,b,1\n", "the row has a NUL character; it is passed over"),
        ("\ufffda,b,1\n", "the row is no text in UTF-8; it is passed over"),
        (f"{'x' * 1_000_001},b,1\n", "the line is no CSV; it is passed over"),
    ],
)
def test_a_row_that_cannot_be_used_is_noted_by_its_line_and_the_rest_is_read(row, said):
    table = table_of([HEADER, "c,d,0\n", row, "\n", "a,b\n"], NEEDED, "x")
    assert table.faults == [Fault(3, said)]
    assert [(each.line, each.text("left"), each.text("match")) for each in table.rows] == [(2, "c", "0"), (5, "a", "")]


@pytest.mark.parametrize("blank", ["\n", "  \n", ",,\n", ' , ,""\n', ",,,,\n"])
def test_a_row_without_anything_is_none_as_a_blank_line_is_none(blank):
    table = table_of([HEADER, blank, "a,b,1\n", blank], NEEDED, "x")
    assert ([row.line for row in table.rows], table.faults) == ([3], [])


def test_blank_lines_may_stand_before_the_header():
    table = table_of(["\n", " \t\n", HEADER, "a,b,1\n", "a,b,1,c\n"], NEEDED, "x")
    assert ([row.line for row in table.rows], [fault.line for fault in table.faults]) == ([4], [5])


@pytest.mark.parametrize(
    "lines",
    [
        ['"a,b,1\n'],  # to the end of the file
        ['"a,b,1\n', 'f,"g,0\n'],
        ['a,"b,1\n', *["c,d,0\n"] * 40, 'e,"f,1\n'],
        ['"a,b,1\n', "\n", "\n", '"c" d,e,0\n'],
    ],
)
def test_a_stray_quote_costs_its_own_line_alone(lines):
    table = table_of([HEADER, *lines, "x,y,1\n"], NEEDED, "x")
    stray = [number for number, line in enumerate(lines, 2) if line.count('"') == 1]
    assert table.faults == [
        Fault(line, "a quote is opened and not closed on the line; it is passed over") for line in stray
    ]
    assert [row.line for row in table.rows] == [
        number for number, line in enumerate([*lines, "x,y,1\n"], 2) if line.strip() and number not in stray
    ]


def test_a_cell_may_go_over_several_lines_where_its_quote_is_closed():
    first, second = table_of([HEADER, '"a\n', "a\n", 'a",b,1\n', "c,d,0\n"], NEEDED, "x").rows
    assert (first.line, first.text("left"), first.text("match")) == (4, "a\na\na", "1")
    assert (second.line, second.text("left")) == (5, "c")


@given(st.lists(st.text('ab",;\n', max_size=12), max_size=8))
def test_every_line_is_read_or_named(texts):
    lines = [f"{text.replace(chr(10), '')}\n" for text in texts]
    table = table_of([HEADER, *lines], NEEDED, "x")
    numbers = [*(row.line for row in table.rows), *(fault.line for fault in table.faults)]
    assert len(numbers) == len(set(numbers))
    alone = {number for number, line in enumerate(lines, 2) if line.strip(",\n") and '"' not in line}
    inside = {
        number for row in table.rows for number in range(row.line - sum(cell.count("\n") for cell in row.all), row.line)
    }
    assert alone <= {*numbers, *inside}


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_cells_are_parted_as_spreadsheets_part_them_and_empty_ones_beyond_the_header_do_not_matter(sign):
    lines = [line.replace(",", sign) for line in ("left, right,match\n", ' a, "b c",1,,\n')]
    (row,) = table_of(lines, NEEDED, "x").rows
    assert (row.text("left"), row.text("right"), row.text("match")) == ("a", "b c", "1")


def test_a_cell_with_several_values_gives_each_once():
    (row,) = table_of(["name\n", " Ada | Ada|| Ado \n"], ("name",), "x").rows
    assert row.values("name") == ("Ada", "Ado")


@given(st.text())
def test_no_text_breaks_the_reading(text):
    try:
        table_of(text.splitlines(keepends=True), (), "x")
    except NotMeasurable as error:
        assert str(error).startswith("x ")  # noqa: PT017  one sentence about the file
