"""An adapter that is started against another Kafka cluster: what it remembers was published to the first one."""

import os
import time
from unittest.mock import AsyncMock

import pytest

from adapters import process
from adapters.conformance.recorder import Recorder
from adapters.declaration import Adapter, File, Stream, Surrogate
from adapters.file_source import FileSource
from adapters.keys import key_maker
from adapters.publisher import Publisher
from adapters.snapshot_reader import Drops, SnapshotReader
from adapters.sql_reader import SqlReader
from adapters.state import StreamState
from adapters.streams import Sources, Streams
from contracts.identity import IdentityData, PersonName
from contracts.records import PersonV1
from hub.audit import Auditor
from hub.settings import KafkaSettings
from tests.unit.adapters import person_table
from tests.unit.adapters.person_table import parts, person, persons


@pytest.fixture
def legacy(tmp_path):
    with persons(tmp_path, 9) as database:
        yield database


class Clusters:
    """Two Kafka clusters, and an adapter that is started against one of them at a time."""

    def __init__(self, folder):
        self.folder = folder
        self.kafka = {"one": Recorder(), "two": Recorder()}

    async def run(self, name):
        _, _, _, state, publisher, table, key = parts(self.folder, "at", kafka=self.kafka[name])
        with state:
            is_another = state.writes_to(name)
            reader = SqlReader(table, state, publisher, key)
            await reader.read_changes()
            await reader.compare()
        return is_another


async def test_the_other_cluster_gets_everything_under_the_same_ids(tmp_path, legacy):
    clusters = Clusters(tmp_path)
    assert not await clusters.run("one")
    legacy.execute("UPDATE person SET gone = 'yes' WHERE id = '1'")
    assert not await clusters.run("one")
    assert await clusters.run("two")
    assert clusters.kafka["two"].held() == clusters.kafka["one"].held()
    first = [each for each in clusters.kafka["one"].event_ids() if each in clusters.kafka["two"].event_ids()]
    assert sorted(first) == sorted(clusters.kafka["two"].event_ids())
    assert not await clusters.run("two"), "it is known now"
    assert len(clusters.kafka["two"].event_ids()) == 9


async def test_a_change_while_the_adapter_stood_still_is_a_higher_version_in_both(tmp_path, legacy):
    clusters = Clusters(tmp_path)
    await clusters.run("one")
    legacy.execute("UPDATE person SET name = 'Eva Testova', at = at - 1 WHERE id = '5'")
    await clusters.run("two")
    await clusters.run("one")
    for kafka in clusters.kafka.values():
        assert b"Eva Testova" in kafka.held()["invented:person:5"]


async def test_what_ended_before_the_adapter_came_back_is_erased_in_the_first_cluster_too(tmp_path, legacy):
    clusters = Clusters(tmp_path)
    await clusters.run("one")
    await clusters.run("two")
    legacy.execute("DELETE FROM person WHERE id = '5'")
    legacy.execute("UPDATE person SET gone = 'yes' WHERE id = '6'")
    await clusters.run("two")
    await clusters.run("one")
    for kafka in clusters.kafka.values():
        assert len(kafka.held()) == 7
    assert len(clusters.kafka["one"].held()) == 7


async def test_a_row_that_never_made_an_event_is_a_dead_letter_there_too_and_never_an_erasure(tmp_path, legacy):
    legacy.execute("UPDATE person SET name = '' WHERE id IN ('5', '6')")
    clusters = Clusters(tmp_path)
    await clusters.run("one")
    legacy.execute("DELETE FROM person WHERE id = '6'")
    await clusters.run("two")
    assert len(clusters.kafka["two"].dead_letters()) == 1
    assert len(clusters.kafka["two"].event_ids()) == 7


def mended(row):
    """Map also what is no name for `person`."""
    names = (PersonName(full=row["name"] or "Eva Testova"),)
    return PersonV1(**row.own, subject=row.record, identity=IdentityData(names=names))


@pytest.mark.parametrize("was_published", [True, False])
async def test_a_row_that_was_at_fault_and_maps_meanwhile_is_a_higher_version_in_both(
    tmp_path, legacy, monkeypatch, was_published
):
    clusters = Clusters(tmp_path)
    spoilt = "UPDATE person SET name = '', at = 200 WHERE id = '5'"
    if not was_published:
        legacy.execute(spoilt)
    await clusters.run("one")
    before = clusters.kafka["one"].versions().get("invented:person:5", 0)
    legacy.execute(spoilt)
    await clusters.run("one")
    monkeypatch.setattr(person_table, "person", mended)
    await clusters.run("two")
    await clusters.run("one")
    for kafka in clusters.kafka.values():
        assert b"Eva Testova" in kafka.held()["invented:person:5"]
        assert kafka.versions()["invented:person:5"] == 200_000_000 > before
    first, second = (kafka.event_ids() for kafka in clusters.kafka.values())
    assert set(second) <= set(first), "both know the change under one id"


async def test_a_list_is_read_again_and_few_of_many_that_ended_once_do_not_make_it_a_cut_one(tmp_path):
    folder = tmp_path / "drops"
    folder.mkdir()
    source = File("*.csv")
    stream = Stream("person", PersonV1, source, Surrogate("id"), person)
    adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
    kafka = Recorder()

    async def run(cluster):
        with StreamState(tmp_path / "state.sqlite") as state:
            state.writes_to(cluster)
            publisher = Publisher(adapter, stream, state, kafka, Auditor(kafka, "test"))
            drops = Drops(FileSource(folder, source, stream.needed))
            return await SnapshotReader(stream, drops, state, publisher, key_maker(stream.key, "person", b"")).poll()

    for number, rows in enumerate((range(100), range(60), range(40))):
        path = folder / f"{number}.csv"
        path.write_text("id,name\n" + "".join(f"{row},Ada Testova\n" for row in rows))
        os.utime(path, (time.time() - 100 + number,) * 2)
        await run("one")
    tally = await run("two")
    assert (tally.published, tally.ended) == (40, 60)
    assert (await run("two")).changed == 0


async def test_the_process_asks_which_cluster_it_is_and_says_so_where_it_is_another(
    tmp_path, legacy, monkeypatch, capsys
):
    adapter, *_ = parts(tmp_path / "other", "at")
    sources = Sources(adapter, f"sqlite:///{tmp_path / 'legacy.sqlite'}")
    kafka = Recorder()
    with Streams(adapter, sources, tmp_path / "memory", kafka, Auditor(kafka, "test")) as streams:
        said = []
        for cluster in ("one", None, "one", "two"):
            monkeypatch.setattr(process, "cluster_id", AsyncMock(return_value=cluster))
            await process._meet_cluster(streams, KafkaSettings(), "adapter-invented")
            said.append("another Kafka cluster" in capsys.readouterr().out)
    assert said == [False, False, False, True]
    sources.close()
