"""The program as YAML that reads well, and that the reader understands as the same program. Pure."""

import io
from datetime import datetime
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
    start = zones.local(session.start, session.timezone)
    return _without_empty(
        {
            "id": session.id,
            "title": session.title,
            "date": Quoted(f"{start:%Y-%m-%d}"),
            "time": _range(session.start, session.end, session.timezone),
            "timezone": session.timezone,
            "language": session.language,
            "join": session.join_url,
            "audience": session.audience,
            "background": _prose(session.background),
            "objectives": list(session.objectives),
            "main_question": session.main_question,
            "guiding_questions": list(session.guiding_questions),
            "moderator": _people(session, "moderator"),
            "speakers": _people(session, "speaker"),
            "segments": [_segment(session, segment) for segment in session.segments],
        }
    )


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
            "presentation": _without_empty(
                {"title": presentation.title, "description": presentation.description}
            )
            if presentation
            else None,
        }
    )


def _segment(session: Session, segment: Segment) -> dict[str, Any]:
    return _without_empty(
        {
            "time": _range(segment.start, segment.end, session.timezone),
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
