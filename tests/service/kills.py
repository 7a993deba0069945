"""``kill -9`` in the midst of sending, again and again, and a count of what was lost and what came twice.

``python -m tests.service.kills --mails 3000 --kills 20`` plays it at length.
"""

import argparse
import email
import random
import signal
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import Engine

from gsef_notify.reminders.people import Contact
from gsef_notify.service.publish import Policy, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store import outbox
from gsef_notify.store.database import open_database, transaction
from tests.service.running import Service, free_port, program_that_begins, service, wait_until

Outage = Callable[[], None]


@dataclass
class Sink:
    """A server that counts what it takes; ``kills`` are the counts at which the sender is killed, after the
    message has been taken and before that is said."""

    kills: list[int]
    kill: Callable[[], None] = lambda: None
    taken: list[str] = field(default_factory=list)
    killed: threading.Event = field(default_factory=threading.Event)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.original_content or b""
        self.taken.append(email.message_from_bytes(content)["Message-ID"])
        if self.kills and len(self.taken) >= self.kills[0]:
            self.kills.pop(0)
            self.kill()
            self.killed.set()
        return "250 taken"


@dataclass(frozen=True)
class Count:
    """What arrived of ``mails`` mails through ``kills`` kills."""

    mails: int
    kills: int
    lost: int
    duplicates: int
    most_copies: int
    states: dict[str, int]

    @property
    def limit(self) -> int:
        """How many may come twice: what was in flight at each kill."""
        return self.kills * Settings().mail_connections

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.mails} mails: {self.lost} lost, {self.duplicates} duplicates "
            f"(limit {self.limit}), at most {self.most_copies} copies; {self.states}"
        )


def play(folder: Path, mails: int, kills: list[int]) -> Count:
    """Send ``mails`` mails to a real server; at the counts ``kills`` the sender is killed and restarted."""
    url = _prepared(folder, f"sqlite:///{folder}/state.db", mails)
    sink, number = Sink(list(kills)), len(kills)
    with _listening(sink) as port:
        for _ in range(number):
            sink.killed.clear()
            with _sender(folder, port) as sender:
                sink.kill = sender.kill
                wait_until(sink.killed.is_set, f"kill after {sink.kills}\n{sender.log}")
        with _sender(folder, port) as sender:
            wait_until(lambda: _is_finished(url), f"the end\n{sender.log}")
            assert sender.terminate() == 0
    return _count(sink, mails, number, url)


def play_with_several(folder: Path, url: str, mails: int, kill: int) -> Count:
    """Send ``mails`` mails from two workers on a PostgreSQL database, with another service for the pages; at
    the count ``kill`` the first worker is killed, with a mail in flight, and does not come back."""
    _prepared(folder, url, mails)
    sink = Sink([kill])
    other = Sink([], taken=sink.taken)
    with _listening(sink) as port, _listening(other) as others, _sender(folder, port, url, "worker") as first:
        sink.kill = first.kill
        with _sender(folder, others, url, "worker") as second, _sender(folder, others, url, "web") as web:
            wait_until(sink.killed.is_set, f"the kill\n{first.log}\n{second.log}")
            wait_until(lambda: _is_finished(url), f"the end\n{second.log}")
            web.wait_until_healthy()
            assert b"A session that is near" in web.get("/")[1]
            assert [each.terminate() for each in (second, web)] == [0, 0]
            assert "by a service that is gone" in second.log
    return _count(sink, mails, 1, url)


def play_without_database(folder: Path, url: str, mails: int, outages: list[int], outage: Outage) -> Count:
    """Send ``mails`` mails from one worker; at the counts ``outages`` the database is stopped and started."""
    _prepared(folder, url, mails)
    over: list[int] = []

    def go_out() -> None:
        outage()
        over.append(len(sink.taken))

    sink = Sink(list(outages), go_out)
    with _listening(sink) as port, _sender(folder, port, url, "worker") as sender:
        wait_until(lambda: len(over) == len(outages) and _is_finished(url), f"the end\n{sender.log}")
        assert sender.terminate() == 0
    return _count(sink, mails, len(outages), url)


def play_to_the_end_of_one(folder: Path, mails: int) -> tuple[int, dict[str, int]]:
    """Ask the sender to end while the first of ``mails`` mails is under way; how many came, and states."""
    url = _prepared(folder, f"sqlite:///{folder}/state.db", mails)
    sink = Sink([1])
    with _listening(sink) as port, _sender(folder, port) as sender:

        def ask_to_end() -> None:
            sender.process.send_signal(signal.SIGTERM)
            sender.wait_for_log("finishing what is being sent")

        sink.kill = ask_to_end
        assert sender.process.wait(timeout=60) == 0, sender.log
    return len(sink.taken), _states(url)


@contextmanager
def _sender(folder: Path, port: int, url: str = "", role: str = "all") -> Iterator[Service]:
    settings = {"mail": f"smtp://127.0.0.1:{port}", **({"database": url} if url else {})}
    with service(folder, str(folder / "near.yaml"), "--role", role, **settings) as sender:
        yield sender


@contextmanager
def _listening(sink: Sink) -> Iterator[int]:
    controller: Any = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _prepared(folder: Path, url: str, number: int) -> str:
    """A program that begins soon, and so many participants in the database of that URL."""
    start = (datetime.now(UTC) + timedelta(minutes=40)).replace(second=0, microsecond=0)
    (folder / "near.yaml").write_text(program_that_begins(start))
    people = [Contact(name=f"P {n}", email=f"p{n}@example.org", role="participant") for n in range(number)]
    with _database(url) as engine:
        take_contacts(engine, people, Policy(), datetime.now(UTC))
    return url


@contextmanager
def _database(url: str) -> Iterator[Engine]:
    engine = open_database(url)
    try:
        yield engine
    finally:
        engine.dispose()


def _count(sink: Sink, mails: int, kills: int, url: str) -> Count:
    copies = Counter(sink.taken)
    return Count(
        mails=mails,
        kills=kills,
        lost=mails - len(copies),
        duplicates=len(sink.taken) - len(copies),
        most_copies=max(copies.values()),
        states=_states(url),
    )


def _states(url: str) -> dict[str, int]:
    with _database(url) as engine, transaction(engine) as connection:
        return outbox.counts(connection)


def _is_finished(url: str) -> bool:
    states = _states(url)
    return not states.keys() & {*outbox.WAITING, "sending"} and states.get("sent", 0) > 0


def main() -> None:
    """Play it at length and print the count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=3000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    dice = random.Random(options.seed)  # noqa: S311
    kills = sorted(dice.sample(range(1, options.mails), options.kills))
    with tempfile.TemporaryDirectory() as folder:
        count = play(Path(folder), options.mails, kills)
    print(count)  # noqa: T201
    assert count.lost == 0
    assert count.duplicates <= count.limit


if __name__ == "__main__":
    main()
