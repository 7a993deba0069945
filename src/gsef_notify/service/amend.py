"""Running late, cancelled, and back again: amendments to the running program, each in one transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, Engine

from gsef_notify.clock import Clock
from gsef_notify.program.amendments import (
    MINUTE,
    Amendment,
    AmendmentRefused,
    check,
    known_session,
)
from gsef_notify.program.changes import Publication, key_of
from gsef_notify.program.model import Program, Segment, Session
from gsef_notify.service.publish import Policy, replan
from gsef_notify.store import amendments, revisions
from gsef_notify.store.database import planning, reading, trial
from gsef_notify.store.waiting import WaitingNotice, waiting_notices

Span = tuple[datetime, datetime]
FORGOTTEN = timedelta(days=1)
_MOST_MINUTES = 10**6


@dataclass(frozen=True)
class Shift:
    """When a session (``segment`` is empty) or segment was on and is on now; None where it is not."""

    segment: str
    title: str
    before: Span | None
    after: Span | None


@dataclass(frozen=True)
class Effect:
    """What an amendment changes of ``session``, in the order of the program, and the notices about it."""

    session: Session
    revision: int
    shifts: tuple[Shift, ...]
    told: tuple[WaitingNotice, ...]


@dataclass(frozen=True)
class Amendments:
    """Makes amendments, as of the clock. With ``preview`` each says what it would do, and nothing stays.
    All raise AmendmentRefused for what makes no sense."""

    engine: Engine
    policy: Policy
    clock: Clock

    def late(
        self, session: str, minutes: int, segment: str | None = None, *, preview: bool = False
    ) -> Effect:
        """What has not finished of a session is that many minutes later, from ``segment`` on if given."""
        by = max(-_MOST_MINUTES, min(minutes, _MOST_MINUTES)) * MINUTE
        with self._transaction(preview) as connection:
            return self._make(connection, session, segment, by)

    def cancel(self, session: str, segment: str | None = None, *, preview: bool = False) -> Effect:
        """A session, or a segment of it, does not take place."""
        with self._transaction(preview) as connection:
            return self._make(connection, session, segment, None)

    def undo(self, session: str, *, preview: bool = False) -> Effect:
        """The last amendment that makes a session late, or early, stands no longer."""
        with self._transaction(preview) as connection:
            made = [a for a in _in_force(connection) if a.kind == "late" and a.session == session]
            if not made:
                known_session(_written(connection), session)
                raise AmendmentRefused(f"{session} has not been made late: there is nothing to undo")
            _check_not_cancelled(connection, session)
            return self._take_back(connection, made[-1])

    def reinstate(self, session: str, segment: str | None = None, *, preview: bool = False) -> Effect:
        """A session or segment that was cancelled takes place after all."""
        with self._transaction(preview) as connection:
            cancelled = {a.part: a for a in _in_force(connection) if a.kind == "cancelled"}
            part = key_of(session, segment)
            if segment:
                _check_not_cancelled(connection, session)
            if part not in cancelled:
                known = ", ".join(cancelled) or "nothing"
                raise AmendmentRefused(f"{part} has not been cancelled - cancelled at present: {known}")
            return self._take_back(connection, cancelled[part])

    def _transaction(self, preview: bool) -> AbstractContextManager[Connection]:
        return trial(self.engine) if preview else planning(self.engine)

    def _make(
        self, connection: Connection, session: str, segment: str | None, by: timedelta | None
    ) -> Effect:
        """Later ``by`` that much, or cancelled for None."""
        amendment = Amendment(
            kind="cancelled" if by is None else "late",
            session=session,
            segment=segment,
            by=by or timedelta(0),
            made_at=self.clock.now().replace(microsecond=0),
            base=known_session(_written(connection), session).start,
        )
        _check_not_cancelled(connection, amendment.session, amendment.part)
        check(_latest(connection).program, amendment)
        return self._publish(connection, session, partial(amendments.add, connection, amendment))

    def _take_back(self, connection: Connection, amendment: Amendment) -> Effect:
        undo = partial(amendments.undo, connection, amendment.id, self.clock.now())
        return self._publish(connection, amendment.session, undo)

    def _publish(self, connection: Connection, session: str, change: Callable[[], object]) -> Effect:
        now, before = self.clock.now(), _latest(connection)
        known = {notice.id for notice in waiting_notices(connection)}
        change()
        after, _ = revisions.restate(connection, now, self.policy.kept)
        replan(connection, after, self.policy, now)
        new = (notice for notice in waiting_notices(connection) if notice.id not in known)
        shifts = _shifts(before.program, after.program, session)
        return Effect(after.session(session), after.revision, shifts, tuple(new))


def lapsed(engine: Engine, now: datetime) -> list[str]:
    """A line for each amendment of a session that is not long over for which the files leave nothing."""
    with reading(engine) as connection:
        reasons, standing = revisions.lapsed(connection), amendments.standing(connection)
    recent = (each for each in standing if each.id in reasons and each.base > now - FORGOTTEN)
    return [f"no longer in force: {each} ({reasons[each.id]})" for each in recent]


def _check_not_cancelled(connection: Connection, *parts: str) -> None:
    cancelled = [each for each in _in_force(connection) if each.kind == "cancelled"]
    for each in cancelled:
        if each.part in parts:
            command = f"gsef-notify reinstate {each.session}"
            asked = f"{command} --segment {each.segment}" if each.segment else command
            raise AmendmentRefused(f"{each} already - if it takes place after all, write: {asked}")


def _in_force(connection: Connection) -> list[Amendment]:
    gone = revisions.lapsed(connection)
    return [each for each in amendments.standing(connection) if each.id not in gone]


def _written(connection: Connection) -> Program:
    return revisions.as_written(connection) or _latest(connection).program


def _latest(connection: Connection) -> Publication:
    publication = revisions.latest(connection)
    if publication is None:
        raise AmendmentRefused("nothing is published in this database - start gsef-notify serve first")
    return publication


def _shifts(before: Program, after: Program, session: str) -> tuple[Shift, ...]:
    """What is on at other times, the session first."""
    then, now = _parts(before, session), _parts(after, session)
    parts = sorted({**now, **then}.items(), key=lambda part: (part[0] != "", part[1].start))
    shifts = (Shift(key, part.title, _span(then.get(key)), _span(now.get(key))) for key, part in parts)
    return tuple(shift for shift in shifts if shift.before != shift.after)


def _parts(program: Program, session_id: str) -> dict[str, Session | Segment]:
    """A session, by the id "", and its segments; nothing where the program does not have it."""
    parts: dict[str, Session | Segment] = {}
    for session in program.sessions:
        if session.id == session_id:
            parts |= {"": session, **{segment.id: segment for segment in session.segments}}
    return parts


def _span(part: Session | Segment | None) -> Span | None:
    return (part.start, part.end) if part else None
