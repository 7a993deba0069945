"""The program as a frab/c3voc schedule, ``schedule.xml`` and ``schedule.json``, for conference apps.

Pure; the same bytes for the same publication. A segment is an event; the title of its session is the subtitle
and, where it has no room, the room too. No address of a person goes in. The schemas are
https://c3voc.de/schedule/schema.xsd and schema.json (version 1).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from datetime import timezone as fixed_zone
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from xml.etree import ElementTree

import msgspec

from gsef_notify import zones
from gsef_notify.feeds.events import Site, segment_uid
from gsef_notify.program.changes import Publication
from gsef_notify.program.identity import slug
from gsef_notify.program.model import Segment, Session

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Talk:
    """A segment as the formats name its parts: ``start`` is the local time of the conference's zone."""

    guid: str
    id: int
    slug: str
    url: str
    session: Session
    segment: Segment
    start: datetime


def schedule_xml(site: Site, publication: Publication) -> bytes:
    """The schedule as XML."""
    talks, timezone = _talks(site, publication), _timezone(publication)
    root = ElementTree.Element("schedule")
    _child(root, "version", str(publication.revision))
    conference = ElementTree.SubElement(root, "conference")
    for name, value in _conference(site, publication, talks).items():
        _child(conference, name, str(value))
    for index, (day, rooms) in enumerate(_days(talks).items(), 1):
        element = ElementTree.SubElement(root, "day", _day(index, day, rooms, timezone, ("start", "end")))
        for name, events in rooms.items():
            room = ElementTree.SubElement(element, "room", {"name": _clean(name), "guid": _guid(site, name)})
            for talk in events:
                room.append(_event_element(talk))
    ElementTree.indent(root)
    content: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def schedule_json(site: Site, publication: Publication) -> bytes:
    """The schedule as JSON."""
    talks, timezone = _talks(site, publication), _timezone(publication)
    conference = _conference(site, publication, talks)
    days = [
        {
            **_day(index, day, rooms, timezone, ("day_start", "day_end")),
            "index": index,
            "rooms": {name: [_event(talk) for talk in events] for name, events in rooms.items()},
        }
        for index, (day, rooms) in enumerate(_days(talks).items(), 1)
    ]
    content = {
        "title": conference["title"],
        "acronym": conference["acronym"],
        "start": conference["start"],
        "end": conference["end"],
        "daysCount": len(days),
        "timeslot_duration": conference["timeslot_duration"],
        "time_zone_name": conference["time_zone_name"],
        "url": conference["base_url"],
        "days": days,
    }
    schedule = {"version": str(publication.revision), "base_url": site.public_url, "conference": content}
    document = {"$schema": "https://c3voc.de/schedule/schema.json", "schedule": schedule}
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _talks(site: Site, publication: Publication) -> list[Talk]:
    timezone, acronym = _timezone(publication), _acronym(site)
    pairs = [(s, segment) for s in publication.program.sessions for segment in s.segments]
    numbers: set[int] = set()
    talks = []
    for session, segment in pairs:
        uid = segment_uid(site, session, segment)
        number = _number(uid, numbers)
        numbers.add(number)
        talks.append(
            Talk(
                guid=_event_guid(segment, uid),
                id=number,
                slug=f"{acronym}-{session.id}-{segment.id}",
                url=f"{site.session_url(session)}#{session.id}.{segment.id}",
                session=session,
                segment=segment,
                start=zones.local(segment.start, timezone),
            )
        )
    return sorted(talks, key=lambda talk: (talk.start, talk.slug))


def _event_guid(segment: Segment, uid: str) -> str:
    """The guid that a segment had where it came from, else one made of its UID."""
    try:
        return str(UUID(segment.id))
    except ValueError:
        return str(uuid5(NAMESPACE_URL, uid))


def _room(talk: Talk) -> str:
    return talk.session.room or talk.session.title


def _subtitle(talk: Talk) -> str:
    return talk.session.title if talk.session.title != talk.segment.title else ""


def _number(uid: str, taken: set[int]) -> int:
    """A positive number that stays with the segment: old clients know events by nothing else."""
    number = int(sha256(uid.encode()).hexdigest()[:7], 16) + 1
    while number in taken:
        number += 1
    return number


def _timezone(publication: Publication) -> str:
    """The zone that all sessions were announced in, UTC where they differ."""
    names = {session.timezone for session in publication.program.sessions}
    return names.pop() if len(names) == 1 else "UTC"


def _conference(site: Site, publication: Publication, talks: list[Talk]) -> dict[str, Any]:
    days = [talk.start.date() for talk in talks] or [publication.accepted_at.date()]
    return {
        "title": _clean(site.name),
        "acronym": _acronym(site),
        "start": days[0].isoformat(),
        "end": days[-1].isoformat(),
        "days": len(set(days)),
        "timeslot_duration": "00:01",
        "base_url": site.public_url,
        "time_zone_name": _timezone(publication),
    }


def _days(talks: list[Talk]) -> dict[date, dict[str, list[Talk]]]:
    days: dict[date, dict[str, list[Talk]]] = {}
    for talk in talks:
        rooms = days.setdefault(talk.start.date(), {})
        rooms.setdefault(_room(talk), []).append(talk)
    return days


def _day(
    index: int, day: date, rooms: dict[str, list[Talk]], timezone: str, names: tuple[str, str]
) -> dict[str, str]:
    """A day from its first talk to midnight: EventFahrplan takes what begins before the time of the end for a
    part of the night after."""
    first = min(talk.start for events in rooms.values() for talk in events)
    start, end = names
    midnight = _midnight(day + timedelta(days=1), timezone)
    return {"index": str(index), "date": day.isoformat(), start: first.isoformat(), end: midnight}


def _midnight(day: date, timezone: str) -> str:
    """The beginning of a day, by the clock that held until then where the clocks change at that moment."""
    wall = datetime.combine(day, time())
    try:
        instant = zones.instant(wall, timezone)
    except zones.DoubtfulTime as error:
        instant = max(error.readings) if isinstance(error, zones.NonExistentTime) else min(error.readings)
    offset = wall.replace(tzinfo=UTC) - instant
    return wall.replace(tzinfo=fixed_zone(offset)).isoformat()


def _event(talk: Talk) -> dict[str, Any]:
    return {
        "guid": talk.guid,
        "id": talk.id,
        "date": talk.start.isoformat(),
        "start": f"{talk.start:%H:%M}",
        "duration": _duration(talk),
        "room": _room(talk),
        "slug": talk.slug,
        "url": talk.url,
        "title": talk.segment.title,
        "subtitle": _subtitle(talk),
        "track": talk.session.track or None,
        "type": "other",
        "language": talk.session.language,
        "abstract": "",
        "description": talk.session.background,
        "persons": [{"name": person.name} for person in talk.session.people_of(talk.segment)],
        "links": [{"url": url, "title": "Join"} for url in _links(talk)],
    }


def _event_element(talk: Talk) -> ElementTree.Element:
    event = ElementTree.Element("event", {"guid": talk.guid, "id": str(talk.id)})
    for name, value in _event(talk).items():
        if name not in ("guid", "id", "persons", "links"):
            _child(event, name, value or "")
    persons = ElementTree.SubElement(event, "persons")
    for person in talk.session.people_of(talk.segment):
        _child(persons, "person", person.name)
    links = ElementTree.SubElement(event, "links")
    for url in _links(talk):
        _child(links, "link", "Join").set("href", url)
    return event


def _links(talk: Talk) -> Iterator[str]:
    if talk.session.join_url:
        yield talk.session.join_url


def _length(talk: Talk) -> timedelta:
    return talk.segment.end - talk.segment.start


def _duration(talk: Talk) -> str:
    minutes = int(_length(talk).total_seconds() // 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _acronym(site: Site) -> str:
    return slug(site.name, "forum").replace("-", "_").ljust(4, "_")


def _guid(site: Site, name: str) -> str:
    return str(uuid5(NAMESPACE_URL, f"{site.uid_domain}/room/{name}"))


def _child(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name)
    child.text = _clean(text)
    return child


def _clean(text: str) -> str:
    return _NO_XML.sub("", text)
