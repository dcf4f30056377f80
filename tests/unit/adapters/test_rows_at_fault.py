"""A published row that makes no sense any more: what was published stays, and it is counted until the row is mended."""

import pytest

from adapters.conformance.recorder import Recorder
from adapters.declaration import Adapter, File, Stream, Surrogate
from adapters.publisher import Publisher
from adapters.state import StreamState
from contracts.identity import IdentityData, PersonName
from contracts.records import PersonV1
from hub.audit import Auditor

GOOD, SPOILT = "TESTOVA", "N" * 301


def person(row):
    return PersonV1(**row.own, subject=row.record, identity=IdentityData(names=(PersonName(family=row["LAST"]),)))


class Agency:
    """A stream whose rows a test writes."""

    def __init__(self, folder):
        stream = Stream("person", PersonV1, File("*"), key=Surrogate("ID"), map=person)
        adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
        self.kafka = Recorder()
        self.state = StreamState(folder / "state.sqlite")
        self.publisher = Publisher(adapter, stream, self.state, self.kafka, Auditor(self.kafka, "test"))
        self._time = 0

    async def write(self, **names):
        self._time += 1
        row = self.publisher.changes.row
        return await self.publisher.publish([row(key, self._time, self._time, {"LAST": n}) for key, n in names.items()])


@pytest.fixture
async def agency(tmp_path):
    made = Agency(tmp_path)
    await made.write(a=GOOD, b=GOOD)
    await made.write(a=SPOILT, b=SPOILT, c=SPOILT)  # c was never published: nothing of it is in force
    return made


async def test_records_in_force_whose_rows_are_at_fault_are_counted_and_said(agency, capsys):
    assert agency.state.count_behind() == 2
    assert len(agency.kafka.held()) == 2
    await agency.write(a=SPOILT)
    told = capsys.readouterr().out
    assert "records in force whose rows are at fault" in told
    assert "count=2" in told
    assert "version_in_force=1" in told


async def test_a_row_that_is_mended_or_gone_is_counted_no_more(agency):
    await agency.write(a=GOOD)
    assert agency.state.count_behind() == 1
    await agency.publisher.end(agency.state.known(["b"]).items(), 99)
    assert agency.state.count_behind() == 0
    assert agency.kafka.held().keys() == {"invented:person:a"}
