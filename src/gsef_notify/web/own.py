"""What somebody has of their own in the program. Pure."""

from dataclasses import replace

from gsef_notify.feeds.events import Site
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Own, own_of
from gsef_notify.feeds.words import spoken
from gsef_notify.program.changes import Publication
from gsef_notify.store.links import Owner
from gsef_notify.web.wanted import Wanted, choices, own_calendar


def own(site: Site, publication: Publication, owner: Owner) -> Own:
    """What they speak in or moderate, the sessions in whose audience they are, and what they starred."""
    everything = (session.id for session in publication.program.sessions)
    follows = set(everything) if "" in owner.follows else owner.follows
    title = f"{owner.name} - {site.name}"
    return own_of(publication, owner.people, follows | owner.stars, f"own-{owner.contact_id}", title)


def zone_of(publication: Publication, owner: Owner) -> str | None:
    """Their zone by the contact list or else by the program; None where neither knows one."""
    people = (person for _, person in publication.program.people() if person.id in owner.people)
    return owner.timezone or next((person.timezone for person in people if person.timezone), None)


def language_of(owner: Owner) -> str | None:
    """Their language where calendars speak it."""
    return spoken(owner.language or "")


def own_wanted(site: Site, publication: Publication, owner: Owner, query: bytes) -> Wanted:
    """Their calendar, in their zone and language unless the query names others. Raises BadQuery,
    zones.UnknownZone."""
    chosen = choices(query)
    face = Face(
        chosen.face.timezone or zone_of(publication, owner),
        chosen.face.alarm,
        chosen.face.language or language_of(owner),
    )
    return own_calendar(own(site, publication, owner), replace(chosen, face=face))
