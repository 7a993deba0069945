"""What an event says differently to each reader: its local times, and whether it rings before. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from gsef_notify.feeds.content_lines import continued, escaped, folded
from gsef_notify.feeds.words import Words, around_hours, days_apart, hours, place_line, words_of
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.wall_clock import WallClock


@dataclass(frozen=True)
class Face:
    """How a reader wants events: the IANA zone of their times and the language of their labels, both as each
    session has them where that is None, and, if any, an alarm that long before, in whole minutes."""

    timezone: str | None = None
    alarm: timedelta | None = None
    language: str | None = None


class Clocks:
    """The clocks of all zones between two instants."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self._first, self._last = first, last
        self._known: dict[str, WallClock] = {}

    def of(self, name: str) -> WallClock:
        """The clock of a zone. Raises zones.UnknownZone."""
        if name not in self._known:
            self._known[name] = WallClock(name, self._first, self._last)
        return self._known[name]


class Timed(Protocol):
    """A piece of an event that depends on the reader."""

    def written(self, clock: WallClock, alarm: timedelta | None) -> str:
        """Content lines, or more of the value of one, by the reader's clock."""
        ...


@dataclass(frozen=True, slots=True)
class Span:
    """DTSTART and, where it lies behind that (RFC 5545 section 3.8.2.2), DTEND."""

    start: datetime
    end: datetime

    def written(self, clock: WallClock, _: timedelta | None) -> str:
        """One content line or two."""
        begin = f"DTSTART{_time(clock, self.start)}\r\n"
        return f"{begin}DTEND{_time(clock, self.end)}\r\n" if self.end > self.start else begin


def _time(clock: WallClock, moment: datetime) -> str:
    """A local time with its zone; in UTC where the clocks show that time twice, of which clients take the
    first (RFC 5545 section 3.3.5)."""
    shown = clock.at(moment)
    if shown.says_all and clock.name != "UTC":
        return f";TZID={clock.name}:{shown.stamp}"
    return f":{moment:%Y%m%dT%H%M%S}Z"


@dataclass(frozen=True, slots=True)
class Ringing:
    """An alarm with the text of ``summary``, where the reader wants one."""

    summary: str

    def written(self, _: WallClock, alarm: timedelta | None) -> str:
        """A VALARM component (RFC 5545 section 3.6.6) or nothing."""
        if alarm is None:
            return ""
        minutes, text = alarm // timedelta(minutes=1), folded(f"DESCRIPTION:{escaped(self.summary)}")
        return f"BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT{minutes}M\r\n{text}END:VALARM\r\n"


class TimeLines:
    """The lines of a description that tell a time by the reader's clock, the session's, in UTC and by those
    of people's cities, these with "+1 day" where it is."""

    def __init__(
        self,
        words: Words,
        session: Session,
        part: Session | Segment,
        people: Iterable[Person],
        clocks: Clocks,
    ) -> None:
        self._tag, self._start, self._end = words.tag, part.start, part.end
        named = {name: self._line(clocks.of(name)) for name in (session.timezone, "UTC")}
        self._named = "".join(named.values())
        self._named_but = {name: "".join(named[other] for other in named if other != name) for name in named}
        theirs = dict.fromkeys(person.timezone for person in people if person.timezone not in (None, *named))
        self._places = [self._place(words, clocks.of(name)) for name in theirs if name]

    def written(self, clock: WallClock, _: timedelta | None) -> str:
        """One line after the other."""
        lines = self._line(clock) + self._named_but.get(clock.name, self._named)
        if not self._places:
            return lines
        day = clock.at(self._start).day
        others = (place for place in self._places if place.name != clock.name)
        return lines + "".join([place.lines[(place.day - day).days] for place in others])

    def _line(self, clock: WallClock) -> str:
        begin = clock.at(self._start)
        before, after = _around_hours(self._tag, clock.name, begin.day, begin.offset)
        return continued(f"{before}{begin.time}-{clock.at(self._end).time}{after}")

    def _place(self, words: Words, clock: WallClock) -> "_Place":
        text = place_line(words, clock, self._start, self._end)
        lines = {days: _text_line(text + days_apart(words, days)) for days in range(-2, 3)}
        return _Place(clock.name, clock.at(self._start).day, lines)


@lru_cache(4096)
def _around_hours(tag: str, name: str, day: date, offset: timedelta) -> tuple[str, str]:
    """What comes before and after the hours in the line of a named clock, escaped."""
    before, after = around_hours(words_of(tag), name, day, offset)
    return f"\\n{escaped(before)}", escaped(after)


@dataclass(frozen=True, slots=True)
class _Place:
    """The line that tells a time by the clock of a city, where it is that ``day``, by the days that lie
    between the reader's date and that."""

    name: str
    day: date
    lines: dict[int, str]


class RunningOrder:
    """The lines of a description that tell the segments of a session by the reader's clock."""

    def __init__(self, session: Session) -> None:
        self._segments = [(s.start, s.end, title_of(session, s)) for s in session.segments]

    def written(self, clock: WallClock, _: timedelta | None) -> str:
        """One line after the other."""
        return "".join(
            _text_line(f"{hours(clock, start, end)} {what}") for start, end, what in self._segments
        )


def title_of(session: Session, segment: Segment | None) -> str:
    """What a segment is called, with those whose it is; the title of the session where it is None."""
    if segment is None:
        return session.title
    return " - ".join(filter(None, (segment.title, session.names_of(segment))))


def _text_line(text: str) -> str:
    return continued(f"\\n{escaped(text)}")
