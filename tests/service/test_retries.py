"""A mail that was not taken is tried again, soon enough to be of use and not too soon for its server."""

from datetime import timedelta

import pytest

from gsef_notify.mail.transport import DeliveryError
from gsef_notify.service.retries import wait_for

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
GREYLISTED = DeliveryError("later", reply="450 4.2.0 greylisted")


def waits(error: DeliveryError, left: timedelta, tries: int = 4) -> list[float]:
    return [wait_for(error, attempts, left) / MINUTE for attempts in range(1, tries + 1)]


@pytest.mark.parametrize("reply", ["", "421 closing", "452 full", "552 too large"])
def test_most_errors_wait_a_minute_and_longer_each_time(reply: str) -> None:
    assert waits(DeliveryError("later", reply=reply), DAY) == [1, 2, 4, 8]


@pytest.mark.parametrize("reply", ["450 greylisted", "451 4.7.1 try again in five minutes"])
def test_a_server_that_lets_strangers_wait_is_given_some_minutes(reply: str) -> None:
    assert waits(DeliveryError("later", reply=reply), DAY) == [6, 12, 24, 48]


def test_half_of_the_time_that_is_left_is_kept_for_another_try() -> None:
    assert [wait_for(GREYLISTED, 1, MINUTE * left) / MINUTE for left in (30, 10, 4, 1, 0)] == [6, 5, 2, 1, 1]
