"""How many deliveries a second are claimed and marked as sent, by one process and by two, on both databases.

Nothing is sent. SQLite and PostgreSQL both sync what they commit.
"""

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from multiprocessing.synchronize import Barrier
from pathlib import Path

from gsef_notify import readers
from gsef_notify.reminders.people import Contact
from gsef_notify.service.publish import Policy, publish, take_contacts
from gsef_notify.store import outbox
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.outbox import Told
from tests import postgresql

ROOT = Path(__file__).parent.parent
PROGRAM = readers.read([ROOT / "schedules"]).accept()
DUE = PROGRAM.sessions[0].start - timedelta(hours=1)
DELIVERIES = 500
RUNS = 3
TOLD = Told(subject="x", message_id="<x@example.org>", facts=None, timezone="UTC", revision=1)


def prepare(url: str) -> None:
    """A database with deliveries that are due."""
    engine = open_database(url)
    before = DUE - timedelta(hours=1)
    people = [
        Contact(name=f"P {n}", email=f"p{n}@example.org", role="participant") for n in range(DELIVERIES)
    ]
    take_contacts(engine, people, Policy(), before)
    publish(engine, PROGRAM, Policy(), before)
    with transaction(engine) as connection:
        outbox.expand(connection, DUE)
    engine.dispose()


def work(url: str, batch: int, begin: Barrier) -> None:
    """Claim and mark until nothing is due: a transaction for each claim, and one for each mark."""
    engine = open_database(url)
    begin.wait()
    while True:
        with transaction(engine) as connection:
            claimed = outbox.claim_several(connection, f"worker {time.monotonic_ns()}", DUE, batch)
        if not claimed:
            return
        for delivery in claimed:
            with transaction(engine) as connection:
                outbox.mark_sent(connection, delivery, TOLD, "250 ok", DUE)


def deliveries_a_second(url: str, workers: int, batch: int) -> float:
    """With so many processes, each of which claims so many at once."""
    prepare(url)
    spawning = multiprocessing.get_context("spawn")
    begin = spawning.Barrier(workers + 1)
    processes = [spawning.Process(target=work, args=(url, batch, begin)) for _ in range(workers)]
    for process in processes:
        process.start()
    begin.wait()
    begun = time.perf_counter()
    for process in processes:
        process.join()
    return DELIVERIES / (time.perf_counter() - begun)


@contextmanager
def file_database() -> Iterator[str]:
    """An SQLite database."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        yield f"sqlite:///{folder}/outbox.db"


def main() -> None:
    """Print the medians of several runs."""
    with postgresql.server(settings=()) as server:
        for name, database in (("SQLite", file_database), ("PostgreSQL", server.database)):
            for workers, batch in ((1, 1), (2, 1), (1, 20), (2, 20)):
                found = []
                for _ in range(RUNS):
                    with database() as url:
                        found.append(deliveries_a_second(url, workers, batch))
                rate = statistics.median(found)
                print(f"{name}, {workers} at work, {batch} at once: {rate:.0f} deliveries/s")


if __name__ == "__main__":
    main()
