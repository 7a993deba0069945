"""The whole timeline on a virtual clock, with the real planner, composer and outbox."""

import shutil
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from gsef_notify.clock import SteppedClock
from gsef_notify.errors import SettingsError
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import feed
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import Publication
from gsef_notify.service.dispatch import Office, next_wake, send_next
from gsef_notify.service.incidents import NOTHING_HAPPENS, Incident, Script
from gsef_notify.service.stagehand import Happening, Stagehand

HEAD_START = timedelta(minutes=1)
_MARK = ".gsef-notify-rehearsal"
_OURS = ("mail", "feeds")


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


def beginning(
    first_due: datetime | None, asked: datetime | None, happens: Script = NOTHING_HAPPENS
) -> datetime:
    """The instant at which a rehearsal begins: as asked, else shortly before the first mail or incident."""
    firsts = [moment for moment in (first_due, happens.first) if moment]
    return asked or (min(firsts) - HEAD_START if firsts else datetime(2000, 1, 1, tzinfo=UTC))


async def play(
    office: Office,
    clock: SteppedClock,
    until: datetime | None,
    progress: Callable[[], None],
    stagehand: Stagehand,
    incidents: tuple[Incident, ...] = (),
) -> list[Happening]:
    """Step the clock from one due instant or incident to the next, sending what is due, up to ``until`` or
    the last; what happened. At the same instant incidents come before mails. Raises AmendmentRefused."""
    ahead, happened = deque(incidents), list[Happening]()
    while (moment := _next(office.engine, ahead)) is not None and (until is None or moment <= until):
        clock.set(max(moment, clock.now()))
        while ahead and ahead[0].at <= clock.now():
            happened.append(stagehand.perform(ahead.popleft()))
        while await send_next(office):
            progress()
    return happened


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


def _next(engine: Engine, ahead: deque[Incident]) -> datetime | None:
    moments = (next_wake(engine), ahead[0].at if ahead else None)
    return min((moment for moment in moments if moment), default=None)


def _selections(publication: Publication, known_zones: Mapping[str, str]) -> list[Selection]:
    sessions = [Selection(session=session.id) for session in publication.program.sessions]
    named = {person.id: person.timezone for _, person in publication.program.people()}
    people = [Selection(person=p, face=Face(timezone=known_zones.get(p, zone))) for p, zone in named.items()]
    return [Selection(), *sessions, *people]
