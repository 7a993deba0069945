"""Changes made to what is on while it runs, on top of what the files say. Pure.

An amendment holds for the times of the files that it was made for. A late one lapses when its session begins
at another time by the files, any one when its session or segment is not in them; it holds again as soon as
the files are what they were.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Literal

import msgspec
from msgspec.structs import replace

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.program.changes import key_of
from gsef_notify.program.model import Person, Program, Segment, Session

Kind = Literal["late", "cancelled"]
MINUTE = timedelta(minutes=1)
LONGEST = 1440 * MINUTE
_MOST_NAMED = 5


class Amendment(msgspec.Struct, frozen=True, kw_only=True):
    """``late``: what has not finished at ``made_at`` is later ``by`` that much, or earlier where it is
    negative, from ``segment`` on if that is given. ``cancelled``: the session, or the segment of it, does not
    take place. ``base`` is when the session began by the files. ``id`` is 0 before it is stored."""

    id: int = 0
    kind: Kind
    session: str
    segment: str | None = None
    by: timedelta = timedelta(0)
    made_at: datetime
    base: datetime

    @property
    def part(self) -> str:
        """The lasting key of what it is about."""
        return key_of(self.session, self.segment)

    def __str__(self) -> str:
        if self.kind == "cancelled":
            return f"{self.part} is cancelled"
        where = f"{self.session} from {self.segment} on" if self.segment else self.session
        minutes = self.by // MINUTE
        return f"{where} is {abs(minutes)} minutes {'later' if minutes > 0 else 'earlier'}"


class AmendmentRefused(GsefNotifyError):
    """What was asked for makes no sense at this time."""


def amended(program: Program, amendments: Iterable[Amendment]) -> Program:
    """``program``, which is what the files say, with the amendments made to it one after another; those that
    have lapsed change nothing."""
    standing = list(amendments)
    lapsed = lapses(program, standing)
    for each in standing:
        if each.id not in lapsed:
            program = _applied(program, each)
    return program


def lapses(program: Program, amendments: Iterable[Amendment]) -> dict[int, str]:
    """Why the files, which say ``program``, leave nothing to amend: a sentence for each amendment that has
    lapsed, by its id."""
    reasons = ((each.id, _lapsed(program, each)) for each in amendments)
    return {number: reason for number, reason in reasons if reason}


def check(program: Program, amendment: Amendment) -> None:
    """Whether an amendment may be made to ``program``, as amended so far. Raises AmendmentRefused."""
    session = known_session(program, amendment.session)
    segment = _known_segment(session, amendment.segment) if amendment.segment else None
    part = segment or session
    if part.end <= amendment.made_at:
        since = _clock(session, part.end)
        raise AmendmentRefused(f"{amendment.part} is over since {since} - name what has not finished")
    if amendment.kind == "late":
        _check_length(session, amendment)


def known_session(program: Program, session_id: str) -> Session:
    """The session with that id. Raises AmendmentRefused, with the ids that are near it."""
    try:
        return program.session(session_id)
    except KeyError:
        raise _unknown("session", session_id, [each.id for each in program.sessions]) from None


def _known_segment(session: Session, segment_id: str) -> Segment:
    try:
        return session.segment(segment_id)
    except KeyError:
        known = [each.id for each in session.segments]
        raise _unknown(f"segment of {session.id}", segment_id, known) from None


def _unknown(what: str, name: str, known: Sequence[str]) -> AmendmentRefused:
    near = get_close_matches(name, known, n=3, cutoff=0.5) or known[:_MOST_NAMED]
    remedy = f"write one like {', '.join(near)}" if near else "there is none at present"
    return AmendmentRefused(f"there is no {what} {name!r} - {remedy}")


def _check_length(session: Session, amendment: Amendment) -> None:
    if not MINUTE <= abs(amendment.by) <= LONGEST:
        most = LONGEST // MINUTE
        raise AmendmentRefused(
            f"{amendment.by // MINUTE} minutes - write 1 to {most}, or -1 to -{most} to catch up"
        )
    room = _room(session, amendment)
    if -amendment.by > room:
        most = room // MINUTE
        remedy = f"at most {most} minutes can be caught up" if most > 0 else "nothing can be caught up now"
        raise AmendmentRefused(
            f"{session.id} {-amendment.by // MINUTE} minutes earlier would begin in the past, or before "
            f"what comes first is over - {remedy}"
        )


def _room(session: Session, amendment: Amendment) -> timedelta:
    """How much earlier things can be before something begins in the past or overlaps what stays."""
    at = amendment.made_at
    parts: Sequence[Segment | Session] = session.segments or (session,)
    moving = [part for part in parts if _moves(part, session, amendment)]
    stretching = [part for part in parts if _stretches(part, session, amendment)]
    staying = [part for part in parts if part not in moving and part not in stretching]
    gaps = [_gap(first, later) for later in moving for first in staying]
    room = [*(part.start - at for part in moving), *(part.end - at for part in stretching), *gaps]
    before = [session.start - at] if _begins_later(session, amendment) else []
    return min([*room, *before], default=session.end - at)


def _gap(first: Segment | Session, later: Segment | Session) -> timedelta:
    """Between two, or between their beginnings where they are on at the same time."""
    return later.start - (first.end if first.end <= later.start else first.start)


def _lapsed(program: Program, amendment: Amendment) -> str:
    session = next((s for s in program.sessions if s.id == amendment.session), None)
    if session is None:
        return f"the files have no session {amendment.session}"
    if amendment.segment and all(each.id != amendment.segment for each in session.segments):
        return f"the files have no segment {amendment.part}"
    if amendment.kind == "late" and session.start != amendment.base:
        return f"by the files {session.id} begins at another time: {_clock(session, session.start)}"
    return ""


def _applied(program: Program, amendment: Amendment) -> Program:
    change = _late if amendment.kind == "late" else _cancelled
    changed = (change(s, amendment) if s.id == amendment.session else s for s in program.sessions)
    sessions = (session for session in changed if session is not None)
    return Program(sessions=tuple(sorted(sessions, key=lambda session: (session.start, session.id))))


def _cancelled(session: Session, amendment: Amendment) -> Session | None:
    """A speaker to whom no segment is left is not in the session any more either."""
    if amendment.segment is None:
        return None
    segments = tuple(each for each in session.segments if each.id != amendment.segment)
    left = replace(session, segments=segments)
    return replace(left, people=tuple(p for p in session.people if _still_speaks(p, session, left)))


def _still_speaks(person: Person, before: Session, after: Session) -> bool:
    spoke = person.role == "speaker" and before.segments_of(person.id)
    return not spoke or bool(after.segments_of(person.id))


def _late(session: Session, amendment: Amendment) -> Session:
    segments = tuple(_shifted(segment, session, amendment) for segment in session.segments)
    start = session.start + amendment.by if _begins_later(session, amendment) else session.start
    not_before = min(amendment.made_at, session.end)
    end = max([session.end + amendment.by, not_before, *(segment.end for segment in segments)])
    return replace(session, start=start, end=end, segments=segments)


def _begins_later(session: Session, amendment: Amendment) -> bool:
    """A session that has begun has begun; one that has not begins with its first segment."""
    first = min((segment.start for segment in session.segments), default=session.start)
    return session.start > amendment.made_at and first >= _from(session, amendment)


def _shifted(segment: Segment, session: Session, amendment: Amendment) -> Segment:
    if _moves(segment, session, amendment):
        return replace(segment, start=segment.start + amendment.by, end=segment.end + amendment.by)
    if _stretches(segment, session, amendment):
        return replace(segment, end=max(segment.end + amendment.by, amendment.made_at))
    return segment


def _moves(part: Segment | Session, session: Session, amendment: Amendment) -> bool:
    """Whether it begins later."""
    return part.start > amendment.made_at and part.start >= _from(session, amendment)


def _stretches(part: Segment | Session, session: Session, amendment: Amendment) -> bool:
    """Whether it is on and ends later; also what is on until the segment that is named goes on until then."""
    first = _from(session, amendment)
    is_on = part.start <= amendment.made_at < part.end
    return is_on and (part.start >= first or part.end == first)


def _from(session: Session, amendment: Amendment) -> datetime:
    """What begins earlier than this stays."""
    named = (each.start for each in session.segments if each.id == amendment.segment)
    earliest = min([session.start, *(each.start for each in session.segments)])
    return next(named, earliest)


def _clock(session: Session, instant: datetime) -> str:
    local = zones.local(instant, session.timezone)
    return f"{local:%H:%M} on {local.day} {local:%B} ({zones.city(session.timezone)} time)"
