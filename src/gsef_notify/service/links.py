"""Personal calendar links: made, visited, revoked."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine

from gsef_notify.clock import Clock
from gsef_notify.errors import GsefNotifyError
from gsef_notify.store import links
from gsef_notify.store.database import reading, transaction
from gsef_notify.store.links import Link, Owner, Visit

TOKEN_BYTES = 32
LONGEST_DEVICE = 100
KEPT_AS_IT_WAS = timedelta(minutes=10)


class UnknownContact(GsefNotifyError):
    """Nobody of the contact list or the program has that address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"nobody here has the address {email} - see `gsef-notify people list`")


class UnknownLink(GsefNotifyError):
    """There is no link of that number, or it is void already."""

    def __init__(self, link_id: int) -> None:
        super().__init__(f"there is no valid link {link_id} - see `gsef-notify links list`")


@dataclass(frozen=True)
class PersonalLinks:
    """The links as they are kept in the database. Every call waits for it."""

    engine: Engine
    clock: Clock

    def issue(self, email: str, device: str) -> str:
        """A new link for a device of somebody; its token, which is not kept. Raises UnknownContact."""
        with transaction(self.engine) as connection:
            contact_id = links.contact_of(connection, email)
            if contact_id is None:
                raise UnknownContact(email)
            return self._add(connection, contact_id, device)

    def listed(self) -> list[Mapping[str, Any]]:
        """Every link with whom it is for and its last fetch."""
        with reading(self.engine) as connection:
            return links.listed(connection)

    def revoke(self, link_id: int) -> None:
        """Make a link void. Raises UnknownLink."""
        with transaction(self.engine) as connection:
            if not links.revoke(connection, link_id, self.clock.now()):
                raise UnknownLink(link_id)

    def visit(self, token: str) -> Visit | None:
        """Who comes with a token, None for one that nobody was given."""
        with reading(self.engine) as connection:
            link = links.find(connection, _digest(token))
            return Visit(link, links.owner(connection, link.contact_id)) if link else None

    def fetched(self, link: Link, client: str, revision: int) -> None:
        """Keep that the calendar of a link was fetched; what is known already is not written each time."""
        now = self.clock.now()
        is_news = (link.client, link.revision) != (client, revision)
        if is_news or link.fetched_at is None or now - link.fetched_at > KEPT_AS_IT_WAS:
            with transaction(self.engine) as connection:
                links.fetched(connection, link.id, now, client, revision)

    def devices(self, owner: Owner) -> list[Link]:
        """The links of somebody."""
        with reading(self.engine) as connection:
            return links.of_contact(connection, owner.contact_id)

    def add_device(self, owner: Owner, device: str) -> str:
        """Another link of theirs; its token."""
        with transaction(self.engine) as connection:
            return self._add(connection, owner.contact_id, device)

    def remove_device(self, owner: Owner, link_id: int) -> None:
        """Make one of their links void; those of others are let be."""
        with transaction(self.engine) as connection:
            links.revoke(connection, link_id, self.clock.now(), owner.contact_id)

    def star(self, owner: Owner, part: str, *, is_on: bool) -> None:
        """Put a part of the program into their calendar, or take it out."""
        with transaction(self.engine) as connection:
            (links.star if is_on else links.unstar)(connection, owner.contact_id, part)

    def _add(self, connection: Connection, contact_id: int, device: str) -> str:
        token = secrets.token_urlsafe(TOKEN_BYTES)
        links.add(connection, contact_id, _digest(token), device[:LONGEST_DEVICE], self.clock.now())
        return token


def _digest(token: str) -> str:
    """A token has 256 bits of chance, so that a quick hash is enough."""
    return sha256(token.encode()).hexdigest()
