"""A forum in which anything may happen, and what has to hold all the same.

``python -m tests.service.stateful`` plays many forums at length and says how many steps that were.
"""

import argparse
import asyncio
import logging
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from msgspec.structs import replace as altered
from sqlalchemy import Engine, insert, select

from gsef_notify import wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.stored import body, parsed
from gsef_notify.mail.transport import DeliveryError, Envelope, Room
from gsef_notify.program.amendments import AmendmentRefused
from gsef_notify.program.changes import Publication, key_of
from gsef_notify.program.model import Person, Program, Segment, Session
from gsef_notify.reminders.facts import Beginning, Facts
from gsef_notify.reminders.notices import DEBOUNCE, TEMPLATES
from gsef_notify.reminders.people import Contact
from gsef_notify.service.amend import Amendments
from gsef_notify.service.dispatch import Office, next_wake, send_next
from gsef_notify.service.publish import Newest, Policy, last_published, publish, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store import outbox, revisions
from gsef_notify.store.database import open_database, reading, transaction
from gsef_notify.store.tables import contacts, deliveries, reminders, stars
from tests.conftest import POLICY, utc
from tests.service.truth import zone

START = utc("2021-10-21 16:30")
BEGINNINGS = {"one": utc("2021-10-22 16:00"), "two": utc("2021-10-31 05:00")}
NAMES = ("Young Kim", "Eric Leyton", "Bernard Luyiga")
MODERATOR = Person(id="dara-huot", name="Dara Huot", role="moderator", timezone="Asia/Phnom_Penh")
SPEAKERS = tuple(
    Person(id=name.casefold().replace(" ", "-"), name=name, role="speaker", timezone=where)
    for name, where in zip(NAMES, ("Asia/Seoul", "America/Santiago", None), strict=True)
)
CALLED = (*NAMES, MODERATOR.name, "Awa Ndiaye", "Joana Ferreira")
ZONES = (None, "Asia/Seoul", "America/Santiago", "Europe/Lisbon", "America/Toronto")
MINUTE = timedelta(minutes=1)
LONGEST_OUTAGE = timedelta(hours=1)
QUICKLY = (Phase.generate,)
SHORTEST = (Phase.generate, Phase.shrink)
STEPS: Counter[str] = Counter()
BEGUN = ("begun", "You are on now", "ha empezado", "a commencé", "시작되었습니다", "지금 발표하실")

sessions = st.sampled_from(sorted(BEGINNINGS))
segments = st.sampled_from(("opening", "first", "second", "third"))
minutes = st.sampled_from((-90, -10, 5, 10, 45, 120, 1440, 10080))


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Sent:
    """A mail as it went out, at that instant, with the program that held."""

    at: datetime
    address: str
    message_id: str
    text: str
    truth: Publication


class Road:
    """A transport that keeps what it carries; while it is ``blocked`` it takes nothing, and with
    ``kills`` the process ends before (-1) or after (1) it has taken the next."""

    def __init__(self, clock: SteppedClock) -> None:
        self.clock = clock
        self.sent: list[Sent] = []
        self.blocked = False
        self.kills = 0
        self.newest = Newest()

    def room(self) -> Room:
        return Room(1)

    async def send(self, envelope: Envelope) -> str:
        if self.blocked:
            raise DeliveryError("the server can not be reached")
        killed, self.kills = self.kills, 0
        if killed >= 0:
            publication = self.newest.latest()
            assert publication
            message = parsed(envelope.content)
            self.sent.append(
                Sent(
                    self.clock.now(),
                    envelope.recipient,
                    envelope.message_id,
                    f"{message['Subject']}\n{body(message, 'plain')}",
                    publication,
                )
            )
        if killed:
            raise Killed
        return "taken"

    async def close(self) -> None:
        pass


@cache
def _template() -> tuple[Office, Path]:
    """An office to be copied, and an empty database."""
    file = Path(tempfile.mkdtemp()) / "empty.db"
    engine = open_database(f"sqlite:///{file}")
    clock = SteppedClock(START)
    office = wiring.office(Settings(), engine, clock, Road(clock), Newest())
    engine.dispose()
    return office, file


def written_session(name: str) -> Session:
    begin = BEGINNINGS[name]
    marks = [("opening", 10, ()), ("first", 20, (0,)), ("second", 1, (1,)), ("third", 30, (2,))]
    parts, at = [], begin
    for title, length, who in marks:
        people = tuple(SPEAKERS[n].id for n in who)
        parts.append(Segment(id=title, title=title, start=at, end=at + length * MINUTE, people=people))
        at += length * MINUTE
    return Session(
        id=name,
        title=f"Session {name}",
        start=begin,
        end=at,
        timezone="Asia/Seoul",
        join_url=f"https://meet.example.org/{name}",
        people=(MODERATOR, *SPEAKERS),
        segments=tuple(parts),
    )


class Forum(RuleBasedStateMachine):
    """Two sessions, three speakers, and whoever signs up."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        office, empty = _template()
        shutil.copy(empty, self.folder / "forum.db")
        self.engine = _open(self.folder / "forum.db")
        self.clock = SteppedClock(START)
        self.road = Road(self.clock)
        self.newest = Newest()
        self.road.newest = self.newest
        self.office = replace(
            office, engine=self.engine, clock=self.clock, transport=self.road, newest=self.newest
        )
        self.written = {name: written_session(name) for name in BEGINNINGS}
        self.roles: dict[str, list[Contact]] = {}
        self.policy = POLICY
        self.starred: defaultdict[str, set[str]] = defaultdict(set)
        self.lied_since: dict[tuple[int, str], datetime] = {}
        self.checked = 0
        self.resent: set[str] = set()

    def teardown(self) -> None:
        self.engine.dispose()
        shutil.rmtree(self.folder)

    @initialize(sleeps=st.booleans())
    def opens(self, sleeps: bool) -> None:
        self.policy = Policy() if sleeps else POLICY
        for number, name in enumerate(CALLED):
            role = "moderator" if name == MODERATOR.name else ("speaker" if name in NAMES else "participant")
            self._take(number, role, "", ZONES[number % len(ZONES)], "en")
        self._publish()
        self._send()

    @rule(name=sessions, by=minutes)
    def moves(self, name: str, by: int) -> None:
        session = self.written.get(name)
        shift = by * MINUTE
        if session is None or session.start + shift < self.clock.now() - 60 * MINUTE:
            return
        parts = tuple(altered(s, start=s.start + shift, end=s.end + shift) for s in session.segments)
        self._write(altered(session, start=session.start + shift, end=session.end + shift, segments=parts))

    @rule(name=sessions, part=segments, by=st.sampled_from((-5, 1, 5, 30)))
    def moves_a_part(self, name: str, part: str, by: int) -> None:
        session = self.written.get(name)
        if session is None or all(s.id != part for s in session.segments):
            return
        parts = tuple(
            altered(s, start=s.start + by * MINUTE, end=s.end + by * MINUTE) if s.id == part else s
            for s in session.segments
        )
        self._write(_fitted(altered(session, segments=parts)))

    @rule(name=sessions, part=segments, title=st.sampled_from(("Another title", "Yet another")))
    def retitles(self, name: str, part: str, title: str) -> None:
        if session := self.written.get(name):
            parts = tuple(altered(s, title=title) if s.id == part else s for s in session.segments)
            self._write(altered(session, segments=parts))

    @rule(name=sessions)
    def takes_out(self, name: str) -> None:
        if self.written.pop(name, None):
            self._publish()

    @rule(name=sessions)
    def puts_back(self, name: str) -> None:
        if name not in self.written:
            self._write(written_session(name))

    @rule(name=sessions, part=segments)
    def takes_out_a_part(self, name: str, part: str) -> None:
        session = self.written.get(name)
        if session and len(session.segments) > 1:
            self._write(_fitted(altered(session, segments=_without(session, part))))

    @rule(name=sessions, part=segments)
    def puts_back_a_part(self, name: str, part: str) -> None:
        session = self.written.get(name)
        if session and all(s.id != part for s in session.segments):
            last = max(s.end for s in session.segments)
            who = tuple(person.id for person in session.people if person.role == "speaker")[:1]
            new = Segment(id=part, title=part, start=last, end=last + 15 * MINUTE, people=who)
            self._write(_fitted(altered(session, segments=(*session.segments, new))))

    @rule(name=sessions)
    def swaps_speakers(self, name: str) -> None:
        session = self.written.get(name)
        if session:
            held = [s.people for s in session.segments]
            parts = tuple(
                altered(s, people=people)
                for s, people in zip(session.segments, [held[-1], *held[:-1]], strict=True)
            )
            self._write(altered(session, segments=parts))

    @rule(name=sessions, number=st.sampled_from((0, 1, 2)))
    def somebody_leaves_or_joins(self, name: str, number: int) -> None:
        session = self.written.get(name)
        if session is None:
            return
        person = SPEAKERS[number]
        if person in session.people:
            parts = tuple(
                altered(s, people=tuple(p for p in s.people if p != person.id)) for s in session.segments
            )
            people = tuple(p for p in session.people if p != person)
            self._write(altered(session, segments=parts, people=people))
        else:
            first = altered(
                session.segments[0], people=tuple(dict.fromkeys((*session.segments[0].people, person.id)))
            )
            self._write(
                altered(session, people=(*session.people, person), segments=(first, *session.segments[1:]))
            )

    @rule(name=sessions, link=st.sampled_from(("https://meet.example.org/new", None)))
    def changes_the_link(self, name: str, link: str | None) -> None:
        if session := self.written.get(name):
            self._write(altered(session, join_url=link))

    @rule(
        number=st.integers(0, 5),
        role=st.sampled_from(("participant", "organizer", "speaker", "moderator")),
        session=st.sampled_from(("", "one", "two")),
        where=st.sampled_from(ZONES),
        language=st.sampled_from(("en", "es", "fr", "ko", None)),
    )
    def signs_up(self, number: int, role: str, session: str, where: str | None, language: str | None) -> None:
        self._take(number, role, session, where, language)

    @rule(number=st.integers(0, 5), name=sessions, part=segments)
    def stars(self, number: int, name: str, part: str) -> None:
        self.starred[_address(number)].add(key_of(name, part))
        with transaction(self.engine) as connection:
            contact = connection.scalar(select(contacts.c.id).where(contacts.c.email == _address(number)))
            row = {"contact_id": contact, "part": key_of(name, part)}
            connection.execute(insert(stars).prefix_with("OR IGNORE").values(row))

    @rule(name=sessions, by=st.sampled_from((-30, -5, 5, 10, 30)), part=st.one_of(st.none(), segments))
    def runs_late(self, name: str, by: int, part: str | None) -> None:
        self._amend(lambda a: a.late(name, by, part))

    @rule(name=sessions)
    def undoes(self, name: str) -> None:
        self._amend(lambda a: a.undo(name))

    @rule(name=sessions, part=st.one_of(st.none(), segments))
    def cancels(self, name: str, part: str | None) -> None:
        self._amend(lambda a: a.cancel(name, part))

    @rule(name=sessions, part=st.one_of(st.none(), segments))
    def reinstates(self, name: str, part: str | None) -> None:
        self._amend(lambda a: a.reinstate(name, part))

    @rule(blocked=st.booleans())
    def road_is_blocked(self, blocked: bool) -> None:
        self.road.blocked = blocked

    @rule(after=st.booleans())
    def is_killed(self, after: bool) -> None:
        self.road.kills = 1 if after else -1

    @rule()
    def restarts(self) -> None:
        self._restart()

    @rule(by=st.sampled_from((MINUTE, 2 * MINUTE, 10 * MINUTE, 60 * MINUTE, 360 * MINUTE, 1440 * MINUTE)))
    def sleeps(self, by: timedelta) -> None:
        self.clock.set(self.clock.now() + by)
        self._send()

    @rule(times=st.integers(1, 4))
    def works(self, times: int) -> None:
        for _ in range(times):
            wake = next_wake(self.engine)
            if wake is not None:
                self.clock.set(max(wake, self.clock.now()))
                self._send()

    @rule(name=sessions, before=st.sampled_from((1440, 150, 60, 30, 9, 0, -5)))
    def time_comes_near(self, name: str, before: int) -> None:
        publication = self.newest.latest()
        assert publication
        at = [s.start - before * MINUTE for s in publication.program.sessions if s.id == name]
        if at and at[0] > self.clock.now():
            self.clock.set(at[0])
            self._send()

    # What holds whatever happens

    @invariant()
    def holds(self) -> None:
        if self.newest.latest() is None:
            return
        STEPS["steps"] += 1
        with reading(self.engine) as connection:
            publication = _newest(connection)
            rows = connection.execute(_DELIVERIES).all()
        mails = [row for row in rows if row.state == "sent"]
        self._nothing_twice(mails)
        self._each_mail_is_right(mails)
        self._nobody_believes_what_is_false(mails, rows, publication)

    def _nothing_twice(self, mails: Sequence[Any]) -> None:
        arrived = Counter(sent.message_id for sent in self.road.sent)
        twice = {each for each, number in arrived.items() if number > 1} - self.resent
        assert not twice, f"came twice: {[s for s in self.road.sent if s.message_id in twice]}"
        known: dict[tuple[int, str], Facts] = {}
        told: Counter[tuple[object, ...]] = Counter()
        for row in mails:
            if not row.facts:
                continue
            facts = msgspec.json.decode(row.facts, type=Facts)
            key = row.contact_id, row.session
            if row.template in TEMPLATES:
                assert key in known, f"a notice to somebody who was told nothing: {row}"
                assert not _says_nothing_new(known[key], facts), f"a notice of what they know: {row}"
            else:
                once = row.contact_id, row.rule, row.session, row.segment, row.role, row.facts
                told[once] += 1
                assert told[once] == 1, f"the same twice: {row}"
            known[key] = _merged(known.get(key), facts)

    def _each_mail_is_right(self, mails: Sequence[Any]) -> None:
        by_id = {row.message_id: row for row in mails}
        for sent in self.road.sent[self.checked :]:
            row = by_id.get(sent.message_id)
            if row is None:
                continue
            assert sent.at < row.useless_from, f"sent after its use: {row}"
            facts = msgspec.json.decode(row.facts, type=Facts) if row.facts else None
            if facts:
                told = _lies(facts, sent.truth, row, self.starred[row.email], sent.at - timedelta(days=999))
                assert not told, f"false when it was sent: {told} {row}"
            self._says_that_it_has_begun(sent, row, facts)
            assert not self._is_on_as_well(sent, row), f"a participant's mail to who is on: {row}"
            assert not _disturbs(row, sent.at), f"by night: {sent.at} {row}"
        self.checked = len(self.road.sent)

    def _says_that_it_has_begun(self, sent: Sent, row: Any, facts: Facts | None) -> None:
        if row.template in TEMPLATES or facts is None or not row.session:
            return
        slots = [b.at for b in facts.slots.values() if b] if row.role != "moderator" else []
        begins = min(slots) if slots and (row.role == "speaker" or row.segment) else None
        begins = begins or (facts.start.at if facts.start else None)
        if begins and begins <= sent.at and row.template != "unconfirmed":
            assert any(word in sent.text for word in BEGUN), f"it has begun: {row} {sent.text}"

    def _is_on_as_well(self, sent: Sent, row: Any) -> bool:
        """Whether a participant's reminder goes to somebody who is on in its session."""
        session = next((s for s in sent.truth.program.sessions if s.id == row.session), None)
        if row.role != "participant" or row.template in TEMPLATES or session is None:
            return False
        on = {(person.name, person.role) for person in session.people}
        held = [c for c in self.roles[row.email] if c.session in ("", row.session)]
        return any((contact.name, contact.role) in on for contact in held)

    def _nobody_believes_what_is_false(
        self, mails: Sequence[Any], rows: Sequence[Any], publication: Publication
    ) -> None:
        now = self.clock.now()
        lying: set[tuple[int, str]] = set()
        for (contact, session), (facts, last) in _beliefs(mails).items():
            lies = _lies(facts, publication, last, self.starred[last.email], now)
            if not lies:
                continue
            lying.add((contact, session))
            self.lied_since.setdefault((contact, session), now)
            waiting = [
                row
                for row in rows
                if (row.contact_id, row.session) == (contact, session)
                and row.state in ("ready", "deferred", "sending")
            ]
            coming = [row for row in waiting if row.useless_from > now]
            assert coming, f"nobody tells {contact} of {session}: {lies}, {last}"
            soonest = min(row.next_try for row in coming)
            latest = DEBOUNCE if all(not row.attempts for row in coming) else LONGEST_OUTAGE
            if self.policy.quiet is None:
                assert soonest <= now + latest, f"too late for {contact}: {soonest}, {lies}"
        for key in set(self.lied_since) - lying:
            del self.lied_since[key]

    def _take(self, number: int, role: str, session: str, where: str | None, language: str | None) -> None:
        fields = {"name": CALLED[number], "email": _address(number), "role": role, "session": session}
        contact = msgspec.convert({**fields, "timezone": where, "language": language}, Contact)
        self.roles.setdefault(contact.email, []).append(contact)
        take_contacts(self.engine, [contact], self.policy, self.clock.now())

    def _write(self, session: Session) -> None:
        self.written[session.id] = session
        self._publish()

    def _publish(self) -> None:
        order = sorted(self.written.values(), key=lambda session: (session.start, session.id))
        program = Program(sessions=tuple(order))
        parts = [(s.id, part.id) for s in program.sessions for part in s.segments]
        settled = {*self.written, *(key_of(*part) for part in parts)}
        publication, _ = publish(self.engine, program, self.policy, self.clock.now(), settled)
        self.newest.replace(publication)

    def _amend(self, make: Any) -> None:
        try:
            make(Amendments(self.engine, self.policy, self.clock))
        except AmendmentRefused:
            STEPS["refused"] += 1

    def _restart(self) -> None:
        self.newest = Newest()
        self.road.newest = self.newest
        self.office = replace(self.office, newest=self.newest)
        with transaction(self.engine) as connection:
            outbox.recover_from(connection, outbox.senders(connection), self.clock.now())
        publication = last_published(self.engine, self.policy, self.clock.now())
        assert publication
        self.newest.replace(publication)

    def _send(self) -> None:
        before = len(self.road.sent)
        try:
            asyncio.run(_send_all(self.office))
        except Killed:
            if len(self.road.sent) > before:
                self.resent.add(self.road.sent[-1].message_id)
            self._restart()
            asyncio.run(_send_all(self.office))
        STEPS["mails"] += len(self.road.sent) - before


async def _send_all(office: Office) -> None:
    while await send_next(office):
        pass


def _open(file: Path) -> Engine:
    return open_database(f"sqlite:///{file}")


def _newest(connection: Any) -> Publication:
    publication = revisions.latest(connection)
    assert publication
    return publication


def _address(number: int) -> str:
    return f"person{number}@example.org"


def _without(session: Session, part: str) -> tuple[Segment, ...]:
    left = tuple(s for s in session.segments if s.id != part)
    return left or session.segments


def _fitted(session: Session) -> Session:
    """The session from its first segment to its last, in order."""
    parts = tuple(sorted(session.segments, key=lambda s: (s.start, s.id)))
    return altered(session, segments=parts, start=parts[0].start, end=max(s.end for s in parts))


_DELIVERIES = (
    select(
        deliveries.c.id,
        deliveries.c.contact_id,
        deliveries.c.state,
        deliveries.c.facts,
        deliveries.c.message_id,
        deliveries.c.next_try,
        deliveries.c.useless_from,
        deliveries.c.finished_at,
        deliveries.c.attempts,
        deliveries.c.reason,
        deliveries.c.told_timezone,
        reminders.c.rule,
        reminders.c.template,
        reminders.c.role,
        reminders.c.session,
        reminders.c.segment,
        reminders.c.person,
        reminders.c.start,
        reminders.c.due,
        reminders.c.quiet,
        contacts.c.email,
        contacts.c.timezone,
    )
    .select_from(deliveries.join(reminders).join(contacts))
    .order_by(deliveries.c.finished_at, deliveries.c.id)
)


def _merged(before: Facts | None, facts: Facts) -> Facts:
    if before is None:
        return facts
    slots = {**before.slots, **facts.slots}
    slots = {part: told for part, told in slots.items() if part not in facts.released}
    return altered(facts, slots=slots if facts.start else dict.fromkeys(slots))


def _beliefs(mails: Sequence[Any]) -> dict[tuple[int, str], tuple[Facts, Any]]:
    """What each contact believes of each session, and the mail that told it last."""
    believed: dict[tuple[int, str], tuple[Facts, Any]] = {}
    for row in mails:
        if row.facts:
            key = row.contact_id, row.session
            known = believed[key][0] if key in believed else None
            believed[key] = _merged(known, msgspec.json.decode(row.facts, type=Facts)), row
    return believed


def _lies(
    facts: Facts, publication: Publication, row: Any, starred: Collection[str], now: datetime
) -> list[str]:
    """What of that is false and still matters."""
    session = next((s for s in publication.program.sessions if s.id == row.session), None)
    lies = []
    if _is_false(facts.start, session.start if session else None, now):
        lies.append(f"the session: told {facts.start}, is {session.start if session else None}")
    for part, told in facts.slots.items():
        true = _true_slot(session, part, row, starred)
        if _is_false(told, true, now):
            lies.append(f"{part}: told {told}, is {true}")
    return lies


def _true_slot(session: Session | None, part: str, row: Any, starred: Collection[str]) -> datetime | None:
    """When a part is on for whom it was told as theirs; who follows it need not be on."""
    segment = next((s for s in session.segments if s.id == part), None) if session else None
    if segment is None:
        return None
    is_theirs = row.role != "speaker" or row.person in segment.people
    return segment.start if is_theirs or key_of(row.session, part) in starred else None


def _is_false(told: Beginning | None, true: datetime | None, now: datetime) -> bool:
    at = told.at if told else None
    return at != true and any(each > now for each in (at, true) if each)


def _says_nothing_new(known: Facts, facts: Facts) -> bool:
    return (
        known.start == facts.start
        and known.link == facts.link
        and known.people == facts.people
        and not facts.released
        and all(known.slots.get(part) == told for part, told in facts.slots.items())
    )


def _disturbs(row: Any, at: datetime) -> bool:
    """Whether a mail comes between 22:00 and 07:00 by its reader's clock though it could come later."""
    if not row.quiet:
        return False
    here = zone(row.told_timezone)
    local = at.astimezone(here)
    if time(7) <= local.time() < time(22):
        return False
    day = local.date() + timedelta(days=1 if local.time() >= time(22) else 0)
    end = datetime.combine(day, time(7), here).astimezone(UTC)
    awake = row.start - timedelta(hours=1) if at < row.start else end
    return end < row.useless_from and at < min(end, awake)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play many forums; 1 where one went wrong, which is then told in its shortest form."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forums", type=int, default=1000)
    parser.add_argument("--steps", type=int, default=50)
    parser.add_argument("--quick", action="store_true", help="do not shorten what went wrong")
    asked = parser.parse_args(arguments)
    logging.disable()
    play(asked.forums, asked.steps, QUICKLY if asked.quick else SHORTEST)
    print(f"{asked.forums} forums: {dict(STEPS)}")  # noqa: T201
    return 0


def play(forums: int, steps: int, phases: Sequence[Phase] = SHORTEST) -> None:
    """Let that many forums happen. Raises AssertionError for the shortest in which something went wrong."""
    run_state_machine_as_test(
        Forum,
        settings=settings(
            max_examples=forums,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            phases=phases,
            report_multiple_bugs=False,
            suppress_health_check=[*HealthCheck],
        ),
    )


if __name__ == "__main__":
    sys.exit(main())
