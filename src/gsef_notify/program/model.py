"""The program: sessions, their segments and their people.

Instants are aware datetimes in UTC; the zone in which a session was announced stands beside them as an IANA
name. All parts are immutable, so a program can be shared between threads and compared with ``==``.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal, NoReturn

import msgspec

Role = Literal["moderator", "speaker"]


class Presentation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a speaker announced to talk about."""

    title: str
    description: str = ""


class Person(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Someone named in the program. ``country`` is an ISO 3166-1 alpha-2 code, ``pronunciation`` how to say
    the name; ``contact`` is how the moderator reaches them during the session and is shown to nobody else."""

    id: str
    name: str
    role: Role
    organization: str = ""
    position: str = ""
    country: str | None = None
    timezone: str | None = None
    email: str | None = None
    pronunciation: str = ""
    contact: str = ""
    presentation: Presentation | None = None


class Segment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A timed part of a session. ``people`` are the ids of those whose segment it is."""

    id: str
    title: str
    start: datetime
    end: datetime
    people: tuple[str, ...] = ()


class Session(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One workshop, or one talk of a conference. ``language`` is a BCP 47 tag, ``timezone`` the IANA zone it
    was announced in."""

    id: str
    title: str
    start: datetime
    end: datetime
    timezone: str
    language: str = "en"
    room: str = ""
    track: str = ""
    audience: str = ""
    background: str = ""
    objectives: tuple[str, ...] = ()
    main_question: str = ""
    guiding_questions: tuple[str, ...] = ()
    join_url: str | None = None
    people: tuple[Person, ...] = ()
    segments: tuple[Segment, ...] = ()

    def person(self, person_id: str) -> Person:
        """The person of this session with that id. Raises KeyError."""
        return next((p for p in self.people if p.id == person_id), None) or _missing(person_id)

    def segment(self, segment_id: str) -> Segment:
        """The segment with that id. Raises KeyError."""
        return next((s for s in self.segments if s.id == segment_id), None) or _missing(segment_id)

    def people_of(self, segment: Segment) -> tuple[Person, ...]:
        """Those whose segment it is, in the order in which it names them."""
        return tuple(self.person(person_id) for person_id in segment.people)

    def names_of(self, segment: Segment) -> str:
        """Their names, for reading; "" for a segment that is nobody's."""
        return ", ".join(person.name for person in self.people_of(segment))

    def segments_of(self, person_id: str) -> tuple[Segment, ...]:
        """The segments that name the person; for a moderator, who runs the whole session, all of them."""
        if self.person(person_id).role == "moderator":
            return self.segments
        return tuple(s for s in self.segments if person_id in s.people)

    def with_role(self, role: Role) -> tuple[Person, ...]:
        """The people of this session in that role."""
        return tuple(p for p in self.people if p.role == role)


class Program(msgspec.Struct, frozen=True, kw_only=True):
    """All that a forum has scheduled, sessions in the order of their start."""

    sessions: tuple[Session, ...] = ()

    def session(self, session_id: str) -> Session:
        """The session with that id. Raises KeyError."""
        return next((s for s in self.sessions if s.id == session_id), None) or _missing(session_id)

    def sessions_of(self, person_id: str) -> tuple[Session, ...]:
        """The sessions that name the person."""
        return tuple(s for s in self.sessions if any(p.id == person_id for p in s.people))

    def people(self) -> Iterator[tuple[Session, Person]]:
        """Everyone named, with the session that names them."""
        return ((session, person) for session in self.sessions for person in session.people)


def _missing(key: str) -> NoReturn:
    raise KeyError(key)
