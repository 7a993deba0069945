"""The program as YAML that reads well, and that the reader understands as the same program. Pure."""

import io
from datetime import datetime, timedelta
from textwrap import fill
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString as Quoted
from ruamel.yaml.scalarstring import LiteralScalarString as Block

from gsef_notify import zones
from gsef_notify.program.model import Person, Program, Role, Segment, Session

WIDTH = 100


def program_as_yaml(program: Program) -> str:
    """All that the program says, addresses included, each id written out so that it lasts."""
    yaml = YAML()
    yaml.width = WIDTH
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    written = io.StringIO()
    yaml.dump({"sessions": [_session(session) for session in program.sessions]}, written)
    return written.getvalue()


def _session(session: Session) -> dict[str, Any]:
    by_wall = _has_plain_times(session)
    return _without_empty(
        {
            "id": session.id,
            "title": session.title,
            **(_wall_times(session) if by_wall else _instants(session, session)),
            "timezone": session.timezone,
            "language": session.language,
            "room": session.room,
            "track": session.track,
            "join": session.join_url,
            "audience": session.audience,
            "background": _prose(session.background),
            "objectives": list(session.objectives),
            "main_question": session.main_question,
            "guiding_questions": list(session.guiding_questions),
            "moderator": _people(session, "moderator"),
            "speakers": _people(session, "speaker"),
            "segments": [_segment(session, segment, by_wall) for segment in session.segments],
        }
    )


def _has_plain_times(session: Session) -> bool:
    """Whether a day and wall times say all: whole minutes, less than a day, none in an hour that the clocks
    repeat."""
    parts: list[Session | Segment] = [session, *session.segments]
    moments = [moment for part in parts for moment in (part.start, part.end)]
    return (
        timedelta(0) < session.end - session.start < timedelta(days=1)
        and all(part.end > part.start for part in parts)
        and all(session.start <= moment <= session.end for moment in moments)
        and all(zones.says_all(moment, session.timezone) for moment in moments)
        and _wall_length(session) == session.end - session.start
    )


def _wall_length(session: Session) -> timedelta:
    start, end = (zones.local(moment, session.timezone) for moment in (session.start, session.end))
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def _wall_times(session: Session) -> dict[str, Any]:
    start = zones.local(session.start, session.timezone)
    return {
        "date": Quoted(f"{start:%Y-%m-%d}"),
        "time": _range(session.start, session.end, session.timezone),
    }


def _instants(part: Session | Segment, session: Session) -> dict[str, Any]:
    ends = {"start": part.start, "end": part.end}
    return {key: Quoted(zones.local(moment, session.timezone).isoformat()) for key, moment in ends.items()}


def _people(session: Session, role: Role) -> list[dict[str, Any]]:
    return [_person(person) for person in session.with_role(role)]


def _person(person: Person) -> dict[str, Any]:
    presentation = person.presentation
    return _without_empty(
        {
            "name": person.name,
            "organization": person.organization,
            "position": person.position,
            "country": person.country and Quoted(person.country),
            "timezone": person.timezone,
            "email": person.email,
            "pronunciation": person.pronunciation,
            "contact": person.contact,
            "presentation": _without_empty(
                {"title": presentation.title, "description": presentation.description}
            )
            if presentation
            else None,
        }
    )


def _segment(session: Session, segment: Segment, by_wall: bool) -> dict[str, Any]:
    time = {"time": _range(segment.start, segment.end, session.timezone)}
    return _without_empty(
        {
            **(time if by_wall else _instants(segment, session)),
            "title": segment.title,
            "id": segment.id,
            "speakers": [person.name for person in session.people_of(segment)],
        }
    )


def _range(start: datetime, end: datetime, timezone: str) -> Quoted:
    times = f"{zones.local(start, timezone):%H:%M}-{zones.local(end, timezone):%H:%M}"
    return Quoted(times)  # type: ignore[no-any-return]


def _prose(text: str) -> str:
    """Paragraphs on lines of a readable length; the reader joins them again."""
    filled = [
        fill(part, WIDTH, break_long_words=False, break_on_hyphens=False) for part in text.split("\n\n")
    ]
    return Block("\n\n".join(filled) + "\n") if text else ""


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if value}
