"""Every time in every mail of a whole rehearsal, read back and judged by a reckoning of its own.

``python -m tests.service.truth`` plays the sample around clock changes all over the world, for speakers,
participants and organizers in many zones and four languages, and says how many times were judged and which
were wrong.
"""

import argparse
import asyncio
import importlib.resources
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Engine, insert, select

from gsef_notify import readers, wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.stored import body, parsed
from gsef_notify.program.changes import Publication, key_of
from gsef_notify.program.model import Program, Segment, Session
from gsef_notify.reminders.notices import TEMPLATES
from gsef_notify.reminders.people import Contact
from gsef_notify.service import rehearse
from gsef_notify.service.amend import Amendments
from gsef_notify.service.publish import Newest, Policy, publish, take_contacts
from gsef_notify.service.stagehand import Stagehand
from gsef_notify.settings import Settings
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.tables import contacts, deliveries, reminders, stars
from tests.conftest import SAMPLE, utc
from tests.mail.said import LANGUAGES, ZONES, Day, Left, Said, Times, plain, read, read_subject

MOMENTS = (
    "2021-10-08 09:00",  # as the sample has it
    "2021-11-07 05:30",  # Toronto and St John's fall back
    "2022-03-13 06:30",  # and spring forward
    "2022-03-27 00:30",  # Lisbon and Gaza spring forward, Casablanca falls back
    "2021-10-31 00:30",  # Lisbon falls back
    "2022-04-03 02:30",  # Santiago falls back
    "2021-09-05 03:30",  # Santiago springs forward
    "2021-10-02 15:15",  # Lord Howe springs forward by half an hour
    "2022-04-02 14:30",  # Lord Howe and Chatham fall back
    "2021-09-25 13:45",  # Chatham springs forward
    "2021-04-03 13:30",  # Apia falls back, for the last time
    "2023-04-27 21:30",  # Cairo springs forward after nine years
    "2023-10-26 20:30",  # and falls back
    "2021-10-28 21:30",  # Gaza falls back
    "2022-05-08 01:30",  # Casablanca is forward again after Ramadan
)
QUIET_FROM, QUIET_UNTIL = time(22), time(7)
AHEAD = timedelta(days=9)


@dataclass(frozen=True)
class Reader:
    """Somebody in that zone who reads that language and has to do with the session."""

    contact: Contact
    zone: str
    language: str


@dataclass(frozen=True)
class Mail:
    """One mail as it arrived, with what the outbox knows of it, and when which rules were due."""

    reader: Reader
    at: datetime
    rule: str
    start: datetime
    useless_from: datetime
    subject: str
    text: str
    page: str
    dues: frozenset[tuple[datetime, str]] = frozenset()


@dataclass
class Played:
    """What went out, and the programs that held, each from an instant on."""

    mails: list[Mail]
    programs: list[tuple[datetime, Program]]


@dataclass
class Verdict:
    """How many mails were read, how many times in them, and what was wrong."""

    mails: int = 0
    times: int = 0
    changes: int = 0
    rules: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Verdict") -> None:
        """Count those of another too."""
        self.mails += other.mails
        self.times += other.times
        self.changes += other.changes
        self.rules |= other.rules
        self.wrong += other.wrong


@cache
def zone(name: str) -> ZoneInfo:
    """The zone as the pinned tzdata has it, whatever the machine knows."""
    file = importlib.resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with file.open("rb") as source:
        return ZoneInfo.from_file(source, key=name)


def sample_at(begin: datetime, zones: Sequence[str]) -> Program:
    """The sample once for each zone, at that instant."""
    (session,) = readers.read([SAMPLE]).accept().sessions
    return Program(sessions=tuple(_moved(session, begin - session.start, slug(name)) for name in zones))


def slug(name: str) -> str:
    return name.casefold().replace("/", "-").replace("_", "-")


def _moved(session: Session, by: timedelta, identity: str | None = None) -> Session:
    replace = msgspec.structs.replace
    segments = tuple(replace(s, start=s.start + by, end=s.end + by) for s in session.segments)
    people = tuple(replace(person, email=None) for person in session.people)
    return replace(
        session,
        id=identity or session.id,
        start=session.start + by,
        end=session.end + by,
        segments=segments,
        people=people,
    )


def readers_of(session: Session, name: str, turn: int) -> Iterator[Reader]:
    """The session's own people, a participant and an organizer in each language, all in that zone."""
    named = [(person.name, person.role) for person in session.people]
    others = [(f"{role} {tag}", role) for tag in LANGUAGES for role in ("participant", "organizer")]
    for number, (called, role) in enumerate([*named, *others]):
        language = called[-2:] if number >= len(named) else LANGUAGES[(number + turn) % len(LANGUAGES)]
        email = f"{role}-{number}@{session.id}.example.org"
        fields = {"name": called, "email": email, "role": role, "session": session.id}
        contact = msgspec.convert({**fields, "timezone": name, "language": language}, Contact)
        yield Reader(contact, name, language)


def play(folder: Path, begin: datetime, zones: Sequence[str]) -> Played:
    """The timeline of the sample at that instant: a third of its sessions moves the day before, a third is
    cancelled hours before."""
    program = sample_at(begin, zones)
    reading = [r for n, s in enumerate(program.sessions) for r in readers_of(s, zones[n], n)]
    moved = [_moved(s, timedelta(minutes=45 if n % 3 == 1 else 0)) for n, s in enumerate(program.sessions)]
    left = [session for n, session in enumerate(moved) if n % 3 != 2]
    programs = [
        (begin - AHEAD, program),
        (begin - timedelta(hours=20), Program(sessions=tuple(moved))),
        (begin - timedelta(hours=3), Program(sessions=tuple(left))),
    ]
    engine = open_database(f"sqlite:///{folder}/truth.db")
    try:
        return Played(_mails(engine, folder / "mail", programs, reading), programs)
    finally:
        engine.dispose()


def _mails(
    engine: Engine, folder: Path, programs: list[tuple[datetime, Program]], reading: list[Reader]
) -> list[Mail]:
    settings = Settings()
    policy, newest, clock = wiring.policy(settings), Newest(), SteppedClock(programs[0][0])
    take_contacts(engine, [reader.contact for reader in reading], policy, clock.now())
    office = wiring.office(settings, engine, clock, MaildirTransport(folder), newest)
    stagehand = Stagehand(Amendments(engine, policy, clock), wiring.assumptions(settings))
    starts = [at for at, _ in programs[1:]]
    for (at, program), until in zip(programs, [*starts, None], strict=True):
        clock.set(at)
        newest.replace(_publish(engine, program, policy, at))
        _star(engine, program)
        asyncio.run(rehearse.play(office, clock, until, lambda: None, stagehand))
    return list(_arrived(engine, folder, {reader.contact.email: reader for reader in reading}))


def _publish(engine: Engine, program: Program, policy: Policy, at: datetime) -> Publication:
    parts = [(session.id, s.id) for session in program.sessions for s in session.segments]
    settled = {*(session.id for session in program.sessions), *(key_of(*part) for part in parts)}
    return publish(engine, program, policy, at, settled)[0]


def _star(engine: Engine, program: Program) -> None:
    """Participants have starred the questions."""
    with transaction(engine) as connection:
        if connection.scalar(select(stars.c.part).limit(1)):
            return
        for session in program.sessions:
            theirs = select(contacts.c.id).where(
                contacts.c.email.like("participant-%@" + session.id + ".example.org")
            )
            part = key_of(session.id, session.segments[8].id)
            rows = [{"contact_id": each, "part": part} for each in connection.scalars(theirs)]
            connection.execute(insert(stars), rows)


def _arrived(engine: Engine, folder: Path, by_address: Mapping[str, Reader]) -> Iterator[Mail]:
    query = select(deliveries.c.message_id, reminders).select_from(deliveries.join(reminders))
    with transaction(engine) as connection:
        sent = {
            row.message_id: row for row in connection.execute(query.where(deliveries.c.state == "sent")).all()
        }
        dues = frozenset((row.due, row.rule) for row in connection.execute(select(reminders)).all())
    for file in sorted((folder / "new").iterdir()):
        message = parsed(file.read_bytes())
        row = sent[message["Message-ID"]]
        yield Mail(
            reader=by_address[message["To"].addresses[0].addr_spec],
            at=parsedate_to_datetime(message["Date"]),
            rule=row.rule,
            start=row.start,
            useless_from=row.useless_from,
            subject=message["Subject"],
            text=body(message, "plain"),
            page=plain(body(message, "html")),
            dues=dues,
        )


def judged(played: Played) -> Verdict:
    """What is said, beside what is so."""
    verdict = Verdict()
    for mail in played.mails:
        judge = _Judge(mail, played.programs)
        verdict.mails += 1
        verdict.rules.add(mail.rule)
        for name in ("subject", "text", "page"):
            said = judge.read(name)
            verdict.times += said.count
            verdict.changes += len(said.changes)
            where = f"{mail.rule} to {mail.reader.contact.email} ({mail.reader.language}) at {mail.at:%F %R}"
            verdict.wrong += [f"{where}, {name}: {wrong}" for wrong in judge.wrong(said, name)]
        if judge.disturbs():
            verdict.wrong.append(f"{mail.rule} to {mail.reader.contact.email} at {mail.at}: by night")
    return verdict


class _Judge:
    """One mail beside the truth."""

    def __init__(self, mail: Mail, programs: Sequence[tuple[datetime, Program]]) -> None:
        self.mail = mail
        held = [program for at, program in programs if at <= mail.at]
        self.sessions = held[-1].sessions
        own = [s for program in held for s in program.sessions if s.id == mail.reader.contact.session]
        self.session, self.before = own[-1], own
        self.parts: dict[str, Session | Segment] = {" ".join(s.title.split()): s for s in own[-1].segments}
        self.parts[" ".join(own[-1].title.split())] = own[-1]
        self.is_notice = mail.rule in TEMPLATES

    def read(self, name: str) -> Said:
        titles, people = [*self.parts], [person.name for person in self.session.people]
        reader = read_subject if name == "subject" else read
        return reader(getattr(self.mail, name), self.mail.reader.language, titles, people)

    def wrong(self, said: Said, name: str) -> Iterator[str]:
        yield from (f"nobody can read this: {each!r}" for each in said.unread)
        if self.mail.rule == "organizer-morning":
            yield from self._wrong_digest(said, name)
            return
        if not said.times:
            if not (self.is_notice and name == "subject"):
                yield "it says no time"
            return
        for each in said.times:
            yield from self._wrong_times(each)
        yield from self._wrong_words(said, name)
        yield from self._wrong_clock_changes(said, name)

    def _wrong_digest(self, said: Said, name: str) -> Iterator[str]:
        here = self._local(self.mail.at)
        dues = ((self._local(at), rule) for at, rule in self.mail.dues)
        due = {(f"{at:%H:%M}", rule) for at, rule in dues if at.date() == here.date()}
        yield from (f"nothing is due {each}" for each in said.outgoing if each not in due)
        starts = [self._local(session.start) for session in self.sessions]
        for each in said.times:
            if not any(each.start == f"{s:%H:%M}" and each.day and _is_day(each.day, s) for s in starts):
                yield f"{each} - sessions begin {starts}"
        for each in said.today:
            offset = timedelta(minutes=each.offset or 0)
            if each.zone != self.mail.reader.zone or offset != here.utcoffset():
                yield f"{each} - it is {here}"
            if each.day and not _is_day(each.day, here):
                yield f"{each} - it is {here}"
        if name != "subject" and len(said.today) != 1:
            yield "it does not say which day it is"

    def disturbs(self) -> bool:
        """Whether it comes by night though it could come later."""
        mail, here = self.mail, zone(self.mail.reader.zone)
        local = mail.at.astimezone(here)
        if QUIET_UNTIL <= local.time() < QUIET_FROM:
            return False
        day = local.date() + timedelta(days=1 if local.time() >= QUIET_FROM else 0)
        end = datetime.combine(day, QUIET_UNTIL, here).astimezone(UTC)
        awake = mail.start - timedelta(hours=1) if mail.at < mail.start else end
        return end < mail.useless_from and mail.at < min(end, awake)

    def _local(self, instant: datetime, name: str | None = None) -> datetime:
        return instant.astimezone(zone(name or self.mail.reader.zone))

    def _wrong_times(self, said: Times) -> Iterator[str]:
        part = self.parts[said.title]
        start, end = self._local(part.start, said.zone), self._local(part.end, said.zone)
        if said.start != f"{start:%H:%M}" or said.end not in (None, f"{end:%H:%M}"):
            yield f"{said} - it is from {start} to {end}"
        if said.zone not in (None, "UTC", self.mail.reader.zone, self.session.timezone):
            yield f"{said} - nobody reads that clock"
        if said.offset is not None and timedelta(minutes=said.offset) != start.utcoffset():
            yield f"{said} - it is {start.utcoffset()} from UTC"
        if said.day and not _is_day(said.day, start):
            yield f"{said} - it is {start:%A %d %B %Y}"

    def _wrong_words(self, said: Said, name: str) -> Iterator[str]:
        first = self.parts[said.times[0].title]
        for left in said.left:
            if not self._is_left(left, first.start):
                yield f"{left} - it is {self.mail.at} before {first.start}"
        needs = not self.is_notice and not said.has_begun
        if needs and not said.left and (name != "subject" or said.times[0].day is None):
            yield "it does not say how long it is until then"
        if not self.is_notice and said.has_begun != (first.start <= self.mail.at):
            yield f"it {'has' if said.has_begun else 'has not'} begun, by {first.start} at {self.mail.at}"
        if name == "subject" and said.times[0].day is None and not said.left and not said.has_begun:
            yield "nobody knows on which day"
        start = self._local(self.session.start)
        yield from (f"be there {each}" for each in said.there if each != f"{start:%H:%M}")
        yield from (f"the clock of {each}" for each in said.zones if each != self.mail.reader.zone)
        yield from (f"cue {each}" for each in said.cues if each not in self._cues())
        yield from (f"took back {each}" for each in said.taken_back if not self._was_told(each))

    def _is_left(self, left: Left, start: datetime) -> bool:
        remaining = start - self.mail.at
        days = (self._local(start).date() - self._local(self.mail.at).date()).days
        if left.kind == "now":
            return remaining <= timedelta(0)
        if left.kind == "minutes":
            return abs(remaining - timedelta(minutes=left.number)) <= timedelta(seconds=30)
        wanted = {"today": 0, "tomorrow": 1, "days": left.number}[left.kind]
        return remaining > timedelta(0) and days == wanted

    def _cues(self) -> set[tuple[str, str]]:
        return {(f"{self._local(s.start):%H:%M}", self.session.names_of(s)) for s in self.session.segments}

    def _was_told(self, said: Times) -> bool:
        """Whether something was on at that time before, and is not any more."""
        earlier = [start for session in self.before[:-1] for start in _starts(session)]
        gone = [self._local(start) for start in earlier if start not in _starts(self.session)]
        return any(said.start == f"{at:%H:%M}" and said.day and _is_day(said.day, at) for at in gone)

    def _wrong_clock_changes(self, said: Said, name: str) -> Iterator[str]:
        if name == "subject":
            return
        start, now = self.parts[said.times[0].title].start, self.mail.at
        after, before = (self._local(at).utcoffset() or timedelta(0) for at in (start, now))
        if after == before or start <= now:
            yield from (f"{each} - there is none" for each in said.changes)
            return
        if [round((after - before) / timedelta(minutes=1))] != [each.minutes for each in said.changes]:
            yield f"the clock goes from {before} to {after}, and it says {said.changes}"
        onset = self._onset(now, start)
        for each in said.changes:
            if each.zone != self.mail.reader.zone or not _is_day(each.day, self._local(onset)):
                yield f"{each} - it is at {self._local(onset)}"

    def _onset(self, now: datetime, start: datetime) -> datetime:
        """The last minute between the two at which the offset changes."""
        offset, moment = self._local(start).utcoffset(), start
        while self._local(moment - timedelta(minutes=1)).utcoffset() == offset:
            moment -= timedelta(minutes=1)
        return moment.replace(second=0)


def _starts(session: Session) -> list[datetime]:
    return [session.start, *(segment.start for segment in session.segments)]


def _is_day(said: Day, local: datetime) -> bool:
    shown = (local.weekday(), local.day, local.month)
    return (said.weekday, said.day, said.month) == shown and said.year in (None, local.year)


def main(arguments: Sequence[str] | None = None) -> int:
    """Play and judge them all; 1 where anything was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", nargs="*", default=MOMENTS)
    asked = parser.parse_args(arguments)
    verdict = Verdict()
    for moment in asked.moments:
        with tempfile.TemporaryDirectory() as folder:
            found = judged(play(Path(folder), utc(moment), [*ZONES]))
        print(f"{moment}: {found.times} times in {found.mails} mails, {len(found.wrong)} wrong", flush=True)  # noqa: T201
        verdict.add(found)
    summary = f"{len(verdict.wrong)} wrong of {verdict.times} times in {verdict.mails} mails"
    print("\n".join([*verdict.wrong[:50], summary, f"{verdict.changes} clock changes were told"]))  # noqa: T201
    return 1 if verdict.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
