"""VTIMEZONE components that calendar programs read alike (RFC 5545 section 3.6.5).

Where the clocks change by the same two rules in each year of the feed's window, one STANDARD and one DAYLIGHT
with a yearly RRULE, as Outlook wants them; else one for each onset and one for the state at the beginning,
each with a single DTSTART and no RRULE. DTSTART is the local time that held before (TZOFFSETFROM); there is
no RDATE: ical.js misreads multi-valued RDATEs and icalendar's own generator writes spring onsets an hour
late.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from gsef_notify import zones

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def vtimezone(name: str, first: datetime, last: datetime) -> str:
    """The VTIMEZONE of zone ``name`` for events from the instant ``first`` to ``last``, with a year to spare
    on both sides, so that neighbouring feeds share them."""
    return _vtimezone(name, first.astimezone(UTC).year - 1, last.astimezone(UTC).year + 1)


@lru_cache(2048)
def _vtimezone(name: str, first_year: int, last_year: int) -> str:
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    onsets = zones.onsets(name, begin, datetime(last_year, 12, 31, tzinfo=UTC))
    observances = _yearly(onsets, last_year - first_year + 1) or "".join(
        _observance(onset) for onset in (zones.state(name, begin), *onsets)
    )
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{observances}END:VTIMEZONE\r\n"


def _yearly(onsets: Sequence[zones.Onset], years: int) -> str:
    """The observances of a zone whose clocks change by two rules in each of so many years; "" for others."""
    kinds = [[onset for onset in onsets if onset.is_daylight == is_daylight] for is_daylight in (True, False)]
    if any(len(kind) != years for kind in kinds):
        return ""
    rules = [_rule(kind) for kind in kinds]
    return (
        "".join(_observance(kind[0], rule) for kind, rule in zip(kinds, rules, strict=True))
        if all(rules)
        else ""
    )


def _rule(onsets: Sequence[zones.Onset]) -> str:
    """The RRULE by which the clocks do the same each year; "" where there is none."""
    walls = [_wall(onset) for onset in onsets]
    what = {(onset.offset_before, onset.offset_after, onset.abbreviation) for onset in onsets}
    when = {(wall.month, wall.weekday(), wall.time()) for wall in walls}
    if len(what) > 1 or len(when) > 1 or len({wall.year for wall in walls}) < len(walls):
        return ""
    numbers = {(wall.day - 1) // 7 + 1 for wall in walls}
    if all(wall.day + 7 > monthrange(wall.year, wall.month)[1] for wall in walls):
        numbers = {-1}
    if len(numbers) > 1:
        return ""
    wall = walls[0]
    return f"FREQ=YEARLY;BYMONTH={wall.month};BYDAY={numbers.pop()}{_DAYS[wall.weekday()]}"


def _observance(onset: zones.Onset, rule: str = "") -> str:
    kind = "DAYLIGHT" if onset.is_daylight else "STANDARD"
    lines = (
        f"BEGIN:{kind}",
        f"DTSTART:{_wall(onset):%Y%m%dT%H%M%S}",
        *([f"RRULE:{rule}"] if rule else []),
        f"TZOFFSETFROM:{_offset(onset.offset_before)}",
        f"TZOFFSETTO:{_offset(onset.offset_after)}",
        f"TZNAME:{onset.abbreviation}",
        f"END:{kind}\r\n",
    )
    return "\r\n".join(lines)


def _wall(onset: zones.Onset) -> datetime:
    """What the clock shows when it is about to change."""
    return (onset.instant + onset.offset_before).replace(tzinfo=None)


def _offset(offset: timedelta) -> str:
    """``-0330``, with seconds where there are some (RFC 5545 section 3.3.14)."""
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{sign}{minutes // 60:02d}{minutes % 60:02d}{f'{seconds:02d}' if seconds else ''}"
