"""What became of each segment from one revision to the next. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

import msgspec

from gsef_notify.program.model import Program, Segment, Session

# So long after the end of its session a part that was taken out is told to be cancelled unless set otherwise.
KEPT = timedelta(days=30)


class Lineage(msgspec.Struct, frozen=True):
    """The past of a segment or session: ``sequence`` counts its changes (RFC 5545 section 3.8.7.4),
    ``modified`` is the instant of the last."""

    sequence: int
    modified: datetime


class Removed(msgspec.Struct, frozen=True):
    """A session that the program no longer has, or a segment of one, as it was last."""

    session: Session
    segment: Segment | None = None


class Publication(msgspec.Struct, frozen=True):
    """An accepted program, numbered, with the lineage of each session and segment that there ever was, and
    those that were removed and are still told to be cancelled, by ``lasting_key``."""

    revision: int
    accepted_at: datetime
    program: Program
    lineages: Mapping[str, Lineage]
    removed: Mapping[str, Removed] = msgspec.field(default_factory=dict)

    def lineage(self, session: Session, segment: Segment | None = None) -> Lineage:
        """The past of a session of this publication, or of one of its segments."""
        return self.lineages[lasting_key(session, segment)]

    def sessions(self) -> list[Session]:
        """Those of the program, and then those of what was removed, as they were last."""
        return [*self.program.sessions, *(each.session for each in self.removed.values())]

    def session(self, session_id: str) -> Session:
        """The session with that id, as it was last if it was removed. Raises KeyError."""
        return self.part(session_id, None)[0]

    def part(self, session_id: str, segment_id: str | None) -> tuple[Session, Segment | None]:
        """A session and, unless that is None, one of its segments, both as they were last if that was
        removed. Raises KeyError."""
        if removed := self.removed.get(key_of(session_id, segment_id)):
            return removed.session, removed.segment
        session = self.program.session(session_id)
        return session, session.segment(segment_id) if segment_id else None

    def is_removed(self, session: Session, segment: Segment | None = None) -> bool:
        """Whether the program no longer has it."""
        return lasting_key(session, segment) in self.removed


def lasting_key(session: Session, segment: Segment | None = None) -> str:
    """What identifies a session or segment through all revisions."""
    return key_of(session.id, segment.id if segment else None)


def key_of(session_id: str, segment_id: str | None) -> str:
    """The lasting key of a session or, unless that is None, of one of its segments, by their ids."""
    return f"{session_id}/{segment_id}" if segment_id else session_id


def first_publication(program: Program, accepted_at: datetime) -> Publication:
    """A program that nothing precedes."""
    return Publication(1, accepted_at, program, dict.fromkeys(_faces(program), Lineage(0, accepted_at)))


def next_publication(
    previous: Publication, program: Program, accepted_at: datetime, kept: timedelta = KEPT
) -> Publication:
    """``program`` as the revision after ``previous``; what reads alike keeps its lineage, what is missing is
    removed from then on until ``kept`` after the end of its session."""
    known, faces = _faces(previous.program), _faces(program)
    changed = {key for key in known.keys() | faces.keys() if known.get(key) != faces.get(key)}
    advanced = {key: _advance(previous.lineages.get(key), accepted_at) for key in changed}
    parts = {**previous.removed, **dict(_parts(previous.program))}
    gone = {key: part for key, part in parts.items() if key not in faces}
    return Publication(
        previous.revision + 1,
        accepted_at,
        program,
        lineages={**previous.lineages, **advanced},
        removed={key: part for key, part in gone.items() if not _is_over(part, accepted_at, kept)},
    )


def is_outdated(publication: Publication, now: datetime, kept: timedelta = KEPT) -> bool:
    """Whether it tells of something cancelled that is over for longer than ``kept``."""
    return any(_is_over(each, now, kept) for each in publication.removed.values())


def _is_over(removed: Removed, now: datetime, kept: timedelta) -> bool:
    return removed.session.end + kept <= now


def _parts(program: Program) -> Iterator[tuple[str, Removed]]:
    """Every session and segment by its lasting key."""
    for session in program.sessions:
        yield lasting_key(session), Removed(session)
        for segment in session.segments:
            yield lasting_key(session, segment), Removed(session, segment)


def _advance(lineage: Lineage | None, accepted_at: datetime) -> Lineage:
    return Lineage(0 if lineage is None else lineage.sequence + 1, accepted_at)


def _faces(program: Program) -> dict[str, tuple[object, ...]]:
    """All that a reader of each event can see, by what identifies the event."""
    return {
        key: _segment_face(part.session, part.segment) if part.segment else (part.session,)
        for key, part in _parts(program)
    }


def _segment_face(session: Session, segment: Segment) -> tuple[object, ...]:
    speakers = tuple((p.name, p.organization, p.position) for p in session.people_of(segment))
    return segment, speakers, session.title, session.timezone, session.language, session.join_url
