"""From a zone to a search: what is in doubt is left out, and said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import PersonName, Sex
from search.mrz.fields import Field
from search.mrz.layouts import Format
from search.mrz.question import question
from search.mrz.reading import examine
from search.mrz.writing import write_zone
from search.mrz.zone import Zone
from search.names.compare import THRESHOLD, likeness
from search.names.parse import parse_name
from search.names.words import words
from search.query_body import candidates_body
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


def zone_of(name, form=Format.TD1):
    return write_zone(Zone(form, "I<", number="X0000001", issuer="UTO", name=name))


CUT = PersonName(family="Testovamustermannovichevskaya", given="Alexandrina")


def test_a_name_that_fills_its_field_is_asked_for_as_one_that_may_be_cut():
    (name,) = asked(zone_of(CUT)).criteria.names
    assert name.cut
    assert likeness(parse_name(name), parse_name(CUT)) >= THRESHOLD
    assert likeness(parse_name(name.model_copy(update={"cut": None})), parse_name(CUT)) < THRESHOLD
    (whole,) = asked(zone_of(PersonName(family="Testova", given="Ada"))).criteria.names
    assert not whole.cut


def test_who_bears_a_longer_word_than_a_full_zone_has_room_for_is_a_candidate():
    body = str(candidates_body(asked(zone_of(CUT)).criteria, None))
    assert "'prefix': {'token': {'value': 'testovamustermann" in body
    assert "'prefix'" not in str(candidates_body(asked(zone_of(PersonName(family="Testova"))).criteria, None))


def is_one_word(text):
    """Tell whether it stays one word wherever it is cut: what is left of it may end like a joined name, as in -din."""
    return all(len(words(text[:end])) == 1 for end in range(3, len(text) + 1))


WORDS = st.text("abdeiklmnorstuvz", min_size=3, max_size=14).map(str.title).filter(is_one_word)
LONG = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(" ".join)


@pytest.mark.parametrize("form", [Format.TD1, Format.TD3])
@given(LONG, LONG)
def test_a_name_is_like_what_a_zone_makes_of_it_however_it_is_cut(form, family, given_names):
    held = PersonName(family=family, given=given_names)
    (name,) = asked(zone_of(held, form)).criteria.names
    assert likeness(parse_name(name), parse_name(held)) >= THRESHOLD
