"""Dropped lists: encodings, half files, Excel, which file counts."""

import gzip
import os
import time

import openpyxl
import pytest

from adapters.declaration import File
from adapters.failures import SourceUnavailable
from adapters.file_source import ARITY, ENCODING, FileSource

HOUR_NS = 3_600 * 10**9


def drop(folder, name, data, age_ns=HOUR_NS):
    path = folder / name
    path.write_bytes(data)
    moment = time.time_ns() - age_ns
    os.utime(path, ns=(moment, moment))
    return path


def rows(folder, declared):
    source = FileSource(folder, declared)
    return [row for page in source.pages(source.newest(), page=2) for row in page]


def test_the_last_list_by_name_counts(tmp_path):
    drop(tmp_path, "list-2.csv", b"a,b\n2,x\n")
    drop(tmp_path, "list-1.csv", b"a,b\n1,x\n")
    assert rows(tmp_path, File("*.csv"))[0].columns == {"a": "2", "b": "x"}


def test_a_list_that_is_still_written_is_left_for_later(tmp_path):
    drop(tmp_path, "list.csv", b"a,b\n", age_ns=0)
    assert FileSource(tmp_path, File("*.csv", settle_s=60)).newest() is None


def test_a_mark_at_the_beginning_and_other_code_pages_are_understood(tmp_path):
    drop(tmp_path, "a.csv", "\ufeffnom\nTESTOVÉ\n".encode())
    assert rows(tmp_path, File("*.csv"))[0].columns == {"nom": "TESTOVÉ"}
    drop(tmp_path, "b.csv", "nom;né\nTESTOVÉ;1\n".encode("cp1252"))
    assert rows(tmp_path, File("*.csv", delimiter=";", encoding="cp1252"))[0].columns == {"nom": "TESTOVÉ", "né": "1"}


def test_a_line_that_cannot_be_decoded_is_one_row_with_its_bytes(tmp_path):
    drop(tmp_path, "a.csv", b"key;nom\n1;ADA\n2;TEST\x81OVA\n3;EVA\n")
    read = rows(tmp_path, File("*.csv", delimiter=";", encoding="cp1252"))
    assert [row.fault for row in read] == [None, ENCODING, None]
    assert read[1].columns["key"] == "2"
    assert read[1].columns["raw"] == b"2;TEST\x81OVA"


def test_a_line_with_too_many_or_too_few_fields_is_one_row_with_a_fault(tmp_path):
    drop(tmp_path, "a.csv", b"a,b\n1,2\n1\n1,2,3\n\n")
    assert [row.fault for row in rows(tmp_path, File("*.csv"))] == [None, ARITY, ARITY]


def test_a_compressed_list_is_read_and_one_that_breaks_off_is_refused(tmp_path):
    whole = gzip.compress(b"a,b\n" + b"1,2\n" * 5_000)
    drop(tmp_path, "a.csv.gz", whole)
    assert len(rows(tmp_path, File("*.csv*"))) == 5_000
    drop(tmp_path, "b.csv.gz", whole[:-20])
    with pytest.raises(SourceUnavailable):
        rows(tmp_path, File("*.csv*"))


def test_an_excel_sheet_is_read_and_a_text_of_that_name_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    book.active.append([None, None])
    book.save(tmp_path / "a.xlsx")
    drop(tmp_path, "a.xlsx", (tmp_path / "a.xlsx").read_bytes())
    assert [row.columns for row in rows(tmp_path, File("*.xlsx"))] == [{"a": 1, "b": "x"}]
    drop(tmp_path, "b.xlsx", b"no sheet")
    with pytest.raises(SourceUnavailable):
        rows(tmp_path, File("*.xlsx"))


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SourceUnavailable, match="no folder"):
        FileSource(tmp_path / "absent", File("*.csv")).newest()


def test_an_empty_file_is_no_list(tmp_path):
    drop(tmp_path, "a.csv", b"")
    with pytest.raises(SourceUnavailable):
        rows(tmp_path, File("*.csv"))
