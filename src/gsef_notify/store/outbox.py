"""The outbox: the table of deliveries is the queue.

A delivery waits as ``ready``, ``deferred`` or, where it may have arrived all the same, ``unknown``, is
``sending`` under a lease, and ends as ``sent``, ``failed``, ``expired`` or ``cancelled``. Every change of
state is in this module, but that from ``sent`` to ``bounced``, which is in ``returned``. A change that needs
the lease names the attempt that it belongs to, and does nothing once the delivery has been claimed again.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, and_, case, exists, func, literal, select, update

from gsef_notify.reminders.facts import Facts
from gsef_notify.reminders.notices import TEMPLATES, Believed
from gsef_notify.reminders.plan import Reminder
from gsef_notify.reminders.rules import PRIORITIES
from gsef_notify.store import answers, believed, locks
from gsef_notify.store.announcing import announce
from gsef_notify.store.answers import Answer, Choice
from gsef_notify.store.audiences import CONTACT, audience, is_new_to_them, reminder_of
from gsef_notify.store.obstacles import obstacle
from gsef_notify.store.tables import contacts, deliveries, reminders
from gsef_notify.store.upsert import Insert, insert

LEASE = timedelta(minutes=15)
WAITING = ("ready", "deferred", "unknown")
PROGRAM_CHANGED = "the program has changed"
IN_VAIN = ("failed", "expired", "bounced", "suppressed")
FINAL = ("sent", "cancelled", *IN_VAIN)


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder to one contact, claimed for sending. ``attempts`` counts this one. ``believed`` is what
    the contact was told of the session before, ``starred`` the ids of its segments that they starred,
    ``answers`` the Message-ID of the mail that told them what a notice takes back, ``answer`` what they have
    said of coming, ``answered`` what each person of the session has, by their ids in the program, and
    ``obstacle`` why nothing may be sent to them; ``may_have_arrived`` says that an earlier try may have
    succeeded."""

    id: int
    attempts: int
    contact_id: int
    reminder: Reminder
    email: str
    name: str
    timezone: str | None
    language: str | None
    believed: Believed | None = None
    starred: frozenset[str] = frozenset()
    answers: str | None = None
    answer: Answer | None = None
    answered: Mapping[str, Choice] = {}
    obstacle: str | None = None
    may_have_arrived: bool = False

    @property
    def key(self) -> str:
        """What it is, for ever; its Message-ID derives from this."""
        return f"{self.reminder.key} {self.email}"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail said: its subject and Message-ID, the facts of a session, in which zone, of which
    revision."""

    subject: str
    message_id: str
    facts: Facts | None
    timezone: str
    revision: int


def add_to(connection: Connection, contact_ids: Iterable[int], reminder: Reminder) -> None:
    """Add a delivery of a reminder to each of those contacts, unless they have it. One that was cancelled
    with its reminder, which is planned again, waits again."""
    delivery = {
        "reminder": reminder.key,
        "state": "ready",
        "due": reminder.due,
        "useless_from": reminder.useless_from,
        "next_try": reminder.due,
        "rank": PRIORITIES.index(reminder.priority),
        "attempts": 0,
        "reason": None,
        "finished_at": None,
    }
    rows = [{**delivery, "contact_id": contact_id} for contact_id in contact_ids]
    connection.execute(_or_reopen(insert(connection, deliveries)), rows)


def cancel_waiting(connection: Connection, reminder_keys: Collection[str], now: datetime) -> bool:
    """End the waiting deliveries of reminders that are planned no more. Whether one of them may have arrived
    at an earlier try."""
    waiting = and_(deliveries.c.reminder.in_(reminder_keys), deliveries.c.state.in_(WAITING))
    may_have_arrived = select(exists().where(waiting, deliveries.c.facts.is_not(None)))
    may_be_believed = bool(connection.scalar(may_have_arrived))
    values = {"state": "cancelled", "finished_at": now, "reason": PROGRAM_CHANGED}
    connection.execute(update(deliveries).where(waiting).values(values))
    return may_be_believed


def limit_waiting(connection: Connection, reminder: Reminder) -> None:
    """Let the waiting deliveries of a reminder be of use for as long as it is now."""
    waiting = and_(deliveries.c.reminder == reminder.key, deliveries.c.state.in_(WAITING))
    connection.execute(update(deliveries).where(waiting).values(useless_from=reminder.useless_from))


def expand(connection: Connection, now: datetime) -> int:
    """Turn the due reminders into deliveries, one a contact; the number of reminders.

    One whose use has passed before it could be expanded leaves deliveries that are expired from the start.
    Where any are due, nobody plans until the end of the transaction: call it before others change rows in it.
    """
    due = and_(reminders.c.state == "planned", reminders.c.due <= now)
    if not connection.scalar(select(exists().where(due))):
        return 0
    locks.hold(connection, locks.PLANNING)
    rank = case({name: n for n, name in enumerate(PRIORITIES)}, value=reminders.c.priority)
    for useful, state, reason in ((True, "ready", None), (False, "expired", _NOT_RUNNING)):
        in_time = reminders.c.useless_from > now if useful else reminders.c.useless_from <= now
        values = audience(
            reminders.c.key,
            contacts.c.id,
            literal(state),
            reminders.c.due,
            reminders.c.useless_from,
            reminders.c.due,
            literal(0),
            rank,
            literal(reason),
            literal(None if useful else now, deliveries.c.finished_at.type),
        ).where(due, in_time, is_new_to_them())
        connection.execute(_or_reopen(insert(connection, deliveries).from_select(_EXPANDED, values)))
    announce(connection)
    return connection.execute(update(reminders).where(due).values(state="expanded")).rowcount


def expire(connection: Connection, now: datetime) -> int:
    """End the waiting deliveries whose use has passed; their number."""
    useless = and_(deliveries.c.state.in_(WAITING), deliveries.c.useless_from <= now)
    reason = func.coalesce(
        literal("it could not be sent in time: ").concat(deliveries.c.reason), literal(_TOO_LATE)
    )
    values = {"state": "expired", "finished_at": now, "reason": reason}
    return _change(connection, useless, values)


def recover(connection: Connection, now: datetime) -> int:
    """Take back the deliveries whose lease has run out; their number. They may have been sent."""
    lost = and_(deliveries.c.state == "sending", deliveries.c.lease_until <= now)
    return _take_back(connection, lost, now)


def senders(connection: Connection) -> frozenset[str]:
    """The owners of what is being sent."""
    owners = select(deliveries.c.owner).where(deliveries.c.state == "sending").distinct()
    return frozenset(connection.scalars(owners))


def recover_from(connection: Connection, owners: Collection[str], now: datetime) -> int:
    """Take back what is being sent by services that are dead; the number of deliveries."""
    lost = and_(deliveries.c.state == "sending", deliveries.c.owner.in_(owners))
    return _take_back(connection, lost, now)


def claim(
    connection: Connection, owner: str, now: datetime, conditions: Iterable[ColumnElement[bool]] = ()
) -> Delivery | None:
    """Lease the waiting delivery of the highest priority that is most urgent among those that fulfil the
    conditions, None where none is due."""
    return next(iter(claim_several(connection, owner, now, 1, conditions)), None)


def claim_several(
    connection: Connection,
    owner: str,
    now: datetime,
    limit: int,
    conditions: Iterable[ColumnElement[bool]] = (),
) -> list[Delivery]:
    """Lease up to ``limit`` deliveries that are due and fulfil the conditions, the most urgent first. What
    another process is claiming is passed over, so that nobody waits for them."""
    over = and_(deliveries.c.state.in_(("deferred", "unknown")), deliveries.c.next_try <= now)
    _change(connection, over, {"state": "ready"})  # so that a claim looks at no others
    due = and_(deliveries.c.state == "ready", deliveries.c.next_try <= now, deliveries.c.useless_from > now)
    urgency = (deliveries.c.rank, deliveries.c.useless_from, deliveries.c.id)
    found = select(deliveries.c.id).where(due, *conditions).order_by(*urgency).limit(limit)
    ids = connection.scalars(found.with_for_update(skip_locked=True)).all()
    values = {
        "state": "sending",
        "owner": owner,
        "lease_until": now + LEASE,
        "attempts": deliveries.c.attempts + 1,
    }
    if ids:
        connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(values))
    return [_delivery(connection, each) for each in ids]


def about_to_tell(connection: Connection, delivery: Delivery, told: Told) -> bool:
    """Keep what a mail says before it goes out: should nobody live to mark it, its reader may believe it.
    False if the lease was lost."""
    statement = update(deliveries).where(_is_ours(delivery)).values(_told_values(told))
    return connection.execute(statement).rowcount == 1


def mark_sent(connection: Connection, delivery: Delivery, told: Told, proof: str, now: datetime) -> bool:
    """End a delivery that the server has taken; ``proof`` is its answer. False if the lease was lost."""
    return _end(
        connection,
        delivery,
        state="sent",
        finished_at=now,
        proof=proof,
        reason=None,
        **_told_values(told),
    )


def mark_failed(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> bool:
    """End a delivery that can never succeed. False if the lease was lost."""
    values = {"state": "failed", "finished_at": now, "reason": reason}
    return _end(connection, delivery, **values, **_untold(delivery))


def mark_expired(connection: Connection, delivery: Delivery, now: datetime) -> bool:
    """End a delivery whose use passed while it was on its way out. False if the lease was lost."""
    return _end(connection, delivery, state="expired", finished_at=now, reason=_TOO_LATE)


def mark_cancelled(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> bool:
    """End a delivery whose reason to be has gone. False if the lease was lost."""
    return _end(connection, delivery, state="cancelled", finished_at=now, reason=reason)


def mark_suppressed(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> bool:
    """End a delivery to somebody to whom nothing may be sent. False if the lease was lost."""
    return _end(connection, delivery, state="suppressed", finished_at=now, reason=reason)


def defer(
    connection: Connection, delivery: Delivery, reason: str, next_try: datetime, state: str = "deferred"
) -> bool:
    """Put a delivery back until ``next_try``, as another waiting ``state`` if need be. False if the lease was
    lost."""
    untold = {} if state == "unknown" else _untold(delivery)
    return _end(connection, delivery, state=state, next_try=next_try, reason=reason, **untold)


def has_ended(connection: Connection, delivery: Delivery) -> bool:
    """Whether that attempt at a delivery was its last, as one finds after a commit whose answer was lost."""
    it = and_(deliveries.c.id == delivery.id, deliveries.c.attempts == delivery.attempts)
    return connection.scalar(select(deliveries.c.state).where(it)) in FINAL


def is_withdrawn(connection: Connection, delivery: Delivery) -> bool:
    """Whether the newest program no longer plans the reminder of a delivery."""
    state = select(reminders.c.state).where(reminders.c.key == delivery.reminder.key)
    return connection.scalar(state) == "withdrawn"


def next_wake(connection: Connection) -> datetime | None:
    """The next instant at which there is something to do, which may have passed."""
    moments = (
        select(func.min(reminders.c.due)).where(reminders.c.state == "planned"),
        select(func.min(deliveries.c.next_try)).where(deliveries.c.state.in_(WAITING)),
        select(func.min(deliveries.c.useless_from)).where(deliveries.c.state.in_(WAITING)),
        select(func.min(deliveries.c.lease_until)).where(deliveries.c.state == "sending"),
    )
    return min((m for m in map(connection.scalar, moments) if m is not None), default=None)


def counts(connection: Connection) -> dict[str, int]:
    """The number of deliveries in each state, and of reminders still ``planned``."""
    by_state = select(deliveries.c.state, func.count().label("number")).group_by(deliveries.c.state)
    planned = select(func.count()).select_from(reminders).where(reminders.c.state == "planned")
    counted: dict[str, int] = {row.state: row.number for row in connection.execute(by_state)}
    return {"planned": connection.scalar(planned) or 0, **counted}


def history(connection: Connection) -> Sequence[Row[Any]]:
    """Every delivery with its reminder and contact, in the order in which they were due."""
    columns = (
        deliveries,
        reminders.c.rule,
        reminders.c.role,
        reminders.c.session,
        reminders.c.segment,
        reminders.c.person,
        reminders.c.start,
        contacts.c.name,
        contacts.c.email,
        contacts.c.timezone,
    )
    joined = deliveries.join(reminders).join(contacts)
    ordered = select(*columns).select_from(joined).order_by(deliveries.c.due, deliveries.c.id)
    return connection.execute(ordered).all()


_NOT_RUNNING = "its time had passed before the service could send it"
_TOO_LATE = "its time had passed before it could be sent"
_EXPANDED = [
    "reminder",
    "contact_id",
    "state",
    "due",
    "useless_from",
    "next_try",
    "attempts",
    "rank",
    "reason",
    "finished_at",
]


def _or_reopen(statement: Insert) -> Insert:
    """Add deliveries; of those that are there, those wait again that were cancelled with their reminder."""
    given = statement.excluded
    again = ("state", "due", "useless_from", "next_try", "rank", "reason", "finished_at")
    return statement.on_conflict_do_update(
        index_elements=["reminder", "contact_id"],
        set_={name: given[name] for name in again},
        where=and_(deliveries.c.state == "cancelled", deliveries.c.reason == PROGRAM_CHANGED),
    )


def _change(connection: Connection, where: ColumnElement[bool], values: Mapping[str, object]) -> int:
    """Change those deliveries that no other process is changing, so that two never wait for one another;
    their number. What is changed must not meet the condition any more.

    They are found first and then changed by their ids: in one statement, PostgreSQL may read the whole table.
    """
    found = select(deliveries.c.id).where(where).limit(_AT_ONCE).with_for_update(skip_locked=True)
    number = 0
    while ids := connection.scalars(found).all():
        connection.execute(update(deliveries).where(deliveries.c.id.in_(ids)).values(values))
        number += len(ids)
    return number


_AT_ONCE = 10_000


def _take_back(connection: Connection, lost: ColumnElement[bool], now: datetime) -> int:
    values = {
        "state": "deferred",
        "next_try": now,
        "owner": None,
        "lease_until": None,
        "reason": "the service stopped while sending it; it may have arrived",
    }
    return _change(connection, lost, values)


def _end(connection: Connection, delivery: Delivery, **values: object) -> bool:
    statement = update(deliveries).where(_is_ours(delivery))
    return connection.execute(statement.values(owner=None, lease_until=None, **values)).rowcount == 1


def _is_ours(delivery: Delivery) -> ColumnElement[bool]:
    """Whether the lease of a delivery has not been lost."""
    return and_(
        deliveries.c.id == delivery.id,
        deliveries.c.state == "sending",
        deliveries.c.attempts == delivery.attempts,
    )


def _told_values(told: Told) -> dict[str, object]:
    return {
        "subject": told.subject,
        "message_id": told.message_id,
        "facts": msgspec.json.encode(told.facts) if told.facts else None,
        "told_timezone": told.timezone,
        "revision": told.revision,
    }


def _untold(delivery: Delivery) -> dict[str, object]:
    """What a try that surely failed leaves of what it was to tell."""
    return {} if delivery.may_have_arrived else {"facts": None}


def _delivery(connection: Connection, delivery_id: int) -> Delivery:
    columns = (deliveries.c.attempts, deliveries.c.contact_id, deliveries.c.facts, reminders, *CONTACT)
    joined = deliveries.join(reminders).join(contacts)
    row = connection.execute(select(*columns).select_from(joined).where(deliveries.c.id == delivery_id)).one()
    is_notice = row.template in TEMPLATES
    return Delivery(
        id=delivery_id,
        attempts=row.attempts,
        contact_id=row.contact_id,
        reminder=reminder_of(row),
        email=row.email,
        name=row.name,
        timezone=row.timezone,
        language=row.language,
        believed=believed.of_contact(connection, row.contact_id, row.session),
        may_have_arrived=row.facts is not None,
        starred=believed.starred(connection, row.contact_id, row.session),
        answers=believed.told_by(connection, row.contact_id, row.session) if is_notice else None,
        answer=answers.answer_of(connection, row.contact_id, row.session),
        answered=answers.of_people(connection, row.session),
        obstacle=obstacle(connection, row.contact_id, row.email, row.role, row.session),
    )
