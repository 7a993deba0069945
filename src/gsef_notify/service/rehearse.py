"""The whole timeline on a virtual clock, with the real planner, composer and outbox."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, Row

from gsef_notify import zones
from gsef_notify.clock import ScaledClock, SteppedClock
from gsef_notify.feeds.events import Face, Site
from gsef_notify.feeds.feed import Selection, feed
from gsef_notify.program.changes import Publication
from gsef_notify.service.dispatch import Office, next_wake, send_next
from gsef_notify.store import outbox
from gsef_notify.store.database import transaction

LEAD_SECONDS = 2.0
WORTH_SKIPPING = timedelta(minutes=15)


@dataclass(frozen=True)
class Played:
    """One mail of a rehearsal, or one that was due and did not go out."""

    key: str
    at: datetime
    state: str
    reason: str
    recipient: str
    role: str
    timezone: str
    rule: str
    session: str
    subject: str
    proof: str

    @property
    def local_time(self) -> datetime:
        """When it came, by the clock of its reader."""
        return zones.local(self.at, self.timezone)


async def play(
    office: Office, clock: SteppedClock, until: datetime | None, progress: Callable[[], None]
) -> None:
    """Step the clock from one due instant to the next, sending what is due, up to ``until`` or the last."""
    while (wake := await asyncio.to_thread(next_wake, office.engine)) is not None:
        if until is not None and wake > until:
            return
        clock.set(max(wake, clock.now()))
        while await send_next(office):
            progress()


def played(engine: Engine, publication: Publication) -> list[Played]:
    """All that was due so far, in the order in which it was dealt with."""
    with transaction(engine) as connection:
        rows = outbox.history(connection)
    done = [_played(row, publication) for row in rows if row.state in outbox.FINAL]
    return sorted(done, key=lambda each: (each.at, each.key))


def skipper(clock: ScaledClock, speed: float) -> Callable[[datetime | None], None]:
    """What makes a running rehearsal pass over the hours in which nothing happens."""

    def skip(wake: datetime | None) -> None:
        if wake is not None and wake - clock.now() > WORTH_SKIPPING:
            clock.skip_to(wake - timedelta(seconds=LEAD_SECONDS * speed))

    return skip


def write_feeds(folder: Path, site: Site, publication: Publication) -> list[Path]:
    """Every public feed as a file, each person's in their own zone where it is known."""
    return [_write(folder / f"{s.name}.ics", feed(site, publication, s)) for s in _selections(publication)]


def _selections(publication: Publication) -> Sequence[Selection]:
    sessions = [Selection(session=session.id) for session in publication.program.sessions]
    people = [
        Selection(person=person.id, face=Face(timezone=person.timezone))
        for _, person in publication.program.people()
    ]
    return [Selection(), *sessions, *people]


def _write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _played(row: Row[Any], publication: Publication) -> Played:
    session = publication.program.session(row.session)
    person = next((p for p in session.people if p.id == row.person), None)
    known = row.timezone or (person.timezone if person else None)
    return Played(
        key=str(row.id),
        at=row.finished_at,
        state=row.state,
        reason=row.reason or "",
        recipient=row.name,
        role=row.role,
        timezone=row.told_timezone or known or session.timezone,
        rule=row.rule,
        session=session.id,
        subject=row.subject or "",
        proof=row.proof or "",
    )
