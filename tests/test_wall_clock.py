"""A wall clock shows what the zone's own rules say, quickly."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import pytz

from gsef_notify import zones
from gsef_notify.wall_clock import WallClock
from tests.conftest import utc

FIRST, LAST = datetime(1990, 1, 1, tzinfo=UTC), datetime(2036, 12, 31, tzinfo=UTC)
# Clocks that go back by an hour, by half an hour, at midnight, over a day, around Ramadan, or never.
ZONES = [
    "America/Santiago", "Australia/Lord_Howe", "America/Asuncion", "Pacific/Apia", "Africa/Casablanca",
    "Asia/Pyongyang", "Asia/Kolkata", "UTC", "Etc/GMT-9",
]  # fmt: skip


def around_changes(name: str) -> Iterator[datetime]:
    for onset in zones.onsets(name, FIRST, LAST):
        for minutes in (-1500, -61, -60, -59, -31, -30, -29, -1, 0, 1, 29, 30, 59, 60, 61, 1500):
            yield onset.instant + timedelta(minutes=minutes)
    yield from (FIRST, LAST)


@pytest.mark.parametrize("name", ZONES)
def test_it_shows_what_the_zone_says(name: str) -> None:
    clock = WallClock(name, FIRST, LAST)
    for moment in around_changes(name):
        local, shown = zones.local(moment, name), clock.at(moment)
        assert (shown.day, shown.time, shown.stamp, shown.offset, shown.says_all) == (
            local.date(),
            f"{local:%H:%M}",
            f"{local:%Y%m%dT%H%M%S}",
            local.utcoffset(),
            zones.says_all(moment, name),
        ), moment


def test_seconds_do_not_say_all() -> None:
    clock = WallClock("Asia/Seoul", FIRST, LAST)
    assert clock.at(utc("2021-10-08 09:21")).says_all
    assert not clock.at(utc("2021-10-08 09:21") + timedelta(seconds=1)).says_all


@pytest.mark.parametrize("name", pytz.common_timezones)
def test_no_change_of_a_clock_is_overlooked(name: str) -> None:
    zone = pytz.timezone(name)
    times = getattr(zone, "_utc_transition_times", [])
    infos = getattr(zone, "_transition_info", [])
    changes = [
        time.replace(tzinfo=UTC)
        for time, before, after in zip(times[1:], infos, infos[1:], strict=False)
        if before != after
    ]
    expected = [moment for moment in changes if FIRST < moment <= LAST]
    assert [onset.instant for onset in zones.onsets(name, FIRST, LAST)] == expected
