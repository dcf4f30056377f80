"""Lists as Excel workbooks: what a cell holds, what it only promises, and what is no workbook."""

import os
import re
import zipfile
from io import BytesIO

import openpyxl
import pytest

from adapters.change import says_ended
from adapters.conformance.recorder import Recorder
from adapters.declaration import Adapter, Ended, File, Stream, Surrogate
from adapters.failures import SourceUnavailable
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.snapshot_reader import Drops, SnapshotReader
from adapters.state import StreamState
from contracts.identity import IdentityData, PersonName
from contracts.records import PersonV1
from hub.audit import Auditor

NEEDED = ("a",)


def workbook(*lines):
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def patched(data, change):
    """Change the XML of the first sheet, as another program would have written it."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, change(part) if name == "xl/worksheets/sheet1.xml" else part)
    return out.getvalue()


def drop(folder, data, name="list.xlsx"):
    path = folder / name
    path.write_bytes(data)
    os.utime(path, ns=(10**18, 10**18))
    return path


def rows(folder, data, name="list.xlsx"):
    drop(folder, data, name)
    source = FileSource(folder, File("list*"), NEEDED)
    return [row for page in source.pages(source.newest()) for row in page]


def test_a_sheet_is_read_without_its_empty_rows(tmp_path):
    read = rows(tmp_path, workbook(["a", "b", None], [1, "x", "no heading"], [None, None], [2, None]))
    assert [(row.columns, row.fault, row.place) for row in read] == [
        ({"a": 1, "b": "x"}, None, "list.xlsx row 2"),
        ({"a": 2, "b": None}, None, "list.xlsx row 4"),
    ]


def test_a_formula_whose_value_was_not_saved_is_a_fault_that_names_the_cell(tmp_path):
    whole, part = rows(tmp_path, workbook(["a", "b"], ["=1+1", "=2+2"], [3, "=A3"], [None, None]))
    assert (whole.fault, part.fault) == ("column a", "column b")
    assert (whole.place, part.place) == ("list.xlsx row 2", "list.xlsx row 3")
    assert "Cell A2 holds a formula whose value was not saved" in whole.why
    assert "Cell B3 holds" in part.why


def test_a_formula_whose_value_was_saved_is_that_value_even_if_it_is_an_empty_text(tmp_path):
    saved = patched(
        workbook(["a", "b"], [1, "=A2"], ["=A2", "=A2"]),
        lambda sheet: re.sub(
            rb'(<c r="A3")[^>]*>.*?</c><c r="B3"[^>]*>.*?</c>',
            rb'\1 t="str"><f>""</f><v></v></c><c r="B3" t="str"><f>""</f><v></v></c>',
            re.sub(rb'<c r="B2"[^>]*>.*?</c>', b'<c r="B2"><f>A2</f><v>7</v></c>', sheet),
        ),
    )
    assert [(row.columns, row.fault) for row in rows(tmp_path, saved)] == [({"a": 1, "b": 7}, None)]


def test_an_error_in_a_cell_is_a_fault_and_no_text(tmp_path):
    (read,) = rows(tmp_path, workbook(["a", "b"], [1, "#REF!"]))
    assert (read.fault, "Cell B2 holds an error" in read.why) == ("column b", True)


def test_a_sheet_that_tells_a_wrong_size_loses_no_row(tmp_path):
    data = patched(
        workbook(["a", "b"], [1, 2], [3, 4]),
        lambda sheet: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A2"', sheet),
    )
    assert [row.columns for row in rows(tmp_path, data)] == [{"a": 1, "b": 2}, {"a": 3, "b": 4}]


def _without_rows(sheet):
    return re.sub(rb"<sheetData>.*</sheetData>", b"<sheetData/>", sheet)


def _far_row(sheet):
    return re.sub(rb'<row r="2"', b'<row r="999999999"', sheet)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "list.xlsx"),
        (b"no sheet", "list.xlsx"),
        (workbook(), "list.xlsx"),
        (patched(workbook(["a"], [1]), _without_rows), "list.xlsx"),
        (patched(workbook(["a"], [1]), lambda sheet: sheet[: len(sheet) // 2]), "list.xlsx"),
        (patched(workbook(["a"], [1]), _far_row), "list.xlsx"),
        (workbook(["a"], [1])[:-30], "list.xlsx"),
        (workbook(["a"], [1]), "list.csv"),
        (workbook(["a"], [1]), "list.csv.gz"),
        (b"a\n1\n", "list.csv.gz"),
    ],
    ids=[
        "nothing",
        "text",
        "no row",
        "no rows at all",
        "cut XML",
        "far row",
        "cut zip",
        "as CSV",
        "as gzip",
        "no gzip",
    ],
)
def test_what_is_no_whole_workbook_or_not_what_its_name_says_is_refused_in_a_sentence(tmp_path, data, name):
    with pytest.raises(SourceUnavailable, match=r"^(The list list|There is no column).*\.$"):
        rows(tmp_path, data, name)


def test_a_name_in_capitals_is_understood(tmp_path):
    assert [row.columns for row in rows(tmp_path, workbook(["a"], [1]), "list.XLSX")] == [{"a": 1}]


async def test_rows_without_saved_values_are_dead_letters_of_their_own_and_end_no_record(tmp_path):
    def person(row):
        return PersonV1(**row.own, subject=row.record, identity=IdentityData(names=(PersonName(full=row["b"]),)))

    folder = tmp_path / "drops"
    folder.mkdir()
    source = File("*", settle_s=0)
    stream = Stream("listing", PersonV1, source, key=Surrogate("a"), map=person)
    adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
    kafka = Recorder()
    state = StreamState(tmp_path / "state.sqlite")
    publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
    drops = Drops(FileSource(folder, source, stream.needed))
    reader = SnapshotReader(stream, drops, state, publisher, key_maker(stream.key, stream.name, b""))
    drop(folder, workbook(["a", "b"], *([number, "Ada Testova"] for number in range(3))), "1.xlsx")
    await reader.poll()
    drop(folder, workbook(["a", "b"], [0, "Ada Testova"], ["=1", "=A1"], ["=2", "=A2"]), "2.xlsx")
    await reader.poll()
    assert len(kafka.held()) == 3
    letters = kafka.dead_letters()
    assert [letter["dead_row"].split(b",")[0] for letter in letters] == [b"2.xlsx row 3", b"2.xlsx row 4"]
    assert all(b"formula whose value was not saved" in letter["dead_detail"] for letter in letters)


def test_a_zero_that_is_shown_as_a_day_ends_no_record(tmp_path):
    """Excel has no day zero: formulas and exports leave one where there is no date, and it is read as midnight."""
    book = openpyxl.Workbook()
    book.active.append(["a", "gone"])
    for key, (value, shown) in enumerate([(0, "dd.mm.yyyy"), (46_082, "dd.mm.yyyy"), (0, "hh:mm"), (None, "General")]):
        book.active.append([key, value])
        book.active.cell(key + 2, 2).number_format = shown
    out = BytesIO()
    book.save(out)
    read = rows(tmp_path, out.getvalue())
    assert [says_ended(Ended("gone"), row.columns["gone"]) for row in read] == [False, True, False, False]
