"""A feed as one would join it by hand from the program, escaped and folded by RFC 5545, without any cache but
for the VTIMEZONE and the words of days: the limit for building feeds in Python."""

from datetime import timedelta
from functools import cache

from gsef_notify import zones
from gsef_notify.feeds.events import color_of
from gsef_notify.feeds.feed import Edition
from gsef_notify.feeds.vtimezone import vtimezone
from gsef_notify.program.model import Person, Segment, Session

ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})


def joined(edition: Edition, zone: str) -> bytes:
    """All segments of the edition, which is of one language and has nothing that was removed."""
    program = edition.publication.program
    last = max(session.end for session in program.sessions)
    lines = [*head(edition, zone), vtimezone(zone, program.sessions[0].start, last).removesuffix("\r\n")]
    for session in program.sessions:
        for segment in session.segments:
            lines += event(edition, zone, session, segment)
    lines.append("END:VCALENDAR\r\n")
    return "\r\n".join(lines).encode()


def event(edition: Edition, zone: str, session: Session, segment: Segment) -> list[str]:
    site, speakers = edition.site, session.people_of(segment)
    lineage = edition.publication.lineage(session, segment)
    modified = f"{lineage.modified:%Y%m%dT%H%M%SZ}"
    title = f"{segment.title} - {', '.join(person.name for person in speakers)}"
    begin, end = zones.local(segment.start, zone), zones.local(segment.end, zone)
    place = f"{session.room}, {session.join_url}"
    return [
        "BEGIN:VEVENT",
        folded(f"UID:{session.id}.{segment.id}@{site.uid_domain}"),
        f"DTSTAMP:{modified}",
        f"LAST-MODIFIED:{modified}",
        f"SEQUENCE:{lineage.sequence}",
        folded(f"SUMMARY;LANGUAGE={session.language}:{title.translate(ESCAPES)}"),
        "STATUS:CONFIRMED",
        folded(f"RELATED-TO;RELTYPE=PARENT:{session.id}@{site.uid_domain}"),
        f"DTSTART;TZID={zone}:{begin:%Y%m%dT%H%M%S}",
        f"DTEND;TZID={zone}:{end:%Y%m%dT%H%M%S}",
        folded(f"DESCRIPTION;LANGUAGE=en:{description(zone, session, segment, speakers).translate(ESCAPES)}"),
        folded(f"LOCATION:{place.translate(ESCAPES)}"),
        folded(f"CATEGORIES:{session.track.translate(ESCAPES)}"),
        f"COLOR:{color_of(session.track)}",
        folded(f"CONFERENCE;VALUE=URI;LABEL=Online:{session.join_url}"),
        folded(f"URL:{site.public_url}/sessions/{session.id}"),
        *(line for person in speakers for line in participant(edition, session, person)),
        "END:VEVENT",
    ]


def participant(edition: Edition, session: Session, person: Person) -> list[str]:
    return [
        "BEGIN:PARTICIPANT",
        folded(f"UID:{session.id}.{person.id}@{edition.site.uid_domain}"),
        "PARTICIPANT-TYPE:SPEAKER",
        folded(f"SUMMARY:{person.name.translate(ESCAPES)}"),
        "END:PARTICIPANT",
    ]


def description(zone: str, session: Session, segment: Segment, speakers: tuple[Person, ...]) -> str:
    named = dict.fromkeys((zone, session.timezone, "UTC"))
    lines = [f"Join: {session.join_url}", "", *(time_line(name, segment) for name in named)]
    date = zones.local(segment.start, zone).date()
    for person in speakers:
        if person.timezone and person.timezone not in named:
            begin, end = (zones.local(each, person.timezone) for each in (segment.start, segment.end))
            days = (begin.date() - date).days
            apart = f" ({days:+d} day)" if days else ""
            lines.append(f"{begin:%H:%M}-{end:%H:%M} {zones.city(person.timezone)}{apart}")
    lines += ["", *(f"{person.name}, {person.position}, {person.organization}" for person in speakers)]
    return "\n".join([*lines, "", f"Part of: {session.title}"])


def time_line(name: str, segment: Segment) -> str:
    begin, end = zones.local(segment.start, name), zones.local(segment.end, name)
    return f"{begin:%a %d %b %Y, %H:%M}-{end:%H:%M} {clock(name, begin.utcoffset() or timedelta(0))}"


@cache
def clock(name: str, offset: timedelta) -> str:
    label = zones.offset_label(offset)
    return f"{zones.city(name)} time ({label})" if zones.has_city(name) else label


def head(edition: Edition, zone: str) -> list[str]:
    site = edition.site
    return [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//gsef-notify//gsef-notify//EN",
        "CALSCALE:GREGORIAN",
        f"uid:calendar.segments@{site.uid_domain}",
        f"NAME:{site.name.translate(ESCAPES)}",
        f"X-WR-CALNAME:{site.name.translate(ESCAPES)}",
        f"LAST-MODIFIED:{edition.publication.accepted_at:%Y%m%dT%H%M%SZ}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        f"URL:{site.public_url}",
        folded(f"SOURCE;VALUE=URI:{site.public_url}/calendar.ics?timezone={zone}"),
        f"COLOR:{color_of('calendar')}",
    ]


def folded(line: str) -> str:
    """RFC 5545 section 3.1."""
    if len(line) <= 75 and line.isascii():
        return line
    octets, pieces, begin, room = line.encode(), [], 0, 75
    while len(octets) - begin > room:
        end = begin + room
        while octets[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(octets[begin:end].decode())
        begin, room = end, 74
    return "\r\n ".join([*pieces, octets[begin:].decode()])
