"""From a zone to a search: what is in doubt is left out, and said."""

from contracts.dates import PartialDate
from contracts.identity import Sex
from search.mrz.fields import Field
from search.mrz.question import question
from search.mrz.reading import examine
from tests.unit.search.mrz.specimens import SPANISH, TD1, TD3, VISA, damaged


def asked(lines):
    return question(examine(lines, 2026))


def test_a_valid_zone_asks_for_all_that_it_says():
    found = asked(TD3)
    assert found.left_out == ()
    assert [name.text for name in found.criteria.names] == ["ANNA MARIA ERIKSSON"]
    assert (found.criteria.birth_date, found.criteria.sex) == (PartialDate(1974, 8, 12), Sex.FEMALE)
    assert found.criteria.nationalities == ("UTO",)
    (document,) = found.criteria.documents
    assert (document.number, document.issuer, document.valid_until) == ("L898902C3", "UTO", PartialDate(2012, 4, 15))


def test_a_misread_number_is_not_asked_for():
    found = asked(damaged(TD3, 1, 1))
    assert found.criteria.documents == ()
    assert found.criteria.names
    assert found.left_out == (Field.NUMBER,)


def test_a_misread_birth_date_is_not_asked_for():
    found = asked(damaged(TD3, 1, 14))
    assert found.criteria.birth_date is None
    assert found.criteria.documents
    assert found.left_out == (Field.BIRTH_DATE,)


def test_a_misread_expiry_date_leaves_the_document_its_number():
    (document,) = asked(damaged(TD3, 1, 23)).criteria.documents
    assert document.valid_until is None


def test_a_name_with_a_misread_letter_is_not_asked_for():
    found = asked(damaged(TD3, 0, 6))
    assert found.criteria.names == ()
    assert found.left_out == (Field.NAME,)


def test_what_only_the_composite_guards_is_in_doubt_when_that_is_wrong():
    found = asked(damaged(TD1, 1, 29))
    assert set(found.left_out) == {Field.OPTIONAL, Field.OPTIONAL_2}


def test_what_is_no_nationality_is_not_asked_for():
    found = asked(VISA)
    assert found.criteria.nationalities == ()
    assert found.left_out == (Field.NATIONALITY,)


def test_a_spanish_card_is_asked_for_by_both_its_numbers():
    assert [document.number for document in asked(SPANISH).criteria.documents] == ["AAA000000", "00000000T"]


def test_what_is_no_zone_asks_for_nothing():
    found = asked(["no zone"])
    assert found.criteria.is_empty
    assert found.left_out == (Field.ZONE,)
