"""VTIMEZONE components that calendar programs read alike (RFC 5545 section 3.6.5).

One STANDARD or DAYLIGHT for each onset in the feed's window and for the state at its beginning, each with a
single DTSTART in the local time that held before (TZOFFSETFROM), no RDATE and no RRULE: ical.js misreads
multi-valued RDATEs and icalendar's own generator writes spring onsets an hour late.
"""

from datetime import UTC, datetime
from functools import cache

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

from gsef_notify import zones


def vtimezone(name: str, first: datetime, last: datetime) -> Timezone:
    """The rules of zone ``name`` for events from the instant ``first`` to ``last``, with a year to spare on
    both sides, so that neighbouring feeds share them."""
    return _vtimezone(name, first.astimezone(UTC).year - 1, last.astimezone(UTC).year + 1)


@cache
def _vtimezone(name: str, first_year: int, last_year: int) -> Timezone:
    begin = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year, 12, 31, tzinfo=UTC)
    component = Timezone()
    component.add("tzid", name)
    for onset in (zones.state(name, begin), *zones.onsets(name, begin, end)):
        component.add_component(_observance(onset))
    return component


def _observance(onset: zones.Onset) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneDaylight() if onset.is_daylight else TimezoneStandard()
    observance.add("dtstart", (onset.instant + onset.offset_before).replace(tzinfo=None))
    observance.add("tzoffsetfrom", onset.offset_before)
    observance.add("tzoffsetto", onset.offset_after)
    observance.add("tzname", onset.abbreviation)
    return observance
