"""What a careful colleague would say about a program that can be used. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import groupby

from gsef_notify.program.build import Built
from gsef_notify.program.check_nights import check_nights
from gsef_notify.program.check_people import check_people
from gsef_notify.program.check_texts import check_texts
from gsef_notify.program.model import Program, Session
from gsef_notify.program.problems import Problems

LONGEST = timedelta(hours=12)


def check(built: Built, zones_known: Mapping[str, str], problems: Problems) -> None:
    """Note what deserves a look, in files without errors: half of a program gives false warnings.

    ``zones_known`` are the zones of people, by id, that are known from elsewhere.
    """
    broken = {problem.place.path for problem in problems.errors}
    sound = (s for s in built.program.sessions if built.sessions[s.id].path not in broken)
    whole = replace(built, program=Program(sessions=tuple(sound)))
    for session in whole.program.sessions:
        _check_session(session, whole, problems)
    _check_rooms(whole, problems)
    check_texts(whole, problems)
    check_people(whole, zones_known, problems)
    check_nights(whole, zones_known, problems)


def _check_session(session: Session, built: Built, problems: Problems) -> None:
    place = built.sessions[session.id]
    if session.end - session.start > LONGEST:
        problems.warn(place, "SESSION_LONG", _long(session), "mend its times, or leave them if meant")
    if not session.segments:
        problems.warn(place, "NO_SEGMENTS", f"{session.title!r} has no running order", "add its segments")
    else:
        _check_ends(session, built, problems)
    if session.join_url is None and not session.room:
        remedy = 'add a line "Where to join: https://..."; until then mails name the session\'s page'
        problems.warn(place, "NO_JOIN_LINK", "the session does not say where to join", remedy)


def _check_ends(session: Session, built: Built, problems: Problems) -> None:
    """The running order fills the session from its beginning to its end."""
    first, last = session.segments[0], session.segments[-1]
    if first.start > session.start:
        message = f"nothing is on for the first {_minutes(first.start - session.start)} of the session"
        at = built.segments[session.id, first.id]
        problems.warn(at, "SEGMENT_GAP", message, "begin with the session, or mend its time")
    if last.end < session.end:
        message = f"nothing is on for the last {_minutes(session.end - last.end)} of the session"
        at = built.segments[session.id, last.id]
        problems.warn(at, "SEGMENT_GAP", message, "end with the session, or mend its time")


def _check_rooms(built: Built, problems: Problems) -> None:
    by_room = sorted(
        (s for s in built.program.sessions if s.room), key=lambda s: (s.room, s.start, s.end, s.id)
    )
    for room, sessions in groupby(by_room, key=lambda session: session.room):
        for earlier, later in _overlaps(sessions):
            message = f"{later.title!r} begins in {room} before {earlier.title!r} has ended"
            remedy = f"mend one of the two; the other is at {built.sessions[earlier.id].brief}"
            problems.warn(built.sessions[later.id], "ROOM_TWICE", message, remedy)


def _overlaps(sessions: Iterator[Session]) -> Iterator[tuple[Session, Session]]:
    latest = None
    for session in sessions:
        if latest and session.start < latest.end:
            yield latest, session
        if latest is None or session.end > latest.end:
            latest = session


def _long(session: Session) -> str:
    hours = (session.end - session.start) / timedelta(hours=1)
    return f"{session.title!r} lasts {hours:g} hours"


def _minutes(length: timedelta) -> str:
    minutes = round(length.total_seconds() / 60)
    return "minute" if minutes == 1 else f"{minutes} minutes"
