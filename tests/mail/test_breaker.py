"""A server that fails again and again is left alone, each time for longer, and tried by one message."""

from datetime import timedelta

from gsef_notify.mail.breaker import FAILURES, FIRST_REST, LONGEST_REST, Breaker
from tests.conftest import utc

NOON = utc("2021-10-08 12:00")
SECOND = timedelta(seconds=1)


def opened() -> Breaker:
    breaker = Breaker()
    for _ in range(FAILURES):
        breaker.failed(NOON)
    return breaker


def test_some_failures_are_borne() -> None:
    breaker = Breaker()
    assert [breaker.failed(NOON) for _ in range(FAILURES - 1)] == [None] * (FAILURES - 1)
    assert breaker.open_until(NOON) is None
    assert breaker.failed(NOON) == NOON + FIRST_REST == breaker.open_until(NOON)


def test_a_success_forgets_the_failures() -> None:
    breaker = Breaker()
    for _ in range(FAILURES * 2):
        breaker.failed(NOON)
        assert not breaker.succeeded()
    assert breaker.open_until(NOON) is None


def test_then_one_message_shows_whether_it_works_again() -> None:
    breaker, later = opened(), NOON + FIRST_REST
    assert not breaker.is_on_trial(later - SECOND)
    assert breaker.is_on_trial(later)
    assert breaker.succeeded()
    assert not breaker.is_on_trial(later)
    assert breaker.failed(later) is None


def test_rests_are_doubled_up_to_a_limit() -> None:
    breaker, now, rests = opened(), NOON + FIRST_REST, [FIRST_REST]
    for _ in range(20):
        until = breaker.failed(now)
        assert until is not None
        rests.append(until - now)
        now = until
    assert rests[:4] == [FIRST_REST * n for n in (1, 2, 4, 8)]
    assert set(rests[4:]) == {LONGEST_REST}


def test_failures_of_what_was_under_way_make_no_rest_longer() -> None:
    breaker = opened()
    assert breaker.failed(NOON + SECOND) is None
    assert breaker.open_until(NOON + SECOND) == NOON + FIRST_REST


def test_a_clock_that_is_set_back_opens_nothing_for_longer() -> None:
    assert opened().open_until(NOON - timedelta(hours=2)) is None
