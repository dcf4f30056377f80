"""Joining: records of one person become one, nobody else's come in, and a person judges what may be one."""

from importlib.resources import files
from itertools import combinations, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import DocumentRef, NameKind, PersonName, Sex
from contracts.records import DocumentStatus, PersonV1, TravelDocumentV1
from search.births import is_placeholder
from search.fingers import FingerMatch
from search.found import EnrolledFinger, Found, Origin
from search.linkage.rules import Colour, Verdict, read_rules, rules_of_the_package
from search.persons import FINGER_SCORE, persons, to_show
from search.score import NO_FIT, Score
from tests.unit.search.people import alert, crossing, identity, listed, passport, person


def found(record, value=0.0):
    return Found(record, Score(value) if value else NO_FIT, {Origin.REPOSITORY})


def told(*records, fingers=()):
    return persons(records, fingers, rules_of_the_package()).all


def joined(*records, fingers=()):
    return [{item.record.record for item in each.records} for each in told(*map(found, records), fingers=fingers)]


def match(subject, system="asylum"):
    return FingerMatch(subject=subject, system=system, record=f"{system}:fingers:1", score=80.0)


def test_records_of_one_subject_are_one_person():
    assert len(joined(person("1", born=None), crossing(full="Somebody Else", born=None))) == 1


def test_records_of_one_document_are_one_person():
    assert len(joined(person("1", documents=(passport(),)), listed(), alert(documents=(passport(),)))) == 1


def test_however_many_entries_of_one_document_that_nobody_bears_are_one():
    assert len(joined(listed("1"), listed("2"), listed("3"), alert(documents=(passport(),)))) == 1


def test_one_number_of_an_issuer_of_two_codes_is_one_document():
    bearer = person("1", documents=(passport(issuer="RKS"),))
    stranger = person("2", full="Bea Other", documents=(passport(issuer="FRA"),))
    (group,) = [each for each in joined(bearer, stranger, listed(issuer="XKX")) if bearer.record in each]
    assert group == {bearer.record, listed().record}


def test_one_number_of_two_issuers_is_two_documents():
    one, other = (
        person("1", documents=(passport(),)),
        person("2", full="Bea Other", documents=(passport(issuer="FRA"),)),
    )
    assert len(joined(one, other)) == 2


def test_a_number_without_issuer_goes_with_the_only_one_that_is_known():
    bare = person("2", full="Ada Testowa", documents=(DocumentRef(number="X0000001"),))
    assert len(joined(person("1", documents=(passport(),)), bare)) == 1


def test_a_number_without_issuer_goes_with_none_of_two():
    bare = person("3", full="Bea Other", documents=(DocumentRef(number="X0000001"),))
    two = (
        person("1", documents=(passport(),)),
        person("2", full="Cleo Third", documents=(passport(issuer="FRA"),)),
    )
    assert len(joined(*two, bare)) == 3


@pytest.mark.parametrize(("borne", "entered"), [(None, "UTO"), ("UTO", None), (None, None)])
def test_a_stolen_document_goes_with_whoever_may_bear_it_though_others_issued_that_number_too(borne, entered):
    bearer = person("1", documents=(passport(issuer=borne),))
    others = [listed("2", DocumentStatus.VALID, issuer="FRA"), listed("3", DocumentStatus.VALID, issuer="UTO")]
    entry = listed("1", issuer=entered)
    (group,) = [each for each in joined(bearer, entry, *others) if bearer.record in each]
    assert entry.record in group
    assert (others[0].record in group) is (borne is None)
    apart = joined(person("1", documents=(passport(issuer="FRA"),)), listed("1"))
    assert len(apart) == 2


def test_the_same_name_and_whole_birth_date_are_one_person_across_systems():
    assert len(joined(person("1"), person("7", system="asylum", full="TESTOVA, Ada"))) == 1


def test_a_partly_known_birth_date_joins_nobody():
    assert len(joined(person("1", born="1984"), person("7", system="asylum", born="1984"))) == 2


def test_one_finger_joins_two_identities():
    one = person("1", system="asylum", subject="asylum:applicants:1")
    other = person("2", system="asylum", subject="asylum:applicants:2", full="Bea Other", born="1990-01-01")
    matches = (match("asylum:applicants:1"), match("asylum:applicants:2"))
    (whole,) = told(found(one), found(other), fingers=matches)
    assert whole.fingers == matches
    assert whole.score == FINGER_SCORE


def test_an_enrolled_finger_belongs_to_its_subject():
    finger = EnrolledFinger(system="asylum", record="asylum:fingers:1", subject="asylum:persons:1")
    assert len(joined(person("1", system="asylum"), finger)) == 1


def test_persons_come_best_first():
    ranked = told(found(person("1"), 0.7), found(person("2", full="Bea Other", born=None), 0.9))
    assert [each.score for each in ranked] == [0.9, 0.7]


def links(each):
    return [(link.judged.rule, link.judged.link, link.ones, link.others) for link in each.links]


def open_rules(*records, fingers=()):
    return [[link.judged.rule for link in each.open_links] for each in told(*map(found, records), fingers=fingers)]


def test_a_joined_person_says_by_which_rule_of_which_version():
    (whole,) = told(found(person("1", documents=(passport(),)), 0.9), found(alert(documents=(passport(),), about={})))
    (link,) = whole.links
    assert (link.judged.rule, link.judged.link) == (
        "same document, identity not contradicted, fingers not compared",
        Colour.WHITE,
    )
    assert (link.ones, link.others) == (("entry-exit:persons:1",), ("alerts:alerts:1",))
    assert link.judged.verdicts["documents"] is Verdict.SAME
    assert link.judged.verdicts["nationality"] is Verdict.SAME
    assert link.judged.version == rules_of_the_package().version
    assert whole.open_links == ()


def test_one_document_under_two_identities_is_two_persons_each_of_whom_says_so():
    ada, bea = (
        person("1", documents=(passport(),)),
        person("2", full="Bea Other", born="1990-01-01", documents=(passport(),)),
    )
    one, other = told(found(ada, 0.9), found(bea))
    rule = "same document, another identity or other fingers"
    assert links(one) == [(rule, Colour.YELLOW, ("entry-exit:persons:1",), ("entry-exit:persons:2",))]
    assert links(other) == [(rule, Colour.YELLOW, ("entry-exit:persons:2",), ("entry-exit:persons:1",))]
    assert [item.record for item in one.beside] == [bea]
    assert [item.record for item in other.beside] == [ada]


def test_an_alert_on_name_and_birth_date_alone_is_told_beside_the_person():
    alone = {"sex": Sex.UNKNOWN, "nationality": None}
    rule = "similar identity, fingers not compared"
    assert open_rules(person("1"), alert(about=alone)) == [[rule], [rule]]


def test_the_other_sex_does_not_join_and_is_told():
    rule = "same name and birth date, another sex"
    assert open_rules(person("1"), alert(about={"sex": Sex.MALE})) == [[rule], [rule]]


def test_a_single_word_and_a_birth_date_join_nobody():
    assert open_rules(person("1", full="Testova"), alert(about={"full": "Testova"})) == [
        ["similar identity, fingers not compared"],
        ["similar identity, fingers not compared"],
    ]


def test_what_names_nobody_goes_with_each_who_bears_the_document_and_joins_none_of_them():
    ada, bea = (
        person("1", documents=(passport(),)),
        person("2", full="Bea Other", born="1990-01-01", documents=(passport(),)),
    )
    assert joined(ada, bea, listed()) == [
        {ada.record, "blacklist:documents:1"},
        {bea.record, "blacklist:documents:1"},
    ]


def test_what_names_nobody_and_nobody_bears_goes_together_by_its_document():
    assert len(joined(listed(), alert(documents=(passport(),)))) == 1


def test_one_alert_on_many_documents_does_not_join_their_bearers():
    stolen = alert(documents=(passport("A1"), passport("A2")))
    one, other = person("1", documents=(passport("A1"),)), person("2", full="Bea Other", documents=(passport("A2"),))
    assert joined(one, other, stolen) == [{one.record, stolen.record}, {other.record, stolen.record}]


def test_all_that_a_source_says_of_a_subject_counts_together():
    """A person record knows the birth date, a travel document the number: the alert has both."""
    bare = person("1", born=None)
    booklet = TravelDocumentV1(
        system="entry-exit",
        record="entry-exit:documents:1",
        subject=bare.subject,
        document=passport(),
        status=DocumentStatus.VALID,
    )
    assert len(joined(bare, booklet, alert(documents=(passport(),), about={"full": "Testova Ada"}))) == 1


def test_an_alias_counts_as_a_name():
    names = (PersonName(full="Bea Other"), PersonName(full="Ada Testova", kind=NameKind.ALIAS))
    known = PersonV1(
        system="asylum",
        record="asylum:persons:7",
        subject="asylum:persons:7",
        identity=identity().model_copy(update={"names": names}),
    )
    assert len(joined(person("1"), known)) == 1


def test_two_who_contradict_are_not_joined_over_a_third_who_knows_less():
    one, other = (
        person(str(key), born=born, documents=(passport(),)) for key, born in ((1, "1984-05-06"), (2, "1990-01-01"))
    )
    third = person("3", born=None, documents=(passport(),))
    for records in permutations((one, other, third)):
        assert {frozenset(group) for group in joined(*records)} == {
            frozenset({one.record, third.record}),
            frozenset({other.record}),
        }
    assert all(rules == ["same document, another identity or other fingers"] for rules in open_rules(one, other, third))


def test_two_names_are_one_person_where_a_third_record_knows_both():
    names = (PersonName(full="Ada Testova"), PersonName(full="Ada Probova", kind=NameKind.PREVIOUS))
    both = PersonV1(
        system="asylum",
        record="asylum:persons:7",
        subject="asylum:persons:7",
        identity=identity().model_copy(update={"names": names}),
        documents=(passport(),),
    )
    one, other = (
        person(key, full=name, documents=(passport(),)) for key, name in (("1", "Ada Testova"), ("2", "Ada Probova"))
    )
    assert len(joined(one, other)) == 2
    assert len(joined(one, other, both)) == 1


def test_what_a_finger_joined_says_what_the_rules_say():
    one = person("1", system="asylum")
    other = person("2", system="asylum", full="Bea Other", born="1990-01-01")
    (whole,) = told(found(one), found(other), fingers=(match(one.subject), match(other.subject)))
    assert links(whole) == [("same fingers, another identity", Colour.YELLOW, (one.subject,), (other.subject,))]
    assert whole.open_links == ()


def test_more_pairs_than_are_looked_at_are_told_of():
    namesakes = [found(person(str(key), full=f"Ada{chr(97 + key)} Testova")) for key in range(26)]
    assert persons(namesakes[:5], (), rules_of_the_package()).is_whole
    same_year = [found(person(str(key), full=f"Name{key} Other", born="1984")) for key in range(40)]
    told = persons(same_year, (), rules_of_the_package())
    assert not told.is_whole
    assert len(told.all) == 40


def test_rules_that_ask_for_neither_document_nor_birth_date_are_followed_too():
    text = (files("search.linkage") / "rules.toml").read_text("utf-8")
    own = read_rules(text + '[[links]]\nrule = "same name"\nlink = "yellow"\nnames = ["same"]\n')
    two = [found(person("1", born="1984-05-06")), found(person("2", born="1990-01-01"))]
    assert [len(each.open_links) for each in persons(two, (), rules_of_the_package()).all] == [0, 0]
    assert [len(each.open_links) for each in persons(two, (), own).all] == [1, 1]


def test_who_bears_the_document_of_one_who_fits_is_shown_and_nobody_else():
    fits, beside, alone = (
        found(person("1", documents=(passport(),)), 0.9),
        found(person("2", full="Bea Other", documents=(passport(),))),
        found(person("3", full="Cleo Third", born="1990-01-01")),
    )
    shown, are_all = to_show(told(fits, beside, alone), 0.3, 20)
    assert [each.records for each in shown] == [(fits,), (beside,)]
    assert are_all
    first, are_all = to_show(told(fits, beside, alone), 0.3, 1)
    assert [each.records for each in first] == [(fits,)]
    assert first[0].links == ()
    assert not are_all


CHAIN = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=25)


@given(CHAIN)
def test_joining_is_the_same_in_any_order_and_loses_nothing(pairs):
    records = [
        person(str(number), born=None, documents=(passport(f"A{one}"), passport(f"A{other}")))
        for number, (one, other) in enumerate(pairs)
    ]
    forward, backward = joined(*records), joined(*reversed(records))
    assert {frozenset(group) for group in forward} == {frozenset(group) for group in backward}
    assert sorted(record for group in forward for record in group) == sorted(record.record for record in records)


@given(CHAIN)
def test_two_records_that_share_a_document_are_never_apart(pairs):
    records = [
        person(str(number), born=None, documents=(passport(f"A{one}"), passport(f"A{other}")))
        for number, (one, other) in enumerate(pairs)
    ]
    group_of = {record: index for index, group in enumerate(joined(*records)) for record in group}
    for one in records:
        for other in records:
            if {ref.number for ref in one.documents} & {ref.number for ref in other.documents}:
                assert group_of[one.record] == group_of[other.record]


PEOPLE = st.lists(
    st.builds(
        lambda full, born, sex, number: {"full": full, "born": born, "sex": sex, "number": number},
        st.sampled_from(["Ada Testova", "Testova Ada", "Ada Testowa", "Bea Other"]),
        st.sampled_from(["1984-05-06", "1984-06-05", "1984", "1990-01-01", None]),
        st.sampled_from([Sex.FEMALE, Sex.MALE, Sex.UNKNOWN]),
        st.sampled_from(["A1", "A2", None]),
    ),
    max_size=7,
)


def several(people):
    for key, about in enumerate(people):
        number = about["number"]
        said = {name: value for name, value in about.items() if name != "number"}
        yield person(str(key), documents=(passport(number),) if number else (), **said)


@given(PEOPLE)
def test_what_shares_a_document_or_name_and_birth_date_is_one_person_or_told_to_be_judged(people):
    records = list(several(people))
    told_of = told(*map(found, records))
    of = {item.record.record: place for place, each in enumerate(told_of) for item in each.records}
    beside = {(of[each.records[0].record.record], of[other]) for each in told_of for other in named_beside(each)}
    for one, other in combinations(records, 2):
        same_document = one.documents and one.documents == other.documents
        born = one.identity.birth_dates
        same_name = {*one.identity.names[0].text.split()} == {*other.identity.names[0].text.split()}
        same_birth = born == other.identity.birth_dates and any(
            date.is_whole and not is_placeholder(date) for date in born
        )
        if same_document or (same_name and same_birth):
            pair = of[one.record], of[other.record]
            assert pair[0] == pair[1] or pair in beside


def named_beside(each):
    return [item.record.record for item in each.beside]


@given(PEOPLE, st.randoms())
def test_the_order_in_which_records_come_changes_nothing(people, draw):
    records = list(several(people))
    shuffled = records.copy()
    draw.shuffle(shuffled)
    assert told(*map(found, records)) == told(*map(found, shuffled))


@given(PEOPLE)
def test_nobody_is_joined_with_the_other_sex(people):
    for each in told(*map(found, several(people))):
        sexes = {item.record.identity.sex for item in each.records}
        assert not {Sex.FEMALE, Sex.MALE} <= sexes


def test_of_several_links_to_another_the_one_that_shares_most_is_told():
    """The best record of the other is only alike; another of its records has the very birth date."""
    one = person("1", documents=(passport("A2"),))
    swapped = person("2", born="1984-06-05", documents=(passport("A1"),))
    same = person("3", sex=Sex.UNKNOWN, documents=(passport("A1"),))
    first, _ = told(found(one, 0.9), found(swapped), found(same))
    (link,) = first.open_links
    assert link.is_near
    assert link.judged.verdicts["birth_date"] is Verdict.SAME


def test_who_is_only_alike_is_not_shown_for_it_and_not_named():
    fits, alike = found(person("1"), 0.9), found(person("2", full="Ada Testowa", born="1984-05-07"))
    both = told(fits, alike)
    assert [len(each.open_links) for each in both] == [1, 1]
    (shown,), are_all = to_show(both, 0.3, 20)
    assert (shown.records, shown.links, are_all) == ((fits,), (), True)
