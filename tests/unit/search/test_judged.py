"""What people judged stands above rules and fingers: it joins, it holds apart, and the answer says who judged."""

import datetime as dt
from itertools import permutations

import pytest

from contracts.records import Direction
from search.findings import FindingKind, findings, finger_check
from search.joining import NOT_SHOWN
from search.linkage.clusters import Decision, Judgement
from search.linkage.judgements import JudgementFile, Judgements
from search.linkage.rules import Colour, rules_of_the_package
from search.persons import persons, to_show
from search.score import NO_FIT
from tests.unit.search.people import NOW, TODAY, alert, crossing, listed, passport, person
from tests.unit.search.single import question, records, single
from tests.unit.search.sources import FakeRepository
from tests.unit.search.test_persons import found, match

ADA, BEA, CLEO = (f"entry-exit:persons:{number}" for number in (1, 2, 3))


def judged(*lines):
    return Judgements([Judgement(one, other, Decision(decision), by) for one, decision, other, by in lines])


JOINED = judged((ADA, "join", BEA, "officer-1"))
APART = judged((ADA, "split", BEA, "officer-2"))


def told(*held, fingers=(), judgements):
    return persons([found(record, 0.9) for record in held], fingers, rules_of_the_package(), judgements).all


def groups(people):
    return sorted(sorted(each.subjects) for each in people)


def bea(key="2", **about):
    return person(key, **{"full": "Bea Other", "born": "1990-01-01", **about})


def test_two_identities_that_a_person_judged_to_be_one_are_one_and_say_who_judged():
    (whole,) = told(person("1"), bea(), judgements=JOINED)
    (link,) = whole.links
    assert (link.judged.link, link.judged.rule, link.by) == (Colour.WHITE, "judgement of a person", "officer-1")
    assert link.judged.verdicts["names"] == "different"


def test_two_who_were_judged_to_be_one_over_a_third_that_is_not_found_are_one():
    judgements = judged((ADA, "join", CLEO, "officer-1"), (CLEO, "join", BEA, "officer-3"))
    (whole,) = told(person("1"), bea(), judgements=judgements)
    assert whole.subjects == {ADA, BEA}
    assert [link.by for link in whole.links] == [NOT_SHOWN]
    (whole,) = told(person("1"), bea(), person("3"), judgements=judgements)
    assert {link.by for link in whole.links} == {"officer-1, officer-3", "officer-1"}


@pytest.mark.parametrize(
    "alike",
    [{"documents": (passport(),)}, {}],
    ids=["the same document", "the same name and birth date"],
)
def test_what_rules_would_join_stays_apart_where_a_person_judged_so(alike):
    held = person("1", **alike), person("2", **alike)
    assert groups(told(*held, judgements=Judgements())) == [[ADA, BEA]]
    one, other = told(*held, judgements=APART)
    for each in (one, other):
        (link,) = each.links
        assert (link.judged.link, link.by) == (Colour.NONE, "officer-2")


def test_a_third_who_would_join_both_joins_one_of_them_in_any_order():
    held = [person(number, documents=(passport(),)) for number in "123"]
    for order in permutations(held):
        assert groups(told(*order, judgements=APART)) in ([[ADA, CLEO], [BEA]], [[ADA], [BEA, CLEO]])
    assert len({str(groups(told(*order, judgements=APART))) for order in permutations(held)}) == 1


def test_who_may_be_either_of_two_is_with_one_and_for_a_person_to_judge_with_the_other():
    held = person("1"), person("2"), alert(about={})
    people = told(*held, judgements=APART)
    with_alert, other = sorted(people, key=lambda each: -len(each.subjects))
    assert with_alert.subjects & {"alerts:alerts:1"}
    links = {(link.others[0], link.judged.link, link.by) for link in other.open_links}
    assert links == {
        ("alerts:alerts:1", Colour.YELLOW, None),
        (min(with_alert.subjects - {"alerts:alerts:1"}), Colour.NONE, "officer-2"),
    }
    kinds = [finding.kind for finding in findings(other, None, TODAY, whole=True)]
    assert FindingKind.MAY_BE_ANOTHER in kinds


def test_two_entries_of_one_stolen_document_that_were_judged_to_be_one_still_stop_its_bearer():
    entries = "blacklist:documents:1", "blacklist:documents:2"
    judgements = judged((entries[0], "join", entries[1], "officer-1"))
    (whole,) = told(person("1", documents=(passport(),)), listed(), listed("2"), judgements=judgements)
    assert whole.subjects >= {ADA, *entries}
    kinds = [finding.kind for finding in findings(whole, None, TODAY, whole=True)]
    assert kinds.count(FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON) == 2
    (papers,) = told(listed(), listed("2", number="X0000002"), judgements=judgements)
    assert papers.subjects == {*entries}


def test_the_finger_of_one_who_was_judged_to_be_somebody_else_does_not_fit():
    held = person("1", documents=(passport(),)), bea(documents=(passport(),))
    fingers = (match(BEA, "entry-exit"),)

    def contradicts(judgements):
        people = persons([found(held[0], 0.9), found(held[1])], fingers, rules_of_the_package(), judgements).all
        return finger_check(people, fingers, named=True, whole=True).contradicts

    assert not contradicts(Judgements())
    assert contradicts(APART)


def test_the_exit_of_one_who_was_judged_to_be_somebody_else_ends_no_stay():
    entry = crossing("1", at=NOW - dt.timedelta(days=90), stay_until=TODAY - dt.timedelta(days=30))
    exit_of_other = crossing("2", Direction.EXIT, subject=BEA)
    held = person("1", documents=(passport(),)), entry, bea(documents=(passport(),)), exit_of_other

    def kinds(judgements):
        people = told(*held, judgements=judgements)
        first = next(each for each in people if ADA in each.subjects)
        return [finding.kind for finding in findings(first, None, TODAY, whole=True)]

    assert FindingKind.OVERSTAY in kinds(judged((ADA, "split", BEA, "officer-2")))


def test_one_finger_of_two_who_were_judged_to_be_two_stops_both():
    matches = match(ADA), match(BEA)
    people = told(person("1"), bea(), fingers=matches, judgements=APART)
    check = finger_check(people, matches, named=True, whole=True)
    for each in people:
        (finding,) = [one for one in findings(each, check, TODAY, whole=True) if one.severity == "stop"]
        assert finding.kind is FindingKind.SEVERAL_IDENTITIES
        assert "officer-2" in finding.text


def test_one_finger_does_not_join_two_who_were_judged_to_be_two():
    matches = match(ADA), match(BEA)
    assert groups(told(person("1"), bea(), fingers=matches, judgements=Judgements())) == [[ADA, BEA]]
    one, other = told(person("1"), bea(), fingers=matches, judgements=APART)
    assert one.fingers
    assert other.fingers


def test_of_whom_a_person_has_judged_nobody_is_asked_to_judge_again():
    held = person("1", documents=(passport(),)), bea(documents=(passport(),))

    def kinds(judgements):
        return [finding.kind for finding in findings(told(*held, judgements=judgements)[0], None, TODAY, whole=True)]

    assert FindingKind.MAY_BE_ANOTHER in kinds(Judgements())
    assert FindingKind.MAY_BE_ANOTHER not in kinds(APART)


def test_a_namesake_who_was_judged_to_be_somebody_else_is_not_shown_beside_and_who_bears_the_document_is():
    def beside(**alike):
        held = [found(person("1", **alike), 0.9), found(person("2", **alike))]
        held[1].score = NO_FIT
        shown, _ = to_show(persons(held, (), rules_of_the_package(), APART).all, 0.3, 20)
        return groups(shown)

    assert beside() == [[ADA]]
    assert beside(documents=(passport(),)) == [[ADA], [BEA]]


def test_a_stolen_document_that_names_nobody_goes_with_whom_a_person_joined_it_to_and_not_whom_it_was_split_from():
    paper = "blacklist:documents:1"
    bearer = person("1", documents=(passport(),))
    apart = told(bearer, listed(), judgements=judged((ADA, "split", paper, "officer-1")))
    assert groups(apart) == [[paper], [ADA]]
    whole = told(person("1"), listed(), judgements=judged((ADA, "join", paper, "officer-1")))
    assert groups(whole) == [[paper, ADA]]


def test_a_stolen_document_that_was_judged_to_be_of_one_person_is_said_of_all_others_who_bear_it():
    judgements = judged((ADA, "join", "blacklist:documents:1", "officer-1"))
    people = told(person("1"), listed(), bea(documents=(passport(),)), judgements=judgements)
    assert groups(people) == [["blacklist:documents:1", ADA], [BEA]]
    for each in people:
        kinds = [finding.kind for finding in findings(each, None, TODAY, whole=True)]
        assert FindingKind.DOCUMENT_NOT_TO_BE_RELIED_ON in kinds
    (whole,) = told(person("1"), listed(), person("2", documents=(passport(),)), judgements=judgements)
    assert whole.subjects == {ADA, BEA, "blacklist:documents:1"}


async def test_a_search_looks_up_who_was_judged_to_be_one_with_whom_it_finds(tmp_path):
    table = tmp_path / "judged.csv"
    table.write_text(f"one,other,decision,by\n{ADA},{BEA},join,officer-1\n")
    search = single(FakeRepository([person("1")], [bea(), bea("3")]), judgements=JudgementFile(table))
    gathered = await search.ask(question())
    assert set(records(gathered)) >= {ADA, BEA}
    assert CLEO not in records(gathered)
    assert gathered.gathering.judgements.companions(ADA) == (BEA,)


async def test_companions_who_may_not_be_seen_are_neither_looked_up_nor_counted(tmp_path):
    table = tmp_path / "judged.csv"
    lines = "".join(f"{ADA},secret:persons:{number},join,officer-1\n" for number in range(40))
    table.write_text(f"one,other,decision,by\n{lines}")
    repository = FakeRepository([person("1")], [])
    search = single(repository, judgements=JudgementFile(table))
    gathered = await search.ask(question(systems=("entry-exit",)))
    assert gathered.is_complete
    assert "secret" not in str(repository.asked)
