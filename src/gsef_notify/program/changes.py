"""What became of each segment from one revision to the next. Pure."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from gsef_notify.program.model import Program, Segment, Session


class Lineage(msgspec.Struct, frozen=True):
    """The past of a segment or session: ``sequence`` counts its changes (RFC 5545 section 3.8.7.4),
    ``modified`` is the instant of the last."""

    sequence: int
    modified: datetime


class Publication(msgspec.Struct, frozen=True):
    """An accepted program, numbered, with the lineage of each session and segment by ``lasting_key``."""

    revision: int
    accepted_at: datetime
    program: Program
    lineages: Mapping[str, Lineage]

    def lineage(self, session: Session, segment: Segment | None = None) -> Lineage:
        """The past of a session of this publication, or of one of its segments."""
        return self.lineages[lasting_key(session, segment)]


def lasting_key(session: Session, segment: Segment | None = None) -> str:
    """What identifies a session or segment through all revisions."""
    return f"{session.id}/{segment.id}" if segment else session.id


def first_publication(program: Program, accepted_at: datetime) -> Publication:
    """A program that nothing precedes."""
    return Publication(1, accepted_at, program, _lineages(program, {}, {}, accepted_at))


def next_publication(previous: Publication, program: Program, accepted_at: datetime) -> Publication:
    """``program`` as the revision after ``previous``; segments that read alike keep their lineage."""
    known = _faces(previous.program)
    lineages = _lineages(program, known, previous.lineages, accepted_at)
    return Publication(previous.revision + 1, accepted_at, program, lineages)


def _lineages(
    program: Program,
    known: Mapping[str, tuple[object, ...]],
    lineages: Mapping[str, Lineage],
    accepted_at: datetime,
) -> dict[str, Lineage]:
    return {
        key: lineages[key] if known.get(key) == face else _advance(lineages.get(key), accepted_at)
        for key, face in _faces(program).items()
    }


def _advance(lineage: Lineage | None, accepted_at: datetime) -> Lineage:
    return Lineage(0 if lineage is None else lineage.sequence + 1, accepted_at)


def _faces(program: Program) -> dict[str, tuple[object, ...]]:
    """All that a reader of each event can see, by what identifies the event."""
    sessions = {lasting_key(session): (session,) for session in program.sessions}
    segments = {
        lasting_key(session, segment): _segment_face(session, segment)
        for session in program.sessions
        for segment in session.segments
    }
    return {**sessions, **segments}


def _segment_face(session: Session, segment: Segment) -> tuple[object, ...]:
    speakers = tuple((p.name, p.organization, p.position) for p in session.people_of(segment))
    return segment, speakers, session.title, session.timezone, session.language, session.join_url
