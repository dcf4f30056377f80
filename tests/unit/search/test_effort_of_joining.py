"""What joining may cost: it is bounded, the same whatever was compared before, and others have their turn meanwhile."""

import asyncio

import pytest

from contracts.identity import PersonName
from search.linkage.names import compared
from search.linkage.rules import rules_of_the_package
from search.names.effort import A_JOINING, TWO_SUBJECTS
from search.persons import persons, persons_in_steps
from search.turns import in_turns
from tests.unit.search.people import person
from tests.unit.search.test_persons import found

A_NAME = 10_000


def named(key, *names):
    held = person(key)
    names = tuple(PersonName(full=name) for name in names)
    return found(held.model_copy(update={"identity": held.identity.model_copy(update={"names": names})}))


def crowd(subjects, names):
    """Persons born on one day, each of whose names are none of the others'."""
    letters = "bdfgklmnprstvz"
    return [
        named(str(at), *(f"{letters[at] * 4}a{letters[n % 14] * 3}o {letters[n // 14] * 5}i" for n in range(names)))
        for at in range(subjects)
    ]


@pytest.fixture
def costly(monkeypatch):
    """Comparisons of names that cost as much as any may, and find nothing alike."""
    done = []
    monkeypatch.setattr("search.linkage.rules.compared", lambda *pair: done.append(pair) or (0.0, A_NAME))
    return done


def test_names_are_compared_with_bounded_effort_and_what_is_cut_is_said(costly):
    people = persons(crowd(6, 11), (), rules_of_the_package())
    assert len(people.all) == 6
    assert not people.is_whole
    assert A_JOINING // A_NAME <= len(costly) <= A_JOINING // A_NAME + 6


def test_no_two_subjects_take_the_effort_of_all(costly):
    assert not persons(crowd(2, 20), (), rules_of_the_package()).is_whole
    assert len(costly) <= TWO_SUBJECTS // A_NAME + 1


def test_what_costs_less_is_compared_to_the_end(costly):
    assert persons(crowd(3, 3), (), rules_of_the_package()).is_whole
    assert len(costly) == 3 * 9


def test_a_name_that_two_bear_is_found_whatever_was_spent_before(costly):
    others = [f"{letter * 4}a {letter * 3}o" for letter in "bdfgklmnprstvz"]
    for one in (named("1", *others, "Ada Testova"), named("1", "Ada Testova", *others)):
        both = [one, named("2", *(f"{name}x" for name in others), "Testova Ada")]
        assert len(persons(both, (), rules_of_the_package()).all) == 1


def test_names_of_the_same_words_in_another_order_cost_effort_too(monkeypatch):
    looked_at = []
    monkeypatch.setattr(
        "search.linkage.rules.are_fathers_in_another_order", lambda *pair: looked_at.append(pair) or True
    )
    monkeypatch.setattr("search.linkage.rules.TWO_NAMES", A_NAME)
    words = [f"{letter * 4}a" for letter in "bdfgklm"]
    turns = [" ".join(words[at:] + words[:at]) for at in range(7)]
    back = [" ".join(reversed(turn.split())) for turn in turns]
    assert not persons([named("1", *turns), named("2", *back)], (), rules_of_the_package()).is_whole
    assert len(looked_at) <= TWO_SUBJECTS // A_NAME + 1


def test_what_is_left_out_does_not_depend_on_what_was_compared_before():
    one, other = ("testova", "ada"), ("testowa", "adda")
    first = compared(one, other)
    assert compared(one, other) == first
    compared.cache_clear()
    assert compared(one, other) == first
    assert first[1] > 0


async def test_others_have_their_turn_while_records_are_joined(monkeypatch):
    monkeypatch.setattr("search.turns.TURN_S", -1.0)
    turns = 0

    async def other():
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(other())
    people = crowd(6, 2)
    joined = await in_turns(persons_in_steps(people, (), rules_of_the_package()))
    waiting.cancel()
    assert turns >= 15, "once for each two of them"
    assert joined == persons(people, (), rules_of_the_package())
