"""The moments at which rules remind. Pure."""

import re
from datetime import datetime, time, timedelta
from typing import Literal

import msgspec

from gsef_notify import zones
from gsef_notify.durations import duration, in_words

Subject = Literal["session", "segment"]


class Interval(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """``length`` before the beginning of the session or of each segment of one's own, or after its end."""

    length: timedelta
    of: Subject = "session"
    is_after: bool = False


class DayTime(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A wall time by the reader's clock, ``days`` after the day on which the session begins there; -1 is the
    day before."""

    days: int
    at: time


class EveryDay(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """A wall time by the reader's clock, on each day on which there is something to tell."""

    at: time


Moment = Interval | DayTime | EveryDay

_EXAMPLES = (
    "write for example '10 minutes before my segment', '1 hour before the session', "
    "'the day before at 09:00', '2 days after the session' or 'every day at 08:00'"
)
_INTERVAL = re.compile(
    r"(?P<length>.+?)\s+(?P<side>before|after)(?:\s+(?:the|my|their|each)\s+(?P<of>session|segment))?"
)
_DAY_TIME = re.compile(
    r"(?:on\s+)?the\s+(?:(?P<same>same\s+day|day\s+of\s+the\s+session)|day\s+(?P<next>before|after))"
    r"\s+at\s+(?P<at>\S+)"
)
_SOME_DAYS = re.compile(r"(?P<days>\d{1,3})\s+days?\s+(?P<side>before|after)\s+at\s+(?P<at>\S+)")
_EVERY_DAY = re.compile(r"every\s+(?:day|morning)\s+at\s+(?P<at>\S+)")
_BY_WHOSE_CLOCK = re.compile(r"\s+in\s+(?:the\s+recipient's|the\s+reader's|their)\s+(?:time\s+)?zone$")


def moment(text: str) -> Moment:
    """A moment as an organizer writes it. Raises ValueError."""
    words = _BY_WHOSE_CLOCK.sub("", " ".join(text.casefold().split()))
    if found := _EVERY_DAY.fullmatch(words):
        return EveryDay(at=wall_time(found["at"]))
    if found := _DAY_TIME.fullmatch(words):
        days = 0 if found["same"] else (-1 if found["next"] == "before" else 1)
        return DayTime(days=days, at=wall_time(found["at"]))
    if found := _SOME_DAYS.fullmatch(words):
        days = int(found["days"])
        return DayTime(days=-days if found["side"] == "before" else days, at=wall_time(found["at"]))
    if found := _INTERVAL.fullmatch(words):
        of: Subject = "segment" if found["of"] == "segment" else "session"
        return Interval(length=duration(found["length"]), of=of, is_after=found["side"] == "after")
    raise ValueError(f"{text!r} is no moment: {_EXAMPLES}")


def wall_time(text: str) -> time:
    """``09:00``. Raises ValueError."""
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text)
    if not found:
        raise ValueError(f"{text!r} is no time of day: write it like 09:00")
    return time(int(found[1]), int(found[2]))


def told(moment: Moment) -> str:
    """The moment in words, which ``moment`` reads back."""
    match moment:
        case Interval():
            whose = "their segment" if moment.of == "segment" else "the session"
            return f"{in_words(moment.length)} {'after' if moment.is_after else 'before'} {whose}"
        case DayTime():
            return f"{_day_in_words(moment.days)} at {moment.at:%H:%M}"
        case EveryDay():
            return f"every day at {moment.at:%H:%M}"


def instant(moment: Interval | DayTime, start: datetime, end: datetime, timezone: str) -> datetime:
    """When it is for something from ``start`` to ``end``, by the clock of a reader in that zone."""
    if isinstance(moment, Interval):
        return end + moment.length if moment.is_after else start - moment.length
    day = zones.local(start, timezone).date() + timedelta(days=moment.days)
    return zones.soonest(datetime.combine(day, moment.at), timezone)


def _day_in_words(days: int) -> str:
    if abs(days) <= 1:
        return ("the same day", "the day after", "the day before")[days]
    return f"{abs(days)} days {'before' if days < 0 else 'after'}"
