"""Machine readable zones: every field read, every misread one named."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import DocumentType, Sex
from search.mrz.check_digits import check_digit
from search.mrz.fields import Fault, FaultKind, Field, Remark
from search.mrz.reading import examine
from search.mrz.refusal import MrzRejected, read_mrz
from tests.unit.search.mrz.specimens import BELGIAN, FRENCH, SPANISH, TD1, TD2, TD3, VISA, damaged


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

    assert zone.document is not None
    assert (zone.document.number, zone.document.type, zone.document.issuer) == (number, kind, "UTO")
    assert zone.name is not None
    assert (zone.name.family, zone.name.given) == ("ERIKSSON", "ANNA MARIA")
    assert zone.sex is Sex.FEMALE


def test_dates_take_the_century_that_is_possible():
    zone = read_mrz(TD3, 2026)
    assert zone.birth_date == PartialDate(1974, 8, 12)
    assert zone.expiry_date == PartialDate(2012, 4, 15)


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
    assert zone.number == number
    assert zone.optional == ""


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


@pytest.mark.parametrize("lines", [[], ["P<UTO"], TD3[:1], [*TD1, *TD1], [TD3[0], TD3[1][:-1]]])
def test_what_is_no_zone_is_refused(lines):
    with pytest.raises(MrzRejected) as caught:
        read_mrz(lines, 2026)
    assert caught.value.field == "mrz"


def test_every_fault_is_located_to_its_field_and_digit():
    misread = damaged(damaged(TD3, 1, 9), 1, 14)
    assert [(fault.field, fault.kind, fault.line, fault.column) for fault in examine(misread, 2026).faults] == [
        (Field.NUMBER, FaultKind.CHECK_DIGIT, 2, 10),
        (Field.BIRTH_DATE, FaultKind.CHECK_DIGIT, 2, 20),
        (Field.COMPOSITE, FaultKind.CHECK_DIGIT, 2, 44),
    ]


def test_a_wrong_check_digit_tells_the_right_one():
    (fault,) = examine([TD3[0], TD3[1][:-1] + "9"], 2026).faults
    assert fault == Fault(Field.COMPOSITE, FaultKind.CHECK_DIGIT, 2, 44, "0")


def test_a_letter_in_a_date_is_a_fault_though_the_check_digit_agrees():
    # B and 1 differ by ten, which no check digit sees.
    lines = [TD3[0], TD3[1].replace("7408122", "7408B22")]
    reading = examine(lines, 2026)
    assert reading.checks[Field.BIRTH_DATE]
    assert [(fault.field, fault.kind, fault.column) for fault in reading.faults] == [
        (Field.BIRTH_DATE, FaultKind.CHARACTER, 18)
    ]


@pytest.mark.parametrize(("date", "column"), [("741312", 16), ("740231", 18), ("740800", None), ("<<<<<<", None)])
def test_an_impossible_date_is_located_and_an_unknown_one_is_none(date, column):
    second = f"{TD3[1][:13]}{date}{check_digit(date)}{TD3[1][20:43]}"
    lines = [TD3[0], second + check_digit(second[0:10] + second[13:20] + second[21:43])]
    faults = examine(lines, 2026).faults
    assert [(fault.kind, fault.column) for fault in faults] == ([(FaultKind.DATE, column)] if column else [])


@pytest.mark.parametrize(("line", "column", "field"), [(0, 3, "issuer"), (0, 8, "name"), (1, 11, "nationality")])
def test_a_digit_where_only_letters_stand_is_a_fault_of_that_field(line, column, field):
    faults = examine(damaged(TD3, line, column), 2026).faults
    assert (faults[-1].field, faults[-1].kind, faults[-1].line, faults[-1].column) == (
        field, FaultKind.CHARACTER, line + 1, column + 1,
    )  # fmt: skip


def test_a_character_that_no_zone_has_is_a_fault_of_its_field():
    assert examine([TD3[0].replace("ERIK", "ER!K"), TD3[1]], 2026).faults == (
        Fault(Field.NAME, FaultKind.CHARACTER, 1, 8),
    )


def test_a_sex_that_is_none_is_a_fault():
    faults = examine([TD3[0], TD3[1][:20] + "H" + TD3[1][21:]], 2026).faults
    assert [(fault.field, fault.column) for fault in faults] == [(Field.SEX, 21)]


def test_a_line_too_short_is_named():
    assert examine([TD3[0], TD3[1][:-1]], 2026).faults == (Fault(Field.ZONE, FaultKind.LENGTH, 2, 44),)


def test_a_french_identity_card_is_read_by_its_own_rules():
    zone = read_mrz(FRENCH, 2026)
    assert (zone.number, zone.nationality, zone.birth_date) == ("0101TST00017", "FRA", PartialDate(1984, 5, 6))
    assert zone.name is not None
    assert (zone.name.family, zone.name.given) == ("TESTOVA", "ADA MARIA")
    assert zone.document is not None
    assert zone.document.type is DocumentType.IDENTITY_CARD


def test_what_belgium_writes_otherwise_is_said_and_read():
    reading = examine(BELGIAN, 2026)
    assert [fault.practice for fault in reading.faults] == ["BEL"]
    assert not reading.is_valid
    assert read_mrz(BELGIAN, 2026).number == "001234567891"


def test_a_practice_of_one_state_is_a_fault_of_another():
    with pytest.raises(MrzRejected):
        read_mrz([BELGIAN[0].replace("BEL", "UTO"), *BELGIAN[1:]], 2026)


def test_a_spanish_card_brings_the_number_of_the_person_too():
    second = read_mrz(SPANISH, 2026).second_document
    assert second is not None
    assert second.number == "00000000T"


def test_one_letter_stands_for_germany():
    zone = read_mrz(["P<D<<TESTOVA<<ADA".ljust(44, "<"), TD3[1]], 2026)
    assert zone.issuer == "DEU"


def test_a_refugee_bears_a_refugees_document():
    assert read_mrz([TD3[0], TD3[1].replace("UTO", "XXB")], 2026).type is DocumentType.REFUGEE_TRAVEL_DOCUMENT


def test_remarks_say_what_is_odd_and_not_wrong():
    odd = ["P<QQQ" + "A" * 30 + "<<" + "B" * 7, TD3[1].replace("UTO", "XXX")]
    reading = examine(odd, 2026)
    assert reading.is_valid
    assert set(reading.remarks) == {Remark.UNKNOWN_ISSUER, Remark.NO_NATIONALITY, Remark.NAME_CUT}


def test_a_document_expires_after_its_last_day():
    zone = read_mrz(TD3, 2026)
    assert not zone.has_expired(dt.date(2012, 4, 15))
    assert zone.has_expired(dt.date(2012, 4, 16))


def test_a_zone_that_came_as_one_line_is_parted():
    assert read_mrz(["".join(TD1)], 2026) == read_mrz(TD1, 2026)


ZONE_LETTERS = "<ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


@given(st.lists(st.text(alphabet=ZONE_LETTERS, min_size=30, max_size=44), max_size=3))
def test_any_lines_are_read_or_refused(lines):
    try:
        read_mrz(lines, 2026)
    except MrzRejected:
        return


@given(
    st.sampled_from([(2, 44), (2, 36), (3, 30)]).flatmap(
        lambda size: st.lists(
            st.text(st.characters(), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
        )
    )
    | st.lists(st.text(), max_size=5)
)
def test_no_text_is_an_error_to_examine(lines):
    reading = examine(lines, 2026)
    assert reading.zone is not None or reading.faults


@given(st.text(alphabet=ZONE_LETTERS, max_size=40))
def test_a_check_digit_is_a_digit(text):
    assert check_digit(text) in set("0123456789")


@pytest.mark.parametrize(("birth", "place"), [("8<0812", 14), ("<80812", 14), ("<<1312", 16), ("<<0231", 18)])
def test_a_year_in_half_and_a_day_that_no_year_has_are_no_date(birth, place):
    found = examine(born(birth), 2026)
    assert [(fault.field, fault.kind, fault.column) for fault in found.faults] == [
        (Field.BIRTH_DATE, FaultKind.DATE, place)
    ]


@pytest.mark.parametrize("birth", ["<<0812", "<<<<<<", "<<0229"])
def test_a_date_without_its_year_is_not_known_and_no_fault(birth):
    found = examine(born(birth), 2026)
    assert found.faults == ()
    assert found.zone.birth_date is None


def born(birth):
    """A zone with this date of birth, its check digits right."""
    second = f"L898902C36UTO{birth}{check_digit(birth)}F1204159ZE184226B<<<<<1"
    return TD3[0], second + check_digit(second[0:10] + second[13:20] + second[21:43])


@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\u202e", "\x07", "\u00ad"])
@pytest.mark.parametrize("lines", [TD1, TD2, TD3])
def test_an_invisible_character_is_told_as_what_it_is_and_not_as_a_wrong_length(lines, hidden):
    first, *others = lines
    reading = examine([first[:4] + hidden + first[4:], *others], 2026)
    assert reading.faults == (Fault(Field.ZONE, FaultKind.CHARACTER, 1, 5),)


def test_a_small_sharp_s_is_a_character_that_no_zone_has_and_not_two_letters():
    first, second = TD3
    (fault,) = examine([first[:5] + "\u00df" + first[6:], second], 2026).faults
    assert (fault.kind, fault.line, fault.column) == (FaultKind.CHARACTER, 1, 6)
