"""The whole timeline on a virtual clock, with the real planner, composer and outbox."""

import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sqlalchemy import Engine, Row

from gsef_notify import zones
from gsef_notify.clock import SteppedClock
from gsef_notify.errors import SettingsError
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Selection
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.stored import body, parsed
from gsef_notify.program.changes import Publication
from gsef_notify.reminders.people import known_zone
from gsef_notify.service.dispatch import Office, next_wake, send_next
from gsef_notify.store import outbox
from gsef_notify.store.database import transaction

HEAD_START = timedelta(minutes=1)
_MARK = ".gsef-notify-rehearsal"
_OURS = ("mail", "feeds")


@dataclass(frozen=True)
class Played:
    """One mail of a rehearsal, or one that was due and did not go out, for ``reason``.

    ``at`` is when that was decided, ``timezone`` the zone of its reader, ``proof`` names the stored message.
    """

    key: str
    at: datetime
    state: str
    reason: str
    recipient: str
    role: str
    timezone: str
    rule: str
    subject: str
    proof: str

    @property
    def local_time(self) -> datetime:
        """When it came, by the clock of its reader."""
        return zones.local(self.at, self.timezone)


def clear(folder: Path) -> None:
    """Make the folder ready for a rehearsal: made where it is missing, emptied of an earlier one.

    Raises SettingsError for a folder that holds anything else, or that can not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()) and not (folder / _MARK).exists():
            raise SettingsError(
                f"{folder} holds something else - name an empty or new folder for the rehearsal"
            )
        (folder / _MARK).touch()
        for part in _OURS:
            shutil.rmtree(folder / part, ignore_errors=True)
        for file in (*folder.glob("rehearsal.db*"), folder / "index.html"):
            file.unlink(missing_ok=True)
    except OSError as error:
        raise SettingsError(f"{folder}: {error.strerror} - name a folder that this user may write") from None


def beginning(first_due: datetime | None, asked: datetime | None) -> datetime:
    """The instant at which a rehearsal begins: as asked, else shortly before the first mail."""
    return asked or (first_due - HEAD_START if first_due else datetime(2000, 1, 1, tzinfo=UTC))


async def play(
    office: Office, clock: SteppedClock, until: datetime | None, progress: Callable[[], None]
) -> None:
    """Step the clock from one due instant to the next, sending what is due, up to ``until`` or the last."""
    while (wake := next_wake(office.engine)) is not None and (until is None or wake <= until):
        clock.set(max(wake, clock.now()))
        while await send_next(office):
            progress()


def played(engine: Engine, publication: Publication) -> list[Played]:
    """All that was due so far, in the order in which it was dealt with."""
    with transaction(engine) as connection:
        rows = outbox.history(connection)
    done = [_played(row, publication) for row in rows if row.state in outbox.FINAL]
    return sorted(done, key=lambda each: (each.at, int(each.key)))


def summary(mails: Sequence[Played]) -> str:
    """How many of what, for a terminal."""
    states = Counter(mail.state for mail in mails)
    rules = Counter(mail.rule for mail in mails if mail.state == "sent")
    people = len({mail.recipient for mail in mails})
    total = ", ".join(f"{number} {state}" for state, number in sorted(states.items())) or "nothing was due"
    return "\n".join(
        [f"{len(mails)} mails to {people} people: {total}", *(f"  {rules[rule]:4} {rule}" for rule in rules)]
    )


def write_feeds(
    folder: Path, site: Site, publication: Publication, known_zones: Mapping[str, str]
) -> list[Path]:
    """Every public feed as a file; each person's in their zone, by ``known_zones`` or as the program says."""
    folder.mkdir(exist_ok=True)
    files = []
    for selection in _selections(publication, known_zones):
        file = folder / f"{selection.name}.ics"
        file.write_bytes(feed(site, publication, selection))
        files.append(file)
    return files


def write_report(
    file: Path,
    templates: Path,
    publication: Publication,
    mails: Sequence[Played],
    maildir: MaildirTransport,
    feeds: Sequence[Path],
) -> None:
    """The timeline as a page: who got what when, by whose clock, each mail to be unfolded."""
    environment = Environment(loader=FileSystemLoader(templates), autoescape=True, undefined=StrictUndefined)
    context = {
        "sessions": [session.title for session in publication.program.sessions],
        "summary": summary(mails),
        "mails": [_report_line(mail, maildir) for mail in mails],
        "feeds": [feed.relative_to(file.parent).as_posix() for feed in feeds],
    }
    file.write_text(environment.get_template("index.html").render(context), encoding="utf-8")


def _selections(publication: Publication, known_zones: Mapping[str, str]) -> list[Selection]:
    sessions = [Selection(session=session.id) for session in publication.program.sessions]
    named = {person.id: person.timezone for _, person in publication.program.people()}
    people = [Selection(person=p, face=Face(timezone=known_zones.get(p, zone))) for p, zone in named.items()]
    return [Selection(), *sessions, *people]


def _report_line(mail: Played, maildir: MaildirTransport) -> dict[str, Any]:
    path = maildir.path(mail.proof) if mail.proof else None
    local = mail.local_time
    return {
        "at": f"{mail.at:%Y-%m-%d %H:%M} UTC",
        "day": f"{mail.at:%A} {mail.at.day} {mail.at:%B %Y}",
        "local": f"{local:%a %H:%M}",
        "place": zones.city(mail.timezone),
        "night": local.hour < 7 or local.hour >= 22,
        "recipient": mail.recipient,
        "role": mail.role,
        "rule": mail.rule,
        "state": mail.state,
        "reason": mail.reason,
        "subject": mail.subject,
        "text": body(parsed(path.read_bytes()), "plain") if path else "",
    }


def _played(row: Row[Any], publication: Publication) -> Played:
    session = next((s for s in publication.program.sessions if s.id == row.session), None)
    person = next((p for p in session.people if p.id == row.person), None) if session else None
    announced = session.timezone if session else "UTC"
    return Played(
        key=str(row.id),
        at=row.finished_at,
        state=row.state,
        reason=row.reason or "",
        recipient=row.name,
        role=row.role,
        timezone=row.told_timezone or known_zone(row.timezone, person) or announced,
        rule=row.rule,
        subject=row.subject or "",
        proof=row.proof or "",
    )
