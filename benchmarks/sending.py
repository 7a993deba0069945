"""How many mails a second go from outbox to Maildir, beside writing as many synced files and nothing else.

The limit is the disk: each mail is one file that is synced, and two transactions.
"""

import asyncio
import os
import statistics
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from gsef_notify import readers, wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.reminders.people import Contact
from gsef_notify.service.dispatch import send_next
from gsef_notify.service.publish import Newest, Policy, publish, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store.database import open_database

ROOT = Path(__file__).parent.parent
MAILS = 500
RUNS = 5


async def send(folder: Path) -> float:
    """Mails a second through the service's own loop."""
    program = readers.read([ROOT / "schedules"]).accept()
    due = program.sessions[0].start - timedelta(hours=1)
    engine = open_database(f"sqlite:///{folder}/outbox.db")
    clock, newest = SteppedClock(due - timedelta(hours=1)), Newest()
    people = [Contact(name=f"P {n}", email=f"p{n}@example.org", role="participant") for n in range(MAILS)]
    take_contacts(engine, people, Policy(), clock.now())
    newest.replace(publish(engine, program, Policy(), clock.now())[0])
    office = wiring.office(Settings(), engine, clock, MaildirTransport(folder / "mail"), newest)
    clock.set(due)
    begun, number = time.perf_counter(), 0
    while await send_next(office):
        number += 1
    assert number >= MAILS
    return number / (time.perf_counter() - begun)


def limit(folder: Path) -> float:
    """Files of the size of a mail, written and synced, a second."""
    begun = time.perf_counter()
    for number in range(MAILS):
        with (folder / f"limit.{number}").open("wb") as file:
            file.write(b"x" * 8000)
            file.flush()
            os.fsync(file.fileno())
    return MAILS / (time.perf_counter() - begun)


def main() -> None:
    """Print the median of several runs and its ratio to the limit."""
    ours, floor = [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(dir=ROOT) as folder:
            ours.append(asyncio.run(send(Path(folder))))
            floor.append(limit(Path(folder)))
    sent, written = statistics.median(ours), statistics.median(floor)
    now = datetime.now(UTC)
    print(
        f"{now:%Y-%m-%d}: {sent:.0f} mails/s; synced files alone {written:.0f}/s; ratio {sent / written:.3f}"
    )


if __name__ == "__main__":
    main()
