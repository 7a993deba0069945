"""Times and people in the words of a mail, for one reader. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from gsef_notify import countries, zones
from gsef_notify.program.model import Person, Segment, Session

_ABOUT_TO_BEGIN = timedelta(hours=2)


@dataclass(frozen=True)
class Reader:
    """Whose clock is shown: an IANA zone, and the session's own beside it."""

    timezone: str
    session_timezone: str

    def span(self, start: datetime, end: datetime) -> dict[str, Any]:
        """From ``start`` to ``end`` by the reader's clock, and in ``elsewhere`` by the others'."""
        local = zones.local(start, self.timezone)
        return {
            "day": f"{local:%A} {local.day} {local:%B %Y}",
            "short_day": f"{local:%a} {local.day} {local:%b}",
            "start": f"{local:%H:%M}",
            "end": f"{zones.local(end, self.timezone):%H:%M}",
            "place": zones.place(self.timezone, start),
            "clock": zones.clock_label(self.timezone, start),
            "elsewhere": self._elsewhere(start, end),
        }

    def order(self, session: Session, mine: set[str]) -> list[dict[str, Any]]:
        """The running order by the reader's clock; ``mine`` are the ids of the reader's segments."""
        return [
            {
                **self.span(segment.start, segment.end),
                "title": segment.title,
                "people": session.names_of(segment),
                "mine": segment.id in mine,
            }
            for segment in session.segments
        ]

    def _elsewhere(self, start: datetime, end: datetime) -> list[str]:
        names = dict.fromkeys((self.session_timezone, "UTC"))
        here = zones.local(start, self.timezone).date()
        return [_elsewhere(name, start, end, here) for name in names if name != self.timezone]


def left(now: datetime, start: datetime, timezone: str) -> str:
    """How long it is until ``start``, in words that are true at ``now``: "in 10 minutes", "tomorrow"."""
    remaining = start - now
    if remaining <= timedelta(0):
        return "now"
    if remaining < _ABOUT_TO_BEGIN:
        return f"in {_minutes(round(remaining.total_seconds() / 60))}"
    days = (zones.local(start, timezone).date() - zones.local(now, timezone).date()).days
    return {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")


def person_line(person: Person) -> dict[str, str]:
    """A person as a mail introduces them; never with an address."""
    country = countries.country_name(person.country) if person.country else ""
    return {
        "name": person.name,
        "about": ", ".join(part for part in (person.position, person.organization, country) if part),
        "role": person.role,
    }


def neighbour(session: Session, segment: Segment, step: int) -> dict[str, str] | None:
    """The segment before (-1) or after (1), None where there is none."""
    index = session.segments.index(segment) + step
    if not 0 <= index < len(session.segments):
        return None
    other = session.segments[index]
    return {"title": other.title, "people": session.names_of(other)}


def _elsewhere(name: str, start: datetime, end: datetime, here: object) -> str:
    begin, finish = zones.local(start, name), zones.local(end, name)
    day = "" if begin.date() == here else f", {begin:%A} {begin.day} {begin:%B}"
    return f"{begin:%H:%M}-{finish:%H:%M} {zones.clock_label(name, start)}{day}"


def _minutes(minutes: int) -> str:
    hours, rest = divmod(max(minutes, 1), 60)
    parts = [_counted(hours, "hour"), _counted(rest, "minute")]
    return " ".join(part for part in parts if part)


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}" if number else ""
