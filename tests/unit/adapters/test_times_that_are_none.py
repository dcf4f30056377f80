"""Drivers that give none for a time that the database has: nothing can be compared with it, and nothing stops at it."""

import pytest

from adapters import sql_source
from tests.unit.adapters.test_times_of_change import Agency, count_read, stamp

NONES = {"0000-00-00": "first", "infinity": "last"}


@pytest.fixture
def agency(tmp_path, monkeypatch):
    monkeypatch.setattr(sql_source, "PAGE", 10)
    made = Agency(tmp_path)
    made.seconds = 100.0
    reading = made.table._partitions

    def driver(statement, page):
        for names, rows in reading(statement, page):
            yield names, [tuple(None if value in NONES else value for value in row) for row in rows]

    made.table._partitions = driver
    yield made
    made.database.close()


def write(agency, count, updated):
    agency.database.execute("DELETE FROM person WHERE updated_at = ?", (updated,))
    rows = [(f"x{number:05}", "Cy Testov", updated) for number in range(count)]
    agency.database.executemany("INSERT INTO person VALUES (?, ?, ?)", rows)


@pytest.mark.parametrize("count", [1, 9, 10, 11, 20, 35])
@pytest.mark.parametrize("updated", NONES)
async def test_rows_of_such_times_in_any_number_are_passed_over(agency, updated, count):
    write(agency, count, updated)
    agency.write("1", "Ada Testova", stamp(50.25))
    agency.write("2", "Bo Testov", stamp(50.5))
    assert (await agency.reader.read_changes(page=10)).published == 2
    agency.write("3", "Di Testova", stamp(60.5))
    if updated == "0000-00-00":
        assert (await agency.reader.read_changes(page=10)).published == 1
    await agency.reader.compare()
    assert len(agency.kafka.held()) == count + 3


async def test_of_a_database_whose_statements_give_several_pages_too(agency, monkeypatch):
    monkeypatch.setattr(sql_source.SqlSource, "_locks", False)
    monkeypatch.setattr(sql_source, "STATEMENT_PAGES", 2)
    write(agency, 55, "0000-00-00")
    for number in range(25):
        agency.write(f"{number}", "Ada Testova", stamp(50.5 + number / 100))
    assert (await agency.reader.read_changes(page=10)).published == 25


@pytest.mark.parametrize("updated", NONES)
async def test_a_table_of_such_times_alone_costs_little_between_comparisons(agency, updated):
    write(agency, 200, updated)
    await agency.reader.read_changes(page=10)
    given = count_read(agency)
    for _ in range(3):
        assert (await agency.reader.read_changes(page=10)).changed == 0
    assert len(given) == 3, "the last row tells that none has a time"
    agency.write("1", "Ada Testova", stamp(50.5))
    if updated == "0000-00-00":
        assert (await agency.reader.read_changes(page=10)).published == 1
        given.clear()
        assert (await agency.reader.read_changes(page=10)).changed == 0
        assert given == []
    else:
        assert (await agency.reader.compare()).published == 201
