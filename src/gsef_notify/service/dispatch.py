"""Sending what is due: lease, send, then mark. Several deliveries may be under way at once."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

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
from gsef_notify.service.marking import insist, mark
from gsef_notify.service.publish import Newest
from gsef_notify.service.retries import wait_for
from gsef_notify.service.rounds import Rounds
from gsef_notify.store import ballast, limits, outbox
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.limits import NO_LIMITS, LimitReached, Limits
from gsef_notify.store.obstacles import obstacle
from gsef_notify.store.outbox import Delivery, Told

logger = logging.getLogger(__name__)

NOTHING_PUBLISHED = "no program is published"
LEASE_LOST = "another process has it"
QUIET = "it waits until its reader is awake"
LONGEST_REASON = 900

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Office:
    """All that it takes to send a delivery. ``signer`` takes the bytes of a message and gives those that are
    sent; ``owner`` names this process in its leases; ``lanes`` is how much may wait for the database at
    once."""

    engine: Engine
    clock: Clock
    transport: Transport
    templates: Templates
    newest: Newest
    letterhead: Letterhead
    signer: Callable[[bytes], bytes]
    owner: str
    limits: Limits = NO_LIMITS
    rounds: Rounds = field(default_factory=Rounds)
    lanes: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))

    async def ask(self, question: Callable[..., Answer], *details: object) -> Answer:
        """Do what waits for the database. Threads that write to SQLite side by side only sleep longer."""
        async with self.lanes:
            return await asyncio.to_thread(question, *details)

    async def insist(self, question: Callable[..., Answer], *details: object) -> Answer:
        """``ask``, again and again while the database can not be had."""
        async with self.lanes:
            return await insist(self.engine, lambda: question(*details))


async def send_next(office: Office) -> bool:
    """Send the most urgent delivery that is due. False where there is none that can be sent at present."""
    delivery = await claim_next(office)
    if delivery is None:
        return False
    await deliver(office, delivery)
    return True


async def claim_next(office: Office) -> Delivery | None:
    """Lease the most urgent delivery that is due. None where there is none, or no room for it."""
    has_room = office.transport.room().width > 0
    try:
        return await office.ask(_claim, office, has_room)
    except LimitReached:
        return None


async def deliver(office: Office, delivery: Delivery) -> None:
    """Write and send a delivery that has been claimed, and record what became of it."""
    now, publication = office.clock.now(), office.newest.latest()
    if publication is None:
        await _put_back(office, delivery, DeliveryError(NOTHING_PUBLISHED))
    elif delivery.obstacle:
        await _mark(office, outbox.mark_suppressed, delivery, delivery.obstacle, now)
    elif reason := _reason_against(publication, delivery, now):
        await _mark(office, outbox.mark_cancelled, delivery, reason, now)
    else:
        await _write_and_send(office, publication, delivery, now)


def next_wake(engine: Engine) -> datetime | None:
    """The next instant at which there is something to do."""
    with transaction(engine) as connection:
        return outbox.next_wake(connection)


def next_step(office: Office) -> datetime | None:
    """The next instant at which something can be done: when something is due, there is room for it and no
    limit holds it up."""
    now, room = office.clock.now(), office.transport.room()
    with transaction(office.engine) as connection:
        wake = outbox.next_wake(connection)
        held_until = limits.look_again_at(connection, office.limits, now)
    if wake is None or wake > now:
        return wake
    return room.until if room.width == 0 else held_until or wake


def _claim(office: Office, has_room: bool) -> Delivery | None:
    """Look again after a round where nothing was found without one."""
    now = office.clock.now()
    ballast.check(office.engine)
    with transaction(office.engine) as connection:
        for is_due in (office.rounds.are_due(now), True):
            if is_due:
                office.rounds.make(connection, office.newest, now)
            delivery = _claim_in_limits(connection, office, now) if has_room else None
            if is_due or delivery is not None:
                return delivery
    return None


def _claim_in_limits(connection: Connection, office: Office, now: datetime) -> Delivery | None:
    conditions = limits.may_go(connection, office.limits, now)
    if conditions is None:
        return None
    delivery = outbox.claim(connection, office.owner, now, conditions)
    if delivery is not None:
        limits.count(connection, office.limits, delivery.email, now)
    return delivery


async def _write_and_send(
    office: Office, publication: Publication, delivery: Delivery, now: datetime
) -> None:
    try:
        outcome = await office.insist(_prepared, office, publication, delivery, now)
    except GsefNotifyError as error:
        await _fail(office, delivery, str(error))
        return
    if isinstance(outcome, _Ready):
        await _send(office, delivery, outcome)
    else:
        await _mark(office, *outcome)


@dataclass(frozen=True)
class _Ready:
    """A mail that can go out, and what its reader learns from it."""

    envelope: Envelope
    told: Told


def _prepared(
    office: Office, publication: Publication, delivery: Delivery, now: datetime
) -> "_Ready | tuple[Any, ...]":
    """The mail, or the change of state that takes place in its stead, with its details. Raises
    GsefNotifyError."""
    written = _written(office, publication, delivery, now)
    reminder = delivery.reminder
    waking = next_waking(reminder.quiet, written.letter.recipient.timezone, now, reminder.use)
    if waking > now:
        return outbox.defer, delivery, QUIET, waking
    message = compose(written.letter, office.templates)
    envelope = _envelope(message, office.signer)
    told = _told(written, message, publication)
    return _objection(office, delivery) or _ready(office, delivery, envelope, told)


def _ready(office: Office, delivery: Delivery, envelope: Envelope, told: Told) -> "_Ready | tuple[Any, ...]":
    """A mail whose facts are kept, so that nobody is left believing what they say, whatever happens now."""
    with transaction(office.engine) as connection:
        if outbox.about_to_tell(connection, delivery, told):
            return _Ready(envelope, told)
    return outbox.mark_cancelled, delivery, LEASE_LOST, office.clock.now()


async def _send(office: Office, delivery: Delivery, ready: _Ready) -> None:
    try:
        proof = await office.transport.send(ready.envelope)
    except DeliveryError as error:
        if error.permanent:
            await _fail(office, delivery, str(error))
        else:
            await _put_back(office, delivery, error)
        return
    await _mark(office, outbox.mark_sent, delivery, ready.told, proof, office.clock.now())
    logger.info("delivery %d (%s) sent", delivery.id, delivery.reminder.rule)


async def _fail(office: Office, delivery: Delivery, reason: str) -> None:
    logger.error("delivery %d (%s) failed: %s", delivery.id, delivery.reminder.rule, reason)
    await _mark(office, outbox.mark_failed, delivery, reason[:LONGEST_REASON], office.clock.now())


async def _put_back(office: Office, delivery: Delivery, error: DeliveryError) -> None:
    """Let a delivery wait: not longer than its server is left alone, unless it may have arrived."""
    now, rest = office.clock.now(), office.transport.room().until
    next_try = now + wait_for(error, delivery.attempts, delivery.reminder.useless_from - now)
    if rest is not None and not error.unknown:
        next_try = min(next_try, rest)
    reason = f"{error}; it may have arrived" if error.unknown else str(error)
    logger.warning("delivery %d (%s) waits: %s", delivery.id, delivery.reminder.rule, reason)
    state = "unknown" if error.unknown else "deferred"
    await _mark(office, outbox.defer, delivery, reason[:LONGEST_REASON], next_try, state)


async def _mark(office: Office, change: Callable[..., bool], delivery: Delivery, *details: object) -> None:
    async with office.lanes:
        is_ours = await mark(office.engine, change, delivery, *details)
    if not is_ours:
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


def _objection(office: Office, delivery: Delivery) -> tuple[Any, ...] | None:
    """What has come between since a delivery was claimed: the change that ends it, with its details."""
    now, reminder = office.clock.now(), delivery.reminder
    with reading(office.engine) as connection:
        if outbox.is_withdrawn(connection, delivery):
            return outbox.mark_cancelled, delivery, outbox.PROGRAM_CHANGED, now
        address = delivery.contact_id, delivery.email
        if reason := obstacle(connection, *address, reminder.role, reminder.session):
            return outbox.mark_suppressed, delivery, reason, now
    return (outbox.mark_expired, delivery, now) if reminder.useless_from <= now else None


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
