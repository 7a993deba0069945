"""What fetches cost, measured on the real service: the CPU time of its process for each answer, which a busy
machine alters little, while a client on loopback asks over connections that stay open."""

import contextlib
import gzip
import os
import socket
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from benchmarks.conference import FIRST, conference
from benchmarks.handshakes import handshake_seconds
from benchmarks.sending import ROOT
from benchmarks.servers import fetched, free_port, running
from gsef_notify import readers
from gsef_notify.clock import SteppedClock
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import Edition
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Selection
from gsef_notify.program.changes import first_publication
from gsef_notify.reminders.people import Contact
from gsef_notify.service.links import PersonalLinks
from gsef_notify.service.publish import Policy, take_contacts
from gsef_notify.store.database import open_database, transaction
from gsef_notify.store.tables import metadata
from gsef_notify.writers.yaml_program import program_as_yaml

CONNECTIONS, ANSWERS, LINKS, WRITES, RUNS = 32, 1_500, 128, 60, 3
SITE = Site("Benchmark", "https://forum.example.org", "forum.example.org")
NEW_ZONES = (
    "America/Bogota", "Europe/Paris", "Africa/Casablanca", "Pacific/Auckland", "Asia/Kolkata",
    "Australia/Sydney", "America/Sao_Paulo", "America/Halifax", "Africa/Cairo",
)  # fmt: skip


class FeedCosts(NamedTuple):
    """Core seconds of a handshake, of the answers, and of a feed for a new zone; ``commit`` is how
    long a transaction that writes one row takes by the clock; then bytes."""

    handshake: float
    whole: float
    unchanged: float
    own: float
    commit: float
    prepared: float
    plain_bytes: float
    packed_bytes: float
    unchanged_bytes: float
    process_bytes: float


class Answers(NamedTuple):
    """Core seconds and bytes of one answer."""

    seconds: float
    size: float


def feed_costs(events: int) -> FeedCosts:
    """Of a program of that many events."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        tokens = _links(folder, events)
        with _service(events, folder) as (port, process):
            idle = _resident_bytes(process)
            tag = fetched(f"http://127.0.0.1:{port}/calendar.ics")[1]
            ask = partial(_answers, port, process)
            plain, packed = ask("/calendar.ics", ""), ask("/calendar.ics", "Accept-Encoding: gzip\r\n")
            unchanged = ask("/calendar.ics", f"If-None-Match: {tag}\r\n")
            own = _spent(port, process, [_request(f"/my/{token}.ics", _HAS_IT) for token in tokens])
        commit = _commit_seconds(folder)
        return FeedCosts(
            handshake=handshake_seconds(folder),
            whole=max(plain.seconds, packed.seconds),
            unchanged=unchanged.seconds,
            own=own.seconds,
            commit=commit,
            prepared=_prepared_seconds(events),
            plain_bytes=plain.size,
            packed_bytes=plain.size * _packed_share(),
            unchanged_bytes=unchanged.size,
            process_bytes=idle,
        )


_HAS_IT = "If-None-Match: *\r\n"


@contextlib.contextmanager
def _service(events: int, folder: Path) -> Iterator[tuple[int, int]]:
    (folder / "schedules").mkdir()
    (folder / "schedules" / "all.yaml").write_text(program_as_yaml(conference(events)), encoding="utf-8")
    port = free_port()
    command = [sys.executable, "-m", "gsef_notify", "serve", "--port", str(port), "schedules"]
    with running(command, folder, port) as process:
        yield port, process


def _links(folder: Path, events: int) -> list[str]:
    """Personal calendars of people who each follow a session, in the database of the service."""
    engine = open_database(f"sqlite:///{folder}/var/gsef-notify.db")
    sessions, now = cycle(range(events // 10)), datetime.now(UTC)
    contacts = [
        Contact(
            name=f"P {number}",
            email=f"p{number}@example.org",
            role="participant",
            session=f"workshop-{session}",
        )
        for number, session in islice(enumerate(sessions), LINKS)
    ]
    take_contacts(engine, contacts, Policy(), now)
    links = PersonalLinks(engine, SteppedClock(now))
    return [links.issue(contact.email, "phone") for contact in contacts]


def _answers(port: int, process: int, path: str, fields: str) -> Answers:
    """The median of several runs of the same question."""
    runs = [_spent(port, process, [_request(path, fields)] * ANSWERS) for _ in range(RUNS)]
    return Answers(statistics.median(run.seconds for run in runs), runs[0].size)


def _request(path: str, fields: str) -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: forum.example.org\r\nUser-Agent: Benchmark\r\n{fields}\r\n".encode()


def _spent(port: int, process: int, requests: Sequence[bytes]) -> Answers:
    with contextlib.ExitStack() as stack:
        connect = partial(socket.create_connection, ("127.0.0.1", port), timeout=30)
        connections = [stack.enter_context(connect()) for _ in range(CONNECTIONS)]
        begun, size = _core_seconds(process), 0
        for first in range(0, len(requests), CONNECTIONS):
            pairs = list(zip(connections, requests[first : first + CONNECTIONS], strict=False))
            for connection, request in pairs:
                connection.sendall(request)
            size += sum(_read(connection) for connection, _ in pairs)
        spent = _core_seconds(process) - begun
    return Answers(spent / len(requests), size / len(requests))


def _read(connection: socket.socket) -> int:
    """Read an answer; how many bytes it has."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
    head = received.partition(b"\r\n\r\n")[0]
    status, lines = head.split(b" ", 2)[1], head.lower().split(b"\r\n")
    if status not in (b"200", b"304"):
        raise AssertionError(head.decode("latin-1"))
    length = next((int(line[15:]) for line in lines if line.startswith(b"content-length:")), 0)
    whole = len(head) + 4 + (length if status == b"200" else 0)
    have = len(received)
    while have < whole:
        have += len(_some(connection))
    return whole


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(2**18)
    if not received:
        raise AssertionError("the service hung up")
    return received


def _core_seconds(process: int) -> float:
    """CPU time of a process, all its threads; Linux counts it in nanoseconds."""
    threads = Path(f"/proc/{process}/task").iterdir()
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e9


def _packed_share() -> float:
    """What gzip leaves of the sample's calendar, whose words repeat less than those of a made-up program."""
    program = readers.read([ROOT / "schedules"]).accept()
    body = Edition(SITE, first_publication(program, FIRST)).feed(Selection())
    return len(gzip.compress(body)) / len(body)


def _resident_bytes(process: int) -> float:
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _commit_seconds(folder: Path) -> float:
    """How long the transaction takes that keeps the fetch of a personal calendar; it waits for the disk."""
    engine = open_database(f"sqlite:///{folder}/var/gsef-notify.db")
    links, spent = metadata.tables["links"], []
    for number in range(1, WRITES):
        begun = time.perf_counter()
        with transaction(engine) as connection:
            connection.execute(links.update().where(links.c.id == number).values(revision=number))
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent)


def _prepared_seconds(events: int) -> float:
    """Core seconds of a feed for a zone that nobody has asked for."""
    edition = Edition(SITE, first_publication(conference(events), FIRST - timedelta(days=30)))
    edition.feed(Selection())
    spent = []
    for zone in NEW_ZONES:
        begun = time.thread_time()
        edition.feed(Selection(face=Face(zone)))
        spent.append(time.thread_time() - begun)
    return statistics.median(spent)
