"""The reminders that are planned."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, select, update

from gsef_notify.program.model import Program
from gsef_notify.reminders.notices import TEMPLATES, Notice
from gsef_notify.reminders.plan import Reminder
from gsef_notify.store import outbox, upsert
from gsef_notify.store.announcing import announce
from gsef_notify.store.audiences import row_of
from gsef_notify.store.tables import deliveries, named, reminders


def replan(connection: Connection, plan: Iterable[Reminder], now: datetime) -> None:
    """Make the stored reminders those of ``plan``.

    What is stored and planned again stays as it is; what is planned no more is withdrawn, and its waiting
    deliveries are cancelled. A reminder that is useless already is not taken up.
    """
    planned = {reminder.key: reminder for reminder in plan}
    stored = _stored(connection, reminders.c.template.not_in(TEMPLATES))
    _withdraw(connection, stored - planned.keys(), now)
    for key, reminder in planned.items():
        if key in stored:
            _keep(connection, reminder)
        elif reminder.useless_from > now:
            _take_up(connection, reminder, now)
    announce(connection)


def renotify(connection: Connection, notices: Iterable[Notice], now: datetime) -> bool:
    """Make the stored notices those, in the same way. Whether one that was withdrawn may have arrived before,
    so that its readers may believe it."""
    notices = list(notices)
    words = {notice.reminder.key: notice.reminder for notice in notices}
    stored = _stored(connection, reminders.c.template.in_(TEMPLATES))
    may_be_believed = _withdraw(connection, stored - words.keys(), now)
    for key, reminder in words.items():
        if key not in stored:
            _take_up(connection, reminder, now, state="expanded")
    for notice in notices:
        outbox.add_to(connection, notice.contact_ids, notice.reminder)
    announce(connection)
    return may_be_believed


def _stored(connection: Connection, kind: ColumnElement[bool]) -> set[str]:
    query = select(reminders.c.key).where(reminders.c.state != "withdrawn", kind)
    return set(connection.scalars(query))


def keep_named(connection: Connection, program: Program) -> None:
    """Keep who is named in which session of the newest program."""
    connection.execute(delete(named))
    rows = [{"session": session.id, "person": person.id} for session, person in program.people()]
    if rows:
        connection.execute(insert(named), rows)


def reconsider(connection: Connection, now: datetime) -> None:
    """Let reminders that are still of use be expanded again, for contacts who came after the first time."""
    is_for_many = reminders.c.template.not_in(TEMPLATES)
    useful = and_(reminders.c.state == "expanded", reminders.c.useless_from > now, is_for_many)
    connection.execute(update(reminders).where(useful).values(state="planned"))


def planned_at(connection: Connection) -> dict[str, datetime]:
    """When each stored reminder was planned, by its key."""
    rows = connection.execute(select(reminders.c.key, reminders.c.planned_at))
    return {row.key: row.planned_at for row in rows}


def _withdraw(connection: Connection, keys: set[str], now: datetime) -> bool:
    if not keys:
        return False
    may_be_believed = outbox.cancel_waiting(connection, keys, now)
    unused = ~exists().where(deliveries.c.reminder == reminders.c.key)
    connection.execute(delete(reminders).where(reminders.c.key.in_(keys), unused))
    connection.execute(update(reminders).where(reminders.c.key.in_(keys)).values(state="withdrawn"))
    return may_be_believed


def _keep(connection: Connection, reminder: Reminder) -> None:
    values = {name: value for name, value in row_of(reminder).items() if name in _MAY_CHANGE}
    connection.execute(update(reminders).where(reminders.c.key == reminder.key).values(values))
    outbox.limit_waiting(connection, reminder)


def _take_up(connection: Connection, reminder: Reminder, now: datetime, state: str = "planned") -> None:
    values = {**row_of(reminder), "planned_at": now, "state": state}
    renewed = {name: value for name, value in values.items() if name != "key"}
    statement = upsert.insert(connection, reminders).values(values)
    connection.execute(statement.on_conflict_do_update(index_elements=["key"], set_=renewed))


_MAY_CHANGE = ("useless_from", "template", "priority", "quiet", "lists")
