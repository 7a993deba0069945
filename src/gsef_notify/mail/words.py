"""Times and people in the words of a mail, for one reader. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from gsef_notify import zones
from gsef_notify.mail.speech import Speech
from gsef_notify.program.model import Person, Segment, Session


@dataclass(frozen=True)
class Reader:
    """Whose clock is shown: an IANA zone, and the session's own beside it; and how they are spoken to."""

    timezone: str
    session_timezone: str
    speech: Speech

    def span(self, start: datetime, end: datetime) -> dict[str, Any]:
        """From ``start`` to ``end`` by the reader's clock, and in ``elsewhere`` by the others'."""
        return dict(_span(self, start, end))

    def as_told(self, local: datetime) -> dict[str, str]:
        """A local time that somebody was told, as they read it, whatever their clock shows by now."""
        speech = self.speech
        return {
            "day": speech.day(local),
            "short_day": speech.short_day(local),
            "start": f"{local:%H:%M}",
        }

    def clock_change(self, now: datetime, start: datetime) -> dict[str, str] | None:
        """The next change of the reader's clock, if one lies between ``now`` and ``start`` and shows
        there."""
        before, after = (zones.utc_offset(at, self.timezone) for at in (now, start))
        if before == after or start <= now:
            return None
        onset = zones.onsets(self.timezone, now, start)[-1]
        length = self.speech.length(abs(after - before))
        return {
            "day": self.speech.day(zones.local(onset.instant, self.timezone)),
            "place": self.speech.place(self.timezone, start),
            "length": length,
            "direction": "forward" if after > before else "back",
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


def person_line(speech: Speech, person: Person) -> dict[str, str]:
    """A person as a mail introduces them; never with an address."""
    country = speech.country(person.country) if person.country else ""
    return {
        "name": person.name,
        "about": ", ".join(part for part in (person.position, person.organization, country) if part),
        "role": person.role,
    }


def contact_line(person: Person) -> dict[str, str]:
    """How to say somebody's name, and how to reach them during the session: for the moderator alone."""
    return {"name": person.name, "pronunciation": person.pronunciation, "contact": person.contact}


def neighbour(session: Session, segment: Segment, step: int) -> dict[str, str] | None:
    """The segment before (-1) or after (1), None where there is none, or the segment itself is gone."""
    if segment not in session.segments:
        return None
    index = session.segments.index(segment) + step
    if not 0 <= index < len(session.segments):
        return None
    other = session.segments[index]
    return {"title": other.title, "people": session.names_of(other)}


@lru_cache(maxsize=4096)
def _span(reader: Reader, start: datetime, end: datetime) -> dict[str, Any]:
    """The same for all who read of it by that clock."""
    name, speech = reader.timezone, reader.speech
    local = zones.local(start, name)
    return {
        "day": speech.day(local),
        "short_day": speech.short_day(local),
        "start": f"{local:%H:%M}",
        "end": f"{zones.local(end, name):%H:%M}",
        "place": speech.place(name, start),
        "whose": speech.whose(name, start),
        "clock": speech.clock(name, start),
        "elsewhere": [
            _elsewhere(speech, other, start, end, local.date()) for other in _others(reader, start)
        ],
    }


def _others(reader: Reader, start: datetime) -> list[str]:
    """The session's clock and UTC, unless one of the clocks before shows UTC already."""
    known = (reader.timezone, reader.session_timezone)
    utc = [] if any(not zones.utc_offset(start, name) for name in known) else ["UTC"]
    return [name for name in dict.fromkeys((reader.session_timezone, *utc)) if name != reader.timezone]


def _elsewhere(speech: Speech, name: str, start: datetime, end: datetime, here: object) -> str:
    begin, finish = zones.local(start, name), zones.local(end, name)
    day = "" if begin.date() == here else f", {speech.other_day(begin)}"
    return f"{begin:%H:%M}-{finish:%H:%M} {speech.clock(name, start)}{day}"
