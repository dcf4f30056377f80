"""Names: one form for index and query, in whatever script and spelling they came."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names.keys import keys_of_text
from search.names.latin import latin, tokens
from search.names.skeleton import skeleton

NAMES = st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lo", "Zs", "Pd", "Mn")), max_size=40)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Ada Testova", ("ada", "testova")),
        ("TESTOVÁ, Ada", ("testova", "ada")),
        ("Anne-Marie O'Testy", ("anne", "marie", "otesty")),
        ("Ødegård Straße", ("odegard", "strasse")),
        ("Тестова Ада", ("testova", "ada")),
        ("王小明", ("wang", "xiao", "ming")),
        ("الحسن", ("hsn",)),
    ],
)
def test_a_name_becomes_latin_words(written, words):
    assert tokens(written) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhamad"),
        ("Mohammed", "محمد"),
        ("Fatima", "Fatimah"),
        ("Khaled", "Halid"),
        ("Yusuf", "يوسف"),
        ("Шевченко", "Shevchenko"),
    ],
)
def test_spellings_of_one_name_share_a_skeleton(one, other):
    assert skeleton(tokens(one)[0]) == skeleton(tokens(other)[0])


def test_the_whole_key_does_not_depend_on_the_order():
    assert keys_of_text("Ada Maria Testova").whole == keys_of_text("TESTOVA Maria Ada").whole


def test_initials_are_no_keys_of_their_own_beside_words():
    assert keys_of_text("A. Testova").tokens == ("testova",)


def test_a_name_of_initials_alone_keeps_them():
    assert keys_of_text("A B").tokens == ("a", "b")


@given(NAMES)
def test_latin_is_stable_and_plain(text):
    once = latin(text)
    assert latin(once) == once
    assert all(character.isascii() and (character.isalnum() or character == " ") for character in once)
    assert "  " not in once


@given(NAMES)
def test_every_key_is_made_of_the_words(text):
    keys = keys_of_text(text)
    assert set(keys.tokens) <= set(tokens(text))
    assert len(keys.skeletons) == len(set(keys.skeletons))
