"""iCalendar files (RFC 5545), also those that other programs write: bare line feeds, floating times, TZIDs of
Windows or with a path before the name, several calendars in one file."""

import re
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from gsef_notify.program.draft import DraftPerson, DraftSession
from gsef_notify.program.identity import lasting_id
from gsef_notify.program.model import Role
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Place, Problems
from gsef_notify.readers.exports import own_feed
from gsef_notify.readers.exports.calendar_properties import parameter, raw, text_of
from gsef_notify.readers.exports.calendar_times import Times
from gsef_notify.readers.exports.events import Event, drafts
from gsef_notify.readers.source import Source
from gsef_notify.readers.text import Unreadable, decoded, paragraphs, plain, without_html

MOST_EVENTS = 20_000
_FOLD = re.compile(rb"\r*\n[ \t]")
_BEGIN = re.compile(r"^BEGIN:VEVENT\s*$", re.IGNORECASE | re.MULTILINE)


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of a file, one an event. Raises Unreadable."""
    text = decoded(_FOLD.sub(b"", source.content)).replace("\r\n", "\n").replace("\r", "\n")
    calendars = _calendars(source, text, problems)
    places = iter(_places(source))
    found = [
        event
        for calendar in (_Calendar(source, each, problems) for each in calendars)
        for component in calendar.components
        for event in calendar.events(component, next(places, source.top))
    ]
    if calendars and not found and not problems.errors:
        problems.error(source.top, "NO_SESSIONS", "the calendar holds no event", "export it again")
    return drafts(_once(found, problems))


def _once(events: list[Event], problems: Problems) -> Iterator[Event]:
    """The events without those that stand in the file a second time, word for word."""
    seen: dict[str, Event] = {}
    for event in events:
        if event.id in seen:
            message = f"{event.title!r} stands at {seen[event.id].place.brief} already and is left out"
            problems.warn(event.place, "EVENT_TWICE", message, "take one of the two out")
        else:
            seen[event.id] = event
            yield event


def _calendars(source: Source, text: str, problems: Problems) -> list[Calendar]:
    if len(_BEGIN.findall(text)) > MOST_EVENTS:
        raise Unreadable(f"more than {MOST_EVENTS} events", "export the program alone")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # guesses at zones, which are not used here
            calendars = Calendar.from_ical(_mended(text).encode(), multiple=True)
    except (ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        problems.error(
            source.top, "CALENDAR_BROKEN", f"no iCalendar: {plain(str(error))[:200]}", "export it again"
        )
        return []
    found = [each for each in calendars if each.name == "VCALENDAR"]
    if not found:
        message = "no BEGIN:VCALENDAR stands in the file"
        problems.error(source.top, "CALENDAR_BROKEN", message, "export it again")
    return found


def _mended(text: str) -> str:
    """The content lines; what can be none, as it has no name before a colon, belongs to the line before."""
    lines: list[str] = []
    for line in text.split("\n"):
        if re.match(r"[A-Za-z0-9-]+[:;]", line):
            lines.append(line)
        elif line.strip() and lines:
            lines[-1] += "\\n" + line
    return "\r\n".join(line for line in lines if not re.match(r"VTIMEZONE:", line)) + "\r\n"


def _places(source: Source) -> Iterator[Place]:
    for number, line in enumerate(source.content.split(b"\n"), 1):
        if line.strip().upper() == b"BEGIN:VEVENT":
            yield Place(source.path, number)


@dataclass(frozen=True)
class _Calendar:
    """A calendar, asked for its events and its zones."""

    source: Source
    calendar: Calendar
    problems: Problems

    @cached_property
    def _times(self) -> Times:
        return Times(self.source, self.calendar, self.problems)

    @cached_property
    def components(self) -> list[CalendarEvent]:
        """Its events, in their order."""
        return [each for each in self.calendar.walk("VEVENT") if isinstance(each, CalendarEvent)]

    def events(self, component: CalendarEvent, place: Place) -> Iterator[Event]:
        """The event of a component; none, and the reason noted, where it can not be one."""
        title = text_of(component, "SUMMARY")
        times = self._times.of(component, title, place)
        if times is None:
            return
        start, end, zone = times
        if "RRULE" in component or "RDATE" in component:
            message = f"{title!r} repeats; only its first time, {start:%Y-%m-%d %H:%M} UTC, is taken"
            self.problems.warn(place, "EVENT_REPEATS", message, "export each time as an event of its own")
        event = Event(
            title=title or "Untitled",
            start=start,
            end=end,
            zone=zone,
            place=place,
            id=self._id(component, title, start),
            room=_room(component),
            track=next(iter(_categories(component)), ""),
            language=str(parameter(component.get("SUMMARY"), "LANGUAGE")),
            text=without_html(paragraphs(raw(component, "DESCRIPTION"))),
            join_url=_join_url(component),
            people=tuple(_people(component, place)),
        )
        page, description = text_of(component, "URL"), raw(component, "DESCRIPTION")
        uid = text_of(component, "UID")
        yield own_feed.as_segment(event, uid, page, description) if self._is_own else event

    @cached_property
    def _is_own(self) -> bool:
        return own_feed.PRODUCT in str(self.calendar.get("PRODID", ""))

    def _id(self, component: CalendarEvent, title: str, start: datetime) -> str:
        uid = text_of(component, "UID")
        is_own = uid and self._uids[uid] == 1
        return lasting_id(uid if is_own else f"{uid} {title} {start.isoformat()}")

    @cached_property
    def _uids(self) -> Counter[str]:
        return Counter(text_of(each, "UID") for each in self.components)


def _categories(component: CalendarEvent) -> list[str]:
    value = component.get("CATEGORIES")
    lists = value if isinstance(value, list) else [value] if value is not None else []
    return [plain(str(name)) for each in lists for name in getattr(each, "cats", ())]


def _room(component: CalendarEvent) -> str:
    place = text_of(component, "LOCATION")
    return "" if place.startswith(("http://", "https://")) else place


def _join_url(component: CalendarEvent) -> str:
    """The link of CONFERENCE (RFC 7986) or of what others use for it, else a location that is a link."""
    named = (
        text_of(component, name)
        for name in ("CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "LOCATION")
    )
    return next((link for link in named if re.fullmatch(r"https?://\S+", link)), "")


def _people(component: CalendarEvent, place: Place) -> Iterator[DraftPerson]:
    """The chair moderates (RFC 5545 section 3.2.16), and those who are linked to by a page speak. Whoever has
    an address is a guest, whom no public page shall name."""
    value = component.get("ATTENDEE", [])
    for attendee in value if isinstance(value, list) else [value]:
        name = bare_name(plain(parameter(attendee, "CN")))
        role: Role = "moderator" if parameter(attendee, "ROLE").upper() == "CHAIR" else "speaker"
        is_guest = role == "speaker" and str(attendee).lower().startswith("mailto:")
        if name and not is_guest:
            yield DraftPerson(name=name, role=role, place=place)
