"""Machine readable zones: every field read, every misread one named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import DocumentType, Sex
from search.mrz import MrzRejected, check_digit, read_mrz

# The specimens of Doc 9303 (parts 4, 5 and 6), of the state of Utopia and nobody's.
TD3 = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]
TD2 = ["I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"]
TD1 = ["I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"]
VISA = ["V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"]


@pytest.mark.parametrize(
    ("lines", "number", "kind"),
    [
        (TD3, "L898902C3", DocumentType.PASSPORT),
        (TD2, "D23145890", DocumentType.IDENTITY_CARD),
        (TD1, "D23145890", DocumentType.IDENTITY_CARD),
        (VISA, "L8988901C", DocumentType.VISA),
    ],
)
def test_each_format_is_read(lines, number, kind):
    zone = read_mrz(lines, 2026)

    assert (zone.document.number, zone.document.type, zone.document.issuer) == (number, kind, "UTO")
    assert zone.name is not None
    assert (zone.name.family, zone.name.given) == ("ERIKSSON", "ANNA MARIA")
    assert zone.sex is Sex.FEMALE


def test_dates_take_the_century_that_is_possible():
    zone = read_mrz(TD3, 2026)
    assert zone.birth_date == PartialDate(1974, 8, 12)
    assert zone.document.valid_until == PartialDate(2012, 4, 15)


def damaged(lines, line, column):
    changed = [*lines]
    old = changed[line][column]
    changed[line] = changed[line][:column] + ("1" if old != "1" else "2") + changed[line][column + 1 :]
    return changed


@pytest.mark.parametrize(
    ("lines", "line", "column", "field"),
    [
        (TD3, 1, 9, "mrz.document_number"),
        (TD3, 1, 14, "mrz.birth_date"),
        (TD3, 1, 23, "mrz.expiry_date"),
        (TD3, 1, 42, "mrz.optional_data"),
        (TD3, 1, 43, "mrz.composite"),
        (TD2, 1, 9, "mrz.document_number"),
        (TD2, 1, 35, "mrz.composite"),
        (TD1, 0, 14, "mrz.document_number"),
        (TD1, 1, 2, "mrz.birth_date"),
        (TD1, 1, 29, "mrz.composite"),
        (VISA, 1, 19, "mrz.birth_date"),
    ],
)
def test_a_wrong_check_digit_names_its_field_and_no_value(lines, line, column, field):
    changed = damaged(lines, line, column)
    with pytest.raises(MrzRejected) as caught:
        read_mrz(changed, 2026)
    assert caught.value.field == field
    assert caught.value.reason == "mrz-check-digit"
    assert "ERIKSSON" not in str(caught.value)
    assert changed[line][:9] not in str(caught.value)


def test_a_long_number_goes_on_in_the_optional_field():
    number = "D23145890734"
    digit = check_digit(number)
    first = f"I<UTO{number[:9]}<{number[9:]}{digit}<<<<<<<<<<<"
    second = "7408122F1204159UTO<<<<<<<<<<<"
    composite = check_digit(first[5:30] + second[0:7] + second[8:15] + second[18:29])
    zone = read_mrz([first, second + composite, TD1[2]], 2026)
    assert zone.document.number == number


def test_an_unknown_day_of_birth_stays_unknown():
    birth = "7408<<"
    second = f"L898902C36UTO{birth}{check_digit(birth)}F1204159ZE184226B<<<<<1"
    composite = check_digit(second[0:10] + second[13:20] + second[21:43])
    assert read_mrz([TD3[0], second + composite], 2026).birth_date == PartialDate(1974, 8)


def test_a_name_without_given_names_is_a_family_name():
    zone = read_mrz(["P<UTOARKFREITH<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", TD3[1]], 2026)
    assert zone.name is not None
    assert (zone.name.family, zone.name.given) == ("ARKFREITH", None)


def test_a_full_name_field_is_taken_for_cut():
    zone = read_mrz(["P<UTO" + "A" * 30 + "<<" + "B" * 7, TD3[1]], 2026)
    assert zone.name_is_cut


def test_spaces_and_small_letters_are_forgiven():
    assert read_mrz([line.lower() + " " for line in TD3], 2026) == read_mrz(TD3, 2026)


@pytest.mark.parametrize("lines", [["P<UTO"], TD3[:1], ["!" * 44, TD3[1]], [TD3[0], TD3[1][:-1]]])
def test_what_is_no_zone_is_refused(lines):
    with pytest.raises(MrzRejected) as caught:
        read_mrz(lines, 2026)
    assert caught.value.field == "mrz"


@given(st.lists(st.text(alphabet="<ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=30, max_size=44), max_size=3))
def test_any_lines_are_read_or_refused(lines):
    try:
        read_mrz(lines, 2026)
    except MrzRejected:
        return


@given(st.text(alphabet="<ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", max_size=40))
def test_a_check_digit_is_a_digit(text):
    assert check_digit(text) in set("0123456789")
