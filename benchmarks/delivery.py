"""How many mails a second go from outbox to an SMTP server, beside its peers and its limit.

The server is Postfix's ``smtp-sink``, the limit its ``smtp-source`` (package postfix). Over a proxy that
delays what it passes on, round trips are what counts.
"""

import argparse
import asyncio
import json
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiosmtplib

from benchmarks.delaying import delaying
from gsef_notify import readers, wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.pool import Pool
from gsef_notify.mail.smtp import Server
from gsef_notify.mail.transport import Envelope
from gsef_notify.mail.transports import open_transport
from gsef_notify.reminders.people import Contact
from gsef_notify.service.dispatch import Office, claim_next, deliver
from gsef_notify.service.loop import Loop
from gsef_notify.service.publish import Newest, Policy, publish, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store.database import open_database
from gsef_notify.store.outbox import Delivery

ROOT = Path(__file__).parent.parent
SENDER, RECIPIENT = "reminders@example.org", "eric@example.org"
CONTENT = b"Subject: a mail\r\n\r\n" + (b"x" * 70 + b"\r\n") * 140
WIDTH = 4
PATH = "/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin"
DJANGO = """
import sys, time, django
from django.conf import settings
from django.core.mail import send_mail
port, number = int(sys.argv[1]), int(sys.argv[2])
settings.configure(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port)
django.setup()
begun = time.perf_counter()
for n in range(number):
    send_mail("a mail", "x" * 10000, "a@example.org", ["b@example.org"])
print(number / (time.perf_counter() - begun))
"""


@dataclass(frozen=True)
class Row:
    """Mails a second: the median of several runs, and the lowest and highest."""

    name: str
    median: float
    lowest: float
    highest: float


async def measured(name: str, runs: int, run: Callable[[], Awaitable[float]]) -> Row:
    """Several runs of the same."""
    rates = [await run() for _ in range(runs)]
    return Row(name, statistics.median(rates), min(rates), max(rates))


@asynccontextmanager
async def sink() -> AsyncIterator[int]:
    """The port of a server that takes everything and keeps nothing."""
    program = shutil.which("smtp-sink", path=PATH)
    if program is None:
        raise SystemExit("smtp-sink is not here - install postfix")
    port = _free_port()
    process = await asyncio.create_subprocess_exec(
        program, "-u", "nobody", f"127.0.0.1:{port}", "1000", stderr=subprocess.DEVNULL
    )
    try:
        await _until_it_listens(port)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def ours(port: int, number: int, width: int) -> float:
    """Bytes that are there, through our connections."""
    pool = Pool(Server("127.0.0.1", port, "none", local_hostname="here"), width)
    envelope = Envelope(SENDER, RECIPIENT, CONTENT, "<1@example.org>", datetime.now(UTC))

    async def some() -> None:
        for _ in range(number // width):
            await pool.send(envelope)

    await asyncio.gather(*(pool.send(envelope) for _ in range(width)))
    begun = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(width)))
    rate = number // width * width / (time.perf_counter() - begun)
    await pool.close()
    return rate


async def bare_aiosmtplib(port: int, number: int, width: int) -> float:
    """The same through aiosmtplib's ``sendmail``, on as many connections that stay open."""
    clients = [
        aiosmtplib.SMTP(hostname="127.0.0.1", port=port, start_tls=False, local_hostname="here")
        for _ in range(width)
    ]
    for client in clients:
        await client.connect()

    async def some(client: aiosmtplib.SMTP) -> None:
        for _ in range(number // width):
            await client.sendmail(SENDER, [RECIPIENT], CONTENT)

    begun = time.perf_counter()
    await asyncio.gather(*map(some, clients))
    rate = number // width * width / (time.perf_counter() - begun)
    for client in clients:
        await client.quit()
    return rate


async def source(port: int, number: int, width: int) -> float:
    """The same through Postfix's own generator."""
    program = shutil.which("smtp-source", path=PATH) or "smtp-source"
    options = (
        "-d",
        "-l",
        str(len(CONTENT)),
        "-m",
        str(number),
        "-s",
        str(width),
        "-f",
        SENDER,
        "-t",
        RECIPIENT,
    )
    begun = time.perf_counter()
    process = await asyncio.create_subprocess_exec(program, *options, f"127.0.0.1:{port}")
    assert await process.wait() == 0
    return number / (time.perf_counter() - begun)


async def django(port: int, number: int) -> float:
    """A loop around Django's ``send_mail``, which builds a message and opens a connection for each."""
    python = ROOT / ".venv" / "peers" / "bin" / "python"
    process = await asyncio.create_subprocess_exec(
        python, "-c", DJANGO, str(port), str(number), stdout=subprocess.PIPE
    )
    said, _ = await process.communicate()
    return float(said)


async def end_to_end(port: int, number: int, width: int) -> float:
    """Claim, compose, send and mark, as the service does it, for that many participants."""
    with tempfile.TemporaryDirectory(dir=ROOT) as folder:
        office = _office(Path(folder), port, number, width)
        begun = time.perf_counter()
        sent = await _send_all(office)
        rate = sent / (time.perf_counter() - begun)
        await office.transport.close()
        office.engine.dispose()
        assert sent >= number
    return rate


def _office(folder: Path, port: int, number: int, width: int) -> Office:
    program = readers.read([ROOT / "schedules"]).accept()
    due = program.sessions[0].start - timedelta(hours=1)
    engine = open_database(f"sqlite:///{folder}/outbox.db")
    clock, newest = SteppedClock(due - timedelta(hours=1)), Newest()
    people = [Contact(name=f"P {n}", email=f"p{n}@example.org", role="participant") for n in range(number)]
    take_contacts(engine, people, Policy(), clock.now())
    newest.replace(publish(engine, program, Policy(), clock.now())[0])
    transport = open_transport(f"smtp://127.0.0.1:{port}", connections=width, local_hostname="here")
    office = wiring.office(Settings(), engine, clock, transport, newest)
    clock.set(due)
    return office


async def _send_all(office: Office) -> int:
    number, under_way = 0, 0
    loop: Loop[Delivery]

    async def do(delivery: Delivery) -> None:
        nonlocal number, under_way
        under_way += 1
        await deliver(office, delivery)
        number, under_way = number + 1, under_way - 1

    async def rest() -> None:
        if not under_way:
            loop.stop()

    loop = Loop("sending", lambda: claim_next(office), do, rest, lambda: office.transport.room().width)
    await loop.run()
    return number


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


async def _until_it_listens(port: int) -> None:
    for _ in range(200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    raise SystemExit("smtp-sink does not listen")


async def rows(runs: int, mails: int) -> AsyncIterator[Row]:
    """Each row of the table, as soon as it is measured."""
    async with sink() as port, delaying(port, seconds=0.01) as far:
        for name, run in (
            ("ours, 1 conn.", partial(ours, port, mails * 4, 1)),
            (f"ours, {WIDTH} conn.", partial(ours, port, mails * 4, WIDTH)),
            ("aiosmtplib, 1 conn.", partial(bare_aiosmtplib, port, mails * 2, 1)),
            (f"aiosmtplib, {WIDTH} conn.", partial(bare_aiosmtplib, port, mails * 2, WIDTH)),
            ("smtp-source, 1 conn.", partial(source, port, mails * 10, 1)),
            (f"smtp-source, {WIDTH} conn.", partial(source, port, mails * 10, WIDTH)),
            ("Django send_mail", partial(django, port, mails)),
            ("end to end, 1 conn.", partial(end_to_end, port, mails, 1)),
            (f"end to end, {WIDTH} conn.", partial(end_to_end, port, mails, WIDTH)),
            ("20 ms away: ours, 1 conn.", partial(ours, far, 100, 1)),
            ("20 ms away: aiosmtplib, 1 conn.", partial(bare_aiosmtplib, far, 50, 1)),
            (f"20 ms away: end to end, {WIDTH} conn.", partial(end_to_end, far, mails, WIDTH)),
        ):
            yield await measured(name, runs, run)


async def main() -> None:
    """Print each row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--mails", type=int, default=500)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    async for row in rows(options.runs, options.mails):
        if options.json:
            print(json.dumps(row.__dict__), flush=True)
        else:
            print(f"{row.name:32} {row.median:8.0f}/s ({row.lowest:.0f}-{row.highest:.0f})", flush=True)


if __name__ == "__main__":
    asyncio.run(main())
