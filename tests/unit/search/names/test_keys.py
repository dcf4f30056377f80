"""Keys: how a name is found, equal at index and at query time, across spellings, scripts and slips."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import PersonName
from search.names.keys import MAX_KEYS, keys_of, keys_of_text, tells_name
from search.names.latin import latin
from search.names.skeleton import skeleton

NAMES = st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lo", "Zs", "Pd", "Mn")), max_size=40)
WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=5, max_size=12)


def finding(text):
    """The keys by which a name is found without a birth date: of its consonants those that few names share."""
    keys = keys_of_text(text)
    consonants = {key for key in keys.skeletons if tells_name(key) or " " not in text}
    return {*keys.tokens, *keys.slips, *consonants}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohammed", "Muhamad"),
        ("Fatima", "Fatimah"),
        ("Khaled", "Halid"),
        ("Muhammad al-Hakim", "محمد الحكيم"),
        ("Abdurrahman Saleh", "عبد الرحمن صالح"),
        ("Nataliya Shevchenko", "Шевченко Наталія"),
        ("Park Young-hee", "박영희"),
        ("Young Hee PAK", "박영희"),
        ("Wang Xiaoming", "王小明"),
        ("Moshe Kohen", "משה כהן"),
        ("Giorgi Beridze", "გიორგი ბერიძე"),
        ("Robert Schmidt", "로베르트 슈미트"),
        ("AdaTestova", "Ada Testova"),
        ("Mohammed Saleh Haddad", "حداد محمد"),
        ("Haddad Abdul Rahman", "Abdurrahman Haddad"),
    ],
)
def test_names_that_are_one_find_each_other_across_scripts(one, other):
    assert finding(one) & finding(other)


def test_a_name_in_kanji_is_found_by_the_consonants_of_one_word():
    assert set(keys_of_text("Hanako Yamada").skeletons) & set(keys_of_text("山田花子").skeletons)


@pytest.mark.parametrize(("one", "other"), [("Mohammed", "Muhamad"), ("Fatima", "Fatimah"), ("Khaled", "Halid")])
def test_spellings_of_one_name_share_a_skeleton(one, other):
    assert skeleton(latin(one)) == skeleton(latin(other))


def test_the_whole_key_does_not_depend_on_the_order():
    assert keys_of_text("Ada Maria Testova").whole == keys_of_text("TESTOVA Maria Ada").whole


def test_initials_titles_and_particles_are_no_keys_of_their_own_beside_words():
    assert keys_of_text("Dr. A. van Testova").tokens == ("testova",)


def test_a_name_of_initials_alone_keeps_them():
    assert keys_of_text("A B").tokens == ("a", "b")


def test_parts_and_whole_of_a_contract_give_the_same_keys():
    assert keys_of(PersonName(given="Ada", family="Testova")) == keys_of_text("Ada Testova")


@given(
    WORD,
    st.integers(0, 11),
    st.sampled_from("abcdefghijklmnopqrstuvwxyz"),
    st.sampled_from(["drop", "add", "change", "swap"]),
)
def test_words_that_differ_by_one_slip_at_their_beginning_share_a_key(word, place, letter, slip):
    place %= min(len(word), 6)
    match slip:
        case "drop":
            other = word[:place] + word[place + 1 :]
        case "add":
            other = word[:place] + letter + word[place:]
        case "change":
            other = word[:place] + letter + word[place + 1 :]
        case _:
            other = word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
    assert set(keys_of_text(word).slips) & set(keys_of_text(other).slips)


@given(NAMES)
def test_latin_is_stable_and_plain(text):
    once = latin(text)
    assert latin(once) == once
    assert all(character.isascii() and (character.isalnum() or character == " ") for character in once)
    assert "  " not in once


@given(st.text(max_size=80))
def test_keys_are_few_distinct_and_never_empty(text):
    keys = keys_of_text(text)
    groups = (keys.tokens, keys.skeletons, keys.slips)
    assert 1 + sum(map(len, groups)) <= MAX_KEYS <= 60
    assert all(len(group) == len(set(group)) and all(group) for group in groups)
