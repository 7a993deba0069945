"""Sessions as schema.org describes events, for search engines and browsers' helpers. Pure. No address of a
person goes in."""

from datetime import datetime
from typing import Any

from gsef_notify import zones
from gsef_notify.feeds.events import Site
from gsef_notify.program.model import Person, Segment, Session


def session_data(
    session: Session, site: Site, join_url: str | None, *, is_cancelled: bool = False
) -> dict[str, Any]:
    """A session with its segments as ``schema.org/Event`` and ``subEvent``; ``join_url`` is one that browsers
    may follow."""
    page = site.session_url(session)
    status = "EventCancelled" if is_cancelled else "EventScheduled"
    common = _common(session, join_url or page) | {"eventStatus": f"https://schema.org/{status}"}
    return {
        "@context": "https://schema.org",
        **_event(session, session, page, session.people),
        **common,
        "organizer": {"@type": "Organization", "name": site.name, "url": site.public_url},
        "subEvent": [
            _event(session, part, f"{page}#{session.id}.{part.id}", session.people_of(part)) | common
            for part in session.segments
        ],
    }


def _common(session: Session, url: str) -> dict[str, Any]:
    """What a session and its segments share."""
    places = [{"@type": "Place", "name": session.room}] if session.room else []
    return {
        "eventAttendanceMode": f"https://schema.org/{'Mixed' if places else 'Online'}EventAttendanceMode",
        "inLanguage": session.language,
        "location": [*places, {"@type": "VirtualLocation", "url": url}],
    }


def _event(session: Session, part: Session | Segment, url: str, people: tuple[Person, ...]) -> dict[str, Any]:
    return {
        "@type": "Event",
        "@id": url,
        "url": url,
        "name": part.title,
        "startDate": _moment(part.start, session),
        "endDate": _moment(part.end, session),
        "performer": [_person(person) for person in people],
    }


def _person(person: Person) -> dict[str, Any]:
    job = {"jobTitle": person.position} if person.position else {}
    where = {"@type": "Organization", "name": person.organization}
    return {
        "@type": "Person",
        "name": person.name,
        **job,
        **({"affiliation": where} if where["name"] else {}),
    }


def _moment(moment: datetime, session: Session) -> str:
    """An instant with the offset that holds in the session's zone."""
    return zones.local(moment, session.timezone).isoformat()
