"""What a careful colleague would say about a program that can be used. Pure."""

from collections.abc import Container
from datetime import timedelta

from gsef_notify import zones
from gsef_notify.program.build import Built
from gsef_notify.program.model import Person, Session
from gsef_notify.program.problems import Problems

LONGEST = timedelta(hours=12)


def check(built: Built, zones_known: Container[str], problems: Problems) -> None:
    """Note what deserves a look, in files without errors: half of a program gives false warnings.

    ``zones_known`` are the ids of people whose zone is known from elsewhere.
    """
    broken = {problem.place.path for problem in problems.errors}
    for session in built.program.sessions:
        place = built.sessions[session.id]
        if place.path in broken:
            continue
        if session.end - session.start > LONGEST:
            problems.warn(place, "SESSION_LONG", _long(session), "mend its times, or leave them if meant")
        if not session.segments:
            problems.warn(place, "NO_SEGMENTS", f"{session.title!r} has no running order", "add its segments")
        if session.join_url is None:
            remedy = 'add a line "Where to join: https://..."; until then mails name the session\'s page'
            problems.warn(place, "NO_JOIN_LINK", "the session does not say where to join", remedy)
        for person in session.people:
            if person.timezone is None and person.id not in zones_known:
                at = built.people[session.id, person.id]
                problems.warn(at, "ZONE_UNKNOWN", _zone_unknown(person, session), _zone_remedy(person))


def _long(session: Session) -> str:
    hours = (session.end - session.start) / timedelta(hours=1)
    return f"{session.title!r} lasts {hours:g} hours"


def _zone_unknown(person: Person, session: Session) -> str:
    told = f"times are told to them in the session's zone, {session.timezone}"
    if person.country is None:
        return f"{person.name} ({person.role}) has no country, so no time zone: {told}"
    count = len(zones.zones_of_country(person.country))
    country = zones.country_name(person.country)
    return f"{person.name} has no known time zone: {country} has {count}, and {told}"


def _zone_remedy(person: Person) -> str:
    examples = zones.zones_of_country(person.country)[:2] if person.country else ("Asia/Seoul",)
    return f"give their zone in the contact list (people.csv) or in YAML, like {' or '.join(examples)}"
