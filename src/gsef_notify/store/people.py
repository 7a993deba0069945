"""The contact list, and who of it is whom in the program."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, Row, Select, delete, func, select, update

from gsef_notify.program.model import Program
from gsef_notify.reminders.people import NAMED_ROLES, Contact, Listener, contacts_of, person_of
from gsef_notify.store.tables import contacts, roles
from gsef_notify.store.upsert import insert

_AT_ONCE = 500


def add(connection: Connection, people: Iterable[Contact]) -> int:
    """Add contacts or, where the address is known, renew them; the number of lines taken."""
    taken = list(people)
    _add(connection, dict.fromkeys(taken, ""), origin="list")
    return len(taken)


def listed(connection: Connection) -> list[Contact]:
    """Every role of every contact of the list, by name. What the program itself gives is not in it."""
    query = _with_roles().where(contacts.c.origin == "list").order_by(contacts.c.name, roles.c.id)
    return [_contact(row) for row in connection.execute(query)]


def listeners(connection: Connection) -> list[Listener]:
    """The kinds of contacts that there are."""
    columns = (roles.c.role, roles.c.person, contacts.c.timezone)
    return [Listener(**row) for row in connection.execute(_with(*columns).distinct()).mappings()]


def at_address(connection: Connection, email: str) -> int | None:
    """The contact that has an address, in large or small letters; None where nobody has, or several have."""
    same = select(contacts.c.id).where(func.lower(contacts.c.email) == func.lower(email)).limit(2)
    found = connection.scalars(same).all()
    return found[0] if len(found) == 1 else None


def link(connection: Connection, program: Program) -> None:
    """Find out anew which contacts are which people of the program, and take those it brings along.

    An address of the contact list has precedence over one that stands in the program.
    """
    from_program = select(contacts.c.id).where(contacts.c.origin == "program")
    connection.execute(delete(roles).where(roles.c.contact_id.in_(from_program)))
    named = _with_roles().where(roles.c.role.in_(NAMED_ROLES))
    reached = {_link_role(connection, row, program) for row in connection.execute(named).all()}
    others = {contact: person.id for person, contact in contacts_of(program) if person.id not in reached}
    _add(connection, others, origin="program")


def _link_role(connection: Connection, row: Row[Any], program: Program) -> str:
    person = person_of(_contact(row), program)
    person_id = person.id if person else ""
    connection.execute(update(roles).where(roles.c.id == row.role_id).values(person=person_id))
    return person_id


def _add(connection: Connection, people: Mapping[Contact, str], *, origin: str) -> None:
    """Add contacts, each with the id of the person of the program that it is known to be. Those of the
    program leave what the list says of an address; those of the list renew what they know of it."""
    if not people:
        return
    statement = insert(connection, contacts)
    known = ("name", "timezone", "language")
    renewed = {name: func.coalesce(statement.excluded[name], contacts.c[name]) for name in known}
    upsert = (
        statement.on_conflict_do_nothing()
        if origin == "program"
        else statement.on_conflict_do_update(index_elements=["email"], set_={**renewed, "origin": origin})
    )
    connection.execute(upsert, [_contact_row(contact, origin) for contact in people])
    ids = _ids(connection, {contact.email for contact in people})
    rows = [_role_row(contact, ids[contact.email], person) for contact, person in people.items()]
    connection.execute(insert(connection, roles).on_conflict_do_nothing(), rows)


def _contact_row(contact: Contact, origin: str) -> dict[str, Any]:
    return {
        "email": contact.email,
        "name": contact.name,
        "timezone": contact.timezone,
        "language": contact.language,
        "origin": origin,
    }


def _role_row(contact: Contact, contact_id: int, person: str) -> dict[str, Any]:
    return {
        "contact_id": contact_id,
        "role": contact.role,
        "session": contact.session,
        "person": person,
        "list": contact.list,
    }


def _ids(connection: Connection, emails: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    ordered = sorted(emails)
    for first in range(0, len(ordered), _AT_ONCE):
        some = ordered[first : first + _AT_ONCE]
        query = select(contacts.c.email, contacts.c.id).where(contacts.c.email.in_(some))
        found |= {row.email: row.id for row in connection.execute(query)}
    return found


def _with_roles() -> Select[Any]:
    held = (roles.c.id.label("role_id"), roles.c.role, roles.c.session, roles.c.person, roles.c.list)
    return _with(contacts, *held)


def _with(*columns: FromClause | ColumnElement[Any]) -> Select[Any]:
    return select(*columns).select_from(contacts.join(roles))


def _contact(row: Row[Any]) -> Contact:
    return Contact(
        name=row.name,
        email=row.email,
        role=row.role,
        session=row.session,
        timezone=row.timezone,
        language=row.language,
        list=row.list,
    )
