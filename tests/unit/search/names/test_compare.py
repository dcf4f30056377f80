"""Comparing names: spellings, orders, scripts, slips, and the reasons given. All people are invented."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names.alike import Rule
from search.names.compare import THRESHOLD, NameMatch, compare
from search.names.parse import parse

ANY = st.text(max_size=40)
NAME = st.lists(
    st.text(alphabet="abcdehiklmnorstuvxyzаеиклмнтрсуابدحمنرس김이정영李王小明", min_size=1, max_size=9), max_size=4
).map(" ".join)


def score(one, other):
    return compare(parse(one), parse(other)).score


def rules(one, other):
    return {(pair.one, pair.other): pair.rule for pair in compare(parse(one), parse(other)).pairs}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # order, signs, joined and parted words
        ("Ada Testova", "TESTOVA, Ada"),
        ("Ada-Maria Testova", "Ada Maria Testova"),
        ("AdaTestova", "Ada Testova"),
        ("Testo va Ada", "Ada Testova"),
        # one letter wrong
        ("Ada Testowa", "Ada Testova"),
        ("Ada Tesotva", "Ada Testova"),
        ("Ada Testov", "Ada Testova"),
        ("Friedrich Mustermann", "Fridrich Mustermann"),
        # romanisations and languages
        ("Mohammed Alhakim", "Muhamad al-Hakim"),
        ("Sheikh Yusuf Mustafi", "Yousef Moustafi"),
        ("Aleksandr Testovskiy", "Alexander Testovsky"),
        ("Hsiao Ping Wang", "Xiao Ping Wang"),
        ("Jürgen Müller", "Juergen Mueller"),
        # titles, parts left out, initials, nicknames
        ("Dr. Ada Testova", "Ada Testova"),
        ("Ada Maria Testova", "Ada Testova"),
        ("A. Testova", "Ada Testova"),
        ("Bob Mustermann", "Robert Mustermann"),
        ("Ig0r Te5tov", "Igor Testov"),
    ],
)
def test_spellings_of_one_name_are_alike(one, other):
    assert score(one, other) >= THRESHOLD


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("Шевченко Наталія", "Nataliya Shevchenko"),
        ("Владимир Тестов", "Uladzimir Testau"),
        ("Ђорђе Тестовић", "Djordje Testovic"),
        ("محمد الحكيم", "Muhammad al-Hakim"),
        ("عبد الرحمن صالح", "Abdurrahman Saleh"),
        ("علیرضا تستی", "Alireza Testi"),
        ("משה כהן", "Moshe Kohen"),
        ("Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos"),
        ("გიორგი ბერიძე", "Giorgi Beridze"),
        ("Արմեն Պետրոսյան", "Armen Petrosyan"),
        ("박영희", "Park Young-hee"),
        ("박영희", "Young Hee PAK"),
        ("이민정", "Lee Min Jung"),
        ("王小明", "Wang Xiaoming"),
        ("王小明", "Hsiao-ming WANG"),
        ("陳大文", "Chan Tai Man"),
        ("山田花子", "Hanako Yamada"),
        ("ヤマダ ハナコ", "Hanako Yamada"),
        ("로베르트 슈미트", "Robert Schmidt"),
        ("罗伯特·史密斯", "Robert Smith"),
        ("محمد الحكيم", "MXHMD ALXHKYM"),
        ("Muhammad al-Hakim", "MXHMD ALXHKYM"),
    ],
)
def test_a_name_is_alike_in_its_script_and_in_latin_letters(native, latin):
    assert score(native, latin) >= THRESHOLD


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ada Testova", "Boris Testov"),
        ("Ada Romanova", "Ada Testova"),
        ("Roman Mustermann", "Robert Mustermann"),
        ("Ivan Ivanovich Testov", "Ivan Petrovich Testov"),
        ("Luis Castillo", "Luis Castro"),
        ("محمد الحكيم", "Muhammad al-Karimi"),
        ("박영희", "Park Chul-soo"),
        ("王小明", "Wang Daguo"),
        ("Шевченко Наталія", "Natalia Bondarenko"),
        ("A. Testova", "Boris Testova"),
    ],
)
def test_names_of_others_are_not_alike(one, other):
    assert score(one, other) < THRESHOLD


def test_father_and_son_are_told_apart():
    assert score("Salim bin Testi al-Hakim", "Testi bin Salim al-Hakim") < score(
        "Salim bin Testi al-Hakim", "Salim ibn Testi Alhakim"
    )


def test_each_pair_says_by_which_rule_it_is_alike():
    assert rules("Ada Testova", "Ada Testowa") == {("Ada", "Ada"): Rule.SAME, ("Testova", "Testowa"): Rule.SPELLING}
    assert rules("A Testova", "Ada Testova")["A", "Ada"] is Rule.INITIAL
    assert rules("Bob Testov", "Robert Testov")["Bob", "Robert"] is Rule.NICKNAME
    assert rules("Ада Тестова", "Ada Testova")["Тестова", "Testova"] is Rule.ROMANISATION
    assert rules("Ivan Vladimirovich", "Ivan Volodymyrovych")["Vladimirovich", "Volodymyrovych"] is Rule.PATRONYMIC
    assert rules("Testo Va Ada", "Ada Testova")["Testo Va", "Testova"] is Rule.JOINED
    assert rules("Ada Maria Testova", "Ada Testova")["Maria", ""] is Rule.MISSING


def test_a_word_cut_by_a_full_zone_is_alike_to_the_whole():
    cut = parse("TESTOVA ADA ALEXAND", cut=True)
    assert compare(cut, parse("Ada Alexandrina Testova")).score >= THRESHOLD
    assert (
        compare(parse("TESTOVA ADA ALEXAND"), parse("Ada Alexandrina Testova")).score
        < compare(cut, parse("Ada Alexandrina Testova")).score
    )


def test_a_name_without_letters_fits_nothing():
    assert compare(parse("--"), parse("--")) == NameMatch(0.0, ())


@given(ANY)
def test_every_name_is_itself(text):
    name = parse(text)
    assert compare(name, name).score == (1.0 if name.parts else 0.0)


@given(NAME, NAME)
def test_the_order_of_the_two_does_not_matter(one, other):
    forward, backward = compare(parse(one), parse(other)), compare(parse(other), parse(one))
    assert forward.score == backward.score
    assert [(pair.other, pair.one, pair.likeness, pair.rule) for pair in forward.pairs] == list(backward.pairs)


@given(ANY, ANY)
def test_no_text_breaks_it_and_scores_have_bounds(one, other):
    match = compare(parse(one), parse(other))
    assert 0 <= match.score <= 1
    assert all(0 <= pair.likeness <= 1 for pair in match.pairs)


@given(NAME, NAME)
def test_every_part_has_its_place_in_the_reasons(one, other):
    first, second = parse(one), parse(other)
    if first.parts and second.parts:
        pairs = compare(first, second).pairs
        assert sorted(" ".join(pair.one for pair in pairs).split()) == sorted(part.text for part in first.parts)
        assert sorted(" ".join(pair.other for pair in pairs).split()) == sorted(part.text for part in second.parts)
