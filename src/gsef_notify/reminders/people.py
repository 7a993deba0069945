"""The contact list beside the program: who can be mailed, and who of them is whom. Pure."""

import re
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from gsef_notify.program.model import Person, Program
from gsef_notify.program.names import fold_name

ContactRole = Literal["moderator", "speaker", "participant", "organizer"]
LIST_NAME = re.compile(r"[^\W_][\w-]{0,59}")
NAMED_ROLES: tuple[ContactRole, ...] = ("moderator", "speaker")


class Contact(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the contact list. ``session`` is empty for all sessions, ``timezone`` is an IANA name, and
    ``list`` the name of a group to which rules may be restricted."""

    name: str
    email: str
    role: ContactRole
    session: str = ""
    timezone: str | None = None
    language: str | None = None
    list: str = ""


class Listener(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of contacts: those of a role, being that person of the program ("" for nobody of it), whose zone
    is that."""

    role: ContactRole
    person: str
    timezone: str | None


def contacts_of(program: Program) -> Iterator[tuple[Person, Contact]]:
    """The people of the program whose address it gives, each as a contact."""
    for session, person in program.people():
        if person.email:
            yield (
                person,
                Contact(
                    name=person.name,
                    email=person.email,
                    role=person.role,
                    session=session.id,
                    timezone=person.timezone,
                ),
            )


def person_of(contact: Contact, program: Program) -> Person | None:
    """Whom of the program a speaker's or moderator's line means, by name or address."""
    for session, person in program.people():
        fits = person.role == contact.role and contact.session in ("", session.id)
        if fits and (fold_name(person.name) == fold_name(contact.name) or person.email == contact.email):
            return person
    return None


def known_zone(listed: str | None, person: Person | None) -> str | None:
    """The zone of somebody, by the contact list or else by their entry in the program; None where neither
    knows one, and they are told the session's times."""
    return listed or (person.timezone if person else None)


def known_zones(contacts: Iterable[Contact], program: Program) -> dict[str, str]:
    """The zones that the contact list knows of the program's people, by their ids."""
    return {
        person.id: contact.timezone
        for contact in contacts
        if contact.timezone and (person := person_of(contact, program))
    }
