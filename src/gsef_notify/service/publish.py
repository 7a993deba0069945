"""Program files become the newest revision, and the reminders follow it."""

import logging
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from gsef_notify.program.changes import KEPT, Publication, is_outdated
from gsef_notify.program.model import Program
from gsef_notify.program.problems import Problem
from gsef_notify.readers import ProgramFiles
from gsef_notify.reminders.notices import notices
from gsef_notify.reminders.people import Contact
from gsef_notify.reminders.plan import plan
from gsef_notify.reminders.quiet import QuietHours
from gsef_notify.reminders.rules import DEFAULT_RULES, NIGHT, Rule
from gsef_notify.store import believed, people, planned, revisions
from gsef_notify.store.database import planning, reading

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Policy:
    """What is done for every program: the rules by which people are reminded, how long after its session what
    was taken out is told to be cancelled, and the hours in which no notice disturbs anybody."""

    rules: Sequence[Rule] = DEFAULT_RULES
    kept: timedelta = KEPT
    quiet: QuietHours | None = NIGHT


class Newest:
    """The newest published program, kept in memory for everybody who asks often."""

    def __init__(self) -> None:
        self._publication: Publication | None = None

    def latest(self) -> Publication | None:
        """The newest publication, None before the first."""
        return self._publication

    def replace(self, publication: Publication) -> None:
        """From now on this is the newest, unless a later revision is known."""
        if self._publication is None or publication.revision >= self._publication.revision:
            self._publication = publication


@dataclass(frozen=True)
class Outcome:
    """What became of reading the program files: ``publication`` is None where they have errors."""

    publication: Publication | None
    problems: tuple[Problem, ...]
    is_new: bool = False


def publish_files(engine: Engine, files: ProgramFiles, policy: Policy, now: datetime) -> Outcome:
    """Read the files and publish what they hold. With errors in them, nothing changes."""
    with reading(engine) as connection:
        contacts = people.listed(connection)
    read = files.read(contacts)
    if read.errors:
        return Outcome(None, read.problems)
    publication, is_new = publish(engine, read.program, policy, now, read.settled)
    return Outcome(publication, read.problems, is_new)


def publish(
    engine: Engine, program: Program, policy: Policy, now: datetime, settled: Collection[str] = ()
) -> tuple[Publication, bool]:
    """Store the program as the newest revision, with its reminders; says whether it differs from the last.
    ``settled`` are the lasting keys of those whose ids the files give; the others are recognised."""
    with planning(engine) as connection:
        return publish_within(connection, program, policy, now, settled)


def publish_within(
    connection: Connection, program: Program, policy: Policy, now: datetime, settled: Collection[str] = ()
) -> tuple[Publication, bool]:
    """``publish``, as a part of a transaction."""
    publication, is_new = revisions.accept(connection, program, now, settled, policy.kept)
    replan(connection, publication, policy, now)
    return publication, is_new


def last_published(engine: Engine, policy: Policy, now: datetime) -> Publication | None:
    """The stored program with its reminders planned by the present rules, None where nothing is stored."""
    with planning(engine) as connection:
        if revisions.newest_number(connection) is None:
            return None
        publication, _ = revisions.restate(connection, now, policy.kept)
        replan(connection, publication, policy, now)
    return publication


def tidied(engine: Engine, newest: Newest, policy: Policy, now: datetime) -> Publication | None:
    """The stored program without what was cancelled and is over for long, None where the newest tells of
    nothing like that."""
    publication = newest.latest()
    if publication is None or not is_outdated(publication, now, policy.kept):
        return None
    return last_published(engine, policy, now)


def take_contacts(engine: Engine, contacts: Iterable[Contact], policy: Policy, now: datetime) -> int:
    """Add contacts to the list and let them share in the reminders that are still of use; their number."""
    with planning(engine) as connection:
        taken = people.add(connection, contacts)
        if publication := revisions.latest(connection):
            replan(connection, publication, policy, now)
    return taken


def catch_up(connection: Connection, newest: Newest) -> None:
    """Make a revision that another process has published since the newest that is known here."""
    number, known = revisions.newest_number(connection), newest.latest()
    if number is not None and (known is None or known.revision < number):
        publication = revisions.latest(connection)
        if publication:
            newest.replace(publication)
            logger.info("found revision %d", publication.revision)


def replan(connection: Connection, publication: Publication, policy: Policy, now: datetime) -> None:
    """Let the reminders and notices be those that follow from the publication and the contacts."""
    program = publication.program
    people.link(connection, program)
    planned.keep_named(connection, program)
    planned.replan(connection, plan(program, policy.rules, people.listeners(connection)), now)
    if _renotify(connection, publication, policy, now):
        _renotify(connection, publication, policy, now)  # who may have had one that is false by now
    planned.reconsider(connection, now)


def _renotify(connection: Connection, publication: Publication, policy: Policy, now: datetime) -> bool:
    told = believed.of_sessions(connection, {session.id for session in publication.sessions()})
    return planned.renotify(connection, notices(told, publication, now, policy.quiet), now)
