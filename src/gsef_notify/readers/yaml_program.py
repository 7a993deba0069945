"""A program written as YAML: ``sessions:``, each with the keys of a session sheet."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from itertools import chain

from ruamel.yaml.nodes import Node

from gsef_notify import zones
from gsef_notify.program import clocks
from gsef_notify.program.draft import (
    DraftClock,
    DraftInstants,
    DraftPerson,
    DraftSegment,
    DraftSession,
    DraftTimes,
)
from gsef_notify.program.model import Role
from gsef_notify.program.names import bare_name
from gsef_notify.program.problems import Problems
from gsef_notify.readers.notation import TimeRange, parse_date, parse_instant, parse_range
from gsef_notify.readers.sheets.blocks import Paragraph
from gsef_notify.readers.sheets.times import stated_clocks
from gsef_notify.readers.source import Source
from gsef_notify.readers.yaml_nodes import Fields, Scalar, compose

SESSION_KEYS = (
    "id", "title", "date", "time", "start", "end", "timezone", "also", "language", "room", "track",
    "audience", "background", "objectives", "main_question", "guiding_questions", "join", "moderator",
    "speakers", "segments",
)  # fmt: skip
PERSON_KEYS = (
    "name", "organization", "position", "country", "timezone", "email", "pronunciation", "contact",
    "presentation",
)  # fmt: skip
PRESENTATION_KEYS = ("title", "description")
_SINGLE_TIME = re.compile(r"\d{1,4}|\d{1,3}(:\d{2})+")
SEGMENT_KEYS = ("time", "start", "end", "title", "id", "speakers")


def read(source: Source, problems: Problems) -> tuple[DraftSession, ...]:
    """The sessions of a YAML file; one that lacks what it must say is left out, with an error noted. Raises
    Unreadable."""
    path = source.path
    root = compose(path, source.text, problems)
    if root is None:
        return ()
    before = problems.error_count
    top = Fields(path, root, ("sessions",), problems)
    nodes = top.nodes("sessions")
    if not nodes and problems.error_count == before:
        problems.error(top.place, "NO_SESSIONS", "the file lists no session", 'write "sessions:" and a list')
    drafts = (_session(path, node, problems) for node in nodes)
    return tuple(draft for draft in drafts if draft)


def _session(path: str, node: Node, problems: Problems) -> DraftSession | None:
    fields = Fields(path, node, SESSION_KEYS, problems)
    if not fields.is_mapping:
        return None
    title = fields.line("title")
    if not title:
        problems.error(fields.place, "NO_TITLE", "the session has no title", "write title: ...")
    when = _instants(fields, problems) if fields.scalar("start") else _times(fields, problems)
    moderators = (_person(path, each, "moderator", problems) for each in fields.nodes("moderator"))
    speakers = (_person(path, each, "speaker", problems) for each in fields.nodes("speakers"))
    people = tuple(person for person in chain(moderators, speakers) if person)
    segments = tuple(s for n in fields.nodes("segments") if (s := _segment(path, n, problems)))
    if not title or when is None:
        return None
    return DraftSession(
        title=title,
        when=when,
        place=fields.place,
        id=fields.line("id"),
        language=fields.line("language"),
        room=fields.line("room"),
        track=fields.line("track"),
        audience=fields.line("audience"),
        background=fields.prose("background"),
        objectives=fields.lines("objectives"),
        main_question=fields.line("main_question"),
        guiding_questions=fields.lines("guiding_questions"),
        join_url=fields.line("join"),
        people=people,
        segments=segments,
        places={"join_url": fields.place_of("join"), "language": fields.place_of("language")},
    )


def _times(fields: Fields, problems: Problems) -> DraftTimes | None:
    day = parse_date(fields.line("date"))
    if day is None:
        message = f"{fields.line('date')!r} is no date" if fields.line("date") else "the session has no date"
        problems.error(fields.place_of("date"), "NO_DATE", message, 'write date: "2021-10-08"')
    stated = tuple(_clocks(fields, problems))
    return DraftTimes(day, stated) if day and stated else None


def _instants(fields: Fields, problems: Problems) -> DraftInstants | None:
    """``start`` and ``end`` with their offsets, for what no wall times can say."""
    start, end = _instant(fields, "start", problems), _instant(fields, "end", problems)
    place, label = fields.place_of("timezone"), fields.line("timezone")
    if not label:
        problems.error(place, "ZONE_MISSING", "the session names no time zone", clocks.WRITE_A_NAME)
        return None
    try:
        zone = zones.named(label)
    except zones.UnknownZone as error:
        problems.error(place, "ZONE_UNKNOWN_NAME", str(error), clocks.WRITE_A_NAME)
        return None
    return DraftInstants(start, end, zone, fields.place_of("start")) if start and end else None


def _instant(fields: Fields, key: str, problems: Problems) -> datetime | None:
    moment = parse_instant(fields.line(key))
    if moment is None:
        message = f"{fields.line(key)!r} is no instant" if fields.line(key) else f"there is no {key}"
        remedy = f'write {key}: "2021-10-08T18:00:00+09:00"'
        problems.error(fields.place_of(key), "TIME_UNREADABLE", message, remedy)
    return moment


def _clocks(fields: Fields, problems: Problems) -> Iterator[DraftClock]:
    scalar = fields.scalar("time")
    if scalar is None:
        problems.error(fields.place, "NO_TIME", "the session has no time", 'write time: "18:00-19:30"')
        return
    time_range = _range(scalar, problems)
    if time_range is None:
        return  # else a further time would pass for the session's own
    zone = fields.line("timezone")
    place = fields.place_of("timezone") if zone else scalar.place
    yield DraftClock(time_range.start, time_range.end, zone, place)
    for also in fields.scalars("also"):
        stated = stated_clocks(Paragraph(also.text, also.place))
        if not stated:
            message = f"{also.text!r} states no time"
            problems.error(also.place, "TIME_UNREADABLE", message, 'write it like "9:00-10:30 UTC"')
        yield from stated


def _range(scalar: Scalar, problems: Problems) -> TimeRange | None:
    found = parse_range(scalar.text)
    if found is None and not scalar.quoted and _SINGLE_TIME.fullmatch(scalar.text.strip()):
        message = (
            f"{scalar.text} is one unquoted time; many YAML readers make a number of it (10:30 becomes 630)"
        )
        problems.error(
            scalar.place, "TIME_UNQUOTED", message, f'write a range in quotes, "{_example(scalar)}"'
        )
    elif found is None:
        message = f"{scalar.text!r} is no time range"
        problems.error(scalar.place, "TIME_UNREADABLE", message, 'write it like "18:00-18:10"')
    elif found.stray is not None:
        message = f"a sign too many stands in {scalar.text!r}"
        problems.warn(scalar.place, "TIME_STRAY_SIGN", message, f'write "{found}"')
    return found


def _example(scalar: Scalar) -> str:
    hour, _, minute = scalar.text.strip().partition(":")
    start = f"{int(hour) % 24:02d}:{minute[:2] or '00'}"
    return f"{start}-{(int(hour) + 1) % 24:02d}:{minute[:2] or '00'}"


def _person(path: str, node: Node, role: Role, problems: Problems) -> DraftPerson | None:
    fields = Fields(path, node, PERSON_KEYS, problems)
    if not fields.is_mapping:
        return None
    name = bare_name(fields.line("name"))
    if not name:
        problems.error(fields.place, "NO_NAME", f"this {role} has no name", "write name: ...")
        return None
    presentations = fields.nodes("presentation")
    presentation = Fields(path, presentations[0], PRESENTATION_KEYS, problems) if presentations else None
    return DraftPerson(
        name=name,
        role=role,
        place=fields.place_of("name"),
        organization=fields.line("organization"),
        position=fields.line("position"),
        country=fields.line("country"),
        timezone=fields.line("timezone"),
        email=fields.line("email"),
        pronunciation=fields.line("pronunciation"),
        contact=fields.line("contact"),
        presentation_title=presentation.line("title") if presentation else "",
        presentation_description=presentation.line("description") if presentation else "",
        places={key: fields.place_of(key) for key in ("country", "timezone", "email")},
    )


def _segment(path: str, node: Node, problems: Problems) -> DraftSegment | None:
    fields = Fields(path, node, SEGMENT_KEYS, problems)
    if not fields.is_mapping:
        return None
    title = fields.line("title")
    if not title:
        problems.error(fields.place, "NO_TITLE", "the segment has no title", "write title: ...")
    key = "start" if fields.scalar("start") else "time"
    times = _segment_instants(fields, problems) if key == "start" else _segment_times(fields, problems)
    if times is None or not title:
        return None
    speakers = fields.lines("speakers")
    return DraftSegment(times[0], times[1], title, fields.place_of(key), fields.line("id"), speakers)


def _segment_times(fields: Fields, problems: Problems) -> tuple[time, time] | None:
    scalar = fields.scalar("time")
    if scalar is None:
        problems.error(fields.place, "NO_TIME", "the segment has no time", "write time: ...")
        return None
    time_range = _range(scalar, problems)
    return (time_range.start, time_range.end) if time_range else None


def _segment_instants(fields: Fields, problems: Problems) -> tuple[datetime, datetime] | None:
    start, end = _instant(fields, "start", problems), _instant(fields, "end", problems)
    return (start, end) if start and end else None
