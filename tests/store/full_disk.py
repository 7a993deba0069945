"""What happens to deliveries on a disk that is full: ``python -m tests.store.full_disk FOLDER MAILDIR``,
where FOLDER is a small disk.

It prints the states of the deliveries: with the disk full and one claimed before, after that one was marked,
and after room was made.
"""

import asyncio
import sys
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from gsef_notify import readers, wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.readers import contact_list
from gsef_notify.service.dispatch import Office, send_next
from gsef_notify.service.marking import mark
from gsef_notify.service.publish import Newest, publish, take_contacts
from gsef_notify.settings import Settings
from gsef_notify.store import ballast, outbox
from gsef_notify.store.database import open_database, reading, transaction
from gsef_notify.store.outbox import Told
from tests.conftest import POLICY, SAMPLE, utc

DUE = utc("2021-10-01 09:00")
TOLD = Told(subject="x" * 20_000, message_id="<x@example.org>", facts=None, timezone="UTC", revision=1)


def main(folder: Path, mail: Path) -> None:
    """Fill the disk of ``folder`` while a delivery is under way."""
    office = _office(folder, mail)
    with transaction(office.engine) as connection:
        outbox.expand(connection, DUE)
        delivery = outbox.claim(connection, "me", DUE)
    assert delivery is not None
    filler = folder / "filler"
    _fill(filler)
    _tell(office)
    assert asyncio.run(mark(office.engine, outbox.mark_sent, delivery, TOLD, "250 ok", DUE))
    _tell(office)
    _fill(folder / "more")
    with suppress(OperationalError, ballast.DiskFull):
        asyncio.run(send_next(office))
        raise AssertionError("something was sent")
    for file in (filler, folder / "more"):
        file.unlink()
    while asyncio.run(send_next(office)):
        pass
    _tell(office)


def _office(folder: Path, mail: Path) -> Office:
    engine = open_database(f"sqlite:///{folder}/state.db")
    ballast.load(engine)
    newest = Newest()
    take_contacts(engine, contact_list.read(SAMPLE.with_name("people.csv")).accept(), POLICY, DUE)
    newest.replace(publish(engine, readers.read([SAMPLE]).accept(), POLICY, DUE)[0])
    return wiring.office(Settings(), engine, SteppedClock(DUE), MaildirTransport(mail), newest)


def _tell(office: Office) -> None:
    with reading(office.engine) as connection:
        states = outbox.counts(connection)
    print({name: states.get(name, 0) for name in ("ready", "sending", "sent")})  # noqa: T201


def _fill(file: Path) -> None:
    """Until there is no room for another byte."""
    for size in (2**16, 2**12, 1):
        with file.open("ab", buffering=0) as output, suppress(OSError):
            while True:
                output.write(b"x" * size)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
