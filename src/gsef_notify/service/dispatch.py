"""Sending what is due: lease, send, then mark."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from gsef_notify.clock import Clock
from gsef_notify.errors import GsefNotifyError
from gsef_notify.mail.compose import Letter, compose
from gsef_notify.mail.mime import Message, to_bytes
from gsef_notify.mail.templates import Templates
from gsef_notify.mail.transport import DeliveryError, Envelope, Transport
from gsef_notify.program.changes import Publication
from gsef_notify.reminders.notices import MOVED
from gsef_notify.service.letters import Letterhead, letter
from gsef_notify.service.publish import Newest
from gsef_notify.store import outbox
from gsef_notify.store.database import transaction
from gsef_notify.store.outbox import Delivery, Told

logger = logging.getLogger(__name__)

TOLD_ALREADY = "another mail has told them of the new time"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Office:
    """All that it takes to send a delivery. ``owner`` names this process in its leases."""

    engine: Engine
    clock: Clock
    transport: Transport
    templates: Templates
    newest: Newest
    letterhead: Letterhead
    owner: str


async def send_next(office: Office) -> bool:
    """Send the most urgent delivery that is due. False where there is none."""
    delivery = await asyncio.to_thread(_claim, office)
    if delivery is None:
        return False
    publication = office.newest.latest()
    if publication is None or not office.newest.still_planned(delivery.reminder.key):
        await _mark(office, outbox.mark_cancelled, delivery, outbox.PROGRAM_CHANGED, office.clock.now())
        return True
    if delivery.reminder.template == MOVED and delivery.corrects is None:
        await _mark(office, outbox.mark_cancelled, delivery, TOLD_ALREADY, office.clock.now())
        return True
    try:
        mail = letter(office.letterhead, publication, delivery, office.clock.now())
        message = compose(mail, office.templates)
        envelope = _envelope(message)
    except GsefNotifyError as error:
        await _fail(office, delivery, str(error))
        return True
    await _send(office, delivery, envelope, _told(delivery, mail, message, publication))
    return True


def next_wake(engine: Engine) -> datetime | None:
    """The next instant at which ``send_next`` will find something to do."""
    with transaction(engine) as connection:
        return outbox.next_wake(connection)


def wait_after(attempts: int) -> timedelta:
    """How long to wait after that many vain tries: a minute, doubled each time, at most an hour."""
    doubled: int = 2 ** min(attempts - 1, 10)
    return min(FIRST_WAIT * doubled, LONGEST_WAIT)


def _claim(office: Office) -> Delivery | None:
    now = office.clock.now()
    with transaction(office.engine) as connection:
        outbox.recover(connection, now)
        outbox.expand(connection, now)
        outbox.expire(connection, now)
        return outbox.claim(connection, office.owner, now)


async def _send(office: Office, delivery: Delivery, envelope: Envelope, told: Told) -> None:
    try:
        proof = await office.transport.send(envelope)
    except DeliveryError as error:
        if error.permanent:
            await _fail(office, delivery, str(error))
        else:
            await _defer(office, delivery, str(error))
        return
    await _mark(office, outbox.mark_sent, delivery, told, proof, office.clock.now())
    logger.info("delivery %d (%s) sent", delivery.id, delivery.reminder.rule)


async def _fail(office: Office, delivery: Delivery, reason: str) -> None:
    logger.error("delivery %d (%s) failed: %s", delivery.id, delivery.reminder.rule, reason)
    await _mark(office, outbox.mark_failed, delivery, reason, office.clock.now())


async def _defer(office: Office, delivery: Delivery, reason: str) -> None:
    next_try = office.clock.now() + wait_after(delivery.attempts)
    logger.warning("delivery %d (%s) waits: %s", delivery.id, delivery.reminder.rule, reason)
    await _mark(office, outbox.defer, delivery, reason, next_try)


async def _mark(office: Office, change: Callable[..., bool], delivery: Delivery, *details: object) -> None:
    def mark() -> bool:
        with transaction(office.engine) as connection:
            return change(connection, delivery, *details)

    if not await asyncio.to_thread(mark):
        logger.warning("delivery %d was taken over by another process", delivery.id)


def _envelope(message: Message) -> Envelope:
    return Envelope(
        sender=message.sender.address,
        recipient=message.recipient.address,
        content=to_bytes(message),
        message_id=message.message_id,
        date=message.date,
    )


def _told(delivery: Delivery, mail: Letter, message: Message, publication: Publication) -> Told:
    return Told(
        subject=message.subject,
        start=delivery.reminder.start,
        timezone=mail.recipient.timezone,
        revision=publication.revision,
    )
