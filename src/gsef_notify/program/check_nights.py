"""Slots in somebody's night, and how the night hours of a session are spread over its people. Pure.

Night is from 23:00 to 07:00, as the World Health Organization counts it for noise (Lnight).
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from math import ceil

from gsef_notify import zones
from gsef_notify.program.build import Built
from gsef_notify.program.model import Person, Segment, Session
from gsef_notify.program.problems import Place, Problems

BEGINS, ENDS = time(23), time(7)
_STEP = timedelta(minutes=1)


def check_nights(built: Built, zones_known: Mapping[str, str], problems: Problems) -> None:
    """Note each person whose slots lie in their night, and the spread of the nights in each such session."""
    for session in built.program.sessions:
        known = {
            person: zone
            for person in session.people
            if (zone := zones_known.get(person.id) or person.timezone)
        }
        for person, zone in known.items():
            _check_slots(session, person, zone, built, problems)
        _check_spread(session, known, built, problems)


def _check_slots(session: Session, person: Person, zone: str, built: Built, problems: Problems) -> None:
    segments = () if person.role == "moderator" else session.segments_of(person.id)
    parts: list[tuple[Session | Segment, Place]]
    parts = [(segment, built.segments[session.id, segment.id]) for segment in segments]
    for part, place in parts or [(session, built.sessions[session.id])]:
        start, end = (zones.local(moment, zone) for moment in (part.start, part.end))
        if is_night(start) or is_night(end - timedelta(seconds=1)):
            message = f"{part.title!r} is at {start:%H:%M}-{end:%H:%M} by {person.name}'s clock"
            message += f" ({zones.city(zone)}): night"
            problems.warn(place, "NIGHT", message, "choose another time, or leave it if they agree")


def _check_spread(session: Session, known: Mapping[Person, str], built: Built, problems: Problems) -> None:
    nights = {person: minutes_of_night(session.start, session.end, zone) for person, zone in known.items()}
    if not any(nights.values()):
        return
    spread = sorted(nights.items(), key=lambda pair: (-pair[1], pair[0].name))
    told = ", ".join(f"{person.name} {minutes}" for person, minutes in spread)
    message = f"minutes of the session that fall into the night: {told}"
    problems.warn(built.sessions[session.id], "NIGHT_SPREAD", message, "let the next night be another's")


def is_night(local: datetime) -> bool:
    """Whether a local time lies in the night."""
    return local.time() >= BEGINS or local.time() < ENDS


def minutes_of_night(start: datetime, end: datetime, zone: str) -> int:
    """How many minutes between two instants are night in a zone; of long sessions the first two days."""
    end = min(end, start + timedelta(days=2))
    moments = (start + number * _STEP for number in range(ceil((end - start) / _STEP)))
    return sum(is_night(zones.local(moment, zone)) for moment in moments)
