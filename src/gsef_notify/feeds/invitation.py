"""A slot as an invitation to the one whose it is (RFC 5546 section 3.2), to be mailed as RFC 6047 says. Pure.

Its event is that of the public feed, with the same UID, and two addresses: the organizer's and the reader's
own. One publication always gives the same bytes, so that what is mailed again is no change.
"""

import re
from dataclasses import dataclass, replace
from typing import Literal

from icalendar import Event, vCalAddress

from gsef_notify.addresses import mailto
from gsef_notify.feeds.events import EventWriter, Site, content_lines
from gsef_notify.feeds.feed import bare_calendar
from gsef_notify.feeds.reader import Clocks, Face
from gsef_notify.feeds.vtimezone import vtimezone
from gsef_notify.feeds.words import words_of
from gsef_notify.program.changes import Publication
from gsef_notify.program.model import Segment, Session

Method = Literal["REQUEST", "CANCEL"]
Partstat = Literal["ACCEPTED", "DECLINED", "TENTATIVE"]

_END = b"END:VCALENDAR\r\n"
_STATUS = b"\r\nSTATUS:CONFIRMED\r\n"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029 ]+")


@dataclass(frozen=True)
class Organizer:
    """Who invites. Answers go to the ``address``, so that somebody has to read what comes there."""

    name: str
    address: str


@dataclass(frozen=True)
class Attendee:
    """The one who is invited."""

    name: str
    address: str


@dataclass(frozen=True)
class Answer:
    """What the attendee answered to the invitation with that SEQUENCE."""

    partstat: Partstat
    sequence: int


def method_of(publication: Publication, session: Session, segment: Segment | None) -> Method:
    """The METHOD of an invitation, which the part of the mail that holds it has to name too (RFC 6047 section
    2.4): CANCEL for what the program no longer has."""
    return "CANCEL" if publication.is_removed(session, segment) else "REQUEST"


def invitation(
    site: Site,
    publication: Publication,
    face: Face,
    session: Session,
    segment: Segment | None,
    attendee: Attendee,
    organizer: Organizer,
    answer: Answer | None = None,
) -> bytes:
    """The iCalendar object that invites somebody to a segment, or to the whole session where that is None, or
    that takes the invitation back once the publication has it as removed.

    Asks for an answer unless ``answer`` is one to what is told now. Raises AddressError, zones.UnknownZone.
    """
    slot = _Slot(site, publication, face, session, segment)
    if method_of(publication, session, segment) == "CANCEL":
        return slot.written("CANCEL", _people(organizer, attendee, {}))
    is_valid = answer is not None and answer.sequence >= publication.lineage(session, segment).sequence
    asked = {"PARTSTAT": answer.partstat if answer and is_valid else "NEEDS-ACTION"}
    return slot.written("REQUEST", _people(organizer, attendee, asked | {"RSVP": str(not is_valid).upper()}))


def withdrawal(
    site: Site,
    publication: Publication,
    face: Face,
    session: Session,
    segment: Segment | None,
    attendee: Attendee,
    organizer: Organizer,
) -> bytes:
    """The iCalendar object that takes an invitation back from somebody who is no longer expected at what
    takes place all the same: a CANCEL without STATUS (RFC 5546 section 3.2.5). Raises as invitation does."""
    slot = _Slot(site, publication, replace(face, alarm=None), session, segment)
    return slot.written("CANCEL", _people(organizer, attendee, {})).replace(_STATUS, b"\r\n", 1)


@dataclass(frozen=True)
class _Slot:
    """A part of the program as one reader is told of it."""

    site: Site
    publication: Publication
    face: Face
    session: Session
    segment: Segment | None

    def written(self, method: Method, people: bytes) -> bytes:
        """The calendar with its one event, to which the content lines of ``people`` are added."""
        session = self.session
        name = self.face.timezone or session.timezone
        clocks = Clocks(session.start, session.end)
        writer = EventWriter(self.site, self.publication, clocks)
        event = writer.event(words_of(self.face.language or session.language), session, self.segment)
        zone = vtimezone(name, session.start, session.end).encode() if name != "UTC" else b""
        told = replace(event, head=event.head + people).written(clocks.of(name), self.face.alarm)
        return b"".join((_opening(method), zone, told, _END))


def _opening(method: Method) -> bytes:
    calendar = bare_calendar()
    calendar.add("method", method)
    written: bytes = calendar.to_ical(sorted=False)
    return written.removesuffix(_END)


def _people(organizer: Organizer, attendee: Attendee, asked: dict[str, str]) -> bytes:
    """The content lines of both."""
    event = Event()
    event.add("organizer", vCalAddress(mailto(organizer.address)), _named({}, organizer.name))
    kind = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", **asked}
    event.add("attendee", vCalAddress(mailto(attendee.address)), _named(kind, attendee.name))
    return content_lines(event).encode()


def _named(parameters: dict[str, str], name: str) -> dict[str, str]:
    """With the name as CN: on one line, because few programs know RFC 6868's line ends, and without
    backslashes, which some take for the beginning of an escape."""
    one_line = _CONTROLS.sub(" ", name.encode("utf-8", "replace").decode()).strip().replace("\\", "/")
    return {**parameters, "CN": one_line} if one_line else parameters
