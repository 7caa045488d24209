"""When an endpoint is left alone, and when it is tried again."""

from __future__ import annotations

import pytest

from shared.adapters.circuit_breaker import PAUSE_S, CircuitBreaker
from shared.errors import ModelUnavailable


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def is_open(breaker: CircuitBreaker) -> bool:
    try:
        breaker.check()
    except ModelUnavailable:
        return True
    return False


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(failures=2, clock=clock)
    for _ in range(2):
        breaker.check()
        breaker.failed("no route to host")
    return breaker


def test_failures_in_a_row_open_it_and_an_answer_between_does_not() -> None:
    breaker = CircuitBreaker(failures=2, clock=Clock())
    breaker.failed("a")
    breaker.succeeded()
    breaker.failed("b")
    assert not is_open(breaker)
    breaker.failed("c")
    assert is_open(breaker)


def test_it_says_why_and_for_how_long() -> None:
    with pytest.raises(ModelUnavailable, match="no route to host") as caught:
        opened(Clock()).check()
    assert caught.value.after == PAUSE_S


def test_after_the_pause_one_call_passes_and_its_answer_closes_it() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE_S
    assert [is_open(breaker) for _ in range(3)] == [False, True, True]
    breaker.succeeded()
    assert not is_open(breaker)


def test_a_failed_trial_doubles_the_pause_until_it_answers_again() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE_S
    breaker.check()
    breaker.failed("still away")
    clock.now += PAUSE_S
    assert is_open(breaker)
    clock.now += PAUSE_S
    assert not is_open(breaker)


def test_a_trial_that_was_called_off_lets_the_next_one_through() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += PAUSE_S
    breaker.check()
    breaker.abandoned()
    assert not is_open(breaker)
