"""Moments are read as organizers write them, and told as they read them."""

from datetime import datetime, time, timedelta

import pytest

from gsef_notify.reminders.moments import DayTime, EveryDay, Interval, Moment, instant, moment, told
from tests.conftest import utc

START, END = utc("2021-10-08 09:00"), utc("2021-10-08 10:30")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10 minutes before my segment", Interval(length=timedelta(minutes=10), of="segment")),
        ("10 minutes before their segment", Interval(length=timedelta(minutes=10), of="segment")),
        ("1 hour before the session", Interval(length=timedelta(hours=1))),
        ("1 hour 30 minutes before", Interval(length=timedelta(minutes=90))),
        ("2 days after the session", Interval(length=timedelta(days=2), is_after=True)),
        ("the day before at 09:00", DayTime(days=-1, at=time(9))),
        ("The day before at 09:00 in the recipient's zone", DayTime(days=-1, at=time(9))),
        ("on the same day at 7:30", DayTime(days=0, at=time(7, 30))),
        ("the day after at 12:00", DayTime(days=1, at=time(12))),
        ("3 days before at 18:00", DayTime(days=-3, at=time(18))),
        ("every morning at 08:00", EveryDay(at=time(8))),
    ],
)
def test_a_moment_is_read_and_told_back(text: str, expected: Moment) -> None:
    assert moment(text) == expected
    assert moment(told(expected)) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "before", "10 before my segment", "the day before at 25:00", "every day at noon",
             "99999999 days before the session", "10 minutes before my segment; drop it"],
)  # fmt: skip
def test_what_is_no_moment_is_refused_with_examples(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        moment(text)


@pytest.mark.parametrize(
    ("text", "zone", "expected"),
    [
        ("1 hour before", "Asia/Seoul", "2021-10-08 08:00"),
        ("2 days after the session", "Asia/Seoul", "2021-10-10 10:30"),
        ("the day before at 09:00", "Asia/Seoul", "2021-10-07 00:00"),
        ("the day before at 09:00", "America/Santiago", "2021-10-07 12:00"),
        ("the day before at 09:00", "Pacific/Honolulu", "2021-10-06 19:00"),
        ("the day before at 09:00", "Pacific/Kiritimati", "2021-10-06 19:00"),
    ],
)
def test_a_day_is_that_of_its_reader(text: str, zone: str, expected: str) -> None:
    found = moment(text)
    assert not isinstance(found, EveryDay)
    assert instant(found, START, END, zone) == utc(expected)


def test_a_time_that_the_clocks_jump_over_is_the_one_before() -> None:
    spring = datetime.fromisoformat("2022-03-28T10:00+00:00")
    found = moment("the day before at 02:30")
    assert not isinstance(found, EveryDay)
    assert instant(found, spring, spring, "Europe/Paris") == utc("2022-03-27 00:30")
