"""What of a publication a feed holds. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.reader import Face
from gsef_notify.program.changes import Publication, lasting_key
from gsef_notify.program.identity import slug_of_track
from gsef_notify.program.model import Program, Segment, Session

Part = tuple[Session, Segment | None]  # None for the session as a whole
_ROOMS = {"person": "people", "session": "sessions", "track": "tracks", "language": "languages"}


class NothingSelected(GsefNotifyError):
    """The program has no session, person, track or language of that id."""


@dataclass(frozen=True)
class Own:
    """What one reader has in a calendar of their own, which is called ``title``: the parts of the program
    with these lasting keys, a session's meaning all of it. ``key`` identifies the reader and is no secret."""

    key: str
    title: str
    parts: frozenset[str]

    def includes(self, session: Session) -> bool:
        """Whether the reader has a session or a part of it."""
        return bool(self.segments(session)) or session.id in self.parts

    def segments(self, session: Session) -> tuple[Segment, ...]:
        """What the reader has of a session."""
        if session.id in self.parts:
            return session.segments
        return tuple(s for s in session.segments if lasting_key(session, s) in self.parts)


def own_of(
    publication: Publication, people: Collection[str], others: Collection[str], key: str, title: str
) -> Own:
    """What somebody has of a publication, and had of what was removed from it: the segments of the
    ``people`` that they are, all of a session that they moderate, and ``others`` by their lasting keys."""
    theirs = (
        lasting_key(session, segment)
        for session in publication.sessions()
        for person in session.people
        if person.id in people
        for segment in session.segments_of(person.id)
    )
    return Own(key, title, frozenset((*theirs, *others)))


@dataclass(frozen=True)
class Selection:
    """What of the program a feed holds, and how it shows it: of one session, person, track (by its id) or
    language (a BCP 47 tag, which stands for its regions too), or what somebody has of their ``own``; without
    any of them all of it."""

    session: str | None = None
    person: str | None = None
    track: str | None = None
    language: str | None = None
    own: Own | None = None
    detail: Literal["segments", "sessions"] = "segments"
    face: Face = field(default_factory=Face)

    @property
    def name(self) -> str:
        """A word for the selection that suits a file name."""
        chosen = self.person or self.session or self.track or self.language
        return chosen or (self.own.key if self.own else "calendar")

    @property
    def uid(self) -> str:
        """What identifies the calendar at its site."""
        return f"{self._room.replace('/', '.')}{self.name}.{self.detail}"

    @property
    def address(self) -> str | None:
        """Where the feed is found below the address of the site; that of somebody's own is a secret."""
        if self.own:
            return None
        wanted = {
            "timezone": self.face.timezone,
            "detail": self.detail if self.detail != "segments" else None,
            "alarm": self.face.alarm and self.face.alarm // timedelta(minutes=1),
            "lang": self.face.language,
        }
        query = "&".join(f"{name}={value}" for name, value in wanted.items() if value).replace("+", "%2B")
        return f"/{self._room}{self.name}.ics{f'?{query}' if query else ''}"

    @property
    def _room(self) -> str:
        return next((f"{room}/" for kind, room in _ROOMS.items() if getattr(self, kind)), "")

    def title(self, publication: Publication, site_name: str) -> str:
        """What the calendar is called. Raises NothingSelected where neither the program nor what was removed
        from it has any of it; the whole of it, and what is somebody's own, may be empty."""
        if self.own:
            return self.own.title
        session = next(filter(self.includes, publication.sessions()), None)
        if session is None:
            return self._title_of_nothing(site_name)
        if self.session is not None:
            return session.title
        if self.person is not None:
            return f"{session.person(self.person).name} - {site_name}"
        part = session.track if self.track else self.language
        return f"{part} - {site_name}" if part else site_name

    def _title_of_nothing(self, site_name: str) -> str:
        for kind in _ROOMS:
            if (chosen := getattr(self, kind)) is not None:
                raise NothingSelected(f"the program has no {kind} {chosen!r}")
        return site_name

    def includes(self, session: Session) -> bool:
        """Whether a session, or some part of it, is selected."""
        return (
            self.session in (None, session.id)
            and self.track in (None, slug_of_track(session.track))
            and (self.language is None or f"{session.language}-".startswith(f"{self.language}-"))
            and (self.person is None or any(person.id == self.person for person in session.people))
            and (self.own is None or self.own.includes(session))
        )

    def segments(self, session: Session) -> tuple[Segment, ...]:
        """The segments of an included session that are selected."""
        if self.own:
            return self.own.segments(session)
        return session.segments if self.person is None else session.segments_of(self.person)

    def parts(self, publication: Publication) -> list[Part]:
        """What is selected in the order of the program, and then what was removed from that."""
        return [*self._present(publication.program), *self._removed(publication)]

    def _present(self, program: Program) -> Iterator[Part]:
        for session in filter(self.includes, program.sessions):
            if self.detail == "sessions":
                yield session, None
            else:
                yield from ((session, segment) for segment in self.segments(session))

    def _removed(self, publication: Publication) -> Iterator[Part]:
        """In the order of time."""
        gone = [
            (key, each.session, each.segment)
            for key, each in publication.removed.items()
            if self.includes(each.session) and (each.segment is None) == (self.detail == "sessions")
        ]
        for _, session, segment in sorted(gone, key=lambda each: (each[1].start, each[0])):
            if segment is None or segment in self.segments(session):
                yield session, segment
