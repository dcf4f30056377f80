"""Times of change that say little (whole seconds, none, what cannot be read), and tables that are never at rest."""

import datetime as dt
import sqlite3

import pytest

from adapters import sql_source
from adapters.clock import UNKNOWN, step
from adapters.conformance.recorder import Broken, Recorder
from adapters.databases import connect
from adapters.declaration import Adapter, Clock, Sql, Stream, Surrogate
from adapters.keys import key_maker
from adapters.position import Position, key_from_text, key_to_text
from adapters.publisher import Publisher
from adapters.sql_reader import SqlReader
from adapters.sql_source import SqlSource
from adapters.state import StreamState
from contracts.records import PersonV1
from hub.audit import Auditor
from tests.unit.adapters.person_table import person

BEGIN = 1_750_000_000
SETTLE_S = 0.5


def stamp(seconds):
    """Write a time as a column of whole seconds, or of microseconds, has it."""
    return dt.datetime.fromtimestamp(BEGIN + seconds, dt.UTC).replace(tzinfo=None).isoformat(" ")


class Agency:
    """A table with the clock of its database, which a test sets, and its reader."""

    def __init__(self, folder, kafka=None, **declared):
        self.database = sqlite3.connect(folder / "legacy.sqlite", isolation_level=None)
        self.database.execute("PRAGMA synchronous=OFF")
        self.database.execute("CREATE TABLE IF NOT EXISTS person (id TEXT, name TEXT, updated_at TEXT)")
        source = Sql("person", settle_s=SETTLE_S, **declared)
        stream = Stream("person", PersonV1, source, Surrogate("id"), person)
        adapter = Adapter("invented", "Nobody", "identification", "none", (stream,))
        self.kafka, self.state, self.seconds = kafka or Recorder(), StreamState(folder / "state.sqlite"), 0.0
        publisher = Publisher(adapter, stream, self.state, self.kafka, Auditor(self.kafka, "test"))
        self.table = SqlSource(connect(f"sqlite:///{folder / 'legacy.sqlite'}"), source, ("id",), adapter.time_zone)
        self.table.now = lambda: int((BEGIN + self.seconds) * 1e6)
        self.reader = SqlReader(self.table, self.state, publisher, key_maker(stream.key, "person", b""))

    def write(self, key, name, updated):
        self.database.execute("DELETE FROM person WHERE id = ?", (key,))
        self.database.execute("INSERT INTO person VALUES (?, ?, ?)", (key, name, updated))

    def names(self):
        return {
            record.rpartition(":")[2]: PersonV1.model_validate_json(value).identity.names[0].full
            for record, value in self.kafka.held().items()
        }


@pytest.fixture
def agency(tmp_path):
    made = Agency(tmp_path)
    yield made
    made.database.close()


def test_the_reading_of_a_clock_tells_how_long_it_may_stand_there():
    assert [step(reading) for reading in (5_000_000, 5_001_000, 5_001_001)] == [1_000_000, 1_000, 0]


async def test_two_changes_within_one_second_of_a_clock_of_seconds_are_both_published(agency):
    agency.write("1", "Ada First", stamp(0))
    agency.seconds = 0.7
    assert (await agency.reader.read_changes()).changed == 0
    agency.write("1", "Ada Second", stamp(0))
    agency.seconds = 1.0 + SETTLE_S
    await agency.reader.read_changes()
    assert agency.names() == {"1": "Ada Second"}


async def test_so_they_are_where_the_comparison_meets_the_row_first(agency):
    agency.write("1", "Ada First", stamp(0))
    agency.seconds = 0.7
    assert (await agency.reader.compare()).changed == 0
    agency.seconds = 1.0 + SETTLE_S
    assert (await agency.reader.compare()).published == 1


async def test_a_clock_of_microseconds_is_not_read_later_for_it(agency):
    agency.write("1", "Ada Testova", stamp(0.123456))
    agency.seconds = 0.124 + SETTLE_S
    assert (await agency.reader.read_changes()).published == 1


async def test_a_row_that_has_to_settle_is_not_passed_by_those_after_it(agency):
    agency.write("1", "Ada Testova", stamp(1.000000))
    agency.write("2", "Bo Testov", stamp(1.000001))
    agency.seconds = 1.1 + SETTLE_S
    assert (await agency.reader.read_changes()).changed == 0
    agency.seconds = 2.0 + SETTLE_S
    assert (await agency.reader.read_changes()).published == 2


@pytest.mark.parametrize("updated", [None, "", "soon"])
async def test_a_row_without_a_time_that_can_be_read_is_followed_by_the_comparison(agency, updated):
    agency.write("1", "Ada Testova", updated)
    agency.seconds = 10.0
    assert (await agency.reader.compare()).published == 1
    assert (await agency.reader.compare()).changed == 0
    agency.write("1", "Eva Testova", updated)
    assert (await agency.reader.compare()).published == 1
    assert agency.names() == {"1": "Eva Testova"}
    agency.database.execute("DELETE FROM person")
    assert (await agency.reader.compare()).ended == 1


async def test_a_memory_that_knew_such_a_row_by_no_digest_follows_it_again(agency):
    agency.write("1", "Ada Testova", None)
    agency.state.commit([("1", UNKNOWN, 5, True)])
    assert (await agency.reader.compare()).published == 1
    assert agency.kafka.versions()["invented:person:1"] > 5


async def test_the_versions_of_such_a_row_rise_even_if_the_memory_is_lost(tmp_path):
    kafka = Recorder()
    for number, name in enumerate(("Ada Testova", "Eva Testova", "Ida Testova")):
        agency = Agency(tmp_path, kafka)
        agency.write("1", name, None)
        agency.seconds = 10.0 + number
        await agency.reader.compare()
        assert agency.names() == {"1": name}
        agency.state.close()
        agency.database.close()
        for file in tmp_path.glob("state.sqlite*"):
            file.unlink()


async def test_such_a_row_keeps_its_id_where_kafka_broke(tmp_path):
    agency = Agency(tmp_path, Recorder(fail_at=1))
    agency.write("1", "Ada Testova", None)
    agency.write("2", "Bo Testov", None)
    agency.seconds = 10.0
    with pytest.raises(Broken):
        await agency.reader.compare()
    agency.seconds = 20.0
    await agency.reader.compare()
    assert len(set(agency.kafka.event_ids())) == 2


@pytest.mark.parametrize("updated", ["", "soon"])
async def test_times_that_cannot_be_read_keep_no_other_row_from_being_read_at_once(agency, updated, monkeypatch):
    monkeypatch.setattr(sql_source, "PAGE", 2)
    for number in range(5):
        agency.write(f"x{number}", "Cy Testov", updated)
    agency.write("1", "Ada Testova", stamp(1.5))
    agency.seconds = 10.0
    assert (await agency.reader.read_changes(page=2)).published == 1
    agency.write("2", "Bo Testov", stamp(12.5))
    agency.seconds = 20.0
    assert (await agency.reader.read_changes(page=2)).published == 1
    agency.write("3", "Di Testova", stamp(12.25))
    assert (await agency.reader.look_again()).published == 1


def count_read(agency):
    """Count the rows and keys that the database gives from now on."""
    given, reading = [], agency.table._partitions

    def counted(statement, page):
        for names, rows in reading(statement, page):
            given.extend(rows)
            yield names, rows

    agency.table._partitions = counted
    return given


async def test_many_rows_at_the_end_of_time_are_read_by_the_comparison_and_not_by_every_poll(agency):
    for number in range(50):
        agency.write(f"x{number}", "Cy Testov", "infinity")
    agency.write("1", "Ada Testova", stamp(1.5))
    agency.seconds = 100.0
    assert (await agency.reader.read_changes()).published == 1
    assert (await agency.reader.look_again()).changed == 0
    given = count_read(agency)
    for _ in range(3):
        assert (await agency.reader.read_changes()).changed == 0
        assert (await agency.reader.look_again()).changed == 0
    assert len(given) == 3, "the last row that has a time tells that none after it changed"
    agency.write("2", "Bo Testov", stamp(50.5))
    assert (await agency.reader.read_changes()).published == 1
    agency.write("x7", "Di Testova", stamp(60.5))
    assert (await agency.reader.look_again()).published == 1
    assert (await agency.reader.compare()).published == 49
    agency.write("x8", "Eva Testova", "infinity")
    assert (await agency.reader.compare()).published == 1
    assert len(agency.kafka.held()) == 52


@pytest.mark.parametrize("updated", ["", "infinity", "1990-00-00"])
async def test_a_table_none_of_whose_times_can_be_read_costs_nothing_between_comparisons(agency, updated):
    """A column that was added later has one default for all rows; the first time may sort before it or behind it."""
    for number in range(50):
        agency.write(f"x{number}", "Cy Testov", updated)
    agency.seconds = 100.0
    await agency.reader.look_again()
    given = count_read(agency)
    for _ in range(3):
        assert (await agency.reader.read_changes()).changed == 0
        assert (await agency.reader.look_again()).changed == 0
    assert given == []
    agency.write("1", "Ada Testova", stamp(50.5))
    assert (await agency.reader.read_changes()).published == 1
    assert len(given) == 1


async def test_the_first_times_after_a_default_that_is_none_are_read_at_once_though_older_ones_lie_before_it(agency):
    for number in range(50):
        agency.write(f"x{number}", "Cy Testov", "1990-00-00")
    agency.write("1", "Ada Testova", "1980-03-01 12:00:00.5")
    agency.seconds = 100.0
    assert (await agency.reader.read_changes()).published == 1
    await agency.reader.look_again()
    given = count_read(agency)
    agency.write("2", "Bo Testov", stamp(50.5))
    assert (await agency.reader.read_changes()).published == 1
    agency.write("3", "Di Testova", stamp(50.25))
    assert (await agency.reader.look_again()).published == 1
    assert len(given) < 10


async def test_a_comparison_has_met_such_rows_and_polls_after_it_do_not_ask_for_them(agency):
    for number in range(50):
        agency.write(f"x{number}", "Cy Testov", "infinity")
    agency.write("1", "Ada Testova", stamp(1.5))
    agency.seconds = 100.0
    assert (await agency.reader.read_changes()).published == 1
    for _ in range(2):
        await agency.reader.compare()
        given = count_read(agency)
        assert (await agency.reader.read_changes()).changed == 0
        assert given == []


async def test_a_time_between_two_that_cannot_be_read_waits_for_the_comparison_once(agency):
    agency.write("x", "Cy Testov", "1990-00-00")
    agency.write("y", "Cy Testov", "infinity")
    agency.seconds = 100.0
    await agency.reader.look_again()
    agency.write("1", "Ada Testova", stamp(50.5))
    assert (await agency.reader.read_changes()).changed == 0
    assert (await agency.reader.look_again()).changed == 0
    assert (await agency.reader.compare()).published == 3
    agency.write("2", "Bo Testov", stamp(60.5))
    assert (await agency.reader.read_changes()).published == 1


@pytest.mark.parametrize("sides", ["before", "behind", "before and behind"])
async def test_rows_that_join_such_ones_before_and_behind_are_asked_for_once(agency, monkeypatch, sides):
    monkeypatch.setattr(sql_source, "PAGE", 2)
    agency.write("x", "Cy Testov", "soon")
    agency.seconds = 100.0
    await agency.reader.look_again()
    given = count_read(agency)
    for number in range(5):
        if "before" in sides:
            agency.write(f"a{number}", "Cy Testov", f"never {9 - number}")
        if "behind" in sides:
            agency.write(f"z{number}", "Cy Testov", f"then {number}")
        await agency.reader.look_again()
        assert len(given) == len(sides.split(" and "))
        given.clear()
        assert (await agency.reader.read_changes()).changed == 0
        assert given == []
    agency.write("1", "Ada Testova", stamp(50.5))
    assert (await agency.reader.read_changes()).published == 1


async def test_a_driver_that_gives_none_for_such_a_time_keeps_no_other_row_from_being_read(agency, monkeypatch):
    agency.write("x", "Cy Testov", "0000-00-00")
    agency.seconds = 100.0
    reading = agency.table._partitions

    def driver(statement, page):
        for names, rows in reading(statement, page):
            yield names, [tuple(None if value == "0000-00-00" else value for value in row) for row in rows]

    monkeypatch.setattr(agency.table, "_partitions", driver)
    await agency.reader.look_again()
    agency.write("1", "Ada Testova", stamp(50.5))
    assert (await agency.reader.read_changes()).published == 1


async def test_times_before_and_behind_such_rows_are_read_in_their_order(agency):
    agency.write("x", "Cy Testov", "1990-00-00")
    agency.seconds = 100.0
    await agency.reader.look_again()
    agency.write("1", "Ada Testova", "1980-03-01 12:00:00.5")
    agency.write("2", "Bo Testov", stamp(50.5))
    assert (await agency.reader.read_changes(page=1)).published == 2
    given = count_read(agency)
    assert (await agency.reader.read_changes()).changed == 0
    assert given == []


async def test_a_row_whose_clock_is_ahead_hides_no_run_of_such_rows(agency):
    for number in range(50):
        agency.write(f"x{number}", "Cy Testov", "")
    agency.write("1", "Ada Testova", stamp(10_000))
    agency.seconds = 100.0
    await agency.reader.look_again()
    given = count_read(agency)
    assert (await agency.reader.read_changes()).changed == 0
    assert len(given) == 1


async def test_a_memory_that_stands_at_such_a_time_goes_back_to_the_beginning(agency):
    agency.state.commit((), Position("soon", ("9",)).to_text())
    agency.write("1", "Ada Testova", stamp(1.5))
    agency.seconds = 10.0
    assert (await agency.reader.read_changes()).published == 1


async def test_a_table_that_is_written_without_pause_is_read_up_to_when_that_began(agency):
    """Reading must come to an end, or nothing that was deleted would be found."""
    written = 0

    async def sending(messages, send_all=agency.kafka.send_all):
        nonlocal written
        written += 1
        assert written < 50
        agency.seconds += 1.0
        agency.write(f"b{written}", "Bo Testov", stamp(agency.seconds - 0.75))
        return await send_all(messages)

    agency.write("1", "Ada Testova", stamp(0.5))
    agency.seconds = 5.0
    agency.kafka.send_all = sending
    assert (await agency.reader.read_changes(page=1)).published == 1


def test_a_key_is_the_same_after_it_was_kept_as_text():
    key = (7, "x", dt.date(2026, 3, 1), b"\xff", None)
    assert key_from_text(key_to_text(key)) == key


def test_a_clock_of_text_with_parts_of_seconds_is_not_read_later(tmp_path):
    agency = Agency(tmp_path, clock=Clock.TEXT)
    newest = int((BEGIN + 1.2) * 1e6)
    assert agency.table.is_settled(stamp(1.123456), newest)
    assert not agency.table.is_settled(stamp(1), newest)
    agency.database.close()
