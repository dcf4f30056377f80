"""Joining: records of one person become one, and nobody else's come in."""

from hypothesis import given
from hypothesis import strategies as st

from contracts.identity import DocumentRef
from search.fingers import FingerMatch
from search.found import EnrolledFinger, Found, Origin
from search.linkage.rules import rules_of_the_package
from search.persons import FINGER_SCORE, persons
from search.score import NO_FIT, Score
from tests.unit.search.people import alert, crossing, listed, passport, person


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


def test_one_number_of_two_issuers_is_two_documents():
    one, other = (
        person("1", documents=(passport(),)),
        person("2", full="Bea Other", documents=(passport(issuer="FRA"),)),
    )
    assert len(joined(one, other)) == 2


def test_a_number_without_issuer_goes_with_the_only_one_that_is_known():
    bare = person("2", full="Bea Other", documents=(DocumentRef(number="X0000001"),))
    assert len(joined(person("1", documents=(passport(),)), bare)) == 1


def test_a_number_without_issuer_goes_with_none_of_two():
    bare = person("3", full="Bea Other", documents=(DocumentRef(number="X0000001"),))
    two = (
        person("1", documents=(passport(),)),
        person("2", full="Cleo Third", documents=(passport(issuer="FRA"),)),
    )
    assert len(joined(*two, bare)) == 3


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
