"""VTIMEZONE components that calendar programs read alike (RFC 5545 section 3.6.5).

One STANDARD or DAYLIGHT for each onset in the feed's window and for the state at its beginning, each with a
single DTSTART in the local time that held before (TZOFFSETFROM), no RDATE and no RRULE: ical.js misreads
multi-valued RDATEs and icalendar's own generator writes spring onsets an hour late.
"""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from gsef_notify import zones


def vtimezone(name: str, first: datetime, last: datetime) -> str:
    """The VTIMEZONE of zone ``name`` for events from the instant ``first`` to ``last``, with a year to spare
    on both sides, so that neighbouring feeds share them."""
    return _vtimezone(name, first.astimezone(UTC).year - 1, last.astimezone(UTC).year + 1)


@lru_cache(2048)
def _vtimezone(name: str, first_year: int, last_year: int) -> str:
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year, 12, 31, tzinfo=UTC)
    onsets = (zones.state(name, begin), *zones.onsets(name, begin, end))
    return f"BEGIN:VTIMEZONE\r\nTZID:{name}\r\n{''.join(map(_observance, onsets))}END:VTIMEZONE\r\n"


def _observance(onset: zones.Onset) -> str:
    kind = "DAYLIGHT" if onset.is_daylight else "STANDARD"
    lines = (
        f"BEGIN:{kind}",
        f"DTSTART:{onset.instant + onset.offset_before:%Y%m%dT%H%M%S}",
        f"TZOFFSETFROM:{_offset(onset.offset_before)}",
        f"TZOFFSETTO:{_offset(onset.offset_after)}",
        f"TZNAME:{onset.abbreviation}",
        f"END:{kind}\r\n",
    )
    return "\r\n".join(lines)


def _offset(offset: timedelta) -> str:
    """``-0330``, with seconds where there are some (RFC 5545 section 3.3.14)."""
    minutes, seconds = divmod(abs(offset) // timedelta(seconds=1), 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"{sign}{minutes // 60:02d}{minutes % 60:02d}{f'{seconds:02d}' if seconds else ''}"
