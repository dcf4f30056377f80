"""The breaker: who does not answer is left alone for a while, and tried again once."""

import asyncio

import pytest

from contracts.query import AnswerStatus
from search.breaker import Breaker
from search.fingers import Finger, FingerRefused
from tests.unit.search.single import question, single, states
from tests.unit.search.sources import FakeBiometrics, FakeLive


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


def failing(clock, times=3):
    breaker = Breaker(failures=3, pause_s=10, clock=clock)
    for _ in range(times):
        breaker.failed()
    return breaker


def test_it_stays_closed_below_the_number_of_failures():
    assert failing(Clock(), 2).admits()


def test_it_opens_after_the_failures_and_admits_one_when_the_pause_is_over():
    clock = Clock()
    breaker = failing(clock)
    assert not breaker.admits()
    clock.now = 10
    assert breaker.admits()
    assert not breaker.admits()


def test_a_success_closes_it():
    clock = Clock()
    breaker = failing(clock)
    clock.now = 10
    breaker.admits()
    breaker.succeeded()
    assert breaker.admits()
    assert breaker.admits()


def test_a_failed_trial_opens_it_again():
    clock = Clock()
    breaker = failing(clock)
    clock.now = 10
    breaker.admits()
    breaker.failed()
    clock.now = 19
    assert not breaker.admits()


def test_failures_with_a_success_between_do_not_add_up():
    breaker = failing(Clock(), 2)
    breaker.succeeded()
    breaker.failed()
    breaker.failed()
    assert breaker.admits()


def test_a_trial_that_is_withdrawn_leaves_its_turn_to_another():
    clock = Clock()
    breaker = failing(clock)
    clock.now = 10
    assert breaker.admits()
    breaker.given_up()
    assert breaker.admits()
    assert not breaker.admits()


def test_a_question_that_is_withdrawn_ends_no_pause():
    breaker = failing(Clock())
    breaker.given_up()
    assert not breaker.admits()


async def test_a_refused_finger_does_not_cost_a_recovered_system_its_trial(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("search.single_search.Breaker", lambda: Breaker(clock=clock))
    live = FakeLive({"alerts": ()})
    search = single(live=live, biometrics=FakeBiometrics(failure=FingerRefused("The image shows no finger.")))
    for _ in range(4):
        seen = states(await search.ask(question()))["entry-exit"]
    assert seen is AnswerStatus.UNAVAILABLE
    live.answers["entry-exit"] = ()
    live.delays["entry-exit"] = 0.02
    clock.now = 20
    with pytest.raises(FingerRefused):
        await search.ask(question(finger=Finger(data="aW1hZ2U=")))
    await asyncio.sleep(0)
    assert states(await search.ask(question()))["entry-exit"] is None
