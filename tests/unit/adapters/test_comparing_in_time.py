"""When a table is compared again: soon after an outage too, and never for more than its share of the time."""

import itertools
from contextlib import suppress

import pytest

from adapters.conformance.recorder import Broken, Recorder
from adapters.failures import SourceUnavailable
from adapters.pace import SHARE, Pace
from adapters.snapshot_reader import SnapshotReader, WholeTable
from adapters.sql_reader import SqlReader
from tests.unit.adapters.person_table import parts, persons

COMPARE_S = 5.0
OUTAGE_S = 600.0


class Clock:
    """A clock that others set."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


class SlowKafka(Recorder):
    """Takes its time to confirm."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock
        self.takes = 0.0

    async def send_all(self, messages):
        self.clock.now += self.takes
        return await super().send_all(messages)


@pytest.fixture
def legacy(tmp_path):
    with persons(tmp_path, 9) as database:
        yield database


async def test_an_outage_of_kafka_during_a_comparison_does_not_put_off_the_next_one(tmp_path, legacy):
    clock = Clock()
    kafka = SlowKafka(clock)
    _, _, _, state, publisher, table, key = parts(tmp_path, "at", COMPARE_S, kafka)
    reader = SqlReader(table, state, publisher, key, clock)
    await reader.poll()
    legacy.execute("DELETE FROM person WHERE id = '1'")
    clock.now += COMPARE_S
    kafka.takes = OUTAGE_S
    assert (await reader.poll()).ended == 1
    kafka.takes = 0.0
    legacy.execute("DELETE FROM person WHERE id = '2'")
    assert (await reader.poll()).ended == 0, "its time has not come"
    clock.now += COMPARE_S
    assert (await reader.poll()).ended == 1


async def test_a_table_that_is_slow_to_read_is_compared_in_a_twentieth_of_the_time(tmp_path, legacy):
    clock = Clock()
    _, _, _, state, publisher, table, key = parts(tmp_path, "at", COMPARE_S)
    reading = table.keys

    def slowly(**asked):
        clock.now += 10.0
        return reading(**asked)

    table.keys = slowly
    reader = SqlReader(table, state, publisher, key, clock)
    await reader.poll()
    legacy.execute("DELETE FROM person WHERE id = '1'")
    clock.now += 150.0
    assert (await reader.poll()).ended == 0
    clock.now += 50.0
    assert (await reader.poll()).ended == 1


async def test_a_table_without_a_time_of_change_is_read_again_at_once_where_kafka_broke(tmp_path, legacy):
    _, stream, kafka, state, publisher, table, key = parts(tmp_path, None, 3_600.0, Recorder(fail_at=1))
    reader = SnapshotReader(stream, WholeTable(table), state, publisher, key)
    with pytest.raises(Broken):
        await reader.poll()
    assert (await reader.poll()).published == 9
    legacy.execute("DELETE FROM person WHERE id = '1'")
    assert (await reader.poll()).changed == 0, "its time has not come"
    assert len(kafka.held()) == 9


async def test_so_is_a_table_without_a_time_of_change(tmp_path, legacy):
    clock = Clock()
    kafka = SlowKafka(clock)
    _, stream, _, state, publisher, table, key = parts(tmp_path, None, COMPARE_S, kafka)
    reading = table.everything

    def slowly():
        clock.now += 10.0
        yield from reading()

    table.everything = slowly
    reader = SnapshotReader(stream, WholeTable(table, clock), state, publisher, key)
    kafka.takes = OUTAGE_S
    await reader.poll()
    kafka.takes = 0.0
    legacy.execute("DELETE FROM person WHERE id = '1'")
    await reader.poll()
    clock.now += 150.0
    assert (await reader.poll()).ended == 0
    clock.now += 50.0
    assert (await reader.poll()).ended == 1


@pytest.mark.parametrize("updated", ["at", None])
async def test_a_reading_that_broke_off_is_begun_again_at_once_and_then_ever_later(tmp_path, legacy, updated):
    clock = Clock()
    _, stream, _, state, publisher, table, key = parts(tmp_path, updated, COMPARE_S)
    begun = []

    def breaks_off(since=None):
        if since is not None:
            return
        begun.append(clock.now)
        clock.now += 10.0
        raise SourceUnavailable("away")
        yield

    table.keys = table.everything = breaks_off
    if updated:
        reader = SqlReader(table, state, publisher, key, clock)
    else:
        reader = SnapshotReader(stream, WholeTable(table, clock), state, publisher, key)
    while len(begun) < 9:
        with suppress(SourceUnavailable):
            await reader.poll()
        clock.now += 1.0
    pauses = [after - before - 10.0 for before, after in itertools.pairwise(begun)]
    assert pauses[:4] == pytest.approx([1.0, 5.0, 15.0, 35.0], abs=1.0), "it is looked once a second whether it is time"
    assert pauses[-1] == pytest.approx(10.0 / SHARE, abs=1.0)


def test_what_went_through_ends_the_waiting():
    clock = Clock()
    pace = Pace(COMPARE_S, clock)
    for _ in range(1_000):
        pace.broke_off(10.0)
    assert not pace.is_due()
    clock.now += 10.0 / SHARE
    assert pace.is_due()
    pace.went_through(0.0)
    pace.broke_off(0.0)
    assert pace.is_due()


async def test_no_result_is_open_in_the_source_while_kafka_is_waited_for(tmp_path, legacy):
    _, _, kafka, state, publisher, table, key = parts(tmp_path, "at", COMPARE_S)
    reader = SqlReader(table, state, publisher, key)
    await reader.poll()
    reading, at_the_end, sent_before = table.keys, [], []

    def watched(**asked):
        at_the_end.append(False)
        yield from reading(**asked)
        at_the_end[-1] = True

    table.keys = watched
    sending = kafka.send_all

    async def watching(messages):
        sent_before.extend(ended for ended in at_the_end if not ended)
        return await sending(messages)

    kafka.send_all = watching
    legacy.execute("UPDATE person SET at = at - 1, name = 'Eva Testova' WHERE id IN ('3', '4')")
    legacy.execute("DELETE FROM person WHERE id = '1'")
    tally = await reader.compare()
    assert (tally.published, tally.ended) == (2, 1)
    assert sent_before == []


async def test_a_comparison_that_has_seen_all_keys_ends_what_vanished_though_the_database_sorts_no_times(
    tmp_path, legacy
):
    _, _, _, state, publisher, table, key = parts(tmp_path, "at")
    reader, reading = SqlReader(table, state, publisher, key), table._partitions
    await reader.poll()
    legacy.execute("DELETE FROM person WHERE id = '1'")

    def unsorted(statement, page):
        if "DESC" in str(statement):
            raise SourceUnavailable("The table takes too long to sort.")
        return reading(statement, page)

    table._partitions = unsorted
    assert (await reader.compare()).ended == 1
