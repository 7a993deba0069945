"""What the address of a feed asks for. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import parse_qsl

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.feed import Edition
from gsef_notify.feeds.frab import schedule_json, schedule_xml
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.selection import Own, Selection
from gsef_notify.feeds.words import LANGUAGES

LONGEST_ALARM_MINUTES = 7 * 24 * 60
CALENDAR = "text/calendar; charset=utf-8"
_MINUTES = re.compile(r"[0-9]{1,5}")
_CALENDARS = re.compile(
    r"/(?:calendar|sessions/(?P<session>[^/]+)|people/(?P<person>[^/]+)"
    r"|tracks/(?P<track>[^/]+)|languages/(?P<language>[^/]+))\.ics"
)


class BadQuery(GsefNotifyError):
    """The query of a feed's address makes no sense."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: ``key`` is the same for all addresses that ask for the same; ``render`` makes
    it out of an edition, and raises NothingSelected where that has none of it."""

    key: str
    render: Callable[[Edition], bytes]
    file_name: str
    media_type: str


@dataclass(frozen=True)
class Choices:
    """How somebody wants a calendar."""

    detail: Literal["segments", "sessions"]
    face: Face


def wanted(path: str, query: bytes) -> Wanted | None:
    """What a path and its query ask for; None where that is no feed. Raises BadQuery, zones.UnknownZone."""
    if path in _SCHEDULES:
        return _SCHEDULES[path]
    found = _CALENDARS.fullmatch(path)
    if found is None:
        return None
    chosen = choices(query)
    kinds: dict[str, Any] = found.groupdict()
    return calendar(Selection(**kinds, detail=chosen.detail, face=chosen.face))


def calendar(selection: Selection) -> Wanted:
    """A part of the program as iCalendar."""
    return Wanted(
        selection.address or "", lambda edition: edition.feed(selection), f"{selection.name}.ics", CALENDAR
    )


def own_calendar(own: Own, chosen: Choices) -> Wanted:
    """Somebody's own calendar."""
    selection = Selection(own=own, detail=chosen.detail, face=chosen.face)
    key = f"own {own.key} {sorted(own.parts)} {own.title} {chosen}"
    return Wanted(key, lambda edition: edition.feed(selection), "my-calendar.ics", CALENDAR)


def choices(query: bytes) -> Choices:
    """How a query wants a calendar; keys of others are let be. Raises BadQuery, zones.UnknownZone."""
    given = dict(parse_qsl(query.decode("latin-1"), keep_blank_values=True, max_num_fields=100))
    timezone = given.get("timezone")
    return Choices(
        _detail(given.get("detail", "segments")),
        Face(
            timezone=zones.named(timezone) if timezone else None,
            alarm=_alarm(given.get("alarm")),
            language=_language(given.get("lang")),
        ),
    )


def _xml(edition: Edition) -> bytes:
    return schedule_xml(edition.site, edition.publication)


def _json(edition: Edition) -> bytes:
    return schedule_json(edition.site, edition.publication)


_SCHEDULES = {
    "/schedule.xml": Wanted("/schedule.xml", _xml, "schedule.xml", "application/xml"),
    "/schedule.json": Wanted("/schedule.json", _json, "schedule.json", "application/json"),
}
_DETAILS: dict[str, Literal["segments", "sessions"]] = {"segments": "segments", "sessions": "sessions"}


def _detail(text: str) -> Literal["segments", "sessions"]:
    if text not in _DETAILS:
        raise BadQuery(f"detail={text[:20]!r} is unknown: write detail=segments or detail=sessions")
    return _DETAILS[text]


def _language(text: str | None) -> str | None:
    if text is not None and text not in LANGUAGES:
        raise BadQuery(f"lang={text[:20]!r} is not spoken here: write one of {', '.join(LANGUAGES)}")
    return text


def _alarm(text: str | None) -> timedelta | None:
    if text is None:
        return None
    if not _MINUTES.fullmatch(text) or not 1 <= int(text) <= LONGEST_ALARM_MINUTES:
        raise BadQuery(f"alarm={text[:20]!r} is no number of minutes from 1 to {LONGEST_ALARM_MINUTES}")
    return timedelta(minutes=int(text))
