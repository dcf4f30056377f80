"""Dates, documents, names and states as prose holds them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.conversions.countries import countries_in, nationalities_in
from adapters.conversions.names import listed_names, whole_name
from adapters.conversions.prose import dates_in, documents_in
from contracts.identity import NameKind


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("11.8.1960", ["1960-08-11"]),
        ("6.3.1955 or 15.3.1955", ["1955-03-06", "1955-03-15"]),
        ("circa 1957", ["1957"]),
        ("28 April 1937", ["1937-04-28"]),
        ("1 Jan. 1964; 1959", ["1964-01-01", "1959"]),
        ("15. September 2027", ["2027-09-15"]),
        ("March 1965 or 1966", ["1965-03", "1966"]),
        ("March/April 1965", ["1965"]),
        ("Between 1958 and 1961 (Approximately)", ["1958", "1959", "1960", "1961"]),
        ("between 1.1.1961 and 31.12.1962", ["1961", "1962"]),
        ("1343 (another calendar), 1964", ["1964"]),
        ("1959/1960", ["1959", "1960"]),
        ("28.01 1966", ["1966-01-28"]),
        ("7.8. 1978", ["1978-08-07"]),
        ("31.2.1960", ["1960-02"]),
        ("28 September; (year unknown)", []),
        (None, []),
    ],
)
def test_every_date_of_a_text_is_found_as_far_as_it_is_known(text, dates):
    assert [str(date) for date in dates_in(text)] == dates


@pytest.mark.parametrize(
    ("text", "documents"),
    [
        ("X0000001 (Iran); X0000002 (USA)", [("X0000001", "IRN"), ("X0000002", "USA")]),
        ("D 000001 (Afghan passport issued on 7.1.1999)", [("D000001", "AFG")]),
        ("X0000001, issued in France", [("X0000001", "FRA")]),
        ("series 0001 No 000002, issued on 16.10.2002", [("0001000002", None)]),
        ("MP 0000001 and MP 0000002", [("MP0000001", None), ("MP0000002", None)]),
        ("000000001 / 000000002", [("000000001", None), ("000000002", None)]),
        ("F00000001 expires 27 August 2024 (issued by Iran)", [("F00000001", "IRN")]),
        ("diplomatic passport issued by Mali", []),
        (None, []),
    ],
)
def test_every_document_of_a_text_is_found_with_its_country(text, documents):
    assert [(document.number, document.issuer) for document in documents_in(text)] == documents


def test_a_national_identity_card_is_no_passport():
    assert documents_in("0000000001 (National ID)")[0].type == "identity-card"


@given(st.text())
def test_no_text_breaks_the_readers(text):
    dates_in(text)
    documents_in(text)
    whole_name(text)
    countries_in(text)


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("South Sudanese", ("SSD",)),
        ("Iranian and US", ("IRN", "USA")),
        ("Democratic People\u2019s Republic of Korea (DPRK)", ("PRK",)),
        ("Central African Republic; Chad", ("CAF", "TCD")),
        ("", ()),
    ],
)
def test_nationalities_are_told_by_state_or_by_people(text, states):
    assert nationalities_in(text) == states


def test_a_nationality_that_is_not_known_is_refused_and_not_left_out():
    with pytest.raises(ValueError, match="nationality"):
        nationalities_in("of nowhere")


def test_a_name_in_two_scripts_is_two_names():
    names = whole_name("TESTOVA Ada Ада Тестова")
    assert [(name.full, name.script) for name in names] == [("TESTOVA Ada", "Latn"), ("Ада Тестова", "Cyrl")]


def test_what_stands_in_brackets_makes_an_alias():
    names = whole_name("Ada (also Adda) TESTOVA")
    assert [(name.full, name.kind) for name in names] == [
        ("Ada TESTOVA", NameKind.PRIMARY),
        ("Ada (also Adda) TESTOVA", NameKind.ALIAS),
    ]


def test_listed_names_are_parted_and_empty_ones_left_out():
    assert [name.full for name in listed_names(" A. Testova;; Ada Tester ;", NameKind.ALIAS)] == [
        "A. Testova",
        "Ada Tester",
    ]
    assert listed_names(None, NameKind.ALIAS) == []
