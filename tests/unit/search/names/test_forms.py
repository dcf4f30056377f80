"""One name in several languages and scripts: Γιώργος is George, and Ayşe is Aisha. All people are invented."""

import pytest

from search.names.alike import Rule
from search.names.compare import THRESHOLD, compare
from search.names.parse import parse
from tests.unit.search.names.judging import score, shared


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("Γιώργος Τεστάκης", "George Testakis"),
        ("Ιωάννης Τεστάκης", "John Testakis"),
        ("Ελένη Τεστάκη", "Helen Testaki"),
        ("Παύλος Τεστάκης", "Paul Testakis"),
        ("يوسف حداد", "Joseph Haddad"),
        ("بطرس حداد", "Peter Haddad"),
        ("جرجس حداد", "George Haddad"),
        ("خديجة دمير", "Hatice Demir"),
        ("محمد دمير", "Mehmet Demir"),
        ("יצחק כהן", "Isaac Cohen"),
        ("שלמה כהן", "Solomon Cohen"),
        ("Юрий Тестов", "George Testov"),
        ("Հովհաննես Պետրոսյան", "John Petrosyan"),
        ("მიხეილ ტესტიძე", "Michael Testidze"),
        ("Aisha Testi", "Ayşe Testi"),
        ("Jamal Testi", "Cemal Testi"),
        ("Rajab Testi", "Recep Testi"),
        ("Giannis Testakis", "Ioannis Testakis"),
        ("Николай Тестов", "Nicholas Testov"),
        ("Фома Тестов", "Thomas Testov"),
        ("مريم حداد", "Marie Haddad"),
        ("Мария Тестова", "Mary Testova"),
    ],
)
def test_a_name_in_another_language_is_one_name_and_found_by_itself(native, latin):
    assert score(native, latin) >= THRESHOLD
    assert shared(native, latin)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jean Testier", "John Testier"),
        ("Juan Testar", "Johann Testar"),
        ("Carlos Testar", "Karl Testar"),
        ("Pierre Testier", "Peter Testier"),
        ("Nikola Tester", "Nicholas Tester"),
        ("Ivan Tester", "Yannis Tester"),
        ("Fyodor Tester", "Theodore Tester"),
        ("Foma Tester", "Thomas Tester"),
        ("Marie Tester", "Mariam Tester"),
        ("Mary Tester", "Miriam Tester"),
    ],
)
def test_in_one_script_a_translated_name_is_another_name(one, other):
    assert score(one, other) < THRESHOLD
    assert Rule.NICKNAME in {pair.rule for pair in compare(parse(one), parse(other)).pairs}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Γιώργος Τεστάκης", "Gregory Testakis"),
        ("يوسف حداد", "Yasir Haddad"),
        ("Ayşe Testi", "Asya Testi"),
        ("Mehmet Testi", "Ahmet Testi"),
        ("Павел Тестов", "Peter Testov"),
    ],
)
def test_names_of_other_groups_stay_other_names(one, other):
    assert score(one, other) < THRESHOLD
