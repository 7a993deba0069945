"""Nobody is woken for what can be told while they are awake."""

from datetime import datetime, time

import pytest

from gsef_notify.reminders.quiet import QuietHours, Use, last_waking, next_waking, quiet_hours
from tests.conftest import utc

NIGHT = QuietHours(time(22), time(7))
SANTIAGO = "America/Santiago"


def use(start: str, useless_from: str) -> Use:
    return Use(utc(start), utc(useless_from))


@pytest.mark.parametrize(
    ("due", "goes_out"),
    [
        ("2021-10-07 09:21", "2021-10-07 00:59"),  # 06:21 -> 21:59 on the evening before
        ("2021-10-07 06:30", "2021-10-07 00:59"),
        ("2021-10-07 01:00", "2021-10-07 00:59"),
        ("2021-10-07 10:00", "2021-10-07 10:00"),  # 07:00: the night is over
        ("2021-10-07 00:59", "2021-10-07 00:59"),
    ],
)
def test_what_is_due_at_night_goes_out_at_the_last_waking_moment_before(due: str, goes_out: str) -> None:
    a_day_later = use("2021-10-08 15:00", "2021-10-08 14:00")
    assert last_waking(NIGHT, SANTIAGO, utc(due), a_day_later) == utc(goes_out)


def test_what_is_useless_in_the_morning_goes_out_at_night() -> None:
    before_dawn = use("2021-10-08 08:00", "2021-10-08 08:00")  # 05:00 in Santiago
    assert last_waking(NIGHT, SANTIAGO, utc("2021-10-08 05:00"), before_dawn) == utc("2021-10-08 05:00")


@pytest.mark.parametrize("due", ["2021-10-08 09:10", "2021-10-08 10:00", "2021-10-08 09:05"])
def test_who_is_on_at_five_past_seven_is_up_an_hour_before(due: str) -> None:
    slot = use("2021-10-08 10:05", "2021-10-08 10:05")
    assert last_waking(NIGHT, SANTIAGO, utc(due), slot) == utc(due)
    assert last_waking(NIGHT, SANTIAGO, utc("2021-10-08 09:04"), slot) == utc("2021-10-08 00:59")


def test_what_was_kept_up_waits_for_the_morning_or_for_the_hour_before_the_slot() -> None:
    assert next_waking(
        NIGHT, SANTIAGO, utc("2021-10-08 04:00"), use("2021-10-08 15:00", "2021-10-08 15:00")
    ) == utc("2021-10-08 10:00")
    assert next_waking(
        NIGHT, SANTIAGO, utc("2021-10-08 04:00"), use("2021-10-08 10:21", "2021-10-08 10:21")
    ) == utc("2021-10-08 09:21")


def test_after_their_part_the_night_is_the_night_again() -> None:
    thanks = use("2021-10-08 09:00", "2021-10-20 09:00")
    assert last_waking(NIGHT, SANTIAGO, utc("2021-10-10 06:00"), thanks) == utc("2021-10-10 00:59")


@pytest.mark.parametrize("moment", ["2021-10-08 04:00", "2021-10-08 12:00"])
def test_without_quiet_hours_everything_goes_out_when_it_is_due(moment: str) -> None:
    assert last_waking(None, SANTIAGO, utc(moment), use("2021-10-09 12:00", "2021-10-09 12:00")) == utc(
        moment
    )


def test_quiet_hours_may_lie_within_a_day_and_over_a_clock_change() -> None:
    siesta = QuietHours(time(13), time(16))
    later = use("2021-10-31 18:00", "2021-10-31 18:00")
    assert last_waking(siesta, "Europe/Madrid", utc("2021-10-30 12:00"), later) == utc("2021-10-30 10:59")
    night = next_waking(NIGHT, "Europe/Madrid", utc("2021-10-31 00:30"), later)
    assert night == datetime.fromisoformat("2021-10-31T07:00+01:00")


@pytest.mark.parametrize("text", ["22:00-07:00", "22:00 \u2013 07:00", " 22:00-7:00 "])
def test_quiet_hours_are_read(text: str) -> None:
    assert quiet_hours(text) == NIGHT
    assert str(NIGHT) == "22:00-07:00"
    assert quiet_hours("none") is None


@pytest.mark.parametrize("text", ["", "night", "22:00", "22:00-22:00", "22-7", "25:00-07:00"])
def test_what_are_no_quiet_hours_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write"):
        quiet_hours(text)


def test_a_time_of_day_is_in_quiet_hours_also_over_midnight() -> None:
    hours = [time(6, 59), time(7), time(21, 59), time(22)]
    assert [NIGHT.has(at) for at in hours] == [True, False, False, True]
    assert [QuietHours(time(7), time(22)).has(at) for at in hours] == [False, True, True, False]
