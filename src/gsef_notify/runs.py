"""The long commands: serve, serve a rehearsal, play a rehearsal. Parts are put together here and let go."""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine

from gsef_notify import wiring
from gsef_notify.clock import ScaledClock, SteppedClock, SystemClock
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.transports import without_password
from gsef_notify.program.model import Program
from gsef_notify.program.problems import ProgramRefused
from gsef_notify.readers import ProgramFiles
from gsef_notify.reminders.people import Contact, known_zones
from gsef_notify.reminders.rules import NIGHT
from gsef_notify.service import rehearse
from gsef_notify.service.amend import Amendments
from gsef_notify.service.daemon import Daemon, Premises, report, report_lapses
from gsef_notify.service.dispatch import Office
from gsef_notify.service.guard import other_clocks
from gsef_notify.service.incidents import NOTHING_HAPPENS, Script
from gsef_notify.service.line import left_behind
from gsef_notify.service.links import PersonalLinks
from gsef_notify.service.outage import OutageTransport
from gsef_notify.service.preview import planned_mails
from gsef_notify.service.publish import Newest, last_published, publish, publish_files, take_contacts
from gsef_notify.service.rehearsal_page import Report, write_page
from gsef_notify.service.rehearsed import played, summary
from gsef_notify.service.replies import Replies, let_be_known, tokens_of
from gsef_notify.service.role import Role
from gsef_notify.service.role import check as check_role
from gsef_notify.service.server import listen
from gsef_notify.service.stagehand import Stagehand, check_files
from gsef_notify.settings import Settings
from gsef_notify.stage import RunningStage, skipper
from gsef_notify.store import ballast
from gsef_notify.store.database import doubts, open_database
from gsef_notify.store.instance import workplace
from gsef_notify.web.app import create_app, create_health_app
from gsef_notify.web.sources import Health, House, Stage

logger = logging.getLogger(__name__)

REHEARSAL_FOLDER = Path("var/rehearsal")
Period = tuple[datetime | None, datetime | None]


def serve(settings: Settings, files: ProgramFiles, role: Role = Role.ALL) -> int:
    """Run the service until a signal ends it; 0. Raises ProgramRefused where it has nothing to serve."""
    _log_to_terminal()
    policy = wiring.policy(settings)
    with _database(settings.database) as engine, workplace(engine):
        check_role(role, engine)
        clock, newest = SystemClock(), Newest()
        office = wiring.office(settings, engine, clock, wiring.transport(settings, clock), newest)
        premises = Premises(files, policy, clock, lambda wake: None)
        if role.works:
            _begin_work(office, premises)
        daemon = Daemon(office, premises, wiring.errands(settings, engine, clock), role)
        where = f"mails go to {without_password(settings.mail)}" if role.works else "it sends no mails"
        book = PersonalLinks(engine, clock), Replies(engine, clock, tokens_of(engine))
        _run(daemon, settings, newest, *book, None, where)
    return 0


def _begin_work(office: Office, premises: Premises) -> None:
    engine = office.engine
    ballast.load(engine)
    _publish_at_start(engine, premises, office.newest)
    for line in doubts(engine):
        logger.warning("%s", line)
    if left_over := left_behind(engine, office.clock.now()):
        logger.warning("%d deliveries were being sent when the service stopped: they go out again", left_over)


def serve_rehearsal(
    settings: Settings,
    files: ProgramFiles,
    contacts: Sequence[Contact],
    start: datetime | None,
    speed: float,
) -> int:
    """Run the service on a virtual clock, with a Maildir and a database of its own; 0 in the end."""
    _log_to_terminal()
    program = _accepted(files, contacts)
    rehearse.clear(REHEARSAL_FOLDER)
    with _database(f"sqlite:///{REHEARSAL_FOLDER}/rehearsal.db") as engine, workplace(engine):
        policy, newest = wiring.policy(settings), Newest()
        maildir = MaildirTransport(REHEARSAL_FOLDER / "mail")
        lead = timedelta(seconds=speed * 2)
        planned = planned_mails(program, contacts, policy, (None, None))
        begin = start or rehearse.beginning(planned[0].due if planned else None, None) - lead
        clock = ScaledClock(begin, speed)
        office = wiring.office(settings, engine, clock, maildir, newest)
        take_contacts(engine, contacts, policy, begin)
        newest.replace(publish(engine, program, policy, begin)[0])
        premises = Premises(files, policy, clock, skipper(clock, lead))
        daemon = Daemon(office, premises)
        amendments = Amendments(engine, policy, clock)
        stage = RunningStage(engine, clock, speed, newest, maildir, amendments)
        where = f"a rehearsal: mails go to {REHEARSAL_FOLDER / 'mail'}"
        book = PersonalLinks(engine, clock), Replies(engine, clock, tokens_of(engine))
        _run(daemon, settings, newest, *book, stage, where)
    return 0


def play_rehearsal(
    settings: Settings,
    program: Program,
    contacts: Sequence[Contact],
    output: Path,
    period: Period,
    script: Script = NOTHING_HAPPENS,
) -> str:
    """Play the timeline of the period, with what is to happen, into the folder ``output``; the summary."""
    check_files(script.incidents)
    rehearse.clear(output)
    policy, newest = wiring.policy(settings), Newest()
    planned = planned_mails(program, contacts, policy, period)
    start = rehearse.beginning(planned[0].due if planned else None, period[0], script)
    clock = SteppedClock(start)
    maildir = MaildirTransport(output / "mail")
    transport = OutageTransport(maildir, clock, script.outages)
    with _database(f"sqlite:///{output}/rehearsal.db") as engine, _progress() as progress:
        let_be_known(engine)
        office = wiring.office(settings, engine, clock, transport, newest)
        stagehand = Stagehand(Amendments(engine, policy, clock), wiring.assumptions(settings))
        take_contacts(engine, contacts, policy, start)
        first, _ = publish(engine, program, policy, start)
        newest.replace(first)
        task = progress.add_task("rehearsing", total=sum(bool(mail.email) for mail in planned))
        advance = partial(progress.advance, task)
        happened = asyncio.run(rehearse.play(office, clock, period[1], advance, stagehand, script.incidents))
        publication = newest.latest() or first
        mails = played(engine, publication, transport.refused)
    known = known_zones(contacts, publication.program)
    feeds = rehearse.write_feeds(output / "feeds", wiring.site(settings), publication, known)
    night = settings.night or NIGHT
    report = Report(publication, mails, maildir, feeds, happened, script.outages, night)
    write_page(output / "index.html", settings.template_folder("rehearsal"), report)
    return f"{summary(mails, happened, len(script.outages))}\nsee {output / 'index.html'}"


def _progress() -> Progress:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    return Progress(console=console, transient=True, disable=not console.is_terminal)


def _run(
    daemon: Daemon,
    settings: Settings,
    newest: Newest,
    links: PersonalLinks,
    replies: Replies,
    stage: Stage | None,
    where: str,
) -> None:
    def health() -> Health:
        publication, trouble = newest.latest(), daemon.trouble
        revision = publication.revision if publication else None
        is_well = revision is not None and not trouble
        return Health(is_well, revision, {**daemon.remarks, **trouble}, daemon.role)

    listener = listen(settings.host, settings.port)
    if daemon.role.serves:
        house = House(wiring.site(settings), newest, health, daemon.now, links, replies, stage)
        app = create_app(house, settings.template_folder("web"))
        logger.info("the program: %s/", settings.base_url)
        logger.info("the calendar: %s/calendar.ics", settings.base_url)
    else:
        app = create_health_app(health)
    logger.info("%s", where)
    daemon.run(app, listener)


def _publish_at_start(engine: Engine, premises: Premises, newest: Newest) -> None:
    policy, now = premises.policy, premises.clock.now()
    outcome = publish_files(engine, premises.files, policy, now)
    report(outcome.problems)
    report_lapses(engine, now)
    publication = outcome.publication or last_published(engine, policy, now)
    if publication is None:
        raise ProgramRefused(list(outcome.problems))
    newest.replace(publication)
    for line in other_clocks(engine, publication, now):
        logger.warning("%s", line)
    if outcome.publication is None:
        logger.error("the program files have errors: revision %d stays", publication.revision)


def _accepted(files: ProgramFiles, contacts: Sequence[Contact]) -> Program:
    reading = files.read(contacts)
    report(reading.problems)
    return reading.accept()


@contextmanager
def _database(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _log_to_terminal() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)-7s %(message)s")
    for chatty in ("apscheduler", "watchfiles", "alembic", "uvicorn.error"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
