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

from gsef_notify.reminders.people import Contact
from gsef_notify.service.publish import Policy, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store import outbox
from gsef_notify.store.database import open_database, transaction
from tests.service.running import Service, free_port, program_that_begins, service, wait_until


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
    start = (datetime.now(UTC) + timedelta(minutes=40)).replace(second=0, microsecond=0)
    (folder / "near.yaml").write_text(program_that_begins(start))
    _add_participants(folder, mails)
    sink, number = Sink(list(kills)), len(kills)
    with _listening(sink) as port:
        for _ in range(number):
            sink.killed.clear()
            with _sender(folder, port) as sender:
                sink.kill = sender.kill
                wait_until(sink.killed.is_set, f"kill after {sink.kills}\n{sender.log}")
        with _sender(folder, port) as sender:
            wait_until(lambda: _is_finished(folder), f"the end\n{sender.log}")
            assert sender.terminate() == 0
    copies = Counter(sink.taken)
    return Count(
        mails=mails,
        kills=number,
        lost=mails - len(copies),
        duplicates=len(sink.taken) - len(copies),
        most_copies=max(copies.values()),
        states=_states(folder),
    )


def play_to_the_end_of_one(folder: Path, mails: int) -> tuple[int, dict[str, int]]:
    """Ask the sender to end while the first of ``mails`` mails is under way; how many came, and states."""
    start = (datetime.now(UTC) + timedelta(minutes=40)).replace(second=0, microsecond=0)
    (folder / "near.yaml").write_text(program_that_begins(start))
    _add_participants(folder, mails)
    sink = Sink([1])
    with _listening(sink) as port, _sender(folder, port) as sender:

        def ask_to_end() -> None:
            sender.process.send_signal(signal.SIGTERM)
            sender.wait_for_log("finishing what is being sent")

        sink.kill = ask_to_end
        assert sender.process.wait(timeout=60) == 0, sender.log
    return len(sink.taken), _states(folder)


@contextmanager
def _sender(folder: Path, port: int) -> Iterator[Service]:
    with service(folder, str(folder / "near.yaml"), mail=f"smtp://127.0.0.1:{port}") as sender:
        yield sender


@contextmanager
def _listening(sink: Sink) -> Iterator[int]:
    controller: Any = Controller(sink, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


def _add_participants(folder: Path, number: int) -> None:
    engine = open_database(f"sqlite:///{folder}/state.db")
    people = [Contact(name=f"P {n}", email=f"p{n}@example.org", role="participant") for n in range(number)]
    take_contacts(engine, people, Policy(), datetime.now(UTC))
    engine.dispose()


def _states(folder: Path) -> dict[str, int]:
    engine = open_database(f"sqlite:///{folder}/state.db")
    try:
        with transaction(engine) as connection:
            return outbox.counts(connection)
    finally:
        engine.dispose()


def _is_finished(folder: Path) -> bool:
    states = _states(folder)
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
