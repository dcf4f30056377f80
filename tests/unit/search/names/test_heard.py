"""Names that another alphabet writes as they are heard in their own language. All people are invented."""

# ruff: noqa: RUF001  letters of other alphabets look like Latin ones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names.compare import THRESHOLD
from search.names.heard import heard, heard_in_syllables
from search.names.keys import keys_of_text
from tests.unit.search.names.judging import score, shared

BY_EAR = [
    # French: mute consonants, qu, ch, eau, oi, ill, gn
    ("Жак Тестье", "Jacques Testier"),
    ("Гийом Бодо", "Guillaume Baudot"),
    ("Бенуа Тестуа", "Benoît Testois"),
    ("Рено Тибо", "Renaud Thibault"),
    ("Франсуа Тестеран", "Francois Testerand"),
    ("جاك تيستو", "Jacques Testeau"),
    ("غيوم بودو", "Guillaume Baudot"),
    ("تيبو كورنوا", "Thibaut Cornois"),
    ("Ζακ Τεστιέ", "Jacques Testier"),
    ("ז'אק טסטו", "Jacques Testeau"),
    ("자크 테스트랑", "Jacques Testrand"),
    # English: gh, dge, ge, sh, ea
    ("Дуайт Джексон", "Dwight Jackson"),
    ("Джордж Тестон", "George Testone"),
    ("دوايت تيستون", "Dwight Testone"),
    ("Τζορτζ Ουίνστον", "George Winston"),
    # German, Spanish, Italian
    ("Томас Шойбнер", "Thomas Schäubner"),
    ("Τόμας Σρένερ", "Thomas Schröner"),
    ("Хорхе Тестес", "Jorge Testes"),
    ("חורחה טסטס", "Jorge Testes"),
    ("Джанлуиджи Тестаччо", "Gianluigi Testaccio"),
    # Polish, Turkish, Hungarian
    ("Анджей Тестоцкий", "Andrzej Testocki"),
    ("Лех Тестэнса", "Lech Testęsa"),
    ("Реджеп Тестоглу", "Recep Testoğlu"),
    ("Имре Тестадь", "Imre Testagy"),
    ("Ласло Тестеш", "László Testes"),
]


@pytest.mark.parametrize(("native", "latin"), BY_EAR)
def test_a_name_written_by_ear_is_alike_with_its_own_spelling(native, latin):
    assert score(native, latin) >= THRESHOLD


@pytest.mark.parametrize(("native", "latin"), BY_EAR)
def test_a_name_written_by_ear_shares_a_key_of_two_words_with_its_own_spelling(native, latin):
    assert shared(native, latin)


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("Жак Тестье", "Jean Testier"),
        ("Гийом Бодо", "Gérard Baudot"),
        ("Жак Тестье", "Jacques Tessard"),
        ("جاك تيستو", "Jean Testeau"),
        ("Джордж Тестон", "Joyce Testone"),
        ("Хорхе Тестес", "Javier Testes"),
        ("Имре Тестадь", "Ferenc Testagy"),
        # names that are no foreign ones stay what they are
        ("حسن علي", "Hussein Ali"),
        ("Марина Тестова", "Marie Testova"),
        ("Ахмед Тестов", "Achille Testaud"),
    ],
)
def test_another_name_that_sounds_like_it_is_not(native, latin):
    assert score(native, latin) < THRESHOLD


def consonants(text):
    return {key for key in keys_of_text(text).skeletons if key.startswith("o:")}


@pytest.mark.parametrize(("native", "latin"), [("Монно", "Monnot"), ("Тибо", "Thibault")])
def test_a_word_is_found_by_the_consonants_that_are_heard_of_it(native, latin):
    assert consonants(native) & consonants(latin)


@pytest.mark.parametrize("latin", ["Marina", "Testova"])
def test_a_word_that_shows_no_language_is_found_as_it_is_written_alone(latin):
    assert consonants(latin) <= consonants(latin.lower().translate(str.maketrans("marintesov", "маринтесов")))


def test_a_word_with_a_mark_of_another_alphabet_is_not_heard_in_a_language():
    assert score("Хосе Тестес", "José Testéz") > score("Хосе Тестес", "José Testěz")


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("조지 테스톤", "George Testone"),
        ("도너 마서", "Dorner Marther"),
        ("아서 테스터", "Arthur Tester"),
        ("매슈 테스터", "Matthew Tester"),
    ],
)
def test_syllabaries_write_no_r_behind_a_vowel_and_an_s_for_th(native, latin):
    assert score(native, latin) >= THRESHOLD


@given(st.text(st.characters(min_codepoint=97, max_codepoint=0x17F), max_size=20))
def test_whatever_a_word_is_its_sounds_are_in_plain_letters(word):
    for sounds in (heard(word), heard_in_syllables(word)):
        assert all(sound.isascii() and sound for every in sounds.values() for sound in every)
