"""When a calendar's events are: floating times, TZIDs of many kinds, zones that the file defines itself."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cached_property

from icalendar import Calendar, Timezone
from icalendar import Event as CalendarEvent

from gsef_notify import zones
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.exports.calendar_properties import date_or_time, parameter, text_of, value_of
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import plain
from gsef_notify.tzids import zone_of_tzid

SET_A_ZONE = 'set timezone = "Europe/Vienna" (or where it is) in gsef-notify.toml'


@dataclass(frozen=True)
class Times:
    """Knows the zones of a calendar."""

    source: Source
    calendar: Calendar
    problems: Problems

    def of(self, component: CalendarEvent, title: str, place: Place) -> tuple[datetime, datetime, str] | None:
        """Start, end and IANA zone; None, and the reason noted, where it has no such times."""
        if text_of(component, "STATUS").upper() == "CANCELLED":
            message = f"{title!r} is cancelled and left out"
            self.problems.warn(place, "EVENT_CANCELLED", message, "take it out of the file")
            return None
        value = date_or_time(component, "DTSTART")
        if value is None and "DTSTART" in component:
            message = f"{title!r} begins at {text_of(component, 'DTSTART')[:60]!r}, which is no time"
            self.problems.error(place, "TIME_UNREADABLE", message, "write it like 20211008T090000Z")
            return None
        if not isinstance(value, datetime):
            what = "has no time" if value is None else "takes all day"
            message = f"{title!r} {what} and is left out"
            self.problems.warn(place, "NOT_SCHEDULED", message, "give it a time, or take it out")
            return None
        start = self._instant(component, "DTSTART", place)
        if start is None:
            return None
        return start[0], self._end(component, start[0], place), start[1]

    def _end(self, component: CalendarEvent, start: datetime, place: Place) -> datetime:
        if isinstance(date_or_time(component, "DTEND"), datetime):
            end = self._instant(component, "DTEND", place)
            return end[0] if end else start
        length = value_of(component, "DURATION")
        return start + length if isinstance(length, timedelta) else start

    def _instant(self, component: CalendarEvent, name: str, place: Place) -> tuple[datetime, str] | None:
        value = date_or_time(component, name)
        assert isinstance(value, datetime)  # noqa: S101
        label = str(parameter(component.get(name), "TZID"))
        if value.tzinfo is UTC or (value.utcoffset() == timedelta(0) and not label):
            return value.astimezone(UTC), self._announced or "UTC"
        wall = value.replace(tzinfo=None)
        zone = zone_of_tzid(label) if label else self._announced
        if zone is None and (own := self._own_zone(label)):
            moment = wall.replace(tzinfo=own)
            offset = moment.utcoffset() or timedelta(0)
            return moment.astimezone(UTC), zones.fixed(offset, wall.date()) or "UTC"
        if not zone:
            unknown = f"the time names a time zone that nobody knows, {label!r}"
            message = unknown if label else "the time names no time zone"
            self.problems.error(place, "ZONE_MISSING", message, SET_A_ZONE)
            return None
        try:
            return zones.instant(wall, zone), zone
        except zones.DoubtfulTime as error:
            self.problems.warn(place, "TIME_DOUBTFUL", str(error), "write the time in UTC")
            return _by_the_rule(error), zone
        except zones.TooLate as error:
            self.problems.error(place, "DATE_TOO_LATE", str(error), "write an earlier date")
            return None

    @cached_property
    def _announced(self) -> str:
        """The zone of the whole calendar, else the organizer's."""
        named = zone_of_tzid(plain(str(self.calendar.get("X-WR-TIMEZONE", ""))))
        return named or self.source.assumptions.timezone

    def _own_zone(self, label: str) -> tzinfo | None:
        """The zone that the file itself defines."""
        for each in self.calendar.walk("VTIMEZONE"):
            if isinstance(each, Timezone) and str(each.get("TZID", "")) == label:
                try:
                    zone: tzinfo = each.to_tz(lookup_tzid=False)
                    return zone
                except (ValueError, KeyError, AttributeError, TypeError, IndexError):
                    return None
        return None


def _by_the_rule(error: zones.DoubtfulTime) -> datetime:
    """A time that happens twice is the first of the two, one that does not exist goes by the offset before
    the gap (RFC 5545 section 3.3.5)."""
    return error.readings[0 if isinstance(error, zones.AmbiguousTime) else 1]
