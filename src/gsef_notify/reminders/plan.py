"""A program and rules -> every reminder with the instants between which it is of use. Pure."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

import msgspec

from gsef_notify.program.changes import key_of
from gsef_notify.program.model import Person, Program, Segment, Session
from gsef_notify.reminders.rules import Audience, Rule


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A rule applied to a session, or to a segment of it, for one person of the program or (``person`` is
    None) for everyone of the role.

    ``start`` is when its reader's part begins: the segment, for a speaker the first of their segments, else
    the session. It is sent at ``due`` or as soon as possible after, but not from ``useless_from`` on: then
    the next reminder of the same people is due, or their part has begun.
    """

    rule: str
    role: Audience
    template: str
    session: str
    segment: str | None
    person: str | None
    start: datetime
    due: datetime
    useless_from: datetime

    @property
    def key(self) -> str:
        """What it is, for ever: moving its subject makes it another reminder, retitling does not."""
        subject = key_of(self.session, self.segment)
        return f"{self.rule} {subject} {self.person or '*'} {self.start:%Y%m%dT%H%M%SZ}"


def plan(program: Program, rules: Iterable[Rule]) -> tuple[Reminder, ...]:
    """Every reminder of the program, the earliest first."""
    rules = tuple(rules)
    applied = [r for session in program.sessions for rule in rules for r in _apply(rule, session)]
    ladders = groupby(sorted(applied, key=_ladder_order), key=_ladder)
    limited = [reminder for _, rungs in ladders for reminder in _limited(list(rungs))]
    return tuple(sorted(limited, key=lambda reminder: (reminder.due, reminder.key)))


def _apply(rule: Rule, session: Session) -> Iterator[Reminder]:
    if rule.of == "segment":
        for segment in session.segments:
            for person in _owners(rule, session, segment):
                yield _reminder(rule, session, segment, person, segment.start)
    elif rule.role == "participant":
        yield _reminder(rule, session, None, None, session.start)
    else:
        for member in session.with_role(rule.role):
            yield _reminder(rule, session, None, member.id, part_begins(session, member))


def _owners(rule: Rule, session: Session, segment: Segment) -> list[str | None]:
    if rule.role == "participant":
        return [None]
    return [person.id for person in session.people_of(segment) if person.role == rule.role]


def part_begins(session: Session, person: Person) -> datetime:
    """When somebody's part of a session begins: their first segment, else the session."""
    return min((segment.start for segment in session.segments_of(person.id)), default=session.start)


def _reminder(
    rule: Rule, session: Session, segment: Segment | None, person: str | None, start: datetime
) -> Reminder:
    return Reminder(
        rule=rule.name,
        role=rule.role,
        template=rule.template,
        session=session.id,
        segment=segment.id if segment else None,
        person=person,
        start=start,
        due=(segment or session).start - rule.before,
        useless_from=start,
    )


def _ladder(reminder: Reminder) -> tuple[str, str, str]:
    return reminder.session, reminder.role, reminder.person or ""


def _ladder_order(reminder: Reminder) -> tuple[tuple[str, str, str], datetime, str]:
    return _ladder(reminder), reminder.due, reminder.key


def _limited(rungs: list[Reminder]) -> Iterator[Reminder]:
    """The rungs of one ladder, each useless once the next is due."""
    for rung in rungs:
        later = [other.due for other in rungs if other.due > rung.due]
        yield msgspec.structs.replace(rung, useless_from=min([rung.start, *later[:1]]))
