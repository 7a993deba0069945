"""The people of a program, looked over: who has no part, two parts at once, no zone, no address. Pure."""

import difflib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from gsef_notify import countries, zones
from gsef_notify.program.build import Built
from gsef_notify.program.model import Person, Session
from gsef_notify.program.names import fold_name
from gsef_notify.program.problems import Place, Problems

# Ends of addresses that no mail reaches (RFC 6761, RFC 6762 and what routers use at home).
_UNREACHABLE = (".invalid", ".test", ".localhost", ".local", ".internal", ".lan")
_COMMON_HOSTS = (
    "gmail.com", "hotmail.com", "outlook.com", "yahoo.com", "icloud.com", "naver.com", "daum.net",
)  # fmt: skip


@dataclass(frozen=True)
class _Slot:
    """A time for which somebody is needed."""

    start: datetime
    end: datetime
    session: str
    title: str
    place: Place


def check_people(built: Built, zones_known: Mapping[str, str], problems: Problems) -> None:
    """Note what deserves a look about the people. Somebody of several sessions is named once."""
    told: set[str] = set()
    for session in built.program.sessions:
        for person in session.people:
            at = built.people[session.id, person.id]
            if person.timezone is None and person.id not in zones_known and person.id not in told:
                told.add(person.id)
                problems.warn(at, "ZONE_UNKNOWN", _zone_unknown(person, session), _zone_remedy(person))
            if _is_idle(person, session):
                message = f"{person.name} is among the speakers, but no segment is theirs"
                remedy = "name them in the running order, or take them out"
                problems.warn(at, "PERSON_IDLE", message, remedy)
            if person.email and (trouble := _trouble_with(person.email)):
                problems.warn(at, "ADDRESS_DOUBTFUL", *trouble)
    _check_two_places(built, problems)


def _is_idle(person: Person, session: Session) -> bool:
    assigned = any(segment.people for segment in session.segments)
    return assigned and person.role == "speaker" and not session.segments_of(person.id)


def _zone_unknown(person: Person, session: Session) -> str:
    told = f"times are told to them in the session's zone, {session.timezone}"
    if person.country is None:
        return f"{person.name} ({person.role}) has no country, so no time zone: {told}"
    count = len(zones.clocks_of_country(person.country))
    country = countries.country_name(person.country)
    return f"{person.name} has no known time zone: {country} has {count} time zones, and {told}"


def _zone_remedy(person: Person) -> str:
    if person.country is None:
        return "give their zone in the contact list (people.csv) or in YAML, like Asia/Seoul"
    named = (f"{names[0]}{_others(names[1:])}" for names in zones.zones_by_clock(person.country))
    return f"give their zone in the contact list (people.csv) or in YAML: {', '.join(named)}"


def _others(names: Sequence[str]) -> str:
    """The cities of further zones with the same clock, `` (Fortaleza, Sao Paulo)``."""
    return f" ({', '.join(map(zones.city, names))})" if names else ""


def _trouble_with(address: str) -> tuple[str, str] | None:
    host = address.rpartition("@")[2]
    if host.endswith(_UNREACHABLE) or "." not in host:
        return f"no mail reaches {address}", "write the address at which they are reached"
    near = difflib.get_close_matches(host, _COMMON_HOSTS, n=1, cutoff=0.85)
    if near and near[0] != host:
        return f"{address} looks mistyped", f"did you mean {near[0]}?"
    return None


def _check_two_places(built: Built, problems: Problems) -> None:
    slots: dict[str, list[_Slot]] = defaultdict(list)
    names: dict[str, str] = {}
    for session in built.program.sessions:
        for person in session.people:
            folded = fold_name(person.name)
            names[folded] = person.name
            slots[folded] += _slots(person, session, built)
    for folded, theirs in slots.items():
        for earlier, later in _clashes(sorted(theirs, key=lambda slot: (slot.start, slot.end))):
            message = f"{names[folded]} is in two places at once: {earlier.title!r} and {later.title!r}"
            remedy = f"move one of the two; the other is at {earlier.place.brief}"
            problems.warn(later.place, "PERSON_IN_TWO_PLACES", message, remedy)


def _slots(person: Person, session: Session, built: Built) -> Iterator[_Slot]:
    """When somebody is needed: a moderator all the time, a speaker in their segments."""
    if person.role == "moderator":
        yield _Slot(session.start, session.end, session.id, session.title, built.sessions[session.id])
        return
    for segment in session.segments_of(person.id):
        place = built.segments[session.id, segment.id]
        yield _Slot(segment.start, segment.end, session.id, segment.title, place)


def _clashes(slots: list[_Slot]) -> Iterator[tuple[_Slot, _Slot]]:
    latest: _Slot | None = None
    for slot in slots:
        if latest and slot.start < latest.end and slot.session != latest.session:
            yield latest, slot
        if latest is None or slot.end > latest.end:
            latest = slot
