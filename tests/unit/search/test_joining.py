"""Joining namesakes: neither a year alone nor fathers in another order join; of two calendars a person judges."""

import pytest

from tests.unit.search.people import person
from tests.unit.search.test_persons import joined, open_rules


def test_the_first_of_january_is_a_year_alone_and_joins_nobody():
    both = person("1", born="1984-01-01"), person("7", system="asylum", born="1984-01-01")
    assert len(joined(*both)) == 2
    assert open_rules(*both) == [["similar identity, fingers not compared"]] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Ahmed Testowi", "Ahmed Mohamed Testowi"),
        ("Mohamed Ahmed", "Ahmed Mohamed"),
        ("محمد أحمد", "Ahmed Mohamed"),
        ("Ado bin Bedo", "Bedo bin Ado"),
    ],
)
def test_who_may_be_father_and_son_are_for_a_person_to_judge(one, other):
    both = person("1", full=one), person("7", system="asylum", full=other)
    assert len(joined(*both)) == 2
    assert open_rules(*both) == [["similar identity, fingers not compared"]] * 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mohamed Ahmed Testowi", "Testowi Mohamed Ahmed"),
        ("Ado bin Bedo Testowi", "Testowi Ado bin Bedo"),
        ("Mohamed Testowi", "Testowi Mohamed"),
    ],
)
def test_a_family_name_in_front_leaves_the_order_of_fathers_as_it_is(one, other):
    assert len(joined(person("1", full=one), person("7", system="asylum", full=other))) == 1


@pytest.mark.parametrize(
    ("one", "other", "links"),
    [
        ("1363-02-16", "1984-05-06", 1),  # Solar Hijri
        ("1981-01-12", "1980-11-12", 0),
        ("1981-01-12", "1981-01-13", 1),
    ],
)
def test_dates_are_alike_as_a_search_finds_them(one, other, links):
    both = person("1", born=one), person("7", system="asylum", born=other)
    assert [len(rules) for rules in open_rules(*both)] == [links, links]
