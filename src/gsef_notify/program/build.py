"""Drafts -> the program, with everything noted that is wrong with them. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePath

from gsef_notify.program import languages
from gsef_notify.program.changes import lasting_key
from gsef_notify.program.draft import DraftSession, place_of
from gsef_notify.program.identity import check_id, distinct, slug
from gsef_notify.program.model import Program, Session
from gsef_notify.program.people import people_of
from gsef_notify.program.problems import Place, Problems
from gsef_notify.program.running_order import frame_of, segments_of

_LINK = re.compile(r"https?://[^\s<>\"']+", re.IGNORECASE)


@dataclass
class Built:
    """A program and where its parts stand in the files: sessions by id, people and segments by the session's
    id and their own. ``settled`` are the lasting keys of sessions and segments whose ids the files give."""

    program: Program
    settled: set[str] = field(default_factory=set)
    sessions: dict[str, Place] = field(default_factory=dict)
    people: dict[tuple[str, str], Place] = field(default_factory=dict)
    segments: dict[tuple[str, str], Place] = field(default_factory=dict)


def build(drafts: Sequence[DraftSession], problems: Problems) -> Built:
    """The program of all drafts. A draft with errors is left out of it."""
    built = Built(Program())
    sessions = []
    in_file = Counter(draft.place.path for draft in drafts)
    for draft in drafts:
        session_id = _session_id(draft, in_file[draft.place.path] == 1, built.sessions, problems)
        built.sessions[session_id] = draft.place
        before = problems.error_count
        session = _session(session_id, draft, problems)
        if session and problems.error_count == before:
            sessions.append(session)
            people = zip(session.people, draft.people, strict=True)
            built.people |= {(session_id, person.id): each.place for person, each in people}
            segments = zip(session.segments, draft.segments, strict=True)
            built.segments |= {(session_id, segment.id): each.place for segment, each in segments}
            built.settled |= set(_settled(session, draft))
    built.program = Program(sessions=tuple(sorted(sessions, key=lambda s: (s.start, s.id))))
    return built


def _settled(session: Session, draft: DraftSession) -> Iterator[str]:
    if draft.id:
        yield lasting_key(session)
    for segment, each in zip(session.segments, draft.segments, strict=True):
        if each.id:
            yield lasting_key(session, segment)


def _session_id(draft: DraftSession, alone: bool, taken: Mapping[str, Place], problems: Problems) -> str:
    if draft.id:
        check_id(draft.id, draft.place, problems)
        session_id = draft.id
    elif alone:
        session_id = slug(PurePath(draft.place.path).stem, "session")
    else:
        ids = (i for i, at in taken.items() if at.path == draft.place.path)
        session_id = distinct(slug(draft.title, "session"), ids)
    if session_id in taken:
        message = f"the id {session_id!r} is taken already at {taken[session_id].brief}"
        problems.error(draft.place, "ID_TWICE", message, "give each session an id of its own")
    return session_id


def _session(session_id: str, draft: DraftSession, problems: Problems) -> Session | None:
    frame = frame_of(draft, problems)
    people = people_of(draft.people, problems)
    _check_link(draft, problems)
    if not frame:
        return None
    segments = segments_of(draft, frame, dict(zip(draft.people, people, strict=True)), problems)
    return Session(
        id=session_id,
        title=draft.title,
        start=frame.start,
        end=frame.end,
        timezone=frame.zone,
        language=_language(draft, problems),
        room=draft.room,
        track=draft.track,
        audience=draft.audience,
        background=draft.background,
        objectives=draft.objectives,
        main_question=draft.main_question,
        guiding_questions=draft.guiding_questions,
        join_url=draft.join_url or None,
        people=people,
        segments=segments,
    )


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
