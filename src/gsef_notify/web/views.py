"""The program as the pages show it: plain mappings of texts. Pure. No address of a person goes in."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from babel import Locale
from babel.localedata import exists

from gsef_notify import countries, zones
from gsef_notify.feeds.events import Site
from gsef_notify.program.identity import slug_of_track
from gsef_notify.program.model import Person, Program, Segment, Session
from gsef_notify.web.linked_data import session_data


def program_view(program: Program, site: Site, timezone: str | None) -> list[dict[str, Any]]:
    """Every session, its times in ``timezone`` (each session's own where that is None)."""
    return [session_view(session, site, timezone) for session in program.sessions]


def session_view(
    session: Session, site: Site, timezone: str | None, *, is_cancelled: bool = False
) -> dict[str, Any]:
    """One session with its running order and people; nobody is led to one that is cancelled."""
    shown = timezone or session.timezone
    join_url = None if is_cancelled else _web_address(session.join_url)
    return {
        "data": session_data(session, site, join_url, is_cancelled=is_cancelled),
        "is_cancelled": is_cancelled,
        "id": session.id,
        "title": session.title,
        "language": session.language,
        "timezone": session.timezone,
        "own": _span(session.start, session.end, session.timezone),
        "shown": _span(session.start, session.end, shown),
        "days_longer": _days(session.start, session.end, shown),
        "where": " · ".join(filter(None, (session.room, session.track))),
        "audience": session.audience,
        "background": session.background.split("\n\n") if session.background else [],
        "objectives": session.objectives,
        "main_question": session.main_question,
        "guiding_questions": session.guiding_questions,
        "join_url": join_url,
        "segments": [_segment_view(session, segment, shown) for segment in session.segments],
        "people": [_person_view(session, person, shown) for person in session.people],
        "subscribe": subscribe_links(site, f"/sessions/{session.id}.ics", shown, session.title),
    }


def subscribe_links(site: Site, path: str, timezone: str | None, name: str) -> dict[str, str]:
    """The ways to have a feed in one's calendar, in that zone or, for None, in the one that it has itself."""
    query = _zone_query(timezone) if timezone else ""
    url = f"{site.public_url}{path}{query}"
    webcal = f"webcal://{url.partition('://')[2]}"
    return {
        "url": url,
        "webcal": webcal,
        "google": f"https://calendar.google.com/calendar/r?{urlencode({'cid': webcal})}",
        "outlook": f"https://outlook.live.com/calendar/0/addfromweb?{urlencode({'url': url, 'name': name})}",
        "path": f"{path}{query}",
        "name": name,
    }


def part_links(program: Program, timezone: str) -> list[dict[str, str]]:
    """The feeds of tracks and of languages, of each kind where there are several."""
    tracks = {slug_of_track(session.track): session.track for session in program.sessions if session.track}
    tags = {session.language.partition("-")[0].lower() for session in program.sessions}
    languages = {tag: _language_name(tag) for tag in tags}
    return [
        {"name": name, "feed": f"/{room}/{key}.ics", "feed_query": _zone_query(timezone)}
        for room, named in (("tracks", tracks), ("languages", languages))
        if len(named) > 1
        for key, name in sorted(named.items(), key=lambda each: each[1])
    ]


def _language_name(tag: str) -> str:
    return (exists(tag) and Locale(tag).get_display_name("en")) or tag


def clocks(start: datetime, end: datetime, *timezones: str) -> list[dict[str, str]]:
    """A span by the clocks of several zones, in that order, each once."""
    return [_span(start, end, timezone) for timezone in dict.fromkeys(timezones)]


def _segment_view(session: Session, segment: Segment, shown: str) -> dict[str, Any]:
    return {
        "id": segment.id,
        "title": segment.title,
        "people": [person.name for person in session.people_of(segment)],
        "own": _span(segment.start, segment.end, session.timezone),
        "shown": _span(segment.start, segment.end, shown),
        "minutes": round((segment.end - segment.start).total_seconds() / 60),
        "days_later": _days(session.start, segment.start, shown),
        "own_day_differs": _date(segment.start, session.timezone) != _date(segment.start, shown),
    }


def _days(earlier: datetime, later: datetime, timezone: str) -> int:
    """How many midnights of the zone lie between two instants."""
    return (_date(later, timezone) - _date(earlier, timezone)).days


def _date(moment: datetime, timezone: str) -> date:
    return zones.local(moment, timezone).date()


def _zone_query(timezone: str) -> str:
    return f"?timezone={quote(timezone, safe='/')}"


def _web_address(text: str | None) -> str | None:
    """The text if a browser may follow it, None for any scheme but http and https."""
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc else None


def _person_view(session: Session, person: Person, shown: str) -> dict[str, Any]:
    slots = session.segments_of(person.id) if person.role == "speaker" else (session,)
    return {
        "id": person.id,
        "name": person.name,
        "role": person.role,
        "position": person.position,
        "organization": person.organization,
        "country": countries.country_name(person.country) if person.country else "",
        "presentation": person.presentation.title if person.presentation else "",
        "description": person.presentation.description if person.presentation else "",
        "feed": f"/people/{person.id}.ics",
        "feed_query": _zone_query(shown),
        "slots": [_span(s.start, s.end, person.timezone) for s in slots] if person.timezone else [],
    }


def _span(start: datetime, end: datetime, timezone: str) -> dict[str, str]:
    begin, finish = zones.local(start, timezone), zones.local(end, timezone)
    return {
        "start_instant": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "end_instant": f"{end:%Y-%m-%dT%H:%M:%SZ}",
        "start": f"{begin:%H:%M}",
        "end": f"{finish:%H:%M}",
        "day": f"{begin:%A} {begin.day} {begin:%B %Y}",
        "short_day": f"{begin:%a} {begin.day} {begin:%b}",
        "timezone": timezone,
        "place": zones.place(timezone, start),
        "clock": zones.clock_label(timezone, start),
    }
