"""The outbox: the table of deliveries is the queue.

A delivery waits as ``ready`` or ``deferred``, is ``sending`` under a lease, and ends as ``sent``, ``failed``,
``expired`` or ``cancelled``. Every change of state is in this module. A change that needs the lease names the
attempt that it belongs to, and does nothing once the delivery has been claimed again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    delete,
    exists,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert

from gsef_notify.reminders.notices import TEMPLATES, Notice, outdated
from gsef_notify.reminders.notices import Told as ToldPart
from gsef_notify.reminders.plan import Reminder
from gsef_notify.store.tables import contacts, deliveries, reminders, roles

LEASE = timedelta(minutes=15)
WAITING = ("ready", "deferred")
PROGRAM_CHANGED = "the program has changed"
FINAL = ("sent", "failed", "expired", "cancelled")


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One reminder to one contact, claimed for sending. ``attempts`` counts this one; ``answers`` is the key
    of the reminder that told them what this one takes back."""

    id: int
    attempts: int
    reminder: Reminder
    email: str
    name: str
    timezone: str | None
    language: str | None
    corrects: datetime | None
    answers: str | None = None

    @property
    def key(self) -> str:
        """What it is, for ever; its Message-ID derives from this."""
        return f"{self.reminder.key} {self.email}"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail said: its subject, the beginning it named, in which zone, and of which revision."""

    subject: str
    start: datetime
    timezone: str
    revision: int


def told(connection: Connection) -> list[ToldPart]:
    """Of what people were told by mails that were sent, in the order in which they went out."""
    columns = (
        deliveries.c.contact_id,
        reminders.c.session,
        reminders.c.segment,
        reminders.c.role,
        reminders.c.person,
        deliveries.c.told_start.label("start"),
        reminders.c.template,
    )
    query = select(*columns).select_from(deliveries.join(reminders)).where(deliveries.c.state == "sent")
    rows = connection.execute(query.order_by(deliveries.c.finished_at, deliveries.c.id)).mappings()
    return [ToldPart(**row) for row in rows]


def replan(
    connection: Connection, plan: Iterable[Reminder], now: datetime, notices: Iterable[Notice] = ()
) -> None:
    """Make the stored reminders those of ``plan``, and of ``notices``, each of which is for one contact.

    What is stored and planned again stays as it is; what is planned no more is withdrawn, and its waiting
    deliveries are cancelled. A reminder that is useless already is not taken up.
    """
    notices = list(notices)
    planned = {reminder.key: reminder for reminder in plan}
    words = {notice.reminder.key: notice.reminder for notice in notices}
    stored = set(connection.scalars(select(reminders.c.key).where(reminders.c.state != "withdrawn")))
    _withdraw(connection, stored - planned.keys() - words.keys(), now)
    for key, reminder in planned.items():
        if key in stored:
            _keep(connection, reminder)
        elif reminder.useless_from > now:
            _take_up(connection, reminder)
    _add_notices(connection, notices)


def _add_notices(connection: Connection, notices: Iterable[Notice]) -> None:
    for notice in notices:
        reminder = notice.reminder
        values = {**msgspec.structs.asdict(reminder), "key": reminder.key, "state": "expanded"}
        connection.execute(insert(reminders).values(values).on_conflict_do_nothing())
        delivery = {
            "reminder": reminder.key,
            "contact_id": notice.contact_id,
            "state": "ready",
            "due": reminder.due,
            "useless_from": reminder.useless_from,
            "next_try": reminder.due,
            "attempts": 0,
        }
        connection.execute(insert(deliveries).values(delivery).on_conflict_do_nothing())


def expand(connection: Connection, now: datetime) -> int:
    """Turn the due reminders into deliveries, one a contact; the number of reminders.

    One whose use has passed before it could be expanded leaves deliveries that are expired from the start.
    """
    due = and_(reminders.c.state == "planned", reminders.c.due <= now)
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
            literal(reason),
            literal(None if useful else now, deliveries.c.finished_at.type),
        ).where(due, in_time)
        statement = insert(deliveries).from_select(_EXPANDED, values).on_conflict_do_nothing()
        connection.execute(statement)
    return connection.execute(update(reminders).where(due).values(state="expanded")).rowcount


def reconsider(connection: Connection, now: datetime) -> None:
    """Let reminders that are still of use be expanded again, for contacts who came after the first time."""
    is_for_many = reminders.c.template.not_in(TEMPLATES)
    useful = and_(reminders.c.state == "expanded", reminders.c.useless_from > now, is_for_many)
    connection.execute(update(reminders).where(useful).values(state="planned"))


def audience(*columns: ColumnElement[Any]) -> Select[Any]:
    """A query over the stored reminders, each beside every contact whom it concerns."""
    joined = reminders.join(roles, _CONCERNED).join(contacts, contacts.c.id == roles.c.contact_id)
    return select(*columns).select_from(joined).distinct()


def preview(connection: Connection) -> Sequence[Row[Any]]:
    """Every stored reminder beside every contact whom it concerns, in the order in which they are due.

    The contact's columns are None where a person of the program is concerned whose address is not known.
    """
    joined = reminders.outerjoin(roles, _CONCERNED).outerjoin(contacts, contacts.c.id == roles.c.contact_id)
    known = or_(contacts.c.id.is_not(None), reminders.c.person.is_not(None))
    columns = (reminders, contacts.c.name, contacts.c.email, contacts.c.timezone, contacts.c.language)
    query = select(*columns).select_from(joined).where(known).distinct()
    return connection.execute(query.order_by(reminders.c.due, reminders.c.key, contacts.c.name)).all()


def reminder_of(row: Row[Any]) -> Reminder:
    """The reminder in a row that has its columns."""
    return Reminder(**{name: getattr(row, name) for name in Reminder.__struct_fields__})


def expire(connection: Connection, now: datetime) -> int:
    """End the waiting deliveries whose use has passed; their number."""
    useless = and_(deliveries.c.state.in_(WAITING), deliveries.c.useless_from <= now)
    reason = func.coalesce(
        literal("it could not be sent in time: ").concat(deliveries.c.reason), literal(_TOO_LATE)
    )
    values = {"state": "expired", "finished_at": now, "reason": reason}
    return connection.execute(update(deliveries).where(useless).values(values)).rowcount


def recover(connection: Connection, now: datetime) -> int:
    """Take back the deliveries whose lease has run out; their number. They may have been sent."""
    lost = and_(deliveries.c.state == "sending", deliveries.c.lease_until <= now)
    return _take_back(connection, lost, now)


def recover_all(connection: Connection, now: datetime) -> int:
    """Take back every delivery that is being sent, when nobody else can be alive to send it; their number."""
    return _take_back(connection, deliveries.c.state == "sending", now)


def claim(connection: Connection, owner: str, now: datetime) -> Delivery | None:
    """Lease the waiting delivery that is most urgent, None where none is due."""
    waiting = (
        select(deliveries.c.id)
        .where(
            deliveries.c.state.in_(WAITING),
            deliveries.c.next_try <= now,
            deliveries.c.useless_from > now,
        )
        .order_by(deliveries.c.useless_from, deliveries.c.id)
        .limit(1)
    )
    values = {
        "state": "sending",
        "owner": owner,
        "lease_until": now + LEASE,
        "attempts": deliveries.c.attempts + 1,
    }
    claimed = update(deliveries).where(deliveries.c.id == waiting.scalar_subquery()).values(values)
    delivery_id = connection.scalar(claimed.returning(deliveries.c.id))
    return None if delivery_id is None else _delivery(connection, delivery_id)


def mark_sent(connection: Connection, delivery: Delivery, told: Told, proof: str, now: datetime) -> bool:
    """End a delivery that the server has taken; ``proof`` is its answer. False if the lease was lost."""
    return _end(
        connection,
        delivery,
        state="sent",
        finished_at=now,
        proof=proof,
        reason=None,
        subject=told.subject,
        told_start=told.start,
        told_timezone=told.timezone,
        revision=told.revision,
    )


def mark_failed(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> bool:
    """End a delivery that can never succeed. False if the lease was lost."""
    return _end(connection, delivery, state="failed", finished_at=now, reason=reason)


def mark_cancelled(connection: Connection, delivery: Delivery, reason: str, now: datetime) -> bool:
    """End a delivery whose reason to be has gone. False if the lease was lost."""
    return _end(connection, delivery, state="cancelled", finished_at=now, reason=reason)


def defer(connection: Connection, delivery: Delivery, reason: str, next_try: datetime) -> bool:
    """Put a delivery back until ``next_try``. False if the lease was lost."""
    return _end(connection, delivery, state="deferred", next_try=next_try, reason=reason)


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


_CONCERNED = and_(
    roles.c.role == reminders.c.role,
    roles.c.session.in_(("", reminders.c.session)),
    or_(reminders.c.person.is_(None), roles.c.person == reminders.c.person),
)
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
    "reason",
    "finished_at",
]


def _withdraw(connection: Connection, keys: set[str], now: datetime) -> None:
    if not keys:
        return
    waiting = and_(deliveries.c.reminder.in_(keys), deliveries.c.state.in_(WAITING))
    values = {"state": "cancelled", "finished_at": now, "reason": PROGRAM_CHANGED}
    connection.execute(update(deliveries).where(waiting).values(values))
    unused = ~exists().where(deliveries.c.reminder == reminders.c.key)
    connection.execute(delete(reminders).where(reminders.c.key.in_(keys), unused))
    connection.execute(update(reminders).where(reminders.c.key.in_(keys)).values(state="withdrawn"))


def _keep(connection: Connection, reminder: Reminder) -> None:
    values = {"useless_from": reminder.useless_from, "template": reminder.template}
    connection.execute(update(reminders).where(reminders.c.key == reminder.key).values(values))
    waiting = and_(deliveries.c.reminder == reminder.key, deliveries.c.state.in_(WAITING))
    connection.execute(update(deliveries).where(waiting).values(useless_from=reminder.useless_from))


def _take_up(connection: Connection, reminder: Reminder) -> None:
    values = {**msgspec.structs.asdict(reminder), "key": reminder.key, "state": "planned"}
    statement = insert(reminders).values(values)
    renewed = {"state": "planned", "useless_from": reminder.useless_from}
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=renewed))


def _take_back(connection: Connection, lost: ColumnElement[bool], now: datetime) -> int:
    values = {
        "state": "deferred",
        "next_try": now,
        "owner": None,
        "lease_until": None,
        "reason": "the service stopped while sending it; it may have arrived",
    }
    return connection.execute(update(deliveries).where(lost).values(values)).rowcount


def _end(connection: Connection, delivery: Delivery, **values: object) -> bool:
    still_ours = and_(
        deliveries.c.id == delivery.id,
        deliveries.c.state == "sending",
        deliveries.c.attempts == delivery.attempts,
    )
    statement = update(deliveries).where(still_ours).values(owner=None, lease_until=None, **values)
    return connection.execute(statement).rowcount == 1


def _delivery(connection: Connection, delivery_id: int) -> Delivery:
    columns = (deliveries.c.attempts, deliveries.c.contact_id, reminders, contacts)
    joined = deliveries.join(reminders).join(contacts)
    row = connection.execute(select(*columns).select_from(joined).where(deliveries.c.id == delivery_id)).one()
    reminder = reminder_of(row)
    return Delivery(
        id=delivery_id,
        attempts=row.attempts,
        reminder=reminder,
        email=row.email,
        name=row.name,
        timezone=row.timezone,
        language=row.language,
        corrects=outdated(_last_told(connection, row.contact_id, reminder), reminder),
        answers=_told_by(connection, row.contact_id, reminder) if reminder.template in TEMPLATES else None,
    )


def _told_by(connection: Connection, contact_id: int, reminder: Reminder) -> str | None:
    """The key of the reminder that last told the contact of the session."""
    same = and_(
        deliveries.c.contact_id == contact_id,
        deliveries.c.state == "sent",
        reminders.c.session == reminder.session,
    )
    query = select(reminders.c.key).select_from(deliveries.join(reminders)).where(same)
    return connection.scalar(query.order_by(deliveries.c.finished_at.desc(), deliveries.c.id.desc()).limit(1))


def _last_told(connection: Connection, contact_id: int, reminder: Reminder) -> datetime | None:
    """The beginning that the contact was last told for the same subject."""
    same = and_(
        deliveries.c.contact_id == contact_id,
        deliveries.c.state == "sent",
        reminders.c.session == reminder.session,
        reminders.c.segment.is_not_distinct_from(reminder.segment),
    )
    query = select(deliveries.c.told_start).select_from(deliveries.join(reminders)).where(same)
    return connection.scalar(query.order_by(deliveries.c.finished_at.desc(), deliveries.c.id.desc()).limit(1))
