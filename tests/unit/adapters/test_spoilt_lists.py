"""Spoilt lists: what is wrong with a file ends no record."""

import os
import time

import pytest

from adapters.conformance.recorder import Recorder
from adapters.declaration import Adapter, File, Natural, Stream
from adapters.failures import SourceUnavailable
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.snapshot_reader import Drops, SnapshotReader
from adapters.state import StreamState
from contracts.identity import IdentityData, PersonName
from contracts.records import PersonV1
from hub.audit import Auditor

NAMES = [f"{number};Ada Testova;UTO" for number in range(30)]
HEAD = "NUMÉRO;NOM;PAYS"


def person(row):
    return PersonV1(
        **row.own, subject=row.record, identity=IdentityData(names=(PersonName(full=row["NOM"].strip("\n")),))
    )


class Agency:
    """An agency whose first list was read."""

    def __init__(self, folder):
        self.folder = folder
        self.kafka = Recorder()
        self._lists = 0
        source = File("*", delimiter=";", encoding="cp1252", settle_s=0, columns=("PAYS",))
        stream = Stream("listing", PersonV1, source, key=Natural("NUMÉRO"), map=person)
        adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
        state = StreamState(folder.parent / "state.sqlite")
        publisher = Publisher(adapter, stream, state, self.kafka, Auditor(self.kafka, "test"))
        drops = Drops(FileSource(folder, source, stream.needed))
        self.reader = SnapshotReader(stream, drops, state, publisher, key_maker(stream.key, stream.name, b""))

    def drop(self, lines, head=HEAD, encoding="cp1252"):
        self._lists += 1
        path = self.folder / f"{self._lists:03}.csv"
        path.write_bytes("\n".join([head, *lines, ""]).encode(encoding, "surrogateescape"))
        moment = time.time_ns() - 10**12 + self._lists * 10**9
        os.utime(path, ns=(moment, moment))
        return path


@pytest.fixture
async def agency(tmp_path):
    folder = tmp_path / "drops"
    folder.mkdir()
    made = Agency(folder)
    made.drop(NAMES)
    await made.reader.poll()
    assert len(made.kafka.held()) == 30
    return made


@pytest.mark.parametrize(
    ("lines", "head", "encoding"),
    [
        (NAMES, HEAD, "utf-8-sig"),
        (NAMES, "NO;NOM;PAYS", "cp1252"),
        (NAMES, "NUMÉRO;NOM;LAND", "cp1252"),
        (NAMES, "NUMÉRO;NOM;NUMÉRO", "cp1252"),
        ([*NAMES[:20], '20;"Ada;UTO', *NAMES[21:]], HEAD, "cp1252"),
        ([*NAMES[:20], '20;"Ada;UTO', '21;"Ada";UTO', *NAMES[22:]], HEAD, "cp1252"),
        (NAMES[:5], HEAD, "cp1252"),
        ([], HEAD, "cp1252"),
    ],
    ids=["encoding", "key heading", "declared heading", "twice", "stray quote", "two quotes", "cut", "headings only"],
)
async def test_a_list_with_wrong_headings_a_stray_quote_or_a_cut_is_refused_and_ends_nothing(
    agency, lines, head, encoding
):
    agency.drop(lines, head, encoding)
    for _ in range(2):
        with pytest.raises(SourceUnavailable):
            await agency.reader.poll()
    assert len(agency.kafka.held()) == 30
    agency.drop(NAMES[:29])
    await agency.reader.poll()
    assert len(agency.kafka.held()) == 29


@pytest.mark.parametrize("line", [";Ada Testova;UTO", "7\udc81;Ada Testova;UTO", "x;7;Ada Testova;UTO"])
async def test_a_line_whose_key_is_not_sure_ends_no_record(agency, line):
    agency.drop([*NAMES[:7], line, *NAMES[8:]])
    await agency.reader.poll()
    assert len(agency.kafka.held()) == 30
    assert len(agency.kafka.dead_letters()) == 1


async def test_a_person_confirms_a_list_that_ends_much_and_only_that_list(agency):
    path = agency.drop(NAMES[:5])
    mark = path.with_name(path.name + ".confirmed")
    mark.touch()
    os.utime(mark, ns=(0, 0))
    with pytest.raises(SourceUnavailable):
        await agency.reader.poll()
    mark.touch()
    os.utime(mark)
    await agency.reader.poll()
    assert len(agency.kafka.held()) == 5


async def test_a_list_that_is_written_anew_while_it_is_read_ends_nothing_and_is_read_again(agency):
    """As exports do it that empty the file first: what stands in the old list and in the new one has not ended."""
    head, rest = "NUMÉRO;PAYS;NOM", "x" * 60
    agency.drop([f"{number};UTO;Ada Testova {rest}" for number in range(1_500)], head)
    await agency.reader.poll()
    assert len(agency.kafka.held()) == 1_500
    lines = [f"{number};UTO;Eva Testova {rest}" for number in range(1_501)]
    path = agency.drop(lines, head)
    agency.kafka.between = lambda: path.write_bytes(f"{head}\n".encode("cp1252"))
    tally = await agency.reader.poll()
    assert 1_000 <= tally.published < 1_500
    assert (tally.ended, tally.poison, len(agency.kafka.held())) == (0, 0, 1_500)
    agency.drop(lines, head)
    await agency.reader.poll()
    assert len(agency.kafka.held()) == 1_501
