"""What mails cost, measured on the real store and the real sending loop: a list of contacts in six zones, one
reminder that falls due for all of them, some mails sent while all others wait, and an edit that moves what
everybody was told."""

import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace
from sqlalchemy import Engine, func, select, text, update

from benchmarks.sending import ROOT
from gsef_notify import readers, wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.transport import Envelope, Room
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.rules import DEFAULT_RULES
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.publish import Newest, Policy, publish, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store import outbox
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.tables import deliveries

FEW, BESIDE_OTHERS = 120, 40
ZONES = (
    "Asia/Seoul", "America/Santiago", "Africa/Kampala", "America/Toronto", "Europe/Paris", "Asia/Phnom_Penh",
)  # fmt: skip


class MailCosts(NamedTuple):
    """Core seconds, which a busy machine alters little, and bytes in the database, for each mail or
    recipient."""

    mail: float
    mail_each_waiting: float
    expanded: float
    retold: float
    delivery_bytes: float


class Nowhere:
    """A transport that takes everything at once, so that only our own work is measured."""

    def room(self) -> Room:
        """One at a time."""
        return Room(1)

    async def send(self, envelope: Envelope) -> str:
        """Take it."""
        return "250 taken"

    async def close(self) -> None:
        """Nothing is held open."""


class Desk(NamedTuple):
    """A published program with a reminder that is due for all participants."""

    engine: Engine
    office: Office
    program: Program
    policy: Policy
    now: datetime


def mail_costs(recipients: int, runs: int = 3) -> MailCosts:
    """Medians over that many runs, each with a database of its own."""
    measured = []
    for _ in range(runs):
        with tempfile.TemporaryDirectory(dir=ROOT) as folder:
            measured.append(_run(Path(folder), recipients))
    return MailCosts(*(statistics.median(each) for each in zip(*measured, strict=True)))


def _run(folder: Path, recipients: int) -> MailCosts:
    few = _desk(folder / "few.db", FEW)
    _expand(few)
    alone = _spent(lambda: asyncio.run(_send(few, FEW - BESIDE_OTHERS)), FEW - BESIDE_OTHERS)
    many = _desk(folder / "many.db", recipients)
    before = _database_bytes(many.engine)
    expanded = _spent(lambda: _expand(many), recipients)
    beside_others = _spent(lambda: asyncio.run(_send(many, BESIDE_OTHERS)), BESIDE_OTHERS)
    _tell_all(many)
    size = (_database_bytes(many.engine) - before) / recipients
    retold = _spent(lambda: _move(many), recipients)
    more = max(0.0, beside_others - alone) / recipients
    return MailCosts(alone, more, expanded, retold, size)


def _desk(file: Path, recipients: int) -> Desk:
    program = readers.read([ROOT / "schedules"]).accept()
    due = program.sessions[0].start - timedelta(hours=1)
    policy = Policy(tuple(rule for rule in DEFAULT_RULES if rule.role == "participant"))
    engine, clock, newest = open_database(f"sqlite:///{file}"), SteppedClock(due), Newest()
    take_contacts(engine, map(_contact, range(recipients)), policy, due - timedelta(minutes=1))
    newest.replace(publish(engine, program, policy, due - timedelta(minutes=1))[0])
    office = wiring.office(Settings(), engine, clock, Nowhere(), newest)
    return Desk(engine, office, program, policy, due)


def _contact(number: int) -> Contact:
    zone = ZONES[number % len(ZONES)]
    return Contact(name=f"P {number}", email=f"p{number}@example.org", role="participant", timezone=zone)


def _expand(desk: Desk) -> None:
    with transaction(desk.engine) as connection:
        outbox.expand(connection, desk.now)


async def _send(desk: Desk, mails: int) -> None:
    for _ in range(mails):
        if not await send_next(desk.office):
            raise AssertionError("there are fewer mails than were asked for")


def _tell_all(desk: Desk) -> None:
    """Let everybody have been told what those were told to whom a mail was sent."""
    was_sent = deliveries.c.state == "sent"
    told = [deliveries.c[name] for name in ("subject", "facts", "told_timezone", "revision", "proof")]
    with transaction(desk.engine) as connection:
        row = connection.execute(select(*told).where(was_sent).limit(1)).one()
        values = {**row._mapping, "state": "sent", "finished_at": desk.now}
        values["message_id"] = func.printf("%064d@example.org", deliveries.c.id)
        connection.execute(update(deliveries).where(deliveries.c.state == "ready").values(values))


def _move(desk: Desk) -> None:
    """Publish the program half an hour later."""
    later = timedelta(minutes=30)
    sessions = tuple(
        replace(
            session,
            start=session.start + later,
            end=session.end + later,
            segments=tuple(
                replace(part, start=part.start + later, end=part.end + later) for part in session.segments
            ),
        )
        for session in desk.program.sessions
    )
    publish(desk.engine, replace(desk.program, sessions=sessions), desk.policy, desk.now)


def _database_bytes(engine: Engine) -> int:
    with transaction(engine) as connection:
        pages = connection.scalar(text("PRAGMA page_count")) or 0
        return int(pages) * int(connection.scalar(text("PRAGMA page_size")) or 0)


def _spent(work: Callable[[], object], number: int) -> float:
    """Core seconds of all threads for each of that many."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) / number
