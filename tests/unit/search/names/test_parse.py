"""Parsing: what the parts of a name are, in any script, and that no text breaks it."""

# ruff: noqa: RUF001  letters of other scripts are what is tested

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import PersonName
from search.names import arabic
from search.names.compare import likeness
from search.names.keys import keys_of_text
from search.names.parse import MAX_PARTS, parse, parse_name
from search.names.parts import Kind
from search.names.words import MAX_WORD


def texts(name):
    return [part.text for part in name.parts]


def kinds(text, **known):
    return {part.text: part.kind for part in parse(text, **known).parts}


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Ada Testova", ["Ada", "Testova"]),
        ("TESTOVA, Ada-Maria", ["TESTOVA", "Ada", "Maria"]),
        ("Anne O'Testy", ["Anne", "OTesty"]),
        ("A. B. Testova", ["A", "B", "Testova"]),
        ("AB Testova", ["AB", "Testova"]),
        ("JC Testova", ["J", "C", "Testova"]),
        ("Abdulrahman Testi", ["Abd", "rahman", "Testi"]),
        ("Abdurrahman Testi", ["Abd", "rahman", "Testi"]),
        ("Abdullah Testi", ["Abdullah", "Testi"]),
        ("Abdoulaye Testi", ["Abdoulaye", "Testi"]),
        ("Abdool Karim", ["Abd", "Karim"]),
        # a slip in the servant, before a name of God alone
        ("Adbulrahman Testi", ["abd", "rahman", "Testi"]),
        ("Bdul Rahman Testi", ["abd", "Rahman", "Testi"]),
        ("AVDELKADER TESTI", ["abd", "KADER", "TESTI"]),
        ("Adbul Testi", ["Adbul", "Testi"]),
        ("Abul Karim", ["Abul", "Karim"]),
        ("Adel Karim", ["Adel", "Karim"]),
        ("Testuddin Ada", ["Test", "din", "Ada"]),
        ("عبدالرحمن", ["عبد", "الرحمن"]),
        ("نورالدين", ["نور", "الدين"]),
        ("نورالدین", ["نور", "الدین"]),
        ("김에이다", ["김에이다"]),
        ("아다 Testova", ["아다", "Testova"]),
        ("Ada\u202eTestova\u200b", ["AdaTestova"]),
        ("Ada\x00Testova", ["Ada", "Testova"]),
    ],
)
def test_a_name_is_parted_into_words_of_one_script(written, words):
    assert texts(parse(written)) == words


@pytest.mark.parametrize("mixed", ["Тestова", "Aда", "Ниĸолай"])
def test_letters_of_another_alphabet_that_look_alike_are_taken_for_what_they_look_like(mixed):
    (part,) = parse(mixed).parts
    assert part.script == "Cyrl" or part.native == ""


def test_a_word_that_no_look_alike_explains_stays_as_it_is():
    assert texts(parse("Тестzz")) == ["Тестzz"]


def test_what_a_part_is_to_its_name():
    assert kinds("Dr Ada Ivanovna van Testova B") == {
        "Dr": Kind.TITLE,
        "Ada": Kind.PLAIN,
        "Ivanovna": Kind.PATRONYMIC,
        "van": Kind.PARTICLE,
        "Testova": Kind.PLAIN,
        "B": Kind.INITIAL,
    }


def test_words_that_may_be_cut_weigh_what_they_weigh_whole():
    text = "Dr Ada Ivanovna van der Testovsk B"
    weights = [(part.kind, part.weight) for part in parse(text, cut=True).parts]
    assert weights == [(part.kind, part.weight) for part in parse(text).parts]


def test_letters_that_are_one_elsewhere_are_an_initial_where_a_dot_says_so():
    assert kinds("Yu. Test") == {"Yu": Kind.INITIAL, "Test": Kind.PLAIN}
    assert kinds("Yu Test") == {"Yu": Kind.PLAIN, "Test": Kind.PLAIN}
    assert kinds("Ш. Шест") == {"Ш": Kind.INITIAL, "Шест": Kind.PLAIN}


def test_who_follows_son_of_is_a_father():
    assert kinds("Ada bint Testi al-Example") == {
        "Ada": Kind.PLAIN,
        "bint": Kind.PARTICLE,
        "Testi": Kind.PATRONYMIC,
        "al": Kind.PARTICLE,
        "Example": Kind.PLAIN,
    }


def test_a_comma_parts_the_family_name_from_the_given_names():
    assert kinds("van Testova, Ada") == {"van": Kind.PARTICLE, "Testova": Kind.FAMILY, "Ada": Kind.PLAIN}


def test_what_the_source_calls_family_and_given_names_is_kept():
    name = parse_name(PersonName(family="Testova", given="Ada"))
    assert [(part.text, part.kind) for part in name.parts] == [("Ada", Kind.GIVEN), ("Testova", Kind.FAMILY)]


def test_what_the_source_calls_a_given_name_is_kept_without_its_honorific():
    assert kinds("박 정은씨", given="정은씨") == {"박": Kind.PLAIN, "정은": Kind.GIVEN}


def test_a_particle_before_one_word_is_a_name():
    assert kinds("Ben Testov")["Ben"] is Kind.GIVEN


def test_names_written_in_another_order_have_one_whole_key():
    assert parse("Ada Maria Testova").whole == parse("TESTOVA Maria Ada").whole


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("Testóvá", "testova"),
        ("Straße", "strasse"),
        ("Тестова", "testova"),
        ("Δημήτρης", "dimitris"),
        ("აბგ", "abg"),
        ("Վարդան", "vardan"),
        ("محمد", "mhmd"),
        ("الحسن", "hsn"),
        ("Ig0r", "igor"),
        ("MUXXLLER", "muller"),
    ],
)
def test_each_word_has_one_romanisation_to_start_from(written, latin):
    (part,) = parse(written).parts
    assert part.latin == latin


@pytest.mark.parametrize(("marked", "spelt"), [("Müller", "mueller"), ("Ødegård", "oedegaard"), ("Þór", "thor")])
def test_letters_that_documents_spell_with_two_have_both_forms(marked, spelt):
    (part,) = parse(marked).parts
    assert spelt in part.forms


def test_a_zone_is_read_back_into_arabic_letters():
    assert [part.arabic.native for part in parse("MXHMD ALXHSYN").parts] == ["محمد", "حسين"]


def test_a_servant_of_god_in_a_zone_is_parted_as_in_arabic_and_keeps_what_is_known_of_it():
    given = parse("XHSN EBDALRXHYM", family="XHSN", given="EBDALRXHYM").parts[1:]
    assert [(part.text, part.kind) for part in given] == [("EBD", Kind.GIVEN), ("ALRXHYM", Kind.GIVEN)]


@pytest.mark.parametrize("word", ["EBDALEZYZ", "EBDALBDYE", "ELY", "IBRHYM", "FEEL", "ELAXE", "RXIYS"])
def test_words_of_few_vowels_may_be_arabic(word):
    assert all(part.arabic for part in parse(word).parts)


@pytest.mark.parametrize("word", ["ALEXANDER", "FELIX", "Mxhmd", "COX", "PETER", "FRITZ"])
def test_other_words_are_no_zone(word):
    assert parse(word).parts[0].arabic is None


@pytest.mark.parametrize("nothing", ["", " ", "-.,'", "\u202e\u200b", "…", "\U0001f600"])
def test_a_text_without_letters_has_no_parts(nothing):
    assert parse(nothing).parts == ()


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_parts_are_bounded(text):
    parts = parse(text).parts
    assert len(parts) <= MAX_PARTS
    assert all(part.text and len(part.text) <= MAX_WORD for part in parts)
    assert all(part.latin.isascii() and (part.latin or part.native) for part in parts)


@pytest.mark.parametrize("letter", ["a", "م", "김", "李", "А", "א", "ー", "́"])
def test_a_name_of_ten_thousand_letters_is_looked_at_in_part(letter):
    assert len(parse(letter * 10_000).parts) <= 1
    assert len(parse((letter + " ") * 5_000).parts) <= MAX_PARTS


def test_common_arabic_names_are_kept_as_a_name_is_parsed():
    for name, spellings in arabic.names().items():
        assert parse(name).parts[0].native == name
        assert all(parse(spelling).parts[-1].latin == spelling for spelling in spellings)


LONG = "Maria Ada Testova de la Mustermann y Invented Example Nobody Visible Alexandrina Bartholomea Testland Unheard"


@given(st.permutations(LONG.split()))
def test_a_name_of_many_words_is_itself_in_whatever_order_they_are_written(words):
    one, other = parse(LONG), parse(" ".join(words))
    assert one.whole == other.whole
    assert likeness(one, other) == 1.0
    assert {part.text for part in one.parts} >= {"Alexandrina", "Bartholomea", "Mustermann", "Unheard"}


def test_a_word_behind_the_twelfth_finds_a_record():
    for name in (LONG, " ".join(reversed(LONG.split()))):
        assert {"unheard", "testland", "alexandrina"} <= set(keys_of_text(name).tokens)


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("Dr Ada van der Testova", ["Ada", "Testova"]),
        ("J. Testova", ["Testova"]),
        ("van", ["van"]),
        ("J. P.", ["J", "P"]),
    ],
)
def test_titles_particles_and_initials_tell_nobody_unless_there_is_nothing_else(text, telling):
    assert [part.text for part in parse(text).telling] == telling
