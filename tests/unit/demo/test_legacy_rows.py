import datetime as dt

import pytest

from contracts.dates import PartialDate
from deploy.demo.legacy import blacklist
from deploy.demo.legacy.changes import listed_rows
from deploy.demo.legacy.rows import alert_row, applicant_row, blacklist_row, crossing_row, document_rows, traveller_row
from deploy.demo.population.population import build_population

TODAY = dt.date(2026, 3, 1)


@pytest.fixture(scope="module")
def population():
    return build_population(50, 7, TODAY)


def test_entry_exit_writes_names_in_capitals_and_dates_as_digits(population):
    row = traveller_row(population.cast.overstayer_file)

    assert (row["surname"], row["forenames"], row["birth_date"]) == ("ORNEKOGLU", "ELIF", "19950119")


def test_a_crossing_says_which_document_was_shown(population):
    file = population.cast.overstayer_file
    crossing = next(one for one in population.holdings.crossings if one.traveller is file)
    document = next(document_rows(file))

    assert crossing_row(crossing)["doc_no"] == document["doc_no"] == "X0000005"


def test_alerts_write_unknown_parts_of_a_birth_date_as_zeros(population):
    row = alert_row(population.cast.misheard_alert)

    assert population.cast.misheard_alert.birth == PartialDate(1979)
    assert (row["NM1"], row["GEB_DAT"]) == ("NEMUNEPOOR", "00.00.1979")


def test_an_alert_with_the_native_name_alone_has_no_latin_one(population):
    row = alert_row(population.cast.wanted_alert)

    assert row["NM1"] is None
    assert row["NM_ORIG"] == "Зоряна Прикладенко"


def test_asylum_writes_birth_dates_in_three_columns(population):
    row = applicant_row(population.cast.cases[0])

    assert (row["birth_year"], row["birth_month"], row["birth_day"]) == (1990, 2, 27)


def test_a_dropped_blacklist_reads_back_as_it_was_written(population, tmp_path):
    rows = [blacklist_row(listed) for listed in population.holdings.listed]
    blacklist.write(tmp_path, "liste-1", rows)

    class Place:
        blacklist = tmp_path

    assert listed_rows(Place()) == rows
    assert rows[0]["MOTIF"] == "VOLE"
