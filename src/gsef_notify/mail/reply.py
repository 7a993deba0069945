"""What a calendar program answers to an invitation (RFC 5546 sections 3.2.3 and 3.2.7). Pure.

Anybody can write such a text: whether it comes from whom it names is for the caller to find out.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import get_args

from icalendar import vDatetime

from gsef_notify import zones
from gsef_notify.addresses import AddressError, from_mailto
from gsef_notify.feeds.invitation import Partstat
from gsef_notify.mail.calendar_object import CalendarObject, CalendarObjectError, Line, first, read_object
from gsef_notify.tzids import zone_of_tzid

LONGEST_COMMENT = 1000
LONGEST_UID = 1000
_NAMES = frozenset((
    "METHOD", "UID", "SEQUENCE", "DTSTAMP", "ATTENDEE", "ORGANIZER", "COMMENT", "DTSTART", "DTEND",
    "RECURRENCE-ID",
))  # fmt: skip
_PARTSTATS: dict[str, Partstat] = {partstat: partstat for partstat in get_args(Partstat)}
_ANSWERS = ("REPLY", "COUNTER")
_SEQUENCE = re.compile(r"\+?[0-9]{1,9}", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]+")

Event = tuple[Line, ...]


class ReplyError(CalendarObjectError):
    """An answer to an invitation that does not say whose, to what, or which."""


class NotAReply(CalendarObjectError):
    """A calendar that answers no invitation, by its METHOD: nothing is wrong with it."""


@dataclass(frozen=True)
class Reply:
    """An answer of ``attendee``, an address in small letters, to the event ``uid``.

    ``sequence`` is that of the invitation, None where the answer leaves it out, which stands for 0.
    ``dtstamp`` says when it was given, in UTC: the later of two to the same SEQUENCE holds (RFC 5546 section
    2.1.5). ``proposed`` is another time, begin and end in UTC, where one is proposed that can be understood.
    """

    uid: str
    sequence: int | None
    attendee: str
    partstat: Partstat
    comment: str
    dtstamp: datetime
    proposed: tuple[datetime, datetime] | None = None


def read_reply(content: bytes) -> Reply:
    """The answer in the body of a ``text/calendar`` part, in UTF-8. A proposal of another time (COUNTER) that
    says nothing else is TENTATIVE.

    Raises NotAReply for other methods, ReplyError, and CalendarObjectError for what is no sound calendar.
    """
    calendar = read_object(content, _NAMES)
    method = _method(calendar)
    event = _newest(calendar.events)
    attendee = _attendee(event)
    return Reply(
        uid=_uid(event),
        sequence=_sequence(event),
        attendee=_address(attendee),
        partstat=_partstat(attendee, method),
        comment=_comment(event, attendee),
        dtstamp=_dtstamp(event),
        proposed=_proposed(event) if method == "COUNTER" else None,
    )


def _method(calendar: CalendarObject) -> str:
    line = first(calendar.lines, "METHOD")
    method = line.text.upper() if line else ""
    if method not in _ANSWERS:
        raise NotAReply(f"METHOD:{method[:40]} answers no invitation - METHOD:REPLY would")
    return method


def _newest(events: tuple[Event, ...]) -> Event:
    """The event that is answered; of several with one UID the newest, but none of a repetition."""
    whole = [event for event in events if first(event, "RECURRENCE-ID") is None]
    if not whole:
        raise ReplyError("the answer has no event that happens once - answer the invitation as a whole")
    if len({_uid(event) for event in whole}) > 1:
        raise ReplyError("the answer is to several events - answer each invitation alone")
    return max(whole, key=lambda event: (_sequence(event) or 0, _dtstamp(event))) if whole[1:] else whole[0]


def _uid(event: Event) -> str:
    line = first(event, "UID")
    if line is None or not 0 < len(line.text) <= LONGEST_UID:
        raise ReplyError("the answer does not say to which event: it has no UID, or no sensible one")
    return line.text


def _sequence(event: Event) -> int | None:
    line = first(event, "SEQUENCE")
    if line is None:
        return None
    if not _SEQUENCE.fullmatch(line.text):
        raise ReplyError(f"SEQUENCE:{line.text[:40]} is no number of an invitation - leave it as it came")
    return int(line.text)


def _dtstamp(event: Event) -> datetime:
    """Without a zone it is taken for UTC, in which it has to be."""
    line = first(event, "DTSTAMP")
    stamp = _moment(line, otherwise="UTC") if line else None
    if stamp is None:
        raise ReplyError("the answer does not say when it was given - write DTSTAMP:20211008T092100Z")
    return stamp


def _attendee(event: Event) -> Line:
    """Who answers. Some programs name the organizer beside them."""
    organizer = first(event, "ORGANIZER")
    named = {line.text.lower(): line for line in event if line.name == "ATTENDEE"}
    if organizer and len(named) > 1:
        named.pop(organizer.text.lower(), None)
    if len(named) != 1:
        raise ReplyError(f"the answer is of {len(named) or 'no'} attendees - it has to be of one, ATTENDEE")
    return next(iter(named.values()))


def _address(attendee: Line) -> str:
    """By its URI, else by the parameter that has the address beside a URI of another kind (RFC 7986 section
    6.2)."""
    uri = attendee.text
    if not uri.lower().startswith("mailto:") and attendee.parameter("EMAIL"):
        uri = f"mailto:{attendee.parameter('EMAIL')}"
    try:
        return from_mailto(uri).lower()
    except AddressError as error:
        raise ReplyError(f"the answer does not say whose it is: {error}") from None


def _partstat(attendee: Line, method: str) -> Partstat:
    text = attendee.parameter("PARTSTAT").upper()
    if text in _PARTSTATS:
        return _PARTSTATS[text]
    if method == "COUNTER" and text in ("", "NEEDS-ACTION"):
        return "TENTATIVE"
    raise ReplyError(f"PARTSTAT={text[:40]} is no answer - one of {', '.join(_PARTSTATS)} is")


def _comment(event: Event, attendee: Line) -> str:
    """What they wrote; Google has it beside the attendee."""
    line = first(event, "COMMENT")
    text = line.text if line else attendee.parameter("X-RESPONSE-COMMENT")
    return _CONTROLS.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n")).strip()[:LONGEST_COMMENT]


def _proposed(event: Event) -> tuple[datetime, datetime] | None:
    start, end = (_moment(line) if (line := first(event, name)) else None for name in ("DTSTART", "DTEND"))
    return (start, max(start, end or start)) if start else None


def _moment(line: Line, otherwise: str | None = None) -> datetime | None:
    """A time in UTC, by the zone that is named, or the other; None where it can not be understood."""
    try:
        written: datetime = vDatetime.from_ical(line.text)  # type: ignore[no-untyped-call]
        zone = zone_of_tzid(line.parameter("TZID")) or otherwise
        if written.tzinfo is not None:
            return written.astimezone(UTC)
        return zones.instant(written, zone) if zone else None
    except (ValueError, OverflowError, zones.DoubtfulTime, zones.TooLate):
        return None
