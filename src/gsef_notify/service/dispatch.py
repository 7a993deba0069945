"""Sending what is due: lease, send, then mark."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from gsef_notify.clock import Clock
from gsef_notify.errors import GsefNotifyError
from gsef_notify.mail.compose import compose
from gsef_notify.mail.mime import Message, to_bytes
from gsef_notify.mail.templates import Templates
from gsef_notify.mail.transport import DeliveryError, Envelope, Transport
from gsef_notify.program.changes import Publication
from gsef_notify.reminders.quiet import next_waking
from gsef_notify.service import digest as digests
from gsef_notify.service.letters import Draft, Letterhead, digest, draft, reason_against
from gsef_notify.service.publish import Newest, catch_up
from gsef_notify.store import outbox
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.outbox import Delivery, Told

logger = logging.getLogger(__name__)

NOTHING_PUBLISHED = "no program is published"
QUIET = "it waits until its reader is awake"
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True)
class Office:
    """All that it takes to send a delivery. ``signer`` takes the bytes of a message and gives those that are
    sent; ``owner`` names this process in its leases."""

    engine: Engine
    clock: Clock
    transport: Transport
    templates: Templates
    newest: Newest
    letterhead: Letterhead
    signer: Callable[[bytes], bytes]
    owner: str


async def send_next(office: Office) -> bool:
    """Send the most urgent delivery that is due. False where there is none."""
    delivery = await asyncio.to_thread(_claim, office)
    if delivery is None:
        return False
    now, publication = office.clock.now(), office.newest.latest()
    if publication is None:
        await _defer(office, delivery, NOTHING_PUBLISHED)
    elif delivery.obstacle:
        await _mark(office, outbox.mark_suppressed, delivery, delivery.obstacle, now)
    elif reason := _reason_against(publication, delivery, now):
        await _mark(office, outbox.mark_cancelled, delivery, reason, now)
    else:
        await _write_and_send(office, publication, delivery, now)
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
        catch_up(connection, office.newest)
        outbox.recover(connection, now)
        outbox.expand(connection, now)
        outbox.expire(connection, now)
        return outbox.claim(connection, office.owner, now)


async def _write_and_send(
    office: Office, publication: Publication, delivery: Delivery, now: datetime
) -> None:
    try:
        written = await asyncio.to_thread(_written, office, publication, delivery, now)
    except GsefNotifyError as error:
        await _fail(office, delivery, str(error))
        return
    timezone, reminder = written.letter.recipient.timezone, delivery.reminder
    waking = next_waking(reminder.quiet, timezone, now, reminder.use)
    if waking > now:
        await _mark(office, outbox.defer, delivery, QUIET, waking)
        return
    try:
        message = compose(written.letter, office.templates)
        envelope = _envelope(message, office.signer)
    except GsefNotifyError as error:
        await _fail(office, delivery, str(error))
        return
    if await asyncio.to_thread(_is_withdrawn, office, delivery):
        await _mark(office, outbox.mark_cancelled, delivery, outbox.PROGRAM_CHANGED, now)
        return
    await _send(office, delivery, envelope, _told(written, message, publication))


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


def _reason_against(publication: Publication, delivery: Delivery, now: datetime) -> str | None:
    try:
        return reason_against(publication, delivery, now)
    except KeyError:
        return outbox.PROGRAM_CHANGED


def _written(office: Office, publication: Publication, delivery: Delivery, now: datetime) -> Draft:
    """The mail about a session, or about the whole program."""
    reminder = delivery.reminder
    if reminder.session:
        return draft(office.letterhead, publication, delivery, now)
    with reading(office.engine) as connection:
        timezone = delivery.timezone or reminder.zone_of_others
        matter = digests.matter(connection, publication, timezone, now)
    return digest(office.letterhead, delivery, matter, now)


def _is_withdrawn(office: Office, delivery: Delivery) -> bool:
    with reading(office.engine) as connection:
        return outbox.is_withdrawn(connection, delivery)


def _envelope(message: Message, signer: Callable[[bytes], bytes]) -> Envelope:
    return Envelope(
        sender=message.sender.address,
        recipient=message.recipient.address,
        content=signer(to_bytes(message)),
        message_id=message.message_id,
        date=message.date,
    )


def _told(written: Draft, message: Message, publication: Publication) -> Told:
    return Told(
        subject=message.subject,
        message_id=message.message_id,
        facts=written.facts,
        timezone=written.letter.recipient.timezone,
        revision=publication.revision,
    )
