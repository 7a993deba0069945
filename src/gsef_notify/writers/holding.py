"""What each format can hold of a program, and what is lost in it. Pure."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from gsef_notify import zones
from gsef_notify.program.model import Person, Program, Session
from gsef_notify.writers.table import name_in_cell

_SESSION_FIELDS = {
    "audience": "audience",
    "background": "background",
    "objectives": "objectives",
    "main_question": "main question",
    "guiding_questions": "guiding questions",
    "room": "room",
    "track": "track",
    "language": "language",
    "join_url": "link to join",
}
_PERSON_FIELDS = {
    "name": "signs in the name",
    "organization": "organization",
    "position": "position",
    "country": "country",
    "timezone": "time zone",
    "email": "e-mail address",
    "pronunciation": "how to say the name",
    "contact": "contact for the moderator",
    "presentation": "presentation",
}
_EMPTY = {"language": "en", "join_url": None, "objectives": (), "guiding_questions": ()}
_NOBODY = Person(id="", name="", role="speaker")


@dataclass(frozen=True)
class Capacity:
    """Which fields of sessions and people a format holds; ``zones``: each session's own; ``moderators``: also
    of no segment; ``texts_of_talks``: the background of sessions whose first segment has the same title;
    ``names_in_cells``: names stand beside others, without signs that divide them;
    ``zones_beside_times``: a zone is named only where wall times say all;
    ``titles_as_rooms``: a session without a room stands under its title."""

    session: frozenset[str]
    person: frozenset[str] = frozenset()
    zones: bool = True
    moderators: bool = False
    texts_of_talks: bool = False
    names_in_cells: bool = False
    zones_beside_times: bool = False
    titles_as_rooms: bool = False


_SCHEDULE = Capacity(
    frozenset({"background", "room", "track", "language", "join_url"}), zones=False, titles_as_rooms=True
)
CAPACITIES = {
    "ics": Capacity(
        frozenset({"room", "track", "language", "join_url"}), texts_of_talks=True, zones_beside_times=True
    ),
    "xml": _SCHEDULE,
    "json": _SCHEDULE,
    "csv": Capacity(_SCHEDULE.session, frozenset({"organization"}), moderators=True, names_in_cells=True),
}


def held(program: Program, target: str) -> Program:
    """The program as it comes back from a format: without what that can not hold."""
    if target not in CAPACITIES:
        return program
    zone_names = {session.timezone for session in program.sessions}
    zone = None if CAPACITIES[target].zones or len(zone_names) == 1 else "UTC"
    sessions = (_held(session, CAPACITIES[target], zone) for session in program.sessions if session.segments)
    return Program(sessions=tuple(sorted(sessions, key=lambda session: (session.start, session.id))))


def losses(program: Program, target: str) -> tuple[str, ...]:
    """What a format does not hold of the program, in words: ``the audience of 2 sessions``."""
    return tuple(
        f"{what} of {number} {kind if number == 1 else plural}"
        for (what, kind, plural), number in sorted(Counter(_lost(program, held(program, target))).items())
    )


def _held(session: Session, capacity: Capacity, zone: str | None) -> Session:
    named = {person_id for segment in session.segments for person_id in segment.people}
    segments = sorted(session.segments, key=lambda segment: segment.start)
    has_text = capacity.texts_of_talks and segments[0].title == session.title
    kept = capacity.session | ({"background"} if has_text else set())
    lost = dict.fromkeys(_SESSION_FIELDS.keys() - kept, "") | {
        n: v for n, v in _EMPTY.items() if n not in kept
    }
    if capacity.titles_as_rooms and session.room == session.title:
        lost["room"] = ""
    return msgspec.structs.replace(
        session,
        start=segments[0].start,
        end=max(segment.end for segment in session.segments),
        timezone=zone or _held_zone(session, capacity),
        people=tuple(
            _held_person(person, capacity)
            for person in session.people
            if person.id in named or (capacity.moderators and person.role == "moderator")
        ),
        segments=tuple(segments),
        **lost,
    )


def _held_zone(session: Session, capacity: Capacity) -> str:
    if not capacity.zones_beside_times or session.timezone == "UTC":
        return session.timezone
    has_wall_time = any(zones.says_all(segment.start, session.timezone) for segment in session.segments)
    return session.timezone if has_wall_time else "UTC"


def _held_person(person: Person, capacity: Capacity) -> Person:
    changes = {
        name: getattr(_NOBODY, name) for name in _PERSON_FIELDS if name not in capacity.person | {"name"}
    }
    role = person.role if capacity.moderators else "speaker"
    if capacity.names_in_cells:
        changes["name"] = name_in_cell(person.name)
        changes["organization"] = person.organization.replace(";", ",")
    return msgspec.structs.replace(person, role=role, **changes)


def _lost(program: Program, rest: Program) -> Iterator[tuple[str, str, str]]:
    remaining = {session.id: session for session in rest.sessions}
    for session in program.sessions:
        if session.id not in remaining:
            yield "everything", "session without a running order", "sessions without a running order"
            continue
        for what in _lost_of_session(session, remaining[session.id]):
            yield what, "session", "sessions"
        for what in _lost_of_people(session, remaining[session.id]):
            yield what, "person", "people"


def _lost_of_session(session: Session, rest: Session) -> Iterator[str]:
    if (session.start, session.end) != (rest.start, rest.end):
        yield "the beginning or end outside of the running order"
    if session.timezone != rest.timezone:
        yield "the time zone"
    for name, words in _SESSION_FIELDS.items():
        if getattr(session, name) != getattr(rest, name):
            yield f"the {words}"


def _lost_of_people(session: Session, rest: Session) -> Iterator[str]:
    remaining = {person.id: person for person in rest.people}
    for person in session.people:
        if person.id not in remaining:
            yield "everything, as no segment is theirs,"
            continue
        if person.role != remaining[person.id].role:
            yield "the part of moderator"
        for name, words in _PERSON_FIELDS.items():
            if getattr(person, name) != getattr(remaining[person.id], name):
                yield f"the {words}"
