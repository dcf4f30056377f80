"""The rules of a pair: data with a version, the first that holds decides, each field's verdict is told."""

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.dates import PartialDate
from contracts.identity import IdentityData, PersonName, Sex
from search.app import create_app
from search.linkage.names import are_fathers_in_another_order, words
from search.linkage.persons import record_of, united
from search.linkage.rules import Colour, RulesUnreadable, Verdict, judge, read_rules, rules_of, rules_of_the_package
from search.settings import SearchSettings

RULES = rules_of_the_package()
ADA = {"family": "Testova", "born": "1984-05-06", "sex": Sex.FEMALE, "nationality": "UTO", "document": "X0000001"}


def person(
    family="Testova", born="1984-05-06", sex=Sex.FEMALE, nationality="UTO", document=None, given="Ada", place=None
):
    identity = IdentityData(
        names=(PersonName(family=family, given=given),),
        birth_dates=(PartialDate.parse(born),) if born else (),
        birth_place=place,
        sex=sex,
        nationalities=(nationality,) if nationality else (),
    )
    return record_of("ref", "system", (identity,), (document,) if document else ())


NOBODY = record_of("ref", "system", (), ("X1",))


@pytest.mark.parametrize(
    ("one", "other", "biometrics", "link"),
    [
        (person(), person(), Verdict.UNKNOWN, Colour.WHITE),
        (person(), person(sex=Sex.UNKNOWN), Verdict.UNKNOWN, Colour.YELLOW),
        (person(), person(born="1984-06-05"), Verdict.UNKNOWN, Colour.YELLOW),
        (person(), person(born="1971-01-01"), Verdict.UNKNOWN, Colour.NONE),
        (person(), person(family="Probova", given="Eva"), Verdict.UNKNOWN, Colour.NONE),
        (person(), person(), Verdict.DIFFERENT, Colour.YELLOW),
        (person(), person(), Verdict.SAME, Colour.WHITE),
        (person(), person(family="Probova", given="Eva"), Verdict.SAME, Colour.YELLOW),
        (person(), person(born="1971-01-01"), Verdict.SAME, Colour.YELLOW),
        (person(document="X1"), person(document="X1", born=None), Verdict.UNKNOWN, Colour.WHITE),
        (person(document="X1"), person(document="X1", family="Probova", given="Eva"), Verdict.UNKNOWN, Colour.YELLOW),
        (person(document="X1"), person(document="X1"), Verdict.DIFFERENT, Colour.YELLOW),
        (person(born="1984"), person(born="1984"), Verdict.UNKNOWN, Colour.YELLOW),
        (person(born="1984-01-01"), person(born="1984-01-01"), Verdict.UNKNOWN, Colour.YELLOW),
        (person(born="1984-01-01"), person(), Verdict.UNKNOWN, Colour.YELLOW),
        (person(born="1363-02-16"), person(), Verdict.UNKNOWN, Colour.YELLOW),
        (person(born="1981-01-12"), person(born="1980-11-12"), Verdict.UNKNOWN, Colour.NONE),
        (person(given=None), person(given=None), Verdict.UNKNOWN, Colour.YELLOW),
        (person(), person(sex=Sex.MALE), Verdict.UNKNOWN, Colour.YELLOW),
        (person(document="X1"), NOBODY, Verdict.UNKNOWN, Colour.WHITE),
        (person(), NOBODY, Verdict.SAME, Colour.WHITE),
        (person(), NOBODY, Verdict.UNKNOWN, Colour.NONE),
    ],
)
def test_a_pair_gets_its_link(one, other, biometrics, link):
    judged = judge(one, other, RULES, biometrics)
    assert judged.link is link
    assert judge(other, one, RULES, biometrics).link is link
    assert (judged.rule is None) is (link is Colour.NONE)
    assert judged.version == RULES.version


@pytest.mark.parametrize(
    ("other", "field", "verdict"),
    [
        (person(born="1984-05-07"), "birth_date", Verdict.SIMILAR),
        (person(born="1984"), "birth_date", Verdict.SIMILAR),
        (person(born="1985"), "birth_date", Verdict.DIFFERENT),
        (person(born="1984-12-31"), "birth_date", Verdict.DIFFERENT),
        (person(born=None), "birth_date", Verdict.UNKNOWN),
        (person(sex=Sex.MALE), "sex", Verdict.DIFFERENT),
        (person(sex=Sex.UNSPECIFIED), "sex", Verdict.SIMILAR),
        (person(nationality="DEU"), "nationality", Verdict.DIFFERENT),
        (person(nationality="DDR"), "nationality", Verdict.DIFFERENT),
        (person(nationality=None), "nationality", Verdict.UNKNOWN),
        (person(place="Testograd"), "birth_place", Verdict.SAME),
        (person(place="Testogrod"), "birth_place", Verdict.SIMILAR),
        (person(place="Prague"), "birth_place", Verdict.DIFFERENT),
        (person(document="X0000002"), "documents", Verdict.SIMILAR),
        (person(document="Y9"), "documents", Verdict.DIFFERENT),
        (person(family="Testowa"), "names", Verdict.SIMILAR),
        (person(family="Ada", given="Testova"), "names", Verdict.SAME),
        (person(family="Тестова", given="Ада"), "names", Verdict.SAME),
        (person(family="Щестова", given="Ада"), "names", Verdict.SIMILAR),
        (person(family="Probova"), "names", Verdict.DIFFERENT),
    ],
)
def test_each_field_has_its_verdict(other, field, verdict):
    one = person(place="Testograd", document="X0000001")
    assert judge(one, other, RULES).verdicts[field] is verdict


def test_an_authority_may_name_a_state_by_any_of_its_codes():
    text = files("search.linkage").joinpath("rules.toml").read_text("utf-8")
    similar = text.replace("similar = []", 'similar = [["RKS", "SRB"]]')
    assert similar != text
    judged = judge(person(nationality="XKX"), person(nationality="SRB"), read_rules(similar))
    assert judged.verdicts["nationality"] is Verdict.SIMILAR


def test_codes_of_one_state_are_one_nationality():
    judged = judge(person(nationality="RKS"), person(nationality="XKX"), RULES)
    assert judged.verdicts["nationality"] is Verdict.SAME


def test_an_authority_sets_its_own_rules():
    text = """
version = "mine-1"
fields.names = {same = 1.0, similar = 0.9}
fields.birth_date = {similar = ["year"]}
fields.sex = {similar = []}
fields.nationality = {similar = [["SCG", "SRB"]]}
fields.birth_place = {same = 1.0, similar = 0.9}
fields.documents = {similar = []}
[[links]]
rule = "all that is known"
link = "yellow"
birth_date = ["similar"]
nationality = ["similar"]
"""
    judged = judge(person(nationality="SCG"), person(born="1984-12-31", nationality="SRB"), read_rules(text))
    assert (judged.link, judged.rule, judged.version) == (Colour.YELLOW, "all that is known", "mine-1")


@pytest.mark.parametrize(
    ("text", "told"),
    [("version = ", "no TOML"), ("version = '1'", "fields"), ("version = '1'\nfields.names.same = 2", "fields.names")],
)
def test_rules_that_are_not_right_say_where(text, told):
    with pytest.raises(RulesUnreadable, match=told):
        read_rules(text)


def test_rules_are_read_from_the_file_of_an_authority(tmp_path):
    assert rules_of(None) is RULES
    own = tmp_path / "rules.toml"
    own.write_text((files("search.linkage") / "rules.toml").read_text("utf-8").replace(RULES.version, "mine-1"))
    assert rules_of(own).version == "mine-1"


@pytest.mark.parametrize(("held", "why"), [(None, "No such file"), (b"\xff", "no UTF-8"), (b"version = 1", "wrong at")])
def test_a_search_whose_rules_cannot_be_read_does_not_start_and_says_why(tmp_path, held, why):
    own = tmp_path / "rules.toml"
    if held is not None:
        own.write_bytes(held)
    with pytest.raises(RulesUnreadable, match=why):
        create_app(SearchSettings(linkage_rules=own))


def test_the_setting_names_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("ISTHMUS_LINKAGE_RULES", str(tmp_path / "rules.toml"))
    assert SearchSettings().linkage_rules == tmp_path / "rules.toml"


def test_what_several_records_say_is_said_by_one():
    one, other = person(document="X1"), person(family="Probova", born="1984", sex=Sex.UNKNOWN, document="X2")
    both = united([one, other])
    assert both.names == (*one.names, *other.names)
    assert both.birth_dates == ("19840506", "1984")
    assert both.documents == ("X1", "X2")
    assert both.sex == "F"
    assert united([one, person(sex=Sex.MALE)]).sex == ""
    assert united([one, person(sex=Sex.UNSPECIFIED)]).sex == "F"


@given(st.permutations(["Ada", "Maria", "Testova"]))
def test_the_same_words_in_any_order_are_the_same_name(words):
    one, other = person(given="Ada Maria"), person(given=" ".join(words[:2]), family=words[2])
    assert judge(one, other, RULES).verdicts["names"] is Verdict.SAME


def test_only_rules_that_ask_for_a_document_or_a_birth_date_want_a_key():
    assert RULES.want_a_key
    text = (files("search.linkage") / "rules.toml").read_text("utf-8")
    by_name = '[[links]]\nrule = "name"\nlink = "yellow"\nnames = ["same"]\nbiometrics = ["{}"]\n'
    assert not read_rules(text + by_name.format("unknown")).want_a_key
    assert read_rules(text + by_name.format("different")).want_a_key


@pytest.mark.parametrize(
    ("one", "other", "are"),
    [
        ("Mohamed Ahmed Testowi", "Ahmed Mohamed Testowi", True),
        ("محمد أحمد", "Ahmed Mohamed", True),
        ("محمد أحمد", "Mohamed Ahmed", False),
        ("Mohamed Ahmed Ali", "Ali Mohamed Ahmed", True),
        ("Mohamed Ahmed Testowi", "Testowi Mohamed Ahmed", False),
        ("Ado bin Bedo", "Bedo bin Ado", True),
        ("Ado bin Bedo Testowi", "Testowi Ado bin Bedo", False),
        ("Ada Maria Testova", "Maria Ada Testova", False),
        ("Mohamed", "Ahmed", False),
    ],
)
def test_names_of_fathers_in_another_order_are_told(one, other, are):
    assert are_fathers_in_another_order(words(one), words(other)) is are
    assert are_fathers_in_another_order(words(other), words(one)) is are


@given(st.text(), st.text())
def test_whether_fathers_stand_in_another_order_is_told_of_any_texts(one, other):
    mine, theirs = words(one), words(other)
    assert are_fathers_in_another_order(mine, theirs) is are_fathers_in_another_order(theirs, mine)
