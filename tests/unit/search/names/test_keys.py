"""Keys: how a name is found, equal at index and at query time, across spellings, scripts and slips."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from contracts.identity import PersonName
from search.names.keys import MAX_KEYS, keys_of, keys_of_name, keys_of_text, tells_name
from search.names.latin import latin
from search.names.parse import parse, parse_name
from search.names.parts import Name
from search.names.skeleton import skeleton
from tests.unit.search.names.judging import shared

NAMES = st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lo", "Zs", "Pd", "Mn")), max_size=40)
WORD = st.text(alphabet="abcdefghijklmnopqrstuvwyz", min_size=5, max_size=12)  # a zone writes UXX for one letter


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
        ("Siarhei Testakou", "Сергей Тестаков"),
        ("Tatsiana Barysava", "Татьяна Борисова"),
        ("Zahra Mousavi", "زهرا موسوی"),
        ("Evangelos Boubas", "Ευάγγελος Μπούμπας"),
        ("Hayk Ghazaryan", "Հայկ Ղազարյան"),
        ("Taro Suzuki", "すずき たろう"),
        ("Wong Chi Keung", "黃志強"),
        ("Rhee Soon Rin", "이순린"),
        ("Ivan Yankovich", "إيفان يانكوفيتش"),
        ("Nureddin Zengi", "نورالدين زنكي"),
        ("Zulfiqar", "ذو الفقار"),
        ("Angela Testi", "Ангела Тести"),
        ("Nguyen Testi", "Нгуен Тести"),
    ],
)
def test_names_that_are_one_find_each_other_across_scripts(one, other):
    assert finding(one) & finding(other)


@pytest.mark.parametrize(("one", "other"), [("Hanako Yamada", "山田花子"), ("Djordji Kosev", "Ѓорѓи Ќосев")])
def test_names_that_letters_hide_share_the_consonants_of_one_word(one, other):
    assert set(keys_of_text(one).skeletons) & set(keys_of_text(other).skeletons)


@pytest.mark.parametrize(("one", "other"), [("Mohammed", "Muhamad"), ("Fatima", "Fatimah"), ("Khaled", "Halid")])
def test_spellings_of_one_name_share_a_skeleton(one, other):
    assert skeleton(latin(one)) == skeleton(latin(other))


def test_the_whole_key_does_not_depend_on_the_order():
    assert keys_of_text("Ada Maria Testova").whole == keys_of_text("TESTOVA Maria Ada").whole


def test_initials_titles_and_particles_are_no_keys_of_their_own_beside_words():
    assert keys_of_text("Dr. A. van Testova").tokens == ("testova", "vantestova")


@pytest.mark.parametrize(
    ("spaced", "closed"),
    [
        ("Ada van der Test", "ADA VANDERTEST"),
        ("Ada van der Test", "Vandertest, Adah"),
        ("Ada de la Prueba", "ADA DELAPRUEBA"),
        ("Mahmoud al-Testi", "MAHMUD ALTESTI"),
        ("Ada bin Testi", "BINTESTI ADA"),
    ],
)
def test_a_word_written_in_one_with_its_particles_shares_a_key_of_two_words(spaced, closed):
    assert shared(spaced, closed)


def test_a_word_written_in_one_with_its_particles_is_found_beside_an_initial():
    assert "vandertest" in set(keys_of_text("A. van der Test").tokens) & set(keys_of_text("A VANDERTEST").tokens)


def test_a_name_of_initials_alone_keeps_them():
    assert keys_of_text("A B").tokens == ("a", "b")


def test_a_family_name_in_capitals_has_the_keys_that_it_has_in_small_letters():
    assert keys_of_text("SRB Pavel") == keys_of_text("Srb Pavel")


def test_parts_and_whole_of_a_contract_give_the_same_keys():
    assert keys_of(PersonName(given="Ada", family="Testova")) == keys_of_text("Ada Testova")


def test_words_that_are_all_titles_have_keys_as_others():
    assert keys_of_text("U U U").tokens == ("u",)


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
    assume("abd" not in {word[:3], other[:3]})  # of a servant of God the article is left out, and the rest is a word
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


def parts_of(keys):
    return {(field, key) for field in ("tokens", "skeletons", "slips") for key in getattr(keys, field)}


@given(st.text(alphabet=st.characters(exclude_categories=("Cs",)), max_size=60))
def test_a_record_is_found_by_each_word_of_its_own_name(text):
    held = parts_of(keys_of_text(text))
    for part in parse(text).telling:
        asked = parts_of(keys_of_name(Name(part.text, (part,), part.word)))
        assert asked & held or not asked


@given(NAMES.filter(lambda text: text.strip()))
def test_the_keys_of_a_query_are_those_of_the_record(text):
    name = PersonName(full=text)
    assert keys_of(name) == keys_of_name(parse_name(name)) == keys_of_text(name.text)


def test_slips_are_looked_for_in_the_two_longest_words():
    slips = keys_of_text("Ada Maria Testova Exampleson").slips
    assert {"testova", "exampleson", "estova"} <= set(slips)
    assert "maria" not in slips


@pytest.mark.parametrize("letter", ["a", "م", "김", "李", "А", "א", "カ"])
def test_a_name_of_ten_thousand_letters_has_no_more_keys_than_others(letter):
    for text in (letter * 10_000, (letter + " ") * 5_000, (letter * 9 + " ") * 1_000):
        assert len(parts_of(keys_of_text(text))) + 1 <= MAX_KEYS


def test_a_name_without_letters_has_no_keys():
    assert keys_of_text("--") == ("", (), (), ())


@pytest.mark.parametrize(
    ("one", "other"), [("الياس خوري", "Elias Khoury"), ("أحمد السيد", "Ahmed Elsayed"), ("محمد علي", "MXHMD ELY")]
)
def test_arabic_words_are_found_with_their_article_and_as_zones_write_them(one, other):
    assert finding(one) & finding(other)


@pytest.mark.parametrize("native", ["الکساندر تستی", "Александр Тести"])
def test_an_x_within_a_word_is_two_sounds(native):
    assert shared(native, "Alexander Testi")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ivan Janković", "Иван Янкович"),
        ("Ivan Janković", "إيفان يانكوفيتش"),
        ("Ivan Janković", "Ivan Yankovich"),
        ("IVAN JANKOVIC", "Иван Янкович"),
        ("Željko Šarić", "Zhelyko Sharich"),
        ("Đorđe Čolić", "Джордже Чолич"),
        ("Şükrü Çelik", "Шюкрю Челик"),
        ("Ștefan Țurcanu", "Штефан Цуркану"),
    ],
)
def test_the_mark_of_a_letter_tells_its_sound(one, other):
    assert shared(one, other)


@pytest.mark.parametrize("written", ["JAN TESTORAK", "Ян Тесторжак"])
def test_a_word_with_marks_is_found_as_it_sounds_and_as_it_is_written_without_them(written):
    assert shared("Jan Testořák", written)
