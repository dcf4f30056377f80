"""The breaker: who does not answer is left alone for a while, and tried again once."""

from search.breaker import Breaker


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
