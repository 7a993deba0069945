"""Segments and sessions as events (RFC 5545 section 3.6.1), written but for what their readers' zones alter.
No address of a person goes in."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from icalendar import Component, Event

from gsef_notify.feeds.content_lines import continued, escaped, folded
from gsef_notify.feeds.reader import Clocks, Ringing, RunningOrder, Span, Timed, TimeLines, title_of
from gsef_notify.feeds.words import Words
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.wall_clock import WallClock

_COLORS = (
    "cornflowerblue", "seagreen", "darkorange", "mediumpurple", "indianred", "teal", "goldenrod", "slategray",
    "hotpink", "olivedrab", "steelblue", "sienna",
)  # fmt: skip
_UID = re.compile(r"(?P<session>[^.@]+)(?:\.(?P<segment>[^.@]+))?@(?P<domain>.+)")


@dataclass(frozen=True)
class Site:
    """Where the forum is found: ``public_url`` has no slash at its end, ``name`` is the calendar's, and
    ``uid_domain`` ends every UID and must never change."""

    name: str
    public_url: str
    uid_domain: str

    def session_url(self, session: Session) -> str:
        """The page of a session."""
        return f"{self.public_url}/sessions/{session.id}"


@dataclass(frozen=True)
class PreparedEvent:
    """An event in one language: a text, and what depends on the reader, each with the text that follows.
    ``timezone`` is that of its session."""

    timezone: str
    head: bytes
    pieces: tuple[tuple[Timed, bytes], ...]

    def written(self, clock: WallClock, alarm: timedelta | None) -> bytes:
        """The VEVENT by the reader's clock."""
        written = [self.head]
        for timed, text in self.pieces:
            written += (timed.written(clock, alarm).encode(), text)
        return b"".join(written)


def _prepared(timezone: str, parts: Iterable[str | Timed]) -> PreparedEvent:
    """The event of these parts in their order, which begin with a text."""
    head, pieces = "", list[tuple[Timed, str]]()
    for part in parts:
        if not isinstance(part, str):
            pieces.append((part, ""))
        elif pieces:
            pieces[-1] = (pieces[-1][0], pieces[-1][1] + part)
        else:
            head += part
    return PreparedEvent(timezone, head.encode(), tuple((timed, text.encode()) for timed, text in pieces))


@dataclass(frozen=True)
class EventWriter:
    """Prepares the events of a publication, whose times all lie in the reach of ``clocks``."""

    site: Site
    publication: Publication
    clocks: Clocks

    def event(self, words: Words, session: Session, segment: Segment | None) -> PreparedEvent:
        """A segment as an event, or, where that is None, the whole session."""
        return self._segment(words, session, segment) if segment else self._session(words, session)

    def _segment(self, words: Words, session: Session, segment: Segment) -> PreparedEvent:
        speakers = session.people_of(segment)
        head = self._head(session, segment, segment_uid(self.site, session, segment))
        head.add("related-to", session_uid(self.site, session), parameters={"RELTYPE": "PARENT"})
        closing = ["", *map(_speaker_line, speakers)] if speakers else []
        if session.title != segment.title:
            closing += ["", words.part_of.format(session.title)]
        elif session.background:
            closing += ["", session.background]
        told = (TimeLines(words, session, segment, speakers, self.clocks), _continued(closing))
        tail = self._tail(words, session)
        for person in speakers:
            tail.add_component(_participant(self.site, session, person))
        return self._event(head, words, session, segment, told, tail)

    def _session(self, words: Words, session: Session) -> PreparedEvent:
        """Its running order is in the text."""
        head = self._head(session, None, session_uid(self.site, session))
        times = TimeLines(words, session, session, session.with_role("speaker"), self.clocks)
        told = (times, _continued([""]), RunningOrder(session))
        return self._event(head, words, session, None, told, self._tail(words, session))

    def _event(
        self,
        head: Event,
        words: Words,
        session: Session,
        segment: Segment | None,
        told: tuple[str | Timed, ...],
        tail: Event,
    ) -> PreparedEvent:
        is_cancelled, part = self.publication.is_removed(session, segment), segment or session
        join = words.join.format(session.join_url or self.site.session_url(session))
        opening = f"{words.cancelled if is_cancelled else join}\n"
        parts: tuple[str | Timed, ...] = (
            f"BEGIN:VEVENT\r\n{content_lines(head)}",
            Span(part.start, part.end),
            folded(f"DESCRIPTION;LANGUAGE={words.tag}:{escaped(opening)}").removesuffix("\r\n"),
            *told,
            f"\r\n{content_lines(tail)}",
            *([] if is_cancelled else [Ringing(str(head["summary"]))]),
            "END:VEVENT\r\n",
        )
        return _prepared(session.timezone, parts)

    def _head(self, session: Session, segment: Segment | None, uid: str) -> Event:
        """What comes before the times."""
        lineage = self.publication.lineage(session, segment)
        is_cancelled = self.publication.is_removed(session, segment)
        event = Event()
        event.add("uid", uid)
        event.add("dtstamp", lineage.modified)
        event.add("last-modified", lineage.modified)
        event.add("sequence", lineage.sequence)
        event.add("summary", title_of(session, segment), parameters={"LANGUAGE": session.language})
        event.add("status", "CANCELLED" if is_cancelled else "CONFIRMED")
        if is_cancelled:
            event.add("transp", "TRANSPARENT")
        return event

    def _tail(self, words: Words, session: Session) -> Event:
        """What comes after the description."""
        event = Event()
        event.add("location", ", ".join(filter(None, (session.room, session.join_url))) or words.online)
        if session.track:
            event.add("categories", [session.track])
            event.add("color", color_of(session.track))
        if session.join_url:
            event.add("conference", session.join_url, parameters={"VALUE": "URI", "LABEL": words.online})
        event.add("url", self.site.session_url(session))
        return event


def session_uid(site: Site, session: Session) -> str:
    """The lasting identity of a session's event."""
    return f"{session.id}@{site.uid_domain}"


def segment_uid(site: Site, session: Session, segment: Segment) -> str:
    """The lasting identity of a segment's event."""
    return f"{session.id}.{segment.id}@{site.uid_domain}"


def part_of_uid(site: Site, publication: Publication, uid: str) -> tuple[str, str | None] | None:
    """The ids of the session and, unless it is the event of the whole, of the segment that a UID stands for,
    also of what was removed and is still told to be cancelled; None where it stands for nothing."""
    found = _UID.fullmatch(uid)
    if found is None or found["domain"] != site.uid_domain:
        return None
    try:
        publication.part(found["session"], found["segment"])
    except KeyError:
        return None
    return found["session"], found["segment"]


def color_of(name: str) -> str:
    """The same colour for the same name, as CSS calls it (RFC 7986 section 5.9)."""
    return _COLORS[sha256(name.casefold().encode()).digest()[0] % len(_COLORS)]


class _Participant(Component):
    name = "PARTICIPANT"


def _participant(site: Site, session: Session, person: Person) -> Component:
    """A speaker by name (RFC 9073 section 7.1), without an address."""
    participant = _Participant()
    participant.add("uid", f"{session.id}.{person.id}@{site.uid_domain}")
    participant.add("participant-type", "SPEAKER")
    participant.add("summary", person.name)
    return participant


def _speaker_line(person: Person) -> str:
    return ", ".join(part for part in (person.name, person.position, person.organization) if part)


def _continued(lines: Sequence[str]) -> str:
    """More lines of a description."""
    return continued(escaped("".join(f"\n{line}" for line in lines))) if lines else ""


def content_lines(event: Event) -> str:
    """The content lines of an event without its BEGIN and END."""
    written: bytes = event.to_ical(sorted=False)
    return written.removeprefix(b"BEGIN:VEVENT\r\n").removesuffix(b"END:VEVENT\r\n").decode()
