"""What of a session concerns somebody, whom the program knows by several ids. Pure."""

from collections.abc import Set as AbstractSet

from gsef_notify.program.model import Segment, Session


def is_named(session: Session, people: AbstractSet[str]) -> bool:
    """Whether one of the ids is of a person of the session."""
    return any(person.id in people for person in session.people)


def slots_of(session: Session, people: AbstractSet[str]) -> list[Segment]:
    """The segments that are theirs to do, in order; for a moderator all of them."""
    theirs = [person.id for person in session.people if person.id in people]
    named = {segment.id for person_id in theirs for segment in session.segments_of(person_id)}
    return [segment for segment in session.segments if segment.id in named]
