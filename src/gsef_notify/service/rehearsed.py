"""What came of a rehearsal: every mail, when it was due, when it went out, and what held it up."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row

from gsef_notify import zones
from gsef_notify.durations import in_words
from gsef_notify.program.changes import Publication
from gsef_notify.reminders.people import known_zone
from gsef_notify.service.outage import REFUSED
from gsef_notify.service.stagehand import Happening
from gsef_notify.store import outbox, planned
from gsef_notify.store.database import transaction

ON_TIME = timedelta(0)


@dataclass(frozen=True)
class Played:
    """One mail of a rehearsal, or one that was due and did not go out, for ``reason``.

    ``at`` is when that was decided, or for one that still waits the next try; ``ready`` from when on it could
    have gone out, ``timezone`` the zone of its reader, ``proof`` names the stored message. ``was_refused``
    says that the mail server was down when it was tried first.
    """

    key: str
    at: datetime
    ready: datetime
    state: str
    reason: str
    contact: int
    recipient: str
    role: str
    timezone: str
    rule: str
    subject: str
    proof: str
    message_id: str
    was_refused: bool

    @property
    def local_time(self) -> datetime:
        """When it came, by the clock of its reader."""
        return zones.local(self.at, self.timezone)

    @property
    def delay(self) -> timedelta:
        """How long a mail that went out had to wait."""
        return max(self.at - self.ready, ON_TIME) if self.state == "sent" else ON_TIME


@dataclass(frozen=True)
class Damage:
    """What an outage of the mail server did: how late mails were, and how many could not go out in time."""

    delays: tuple[timedelta, ...]
    lost: int

    def __str__(self) -> str:
        late = f"{_mails(len(self.delays))} late"
        parts = [f"{late}, by {in_words(max(self.delays))} at most"] if self.delays else []
        parts += [f"{_mails(self.lost)} not sent because it was too late"] if self.lost else []
        return "; ".join(parts) or "no mail was late"


def damage(mails: Sequence[Played]) -> Damage:
    """What outages did to those mails."""
    delays = [mail.delay for mail in mails if mail.was_refused and mail.delay]
    return Damage(tuple(delays), sum(mail.was_refused and mail.state == "expired" for mail in mails))


def played(engine: Engine, publication: Publication, refused: Collection[str] = ()) -> list[Played]:
    """All that was due so far or waits, in the order in which it was or will be dealt with; ``refused`` are
    the Message-IDs of mails that the server did not take at first."""
    with transaction(engine) as connection:
        rows = outbox.history(connection)
        since = planned.planned_at(connection)
    mails = [_played(row, publication, since[row.reminder], refused) for row in rows]
    return sorted(mails, key=lambda mail: (mail.at, int(mail.key)))


def summary(mails: Sequence[Played], happened: Sequence[Happening] = (), outages: int = 0) -> str:
    """How many of what, for a terminal; what happened and how many mails were late for an outage, by how much
    at most."""
    states = Counter(mail.state for mail in mails)
    rules = Counter(mail.rule for mail in mails if mail.state == "sent")
    people = len({mail.contact for mail in mails})
    total = ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "nothing was due"
    number = "1 outage" if outages == 1 else f"{outages} outages"
    happenings = [line for each in happened for line in _told(each)]
    return "\n".join(
        [
            f"{len(mails)} mails to {people} people: {total}",
            *(f"  {rules[rule]:4} {rule}" for rule in rules),
            *([f"{number} of the mail server: {damage(mails)}"] if outages else []),
            *happenings,
        ]
    )


def _told(happening: Happening) -> list[str]:
    first = f"{happening.at:%Y-%m-%d %H:%M} UTC: {happening.what} ({happening.effect})"
    return [first, *(f"  {problem}" for problem in happening.problems)]


def _mails(number: int) -> str:
    return "1 mail was" if number == 1 else f"{number} mails were"


def _played(row: Row[Any], publication: Publication, since: datetime, refused: Collection[str]) -> Played:
    session = next((s for s in publication.sessions() if s.id == row.session), None)
    person = next((p for p in session.people if p.id == row.person), None) if session else None
    announced = session.timezone if session else "UTC"
    is_over = row.state in outbox.FINAL
    is_refused = row.message_id in refused if row.message_id else REFUSED in (row.reason or "")
    return Played(
        key=str(row.id),
        at=row.finished_at if is_over else row.next_try,
        ready=max(row.due, since),
        state=row.state if is_over else "waiting",
        reason=row.reason or "",
        contact=row.contact_id,
        recipient=row.name,
        role=row.role,
        timezone=row.told_timezone or known_zone(row.timezone, person) or announced,
        rule=row.rule,
        subject=row.subject or "",
        proof=row.proof or "",
        message_id=row.message_id or "",
        was_refused=is_refused,
    )
