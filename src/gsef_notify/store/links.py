"""Personal calendar links, one a device, and what their owners have starred."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Row, delete, insert, select, update

from gsef_notify.store import upsert
from gsef_notify.store.tables import contacts, links, roles, stars


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A link and the last that was heard of it: ``client`` fetched ``revision`` at ``fetched_at``."""

    id: int
    contact_id: int
    device: str
    created_at: datetime
    revoked_at: datetime | None
    fetched_at: datetime | None
    client: str | None
    revision: int | None


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whom a link is for. ``people`` are their ids in the program, ``follows`` the sessions in whose audience
    they are, ``stars`` the lasting keys of what they starred."""

    contact_id: int
    name: str
    timezone: str | None
    language: str | None
    people: frozenset[str]
    follows: frozenset[str]
    stars: frozenset[str]


class Visit(NamedTuple):
    """Somebody who comes with the token of a link."""

    link: Link
    owner: Owner


def contact_of(connection: Connection, email: str) -> int | None:
    """The contact that has an address."""
    return connection.scalar(select(contacts.c.id).where(contacts.c.email == email))


def is_contact(connection: Connection, contact_id: int) -> bool:
    """Whether there is a contact of that id."""
    return connection.scalar(select(contacts.c.id).where(contacts.c.id == contact_id)) is not None


def add(connection: Connection, contact_id: int, digest: str, device: str, now: datetime) -> int:
    """A new link of somebody; its id."""
    row = {"contact_id": contact_id, "digest": digest, "device": device, "created_at": now}
    return int(connection.execute(insert(links).values(row).returning(links.c.id)).scalar_one())


def find(connection: Connection, digest: str) -> Link | None:
    """The link whose token has that digest."""
    row = connection.execute(select(links).where(links.c.digest == digest)).one_or_none()
    return _link(row) if row else None


def owner(connection: Connection, contact_id: int) -> Owner:
    """The owner of a link."""
    contact = connection.execute(select(contacts).where(contacts.c.id == contact_id)).one()
    held = connection.execute(select(roles).where(roles.c.contact_id == contact_id)).all()
    starred = connection.scalars(select(stars.c.part).where(stars.c.contact_id == contact_id))
    return Owner(
        contact_id=contact_id,
        name=contact.name,
        timezone=contact.timezone,
        language=contact.language,
        people=frozenset(role.person for role in held if role.person),
        follows=frozenset(role.session for role in held if role.role == "participant"),
        stars=frozenset(starred),
    )


def fetched(connection: Connection, link_id: int, now: datetime, client: str, revision: int) -> None:
    """Keep that a client has just fetched a revision."""
    seen = {"fetched_at": now, "client": client, "revision": revision}
    connection.execute(update(links).where(links.c.id == link_id).values(seen))


def revoke(connection: Connection, link_id: int, now: datetime, contact_id: int | None = None) -> bool:
    """Make a link void, if it is that contact's; False where it is not, or was void already."""
    void = update(links).where(links.c.id == link_id, links.c.revoked_at.is_(None))
    if contact_id is not None:
        void = void.where(links.c.contact_id == contact_id)
    return connection.execute(void.values(revoked_at=now)).rowcount == 1


def of_contact(connection: Connection, contact_id: int) -> list[Link]:
    """The links of somebody, as they were made."""
    theirs = select(links).where(links.c.contact_id == contact_id).order_by(links.c.id)
    return [_link(row) for row in connection.execute(theirs)]


def listed(connection: Connection) -> list[Mapping[str, Any]]:
    """Every link with its owner's name and address, as they were made."""
    columns = [column for column in links.c if column.name not in ("digest", "contact_id")]
    query = select(*columns, contacts.c.name, contacts.c.email).join_from(links, contacts)
    return [dict(row) for row in connection.execute(query.order_by(links.c.id)).mappings()]


def star(connection: Connection, contact_id: int, part: str) -> None:
    """Put a session or segment, by its lasting key, into somebody's calendar."""
    row = {"contact_id": contact_id, "part": part}
    connection.execute(upsert.insert(connection, stars).values(row).on_conflict_do_nothing())


def unstar(connection: Connection, contact_id: int, part: str) -> None:
    """Take it out again."""
    connection.execute(delete(stars).where(stars.c.contact_id == contact_id, stars.c.part == part))


def _link(row: Row[Any]) -> Link:
    return Link(**{field: getattr(row, field) for field in Link.__struct_fields__})
