"""Drafts -> the program, with everything noted that is wrong with them. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import PurePath

from gsef_notify import zones
from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.program import clocks, languages
from gsef_notify.program.clocks import Clock
from gsef_notify.program.draft import DraftPerson, DraftSegment, DraftSession, place_of
from gsef_notify.program.identity import distinct, is_id, slug
from gsef_notify.program.model import Person, Presentation, Program, Segment, Session
from gsef_notify.program.names import fold_name
from gsef_notify.program.problems import Place, Problems

_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)
WRITE_AN_ID = "write lower-case letters, digits and hyphens, like closing-remarks"


@dataclass
class Built:
    """A program and where its parts stand in the files: sessions by id, people by session and person id."""

    program: Program
    sessions: dict[str, Place] = field(default_factory=dict)
    people: dict[tuple[str, str], Place] = field(default_factory=dict)


def build(drafts: Sequence[DraftSession], problems: Problems) -> Built:
    """The program of all drafts. A draft with errors is left out of it."""
    built = Built(Program())
    sessions = []
    for draft in drafts:
        session_id = _session_id(draft, drafts, built.sessions, problems)
        built.sessions[session_id] = draft.place
        before = len(problems.errors)
        session = _session(session_id, draft, problems)
        if session and len(problems.errors) == before:
            sessions.append(session)
            places = (person.place for person in draft.people)
            built.people |= {(session_id, p.id): at for p, at in zip(session.people, places, strict=True)}
    built.program = Program(sessions=tuple(sorted(sessions, key=lambda s: (s.start, s.id))))
    return built


def _session_id(
    draft: DraftSession, drafts: Sequence[DraftSession], taken: Mapping[str, Place], problems: Problems
) -> str:
    alone = sum(other.place.path == draft.place.path for other in drafts) == 1
    derived = slug(PurePath(draft.place.path).stem if alone else draft.title, "session")
    if draft.id:
        _check_id(draft.id, draft.place, problems)
    elif not alone:
        derived = distinct(derived, (i for i, at in taken.items() if at.path == draft.place.path))
    session_id = draft.id or derived
    if session_id in taken:
        message = f"the id {session_id!r} is taken already at {_where(taken[session_id])}"
        problems.error(draft.place, "ID_TWICE", message, "give each session an id of its own")
    return session_id


def _session(session_id: str, draft: DraftSession, problems: Problems) -> Session | None:
    stated = clocks.understand(draft.clocks, draft.date, problems)
    people = _people(draft, problems)
    _check_link(draft, problems)
    if not stated:
        return None
    if draft.clocks[0].start == draft.clocks[0].end:
        message = f"the session ends when it begins, at {draft.clocks[0].start:%H:%M}"
        problems.error(draft.clocks[0].place, "SESSION_EMPTY", message, "write when it ends")
    segments = _segments(draft, stated, dict(zip(draft.people, people, strict=True)), problems)
    return Session(
        id=session_id,
        title=draft.title,
        start=stated[0].start,
        end=stated[0].end,
        timezone=stated[0].zone,
        language=_language(draft, problems),
        audience=draft.audience,
        background=draft.background,
        objectives=draft.objectives,
        main_question=draft.main_question,
        guiding_questions=draft.guiding_questions,
        join_url=draft.join_url or None,
        people=people,
        segments=segments,
    )


def _people(draft: DraftSession, problems: Problems) -> tuple[Person, ...]:
    people: list[Person] = []
    for number, each in enumerate(draft.people, 1):
        wanted = slug(each.name, f"person-{number}")
        if any(fold_name(each.name) == fold_name(person.name) for person in people):
            message = f"{each.name} is named twice among the people"
            problems.error(each.place, "PERSON_TWICE", message, "name each person once")
        person_id = distinct(wanted, (person.id for person in people))
        people.append(_person(person_id, each, problems))
    return tuple(people)


def _person(person_id: str, draft: DraftPerson, problems: Problems) -> Person:
    country = _country(draft, problems)
    return Person(
        id=person_id,
        name=draft.name,
        role=draft.role,
        organization=draft.organization,
        position=draft.position,
        country=country,
        timezone=_timezone(draft, country, problems),
        email=_email(draft, problems),
        presentation=Presentation(title=draft.presentation_title, description=draft.presentation_description)
        if draft.presentation_title
        else None,
    )


def _country(draft: DraftPerson, problems: Problems) -> str | None:
    code = zones.country_code(draft.country) if draft.country else None
    if draft.country and code is None:
        message = f"no country is known by the name {draft.country!r}"
        remedy = "write its English name or two-letter code"
        problems.warn(place_of(draft, "country"), "COUNTRY_UNKNOWN", message, remedy)
    return code


def _timezone(draft: DraftPerson, country: str | None, problems: Problems) -> str | None:
    if draft.timezone:
        try:
            return zones.named(draft.timezone)
        except zones.UnknownZone as error:
            at, remedy = place_of(draft, "timezone"), "write an IANA name like Asia/Seoul"
            problems.error(at, "ZONE_UNKNOWN_NAME", str(error), remedy)
            return None
    candidates = zones.zones_of_country(country) if country else ()
    return candidates[0] if len(candidates) == 1 else None


def _email(draft: DraftPerson, problems: Problems) -> str | None:
    if not draft.email:
        return None
    try:
        return checked_address(draft.email)
    except AddressError as error:
        at = place_of(draft, "email")
        problems.error(at, "ADDRESS_WRONG", str(error), "write it like name@example.org")
        return None


def _language(draft: DraftSession, problems: Problems) -> str:
    tag = languages.tag(draft.language) if draft.language else "en"
    if tag is None:
        message = f"the language {draft.language!r} is unknown; English is assumed"
        remedy = "write English, or a tag like es or pt-BR"
        problems.warn(place_of(draft, "language"), "LANGUAGE_UNKNOWN", message, remedy)
    return tag or "en"


def _check_link(draft: DraftSession, problems: Problems) -> None:
    if draft.join_url and not (_LINK.fullmatch(draft.join_url) and draft.join_url.isprintable()):
        message = f"{draft.join_url!r} is no web address"
        remedy = "write the link to join, beginning with https://"
        problems.error(place_of(draft, "join_url"), "LINK_WRONG", message, remedy)


def _segments(
    draft: DraftSession,
    stated: Sequence[Clock],
    people: Mapping[DraftPerson, Person],
    problems: Problems,
) -> tuple[Segment, ...]:
    clock = _clock_of_segments(draft, stated)
    segments: list[Segment] = []
    ids = _segment_ids(draft, problems)
    for segment_id, each in zip(ids, draft.segments, strict=True):
        times = _times(each, clock, problems)
        speakers = tuple(dict.fromkeys(_speakers(each, people, problems)))
        if times:
            _check_times(each, *times, segments, stated[0], problems)
            segments.append(
                Segment(id=segment_id, title=each.title, start=times[0], end=times[1], people=speakers)
            )
    return tuple(segments)


def _clock_of_segments(draft: DraftSession, stated: Sequence[Clock]) -> Clock:
    """The stated clock that the running order follows: the one with its times, else the first."""
    if not draft.segments:
        return stated[0]
    times = (draft.segments[0].start, draft.segments[-1].end)
    fits = (clock for clock in stated if (clock.stated.start, clock.stated.end) == times)
    starts = (clock for clock in stated if clock.stated.start == times[0])
    return next(fits, None) or next(starts, None) or stated[0]


def _segment_ids(draft: DraftSession, problems: Problems) -> list[str]:
    explicit: dict[str, Place] = {}
    for segment in draft.segments:
        if segment.id in explicit:
            message = f"the id {segment.id!r} is taken already at {_where(explicit[segment.id])}"
            problems.error(segment.place, "ID_TWICE", message, "give each segment an id of its own")
        elif segment.id:
            _check_id(segment.id, segment.place, problems)
            explicit[segment.id] = segment.place
    ids: list[str] = []
    for number, segment in enumerate(draft.segments, 1):
        derived = slug(segment.title, f"segment-{number}")
        ids.append(segment.id or distinct(derived, {*ids, *explicit}))
    return ids


def _times(segment: DraftSegment, clock: Clock, problems: Problems) -> tuple[datetime, datetime] | None:
    start_day = clock.day + timedelta(days=_is_next_day(segment.start, clock))
    wraps = segment.end < segment.start and _is_next_day(segment.end, clock)
    end_day = start_day + timedelta(days=wraps)
    start = clocks.wall_instant(start_day, segment.start, clock.zone, segment.place, problems)
    end = clocks.wall_instant(end_day, segment.end, clock.zone, segment.place, problems)
    return (start, end) if start and end else None


def _is_next_day(wall: time, clock: Clock) -> bool:
    """Whether a wall time of a session that passes midnight lies behind it."""
    passes_midnight = clock.stated.end <= clock.stated.start
    return passes_midnight and wall < clock.stated.start


def _check_times(
    segment: DraftSegment,
    start: datetime,
    end: datetime,
    before: Sequence[Segment],
    session: Clock,
    problems: Problems,
) -> None:
    written = f"{segment.start:%H:%M}-{segment.end:%H:%M}"
    if end <= start:
        message = (
            f"the segment {segment.title!r} ends at {segment.end:%H:%M}, not after it begins ({written})"
        )
        problems.error(segment.place, "SEGMENT_BACKWARDS", message, "write the earlier time first")
        return
    if start < session.start or end > session.end:
        message = f"the segment {segment.title!r} ({written}) lies outside of the session's stated time"
        problems.error(segment.place, "SEGMENT_OUTSIDE", message, "mend the segment, or the session's time")
    previous = before[-1] if before else None
    if previous and start < previous.end:
        message = f"the segment {segment.title!r} ({written}) begins before {previous.title!r} has ended"
        problems.error(segment.place, "SEGMENTS_OVERLAP", message, "let one end where the next begins")
    if previous and start > previous.end:
        minutes = round((start - previous.end).total_seconds() / 60)
        length = "1 minute" if minutes == 1 else f"{minutes} minutes"
        message = f"nothing is on for {length} between {previous.title!r} and {segment.title!r}"
        problems.warn(segment.place, "SEGMENT_GAP", message, "fill the gap, or leave it if it is meant")


def _speakers(
    segment: DraftSegment, people: Mapping[DraftPerson, Person], problems: Problems
) -> Iterator[str]:
    for name in segment.speakers:
        wanted = fold_name(name)
        fits = (p for d, p in people.items() if wanted in (fold_name(d.name), d.label.casefold()))
        if wanted and (found := next(fits, None)):
            yield found.id
        else:
            known = ", ".join(person.name for person in people.values()) or "nobody"
            message = f"{name!r} is none of the session's people ({known})"
            problems.error(segment.place, "SPEAKER_UNKNOWN", message, "write the name as it stands there")


def _check_id(text: str, place: Place, problems: Problems) -> None:
    if not is_id(text):
        problems.error(place, "ID_WRONG", f"{text!r} can not be an id", WRITE_AN_ID)


def _where(place: Place) -> str:
    return f"{place.path}:{place.line}"
