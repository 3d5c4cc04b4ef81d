"""When calls are tried again, and when a service is left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from framework.runtime.calls.circuit_breaker import (
    FAILURES,
    OPEN_SECONDS,
    CircuitBreaker,
    CircuitOpen,
    CircuitState,
)
from framework.runtime.calls.retry_after import retry_after
from framework.runtime.calls.retry_budget import CALLS, MOST, RetryBudget


class Clock:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> CircuitBreaker:
    return CircuitBreaker("http://shop", clock)


def fail(breaker: CircuitBreaker, times: int = 1) -> None:
    for _ in range(times):
        with breaker.trying() as attempt:
            attempt.failed()


def state(breaker: CircuitBreaker) -> CircuitState:
    return breaker.state


def succeed(breaker: CircuitBreaker) -> None:
    with breaker.trying() as attempt:
        attempt.succeeded()


def test_failures_in_a_row_open_it(breaker: CircuitBreaker) -> None:
    fail(breaker, FAILURES - 1)
    succeed(breaker)
    fail(breaker, FAILURES - 1)
    assert state(breaker) is CircuitState.CLOSED
    fail(breaker)
    assert state(breaker) is CircuitState.OPEN
    with pytest.raises(CircuitOpen, match=r"left alone for 5\.0 s"):
        succeed(breaker)


def test_what_says_nothing_of_the_service_counts_as_nothing(breaker: CircuitBreaker) -> None:
    fail(breaker, FAILURES - 1)
    for _ in range(FAILURES):
        with pytest.raises(KeyError), breaker.trying():
            raise KeyError
    assert state(breaker) is CircuitState.CLOSED
    fail(breaker)
    assert state(breaker) is CircuitState.OPEN


def test_one_try_decides_and_the_others_are_refused(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += OPEN_SECONDS
    assert state(breaker) is CircuitState.HALF_OPEN
    with breaker.trying() as probe:
        with pytest.raises(CircuitOpen):
            succeed(breaker)
        probe.failed()
    assert state(breaker) is CircuitState.OPEN
    clock.now += OPEN_SECONDS
    succeed(breaker)
    assert state(breaker) is CircuitState.CLOSED
    fail(breaker, FAILURES - 1)
    assert state(breaker) is CircuitState.CLOSED


def test_a_try_that_is_given_up_leaves_its_place_to_the_next(breaker: CircuitBreaker, clock: Clock) -> None:
    fail(breaker, FAILURES)
    clock.now += OPEN_SECONDS
    with breaker.trying():
        pass
    assert state(breaker) is CircuitState.HALF_OPEN
    succeed(breaker)
    assert state(breaker) is CircuitState.CLOSED


def test_a_late_answer_closes_nothing(breaker: CircuitBreaker) -> None:
    with breaker.trying() as late:
        fail(breaker, FAILURES)
        late.succeeded()
    assert state(breaker) is CircuitState.OPEN


def test_a_budget_is_earned_by_calls_and_by_time(clock: Clock) -> None:
    budget = RetryBudget(clock)
    assert [budget.spend() for _ in range(MOST + 1)] == [True] * MOST + [False]
    for _ in range(2 * CALLS):
        budget.earn()
    assert [budget.spend() for _ in range(3)] == [True, True, False]
    clock.now += 1
    assert [budget.spend() for _ in range(2)] == [True, False]
    clock.now += 1000
    assert sum(budget.spend() for _ in range(100)) == MOST


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 0 ", 0),
        ("Sat, 21 Nov 2026 12:00:30 GMT", 30),
        ("Sat, 21 Nov 2026 11:00:00 GMT", 0),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        ("\u0663", None),
    ],
)
def test_retry_after_says_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    assert retry_after(text, datetime(2026, 11, 21, 12, tzinfo=UTC)) == seconds
