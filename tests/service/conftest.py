"""An office that sends for real, on a clock that the test sets."""

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from gsef_notify import wiring
from gsef_notify.clock import SteppedClock
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.transport import DeliveryError, Envelope, Room
from gsef_notify.program.model import Program
from gsef_notify.reminders.people import Contact
from gsef_notify.service.dispatch import Office
from gsef_notify.service.publish import Newest, publish, take_contacts
from gsef_notify.settings import Settings
from tests.conftest import POLICY, utc

START = utc("2021-10-01 08:59")


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock(START)


@pytest.fixture
def newest(engine: Engine, program: Program, contacts: tuple[Contact, ...]) -> Newest:
    """The sample, published for its contact list."""
    take_contacts(engine, contacts, POLICY, START)
    newest = Newest()
    newest.replace(publish(engine, program, POLICY, START)[0])
    return newest


@pytest.fixture
def office(engine: Engine, newest: Newest, clock: SteppedClock, tmp_path: Path) -> Office:
    """An office that delivers into a Maildir."""
    return wiring.office(Settings(), engine, clock, MaildirTransport(tmp_path / "mail"), newest)


class Troubled:
    """A transport that raises what it is given, in turn, and then delivers."""

    def __init__(self, inner: MaildirTransport, *errors: DeliveryError) -> None:
        self._inner = inner
        self._errors = list(errors)
        self.seen: list[Envelope] = []

    def room(self) -> Room:
        return Room(1)

    async def send(self, envelope: Envelope) -> str:
        self.seen.append(envelope)
        if self._errors:
            raise self._errors.pop(0)
        return await self._inner.send(envelope)

    async def close(self) -> None:
        pass


def troubled(office: Office, *errors: DeliveryError) -> tuple[Office, Troubled]:
    """The office with a transport that has trouble."""
    assert isinstance(office.transport, MaildirTransport)
    transport = Troubled(office.transport, *errors)
    return replace(office, transport=transport), transport
