"""Calendars and schedules over HTTP: a thin layer before the other addresses, which sends published bytes.

No public feed asks the database, and none redirects; what a feed says depends on its address alone, never on
Accept.
"""

import asyncio
import logging
import re
from datetime import datetime, timedelta

from starlette.types import ASGIApp, Receive, Scope, Send

from gsef_notify import zones
from gsef_notify.feeds.notes import revoked_calendar
from gsef_notify.feeds.selection import NothingSelected
from gsef_notify.feeds.words import words_of
from gsef_notify.program.changes import Publication
from gsef_notify.store.links import Link, Visit
from gsef_notify.web.clients import client_name
from gsef_notify.web.conditional import Asked
from gsef_notify.web.own import language_of, own_wanted
from gsef_notify.web.representation import Answer, Kind, Representation, sentence
from gsef_notify.web.shelf import Shelf
from gsef_notify.web.sources import House
from gsef_notify.web.wanted import CALENDAR, BadQuery, Wanted, wanted

logger = logging.getLogger(__name__)

MOST_ADDRESSES = 4096
EXPLAINED = timedelta(days=30)
_OWN = re.compile(r"/my/(?P<token>[^/]+)\.ics")
_FETCHES = ("GET", "HEAD")
_ALLOWED = "GET, HEAD, OPTIONS"
_OPEN = (("Access-Control-Allow-Origin", "*"), ("X-Content-Type-Options", "nosniff"))
_PUBLIC = (*_OPEN, ("Cache-Control", "public, max-age=300, must-revalidate"))
_PRIVATE = (
    ("Cache-Control", "private, no-cache"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow, noarchive"),
)
_SENTENCE = (*_OPEN, ("Cache-Control", "no-cache"))


class FeedLayer:
    """An ASGI application that answers the addresses of the feeds, and leaves all others to ``inner``."""

    def __init__(self, inner: ASGIApp, house: House) -> None:
        self._inner, self._house = inner, house
        self._shelf: Shelf | None = None
        self._addresses: dict[tuple[str, bytes], Wanted] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = None
        if scope["type"] == "http":
            answer = self._at_hand(scope) or await self._answer(scope)
        if answer is None:
            await self._inner(scope, receive, send)
            return
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.fields})
        await send({"type": "http.response.body", "body": body})

    def _at_hand(self, scope: Scope) -> Answer | None:
        """The answer to most requests: what has been asked for by the same address before."""
        known = self._addresses.get((scope["path"], scope["query_string"]))
        if known is None or self._shelf is None or scope["method"] not in _FETCHES:
            return None
        if not self._shelf.holds(self._house.source.latest(), self._house.now()):
            return None
        representation = self._shelf.at_hand(known)
        return representation.answer(Asked.by(scope["headers"])) if representation else None

    async def _answer(self, scope: Scope) -> Answer | None:
        if not scope["path"].endswith((".ics", ".xml", ".json")):
            return None
        try:
            if found := _OWN.fullmatch(scope["path"]):
                return await self._own(scope, found["token"])
            asked_for = self._wanted(scope["path"], scope["query_string"])
            return await self._public(scope, asked_for) if asked_for else None
        except NothingSelected as error:
            return sentence(404, str(error), _SENTENCE)
        except (BadQuery, zones.UnknownZone) as error:
            return sentence(400, str(error), _SENTENCE)
        except Exception:
            logger.exception("a feed can not be made")
            return _later("The calendar can not be had at the moment. Please ask again in a minute.")

    def _wanted(self, path: str, query: bytes) -> Wanted | None:
        address = (path, query)
        known = self._addresses.get(address)
        if known is None and (known := wanted(path, query)) is not None:
            self._addresses[address] = known
            if len(self._addresses) > MOST_ADDRESSES:
                self._addresses.pop(next(iter(self._addresses)))
        return known

    async def _public(self, scope: Scope, asked_for: Wanted) -> Answer:
        if scope["method"] not in _FETCHES:
            return _not_fetched(scope["method"])
        publication = self._house.source.latest()
        if publication is None:
            return _later("The program is not published yet. Please ask again in a minute.")
        shelf = self._current(publication, self._house.now())
        representation = shelf.at_hand(asked_for) or await shelf.take(asked_for, _PUBLIC)
        return representation.answer(Asked.by(scope["headers"]))

    async def _own(self, scope: Scope, token: str) -> Answer:
        """A calendar by its token. Who has none is told the same whatever they ask for."""
        links, publication = self._house.links, self._house.source.latest()
        visit = await asyncio.to_thread(links.visit, token)
        if visit is None:
            return sentence(404, "There is no such calendar.", _PRIVATE)
        if scope["method"] not in _FETCHES:
            return _not_fetched(scope["method"])
        asked = Asked.by(scope["headers"])
        if visit.link.revoked_at is not None:
            return self._void(visit, visit.link.revoked_at, asked)
        if publication is None:
            return _later("The program is not published yet. Please ask again in a minute.")
        asked_for = own_wanted(self._house.site, publication, visit.owner, scope["query_string"])
        shelf = self._current(publication, self._house.now())
        representation = shelf.at_hand(asked_for) or await shelf.take(asked_for, _PRIVATE)
        if scope["method"] == "GET":
            await self._keep_fetch(visit.link, asked, publication.revision)
        return representation.answer(asked)

    def _void(self, visit: Visit, revoked_at: datetime, asked: Asked) -> Answer:
        """First an event that explains it; later the calendar is gone, and programs stop asking."""
        if self._house.now() - revoked_at > EXPLAINED:
            return sentence(410, "This calendar link is no longer valid.", _PRIVATE)
        words = words_of(language_of(visit.owner) or "en")
        body = revoked_calendar(self._house.site, words, str(visit.link.id), revoked_at)
        return Representation(body, revoked_at, Kind(CALENDAR, "calendar.ics", _PRIVATE)).answer(asked)

    async def _keep_fetch(self, link: Link, asked: Asked, revision: int) -> None:
        """What can not be kept keeps nobody from their calendar."""
        try:
            client = client_name(asked.user_agent)
            await asyncio.to_thread(self._house.links.fetched, link, client, revision)
        except Exception:
            logger.exception("the fetch of a personal calendar was not kept")

    def _current(self, publication: Publication, now: datetime) -> Shelf:
        if self._shelf is None or not self._shelf.holds(publication, now):
            self._shelf = Shelf(self._house.site, publication, now)
        return self._shelf


def _later(text: str) -> Answer:
    return sentence(503, text, (*_SENTENCE, ("Retry-After", "60")))


def _not_fetched(method: str) -> Answer:
    """To browsers that ask whether they may, and to whoever would alter a feed."""
    if method != "OPTIONS":
        return sentence(405, "A calendar is there to be fetched.", (*_SENTENCE, ("Allow", _ALLOWED)))
    may = (
        ("Access-Control-Allow-Methods", _ALLOWED),
        ("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since"),
        ("Access-Control-Max-Age", "86400"),
    )
    return sentence(200, "A calendar may be fetched from everywhere.", (*_OPEN, *may, ("Allow", _ALLOWED)))
