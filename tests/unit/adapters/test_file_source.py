"""Dropped lists: encodings, half files, Excel, which file counts."""

import gzip
import os
import time
import tracemalloc

import pytest

from adapters.declaration import File
from adapters.failures import SourceUnavailable
from adapters.file_source import ARITY, ENCODING, FileSource
from hub.errors import Misconfigured

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


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("list-9.csv", "list-10.csv"),
        ("list-09.csv", "list-10.csv"),
        ("list-2026-2-1.csv", "list-2026-10-1.csv"),
        ("list-9.csv", "list-9a.csv"),
        ("9.csv", "a.csv"),
    ],
)
def test_runs_of_digits_in_the_names_of_lists_count_as_numbers(tmp_path, earlier, later):
    drop(tmp_path, later, b"a\nlater\n")
    drop(tmp_path, earlier, b"a\nearlier\n")
    assert rows(tmp_path, File("*.csv"))[0].columns == {"a": "later"}


def test_a_row_tells_where_it_stands(tmp_path):
    drop(tmp_path, "a.csv", b'a,b\n1,"x\ny"\n\n2\n')
    assert [row.place for row in rows(tmp_path, File("*.csv"))] == ["a.csv line 3", "a.csv line 5"]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b'a,b\n1,x\n2,"y\n3,z\n', 3),
        (b'a,b\n1,"x\ny"\n2,"Ada" Testova\n3,z\n', 4),
        (b'a,b\n1,"x\n2,"y"\n', 2),
        (b'a,"b\n1,x\n', 1),
        (b"a,b\n\n1," + b"x" * 1_000_001 + b"\n", 3),
    ],
    ids=["open to the end", "text behind a quote", "closed by the next", "in the headings", "too long"],
)
def test_a_line_with_a_stray_quotation_mark_is_named(tmp_path, data, line):
    drop(tmp_path, "list-1.csv", data)
    with pytest.raises(SourceUnavailable, match=rf"The list list-1\.csv cannot be read from line {line} on"):
        rows(tmp_path, File("*.csv"))


@pytest.mark.parametrize("data", [b"a" * 20_000_000, b'"x"\n' + b'"y\n",' * 2_000_000], ids=["line", "record"])
def test_a_line_that_does_not_end_is_refused_before_it_fills_the_memory(tmp_path, data):
    drop(tmp_path, "a.csv.gz", gzip.compress(b"a,b\n" + data, 1))
    tracemalloc.start()
    try:
        with pytest.raises(SourceUnavailable, match=r"a\.csv\.gz has more than 4,000,000 characters"):
            rows(tmp_path, File("*.csv*"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 100_000_000


def test_long_lines_one_after_the_other_are_read(tmp_path):
    line = ",".join(["x" * 900_000] * 4).encode()
    drop(tmp_path, "a.csv", b"a,b,c,d\n" + b"\n".join([line] * 3))
    assert len(rows(tmp_path, File("*.csv"))) == 3


def test_a_list_that_may_not_be_opened_is_said_as_such(tmp_path):
    (tmp_path / "b.csv").write_bytes(b"a\n1\n")
    source = FileSource(tmp_path, File("*", settle_s=0))
    found = source.newest()
    (tmp_path / "b.csv").unlink()
    with pytest.raises(SourceUnavailable, match=r"b\.csv cannot be opened"):
        list(source.pages(found))


def test_an_encoding_that_nobody_knows_is_refused_in_the_declaration():
    with pytest.raises(Misconfigured, match="'latin-one' of"):
        File("*.csv", encoding="latin-one")


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


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(SourceUnavailable, match="no folder"):
        FileSource(tmp_path / "absent", File("*.csv")).newest()


def test_an_empty_file_is_no_list(tmp_path):
    drop(tmp_path, "a.csv", b"")
    with pytest.raises(SourceUnavailable):
        rows(tmp_path, File("*.csv"))
