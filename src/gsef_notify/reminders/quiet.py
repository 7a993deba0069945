"""The hours in which people are not written to, by their own clocks. Pure."""

import re
from datetime import datetime, time, timedelta

import msgspec

from gsef_notify import zones
from gsef_notify.reminders.moments import wall_time

AWAKE_BEFORE = timedelta(hours=1)
LAST_CALL = timedelta(minutes=1)


class QuietHours(msgspec.Struct, frozen=True):
    """From ``start`` to ``end`` by the reader's clock, mostly over midnight. For somebody whose part begins
    earlier they are over an hour before it: who speaks at 06:21 is up at 05:21."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def has(self, at: time) -> bool:
        """Whether a time of day is in them."""
        if self.start < self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


class Use(msgspec.Struct, frozen=True):
    """What a mail is good for: the beginning of its reader's part, and the instant from which it is
    useless."""

    start: datetime
    useless_from: datetime


def quiet_hours(text: str) -> QuietHours | None:
    """``22:00-07:00``; None for ``none``. Raises ValueError."""
    if text.strip().casefold() == "none":
        return None
    found = re.fullmatch(r"\s*(\S+?)\s*[-\u2013]\s*(\S+)\s*", text)
    if not found or wall_time(found[1]) == wall_time(found[2]):
        raise ValueError(f"{text!r} are no quiet hours: write them like 22:00-07:00, or none")
    return QuietHours(wall_time(found[1]), wall_time(found[2]))


def last_waking(quiet: QuietHours | None, timezone: str, due: datetime, use: Use) -> datetime:
    """When to send what is due at ``due``: then, or at the last waking moment before it where that lies in
    quiet hours and the use of the mail does not end in them."""
    night = disturbed(quiet, timezone, due, use)
    return night[0] - LAST_CALL if night else due


def next_waking(quiet: QuietHours | None, timezone: str, now: datetime, use: Use) -> datetime:
    """When to send what was not sent until ``now``: at once, or when quiet hours are over that it would
    disturb for no need."""
    night = disturbed(quiet, timezone, now, use)
    return night[1] if night else now


def disturbed(
    quiet: QuietHours | None, timezone: str, moment: datetime, use: Use
) -> tuple[datetime, datetime] | None:
    """The quiet hours in which a mail would come at that moment though it could come later; None if none."""
    night = _night(quiet, timezone, moment) if quiet else None
    if night is None:
        return None
    begin, end = night
    if use.useless_from <= end:
        return None
    if moment < use.start:
        end = min(end, use.start - AWAKE_BEFORE)
    return (begin, end) if moment < end else None


def _night(quiet: QuietHours, timezone: str, moment: datetime) -> tuple[datetime, datetime] | None:
    today = zones.local(moment, timezone).date()
    for day in (today - timedelta(days=1), today):
        last_day = day if quiet.start < quiet.end else day + timedelta(days=1)
        begin = zones.soonest(datetime.combine(day, quiet.start), timezone)
        end = zones.soonest(datetime.combine(last_day, quiet.end), timezone)
        if begin <= moment < end:
            return begin, end
    return None
