"""Lists of noise: whatever a file holds, it is read as rows or refused in one sentence."""

import gzip
import os
import zipfile
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adapters.declaration import File
from adapters.failures import SourceUnavailable
from adapters.file_source import FileSource

CSV = 'a,b\n1,"x\ny"\n2,é\n'.encode()
LIBERAL = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def _workbook():
    book = openpyxl.Workbook()
    for line in (["a", "b"], [1, "x"], ["=A2", None]):
        book.active.append(line)
    out = BytesIO()
    book.save(out)
    with zipfile.ZipFile(BytesIO(out.getvalue())) as old:  # packed again as small as can be: each length is tried
        parts = {name: old.read(name) for name in old.namelist() if not name.startswith(("docProps", "xl/theme"))}
    return _packed(parts), parts


def _packed(parts):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            new.writestr(name, part)
    return out.getvalue()


XLSX, PARTS = _workbook()
SMALL = {"list.csv": CSV, "list.csv.gz": gzip.compress(CSV), "list.xlsx": XLSX}


def read(folder, name, data, **declared):
    """Read a list, whatever it is; the number of its rows, or nothing where it was refused."""
    for other in folder.iterdir():
        other.unlink()
    path = folder / name
    path.write_bytes(data)
    os.utime(path, ns=(10**18, 10**18))
    source = FileSource(folder, File("*", **declared), ("a",))
    try:
        return sum(len(page) for page in source.pages(source.newest()))
    except SourceUnavailable as error:
        refusal = str(error)
    assert refusal.endswith(".")
    assert "\n" not in refusal
    return None


@pytest.mark.parametrize("name", SMALL)
def test_the_small_true_lists_are_read(tmp_path, name):
    assert read(tmp_path, name, SMALL[name]) == 2


@pytest.mark.parametrize("name", ["list.csv.gz", "list.xlsx"])
def test_a_packed_list_cut_at_any_length_is_refused(tmp_path, name):
    step = 1 if len(SMALL[name]) < 1_000 else 7
    whole = [cut for cut in range(0, len(SMALL[name]), step) if read(tmp_path, name, SMALL[name][:cut]) is not None]
    assert whole == []


def test_a_text_cut_at_any_length_is_read_or_refused(tmp_path):
    assert {read(tmp_path, "list.csv", CSV[:cut]) for cut in range(len(CSV))} == {None, 0, 1, 2}


@LIBERAL
@given(name=st.sampled_from(sorted(SMALL)), data=st.binary(max_size=300))
@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "shift_jis"])
def test_random_bytes_are_read_or_refused(tmp_path, encoding, name, data):
    read(tmp_path, name, data, encoding=encoding)
    read(tmp_path, "list.csv", "a,b\n".encode(encoding) + data, encoding=encoding)


@LIBERAL
@given(name=st.sampled_from(sorted(SMALL)), at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_one_wrong_byte_is_read_or_refused(tmp_path, name, at, byte):
    data = bytearray(SMALL[name])
    data[at % len(data)] = byte
    read(tmp_path, name, bytes(data))


@LIBERAL
@given(part=st.sampled_from(sorted(PARTS)), at=st.integers(0, 10_000), byte=st.integers(0, 127), cut=st.booleans())
def test_one_wrong_byte_or_a_cut_within_a_workbook_is_read_or_refused(tmp_path, part, at, byte, cut):
    spoilt = bytearray(PARTS[part])
    at %= len(spoilt)
    if cut:
        del spoilt[at:]
    else:
        spoilt[at] = byte
    read(tmp_path, "list.xlsx", _packed({**PARTS, part: bytes(spoilt)}))
