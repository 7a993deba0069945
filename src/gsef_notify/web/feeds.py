"""Calendars and schedules over HTTP: rendered once a revision, then served as they are."""

import gzip
import hashlib
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.feeds.events import Site
from gsef_notify.feeds.feed import NothingSelected, Selection, feed, refresh_interval
from gsef_notify.feeds.frab import schedule_json, schedule_xml
from gsef_notify.feeds.reader import Face
from gsef_notify.feeds.words import LANGUAGES
from gsef_notify.program.changes import Publication
from gsef_notify.web.conditional import http_date, is_fresh, wants_gzip
from gsef_notify.web.sources import House

MOST_CACHED = 512
LONGEST_ALARM_MINUTES = 7 * 24 * 60
_MINUTES = re.compile(r"[0-9]{1,5}")
_OPEN_HEADERS = {"Access-Control-Allow-Origin": "*", "X-Content-Type-Options": "nosniff"}


class BadQuery(GsefNotifyError):
    """The query of a feed's address makes no sense."""


@dataclass(frozen=True)
class Wanted:
    """What an address asks for: how it is rendered, of which part of the program, and what it then is."""

    render: Callable[[Site, Publication, Selection], bytes]
    selection: Selection
    file_name: str
    media_type: str


@dataclass(frozen=True)
class Rendered:
    """A feed's bytes as they are and in gzip, each with its entity tag."""

    body: bytes
    packed: bytes
    tag: str
    packed_tag: str
    modified: datetime


class FeedShelf:
    """The feeds of the newest revision that have been asked for."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._revision = 0
        self._rendered: OrderedDict[Wanted, Rendered] = OrderedDict()

    def rendered(self, publication: Publication, wanted: Wanted) -> Rendered:
        """The feed. Raises NothingSelected."""
        if publication.revision != self._revision:
            self._rendered.clear()
            self._revision = publication.revision
        if wanted not in self._rendered:
            self._rendered[wanted] = _render(self._house, publication, wanted)
            if len(self._rendered) > MOST_CACHED:
                self._rendered.popitem(last=False)
        self._rendered.move_to_end(wanted)
        return self._rendered[wanted]


def routes(house: House) -> list[Route]:
    """The addresses of the public feeds."""
    shelf = FeedShelf(house)

    async def answer(request: Request) -> Response:
        publication = house.source.latest()
        if publication is None:
            return _sentence("The program is not published yet. Please ask again in a minute.", 503)
        try:
            refresh = refresh_interval(publication.program, house.now())
            wanted = _SCHEDULES.get(request.url.path) or calendar(_selection(request, refresh))
            rendered = shelf.rendered(publication, wanted)
        except NothingSelected as error:
            return _sentence(str(error), 404)
        except (BadQuery, zones.UnknownZone) as error:
            return _sentence(str(error), 400)
        return _response(request.headers, rendered, wanted)

    parts = (
        "/sessions/{session}.ics",
        "/people/{person}.ics",
        "/tracks/{track}.ics",
        "/languages/{language}.ics",
    )
    paths = ("/calendar.ics", *parts, *_SCHEDULES)
    return [Route(path, answer, methods=["GET"]) for path in paths]


def calendar(selection: Selection) -> Wanted:
    """A part of the program as iCalendar."""
    return Wanted(feed, selection, f"{selection.name}.ics", "text/calendar; charset=utf-8")


def _xml(site: Site, publication: Publication, _: Selection) -> bytes:
    return schedule_xml(site, publication)


def _json(site: Site, publication: Publication, _: Selection) -> bytes:
    return schedule_json(site, publication)


_CALENDARS = (
    "/calendar.ics",
    "/sessions/{session}.ics",
    "/people/{person}.ics",
    "/tracks/{track}.ics",
    "/languages/{language}.ics",
)
_SCHEDULES = {
    "/schedule.xml": Wanted(_xml, Selection(), "schedule.xml", "application/xml"),
    "/schedule.json": Wanted(_json, Selection(), "schedule.json", "application/json"),
}


def _sentence(text: str, status_code: int) -> Response:
    headers = {**_OPEN_HEADERS, "Cache-Control": "no-cache"}
    if status_code == 503:
        headers["Retry-After"] = "60"
    return PlainTextResponse(f"{text}\n", status_code, headers)


def _selection(request: Request, refresh: timedelta) -> Selection:
    query = request.query_params
    detail = query.get("detail", "segments")
    if detail not in ("segments", "sessions"):
        raise BadQuery(f"detail={detail[:20]!r} is unknown: write detail=segments or detail=sessions")
    timezone = query.get("timezone")
    return Selection(
        **{kind: request.path_params.get(kind) for kind in ("session", "person", "track", "language")},
        detail="sessions" if detail == "sessions" else "segments",
        refresh=refresh,
        face=Face(
            timezone=zones.named(timezone) if timezone else None,
            alarm=_alarm(query.get("alarm")),
            language=_language(query.get("lang")),
        ),
    )


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


def _render(house: House, publication: Publication, wanted: Wanted) -> Rendered:
    body = wanted.render(house.site, publication, wanted.selection)
    digest = hashlib.sha256(body).hexdigest()
    packed = gzip.compress(body, mtime=0)
    return Rendered(body, packed, f'"{digest}"', f'"{digest}-gzip"', publication.accepted_at)


def _response(asked: Headers, rendered: Rendered, wanted: Wanted) -> Response:
    packed = wants_gzip(asked)
    headers = {
        **_OPEN_HEADERS,
        "ETag": rendered.packed_tag if packed else rendered.tag,
        "Last-Modified": http_date(rendered.modified),
        "Cache-Control": "public, max-age=300, must-revalidate",
        "Vary": "Accept-Encoding, User-Agent",
    }
    if is_fresh(asked, (rendered.tag, rendered.packed_tag), rendered.modified):
        return Response(status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="{wanted.file_name}"'
    if packed:
        headers["Content-Encoding"] = "gzip"
    body = rendered.packed if packed else rendered.body
    return Response(body, headers=headers, media_type=wanted.media_type)
