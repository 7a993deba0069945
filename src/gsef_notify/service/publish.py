"""Program files become the newest revision, and the reminders follow it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from gsef_notify.program.changes import KEPT, Publication, is_outdated
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Problem
from gsef_notify.readers import ProgramFiles
from gsef_notify.reminders.notices import notices
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.plan import plan
from gsef_notify.reminders.rules import Rule
from gsef_notify.store import outbox, people, revisions
from gsef_notify.store.database import transaction


@dataclass(frozen=True)
class Published:
    """A publication and the keys of the reminders that are planned for it."""

    publication: Publication
    planned: frozenset[str]


class Newest:
    """The newest published program, kept in memory for everybody who asks often."""

    def __init__(self) -> None:
        self._published: Published | None = None

    def latest(self) -> Publication | None:
        """The newest publication, None before the first."""
        return self._published.publication if self._published else None

    def still_planned(self, reminder_key: str) -> bool:
        """Whether a reminder belongs to the newest program."""
        return self._published is not None and reminder_key in self._published.planned

    def replace(self, published: Published) -> None:
        """From now on this is the newest."""
        self._published = published


@dataclass(frozen=True)
class Outcome:
    """What became of reading the program files: ``published`` is None where they have errors."""

    published: Published | None
    problems: tuple[Problem, ...]
    is_new: bool = False


def publish_files(
    engine: Engine, files: ProgramFiles, rules: Iterable[Rule], now: datetime, kept: timedelta = KEPT
) -> Outcome:
    """Read the files and publish what they hold. With errors in them, nothing changes."""
    with transaction(engine) as connection:
        contacts = people.listed(connection)
    reading = files.read(contacts)
    if reading.errors:
        return Outcome(None, reading.problems)
    published, is_new = publish(engine, reading.program, rules, now, reading.settled, kept)
    return Outcome(published, reading.problems, is_new)


def publish(
    engine: Engine,
    program: Program,
    rules: Iterable[Rule],
    now: datetime,
    settled: Collection[str] = (),
    kept: timedelta = KEPT,
) -> tuple[Published, bool]:
    """Store the program as the newest revision, with its reminders; says whether it differs from the last.
    ``settled`` are the lasting keys of those whose ids the files give; the others are recognised. What is
    taken out is told to be cancelled until ``kept`` after its session."""
    with transaction(engine) as connection:
        publication, is_new = revisions.accept(connection, program, now, settled, kept)
        reminders = plan(publication.program, rules)
        words = notices(outbox.told(connection), publication, now)
        people.link(connection, publication.program)
        outbox.replan(connection, reminders, now, words)
        outbox.reconsider(connection, now)
    planned = (*reminders, *(notice.reminder for notice in words))
    return Published(publication, frozenset(reminder.key for reminder in planned)), is_new


def last_published(
    engine: Engine, rules: Iterable[Rule], now: datetime, kept: timedelta = KEPT
) -> Published | None:
    """The stored program with its reminders planned by the present rules, None where nothing is stored."""
    with transaction(engine) as connection:
        publication = revisions.latest(connection)
    return publish(engine, publication.program, rules, now, kept=kept)[0] if publication else None


def tidied(
    engine: Engine, newest: Newest, rules: Iterable[Rule], now: datetime, kept: timedelta
) -> Published | None:
    """The stored program without what was cancelled and is over for longer than ``kept``, None where the
    newest tells of nothing like that."""
    publication = newest.latest()
    if publication is None or not is_outdated(publication, now, kept):
        return None
    return last_published(engine, rules, now, kept)


def take_contacts(engine: Engine, contacts: Iterable[Contact], now: datetime) -> int:
    """Add contacts to the list and let them share in the reminders that are still of use; their number."""
    with transaction(engine) as connection:
        taken = people.add(connection, contacts)
        if publication := revisions.latest(connection):
            people.link(connection, publication.program)
        outbox.reconsider(connection, now)
    return taken
