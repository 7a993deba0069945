"""Stored reminders, and whom each concerns."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Row,
    Select,
    and_,
    case,
    exists,
    func,
    literal,
    null,
    or_,
    select,
)

from gsef_notify.reminders.people import NAMED_ROLES
from gsef_notify.reminders.plan import Reminder
from gsef_notify.reminders.quiet import quiet_hours
from gsef_notify.store.tables import contacts, deliveries, named, reminders, roles, stars

CONTACT = (contacts.c.name, contacts.c.email, contacts.c.timezone, contacts.c.language)


def audience(*columns: ColumnElement[Any] | FromClause) -> Select[Any]:
    """A query over the stored reminders, each beside every contact whom it concerns.

    Who is on in a session gets what is for those who are, and not what is for its audience besides.
    """
    joined = reminders.join(roles, roles.c.role == reminders.c.role)
    joined = joined.join(contacts, contacts.c.id == roles.c.contact_id)
    concerned = (_IN_THE_SESSION, _IS_THAT_PERSON, _IN_THE_ZONE, _ON_THE_LIST, _STARRED_IT, ~_HEARS_MORE)
    return select(*columns).select_from(joined).where(*concerned).distinct()


def is_new_to_them() -> ColumnElement[bool]:
    """Of a query of ``audience``: that the contact has not been given the reminder for another zone, nor, if
    it was planned too late, been told of its session by an earlier mail."""
    before = deliveries.alias("before")
    same = reminders.alias("same")
    theirs = select(literal(1)).select_from(before.join(same, same.c.key == before.c.reminder))
    theirs = theirs.where(before.c.contact_id == contacts.c.id)
    given = theirs.where(same.c.base == reminders.c.base, before.c.state != "cancelled").exists()
    told = theirs.where(same.c.session == reminders.c.session, before.c.state == "sent").exists()
    return and_(~given, or_(reminders.c.due >= reminders.c.planned_at, ~told))


def preview(connection: Connection) -> Sequence[Row[Any]]:
    """Every stored reminder beside every contact whom it concerns, in the order in which they are due.

    The contact's columns are None where a person of the program is concerned whose address is not known.
    """
    reached = exists().where(roles.c.role == reminders.c.role, roles.c.person == reminders.c.person)
    nobody = (null().label(column.name) for column in CONTACT)
    alone = select(reminders, *nobody).where(reminders.c.person.is_not(None), ~reached)
    rows = [row for query in (audience(reminders, *CONTACT), alone) for row in connection.execute(query)]
    return sorted(rows, key=lambda row: (row.due, row.key, row.name or ""))


def due_between(connection: Connection, first: datetime, last: datetime) -> Sequence[Row[Any]]:
    """The stored reminders that are due from ``first`` on and before ``last``, each beside every contact whom
    it concerns."""
    in_time = (reminders.c.due >= first, reminders.c.due < last, reminders.c.state != "withdrawn")
    columns = (reminders.c.due, reminders.c.rule, reminders.c.session, contacts.c.id)
    return connection.execute(audience(*columns).where(*in_time)).all()


def row_of(reminder: Reminder) -> dict[str, Any]:
    """The columns of a reminder that say what it is."""
    return {
        **msgspec.structs.asdict(reminder),
        "key": reminder.key,
        "base": reminder.base,
        "lists": "".join(f"|{name}" for name in reminder.lists) + "|" if reminder.lists else "",
        "quiet": str(reminder.quiet or ""),
    }


def reminder_of(row: Row[Any]) -> Reminder:
    """The reminder in a row that has its columns."""
    values = {name: getattr(row, name) for name in Reminder.__struct_fields__}
    lists = tuple(name for name in row.lists.split("|") if name)
    return Reminder(**{**values, "lists": lists, "quiet": quiet_hours(row.quiet) if row.quiet else None})


def _starred(part: ColumnElement[str]) -> ColumnElement[bool]:
    return exists().where(stars.c.contact_id == contacts.c.id, stars.c.part == part)


_IN_THE_SESSION = or_(
    reminders.c.session == "",
    roles.c.session.in_(("", reminders.c.session)),
    and_(reminders.c.role == "participant", _starred(reminders.c.session)),
)
_IS_THAT_PERSON = or_(reminders.c.person.is_(None), roles.c.person == reminders.c.person)
_IN_THE_ZONE = or_(
    reminders.c.zone.is_(None),
    func.coalesce(contacts.c.timezone, reminders.c.zone_of_others) == reminders.c.zone,
)
_ON_THE_LIST = or_(
    reminders.c.lists == "",
    and_(roles.c.list != "", reminders.c.lists.contains(literal("|").concat(roles.c.list).concat("|"))),
)
_STARRED_IT = case(
    (reminders.c.is_starred, _starred(reminders.c.session.concat("/").concat(reminders.c.segment))),
    else_=True,
)
_other_role = roles.alias("other_role")
_HEARS_MORE = and_(
    reminders.c.role == "participant",
    exists().where(
        _other_role.c.contact_id == contacts.c.id,
        _other_role.c.role.in_(NAMED_ROLES),
        _other_role.c.session.in_(("", reminders.c.session)),
        named.c.session == reminders.c.session,
        named.c.person == _other_role.c.person,
    ),
)
