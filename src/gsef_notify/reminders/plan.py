"""A program, rules and listeners -> every reminder with the instants between which it is of use. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby, pairwise
from operator import attrgetter

import msgspec

from gsef_notify import zones
from gsef_notify.program.changes import key_of
from gsef_notify.program.model import Person, Program, Segment, Session
from gsef_notify.reminders.moments import DayTime, EveryDay, Interval, instant
from gsef_notify.reminders.people import Listener
from gsef_notify.reminders.quiet import QuietHours, Use, last_waking
from gsef_notify.reminders.rules import Audience, Priority, Rule

ONE_AFTER_THE_OTHER = timedelta(minutes=10)
AFTERWARDS = timedelta(days=7)
A_MORNING = timedelta(hours=12)


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """A rule applied to a session, or to a segment of it, for one person of the program or (``person`` is
    None) for everyone of the role; of neither (``session`` is empty) for a word about the whole program.

    ``start`` is when its reader's part begins: the segment, for a speaker the first of their segments, else
    the session. It is sent at ``due``, which was ``unmoved`` before quiet hours, or as soon as possible
    after, but not from ``useless_from`` on. With ``zone`` it is for those whom we tell times in that zone,
    which is ``zone_of_others`` for those who gave none. ``lists`` restricts it to lists of contacts,
    ``is_starred`` to those who starred its segment, ``occasion`` tells corrections of the same subject apart.
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
    unmoved: datetime
    zone: str | None = None
    zone_of_others: str = "UTC"
    lists: tuple[str, ...] = ()
    is_starred: bool = False
    quiet: QuietHours | None = None
    priority: Priority = "normal"
    occasion: str = ""

    @property
    def base(self) -> str:
        """What it is for its reader, for ever: moving its subject makes it another reminder, retitling does
        not."""
        subject = key_of(self.session, self.segment)
        start = f"{self.start.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        return " ".join([self.rule, subject or "*", self.person or "*", start, self.occasion]).rstrip()

    @property
    def key(self) -> str:
        """What it is, for ever, as one of those for several zones."""
        return f"{self.base} {self.zone}" if self.zone else self.base

    @property
    def use(self) -> Use:
        """What its mails are good for."""
        return Use(self.start, self.useless_from)


class _Rung(msgspec.Struct, frozen=True):
    """A reminder, and the rule and the zone that it is for."""

    reminder: Reminder
    rule: Rule
    timezone: str


def plan(program: Program, rules: Iterable[Rule], listeners: Iterable[Listener] = ()) -> tuple[Reminder, ...]:
    """Every reminder of the program, the earliest first. ``listeners`` are the kinds of contacts there
    are."""
    rules, listeners = tuple(rules), tuple(listeners)
    of_sessions = [r for session in program.sessions for r in _of_session(session, rules, listeners)]
    daily = [r for rule in rules for r in _daily(rule, of_sessions, program, listeners)]
    return tuple(sorted([*of_sessions, *daily], key=lambda reminder: (reminder.due, reminder.key)))


def part_begins(session: Session, person: Person) -> datetime:
    """When somebody's part of a session begins: their first segment, else the session."""
    return min((segment.start for segment in session.segments_of(person.id)), default=session.start)


def run_of(session: Session, segment: Segment, person_id: str) -> tuple[Segment, ...]:
    """A segment of somebody and those of theirs that follow it so closely that one reminder does for all."""
    return next(run for run in _runs(session, person_id) if segment in run)


def _runs(session: Session, person_id: str) -> list[tuple[Segment, ...]]:
    own = [segment for segment in session.segments if person_id in segment.people]
    breaks = [0, *(n for n, (a, b) in enumerate(pairwise(own), 1) if b.start - a.end > ONE_AFTER_THE_OTHER)]
    return [tuple(own[first:last]) for first, last in pairwise([*breaks, len(own)]) if own]


def _of_session(session: Session, rules: Sequence[Rule], listeners: Sequence[Listener]) -> Iterator[Reminder]:
    applied = [
        rung for rule in rules if rule.scope.has_session(session) for rung in _apply(rule, session, listeners)
    ]
    ladders = groupby(sorted(applied, key=_ladder_order), key=_ladder)
    climbed = [rung for _, rungs in ladders for rung in _climbed(list(rungs))]
    for _, alike in groupby(sorted(climbed, key=attrgetter("base", "zone")), key=attrgetter("base")):
        yield from _joined(list(alike))


def _apply(rule: Rule, session: Session, listeners: Sequence[Listener]) -> Iterator[_Rung]:
    when = rule.when
    if isinstance(when, EveryDay):
        return
    for segment, person, start, end in _subjects(rule, session):
        for timezone in _zones(rule, session, person, listeners):
            due = instant(when, start, end, timezone)
            yield _Rung(_reminder(rule, session, segment, person, start, due), rule, timezone)


def _subjects(
    rule: Rule, session: Session
) -> Iterator[tuple[Segment | None, Person | None, datetime, datetime]]:
    """The segment and the person of each reminder of a rule, and from when to when its subject is."""
    named = session.with_role(rule.role) if rule.role in ("speaker", "moderator") else ()
    if isinstance(rule.when, Interval) and rule.when.of == "segment":
        runs = [(run, person) for person in named for run in _runs(session, person.id)]
        alone = [((segment,), None) for segment in session.segments if rule.role == "participant"]
        for run, person in [*runs, *alone]:
            if rule.scope.has_segment(run[0]):
                yield run[0], person, run[0].start, run[-1].end
    elif rule.role in ("speaker", "moderator"):
        for person in named:
            yield None, person, session.start, session.end
    else:
        yield None, None, session.start, session.end


def _reminder(
    rule: Rule,
    session: Session,
    segment: Segment | None,
    person: Person | None,
    begins: datetime,
    due: datetime,
) -> Reminder:
    start = part_begins(session, person) if person and segment is None else begins
    is_before = due <= start
    useless_from = start if is_before else due + AFTERWARDS
    return Reminder(
        rule=rule.name,
        role=rule.role,
        template=rule.template,
        session=session.id,
        segment=segment.id if segment else None,
        person=person.id if person else None,
        start=start,
        due=due,
        useless_from=min(useless_from, due + rule.useless_after) if rule.useless_after else useless_from,
        unmoved=due,
        zone_of_others=(person.timezone if person else None) or session.timezone,
        lists=rule.scope.lists,
        is_starred=rule.role == "participant" and segment is not None and not rule.scope.segments,
        quiet=rule.quiet,
        priority=rule.priority,
    )


def _zones(rule: Rule, session: Session, person: Person | None, listeners: Sequence[Listener]) -> list[str]:
    """The zones in which the readers of a rule are told times, where the rule depends on that."""
    of_others = (person.timezone if person else None) or session.timezone
    if rule.quiet is None and not isinstance(rule.when, DayTime):
        return [of_others]
    known = {
        each.timezone or of_others
        for each in listeners
        if each.role == rule.role and (person is None or each.person == person.id)
    }
    return sorted(known or {of_others})


def _ladder(rung: _Rung) -> tuple[object, ...]:
    reminder = rung.reminder
    return reminder.role, reminder.person or "", rung.timezone, reminder.is_starred, reminder.lists


def _ladder_order(rung: _Rung) -> tuple[tuple[object, ...], datetime, str]:
    return _ladder(rung), rung.reminder.due, rung.reminder.base


def _climbed(rungs: list[_Rung]) -> Iterator[Reminder]:
    """The rungs of one ladder, each useless once the next is due; one that quiet hours would move to where a
    later one is says nothing of its own and is left out."""
    after: list[Reminder] = []
    for rung in reversed(rungs):
        reminder = rung.reminder
        later = [other.due for other in after if other.unmoved > reminder.unmoved]
        limits = [reminder.useless_from, *later]
        useless_from = min(limits) if reminder.due <= reminder.start else reminder.useless_from
        use = Use(reminder.start, useless_from)
        due = last_waking(rung.rule.quiet, rung.timezone, reminder.due, use)
        if later and due >= min(later):
            continue
        placed = {"due": due, "useless_from": useless_from, "zone": rung.timezone}
        after.append(msgspec.structs.replace(reminder, **placed))
    yield from reversed(after)


def _joined(alike: list[Reminder]) -> Iterator[Reminder]:
    """One reminder for all zones where they are told at the same instant."""
    moments = {(each.due, each.useless_from) for each in alike}
    if len(moments) == 1:
        yield msgspec.structs.replace(alike[0], zone=None)
    else:
        yield from alike


def _daily(
    rule: Rule, planned: Sequence[Reminder], program: Program, listeners: Sequence[Listener]
) -> Iterator[Reminder]:
    """A word on each day on which something is due, and on the day after the last."""
    if not isinstance(rule.when, EveryDay) or not planned:
        return
    of_others = program.sessions[0].timezone
    for timezone in {each.timezone or of_others for each in listeners if each.role == rule.role}:
        days = {zones.local(reminder.due, timezone).date() for reminder in planned}
        for day in sorted({*days, max(days) + timedelta(days=1)}):
            due = zones.soonest(datetime.combine(day, rule.when.at), timezone)
            yield Reminder(
                rule=rule.name,
                role=rule.role,
                template=rule.template,
                session="",
                segment=None,
                person=None,
                start=due,
                due=due,
                useless_from=due + (rule.useless_after or A_MORNING),
                unmoved=due,
                zone=timezone,
                zone_of_others=of_others,
                lists=rule.scope.lists,
                quiet=None,
                priority=rule.priority,
            )
