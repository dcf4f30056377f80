"""What is marked as ended is erased, whatever else is wrong with its row; in doubt about the mark nothing is."""

import json
import os
import time
from zoneinfo import ZoneInfo

import httpx
import pytest

from adapters.conformance.recorder import Recorder
from adapters.databases import connect
from adapters.declaration import Adapter, Clock, Ended, File, Images, Sql, Stream, Surrogate
from adapters.file_source import FileSource
from adapters.images import ImageTemplates
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.snapshot_reader import Drops, SnapshotReader, WholeTable
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource
from adapters.state import StreamState
from contracts.records import FingerPosition, FingerprintV1, PersonV1
from hub.audit import Auditor
from tests.unit.adapters.person_table import parts, person, persons

PNG = b"\x89PNG finger"


@pytest.fixture
def legacy(tmp_path):
    with persons(tmp_path, 3) as database:
        database.execute("CREATE TABLE finger (id TEXT, image BLOB, gone TEXT, at INTEGER)")
        database.executemany("INSERT INTO finger VALUES (?, ?, NULL, ?)", [(str(n), PNG, n) for n in range(1, 4)])
        yield database


def finger(row):
    return FingerprintV1(
        **row.own,
        subject=row.subject("applicant", row["id"]),
        position=FingerPosition(1),
        templates=row.templates,
    )


class Fingers:
    """A table of fingers whose images a biometrics service makes templates of."""

    def __init__(self, folder):
        source = Sql("finger", "at", Clock.EPOCH_S, ended=Ended("gone"), settle_s=0, compare_s=0)
        stream = Stream("finger", FingerprintV1, source, Surrogate("id"), finger, images=Images("image", dpi=500))
        adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
        self.kafka, self.asked = Recorder(), 0
        client = httpx.AsyncClient(transport=httpx.MockTransport(self._extract), base_url="http://biometrics")
        state = StreamState(folder / "state.sqlite")
        templates = ImageTemplates(client, stream.images)
        publisher = Publisher(adapter, stream, state, self.kafka, Auditor(self.kafka, "test"), templates)
        table = SqlSource(connect(f"sqlite:///{folder / 'legacy.sqlite'}"), source, ("id",), ZoneInfo("UTC"))
        self.reader = SqlReader(table, state, publisher, key_maker(stream.key, "finger", b""))

    def _extract(self, request):
        samples = json.loads(request.content)["samples"]
        self.asked += len(samples)
        return httpx.Response(200, json={"results": [{"template": {"engine": "e", "data": "AAAA"}} for _ in samples]})


@pytest.mark.parametrize("left", [None, b"", b"wiped", PNG])
async def test_a_withdrawn_finger_is_erased_also_where_its_image_was_wiped(tmp_path, legacy, left):
    fingers = Fingers(tmp_path)
    await fingers.reader.poll()
    legacy.execute("UPDATE finger SET gone = '2026-01-01', image = ?, at = 100 WHERE id = '2'", (left,))
    await fingers.reader.poll()
    assert sorted(fingers.kafka.held()) == ["invented:finger:1", "invented:finger:3"]
    assert fingers.asked == 3, "no template is made for an erasure"
    assert not fingers.kafka.dead_letters()


async def test_a_marked_row_with_undecodable_bytes_is_erased_in_a_table_without_a_time_of_change_too(tmp_path, legacy):
    _, stream, kafka, state, publisher, table, key = parts(tmp_path, None)
    reader = SnapshotReader(stream, WholeTable(table, lambda: 0.0), state, publisher, key)
    await reader.poll()
    legacy.execute("UPDATE person SET gone = 'yes', name = CAST(? AS TEXT) WHERE id = '3'", (b"Test\xffova",))
    assert (await reader.poll()).ended == 1
    unsure = "UPDATE person SET gone = CAST(? AS TEXT), name = CAST(? AS TEXT) WHERE id = ?"
    legacy.executemany(unsure, [(b"\xff", b"Ada Testova", "1"), (b"\xff", b"Test\xffova", "2")])
    assert (await reader.poll()).poison == 2
    assert sorted(kafka.held()) == ["invented:person:1", "invented:person:2"]


@pytest.mark.parametrize(
    ("line", "held"),
    [(b"2,Ada Testova,yes", ["1"]), (b"2,Test\xffova,yes", ["1"]), (b"2,Testova,Ada,", ["1", "2"])],
    ids=["whole", "undecodable", "a field too many"],
)
async def test_a_line_is_marked_as_ended_only_where_its_mark_is_sure(tmp_path, line, held):
    folder = tmp_path / "drops"
    folder.mkdir()
    source = File("*.csv", ended=Ended("gone"))
    stream = Stream("person", PersonV1, source, Surrogate("id"), person)
    adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
    kafka, state = Recorder(), StreamState(tmp_path / "state.sqlite")
    publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
    drops = Drops(FileSource(folder, source, stream.needed))
    reader = SnapshotReader(stream, drops, state, publisher, key_maker(stream.key, "person", b""))
    for number, second in enumerate((b"2,Ada Testova,", line)):
        path = folder / f"{number}.csv"
        path.write_bytes(b"id,name,gone\n1,Ada Testova,\n" + second + b"\n")
        os.utime(path, (time.time() - 100 + number,) * 2)
        await reader.poll()
    assert sorted(kafka.held()) == [f"invented:person:{key}" for key in held]


async def test_a_marked_row_is_erased_even_if_the_memory_was_lost_and_it_was_poison_before(tmp_path, legacy):
    _, _, kafka, state, publisher, table, key = parts(tmp_path, "at")
    await SqlReader(table, state, publisher, key).poll()
    state.close()
    for file in tmp_path.glob("state.sqlite*"):
        file.unlink()
    legacy.execute("UPDATE person SET name = '', at = 100 WHERE id = '3'")
    _, _, _, state, publisher, table, key = parts(tmp_path, "at", kafka=kafka)
    reader = SqlReader(table, state, publisher, key)
    assert (await reader.poll()).poison == 1
    legacy.execute("UPDATE person SET gone = 'yes' WHERE id = '3'")
    assert (await reader.compare()).ended == 1
    assert "invented:person:3" not in kafka.held()


@pytest.mark.parametrize("mark", ["0", " ", "   0", "false"])
async def test_a_list_that_writes_no_end_as_text_is_published(tmp_path, mark):
    source = File("*.csv", ended=Ended("gone"), settle_s=0)
    stream = Stream("person", PersonV1, source, Surrogate("id"), person)
    adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
    kafka, state = Recorder(), StreamState(tmp_path / "state.sqlite")
    publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
    drops = Drops(FileSource(tmp_path, source, stream.needed))
    reader = SnapshotReader(stream, drops, state, publisher, key_maker(stream.key, "person", b""))
    (tmp_path / "list.csv").write_text(f"id,name,gone\n1,Ada Testova,{mark}\n2,Bo Testov,1\n")
    tally = await reader.poll()
    assert (tally.published, tally.ended) == (1, 1)
    state.close()
