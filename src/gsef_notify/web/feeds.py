"""Calendars and schedules over HTTP: a thin layer before the other addresses, which sends published bytes.

No public feed asks the database, and none redirects; what a feed says depends on its address alone, never on
Accept.
"""

import logging

from starlette.types import ASGIApp, Receive, Scope, Send

from gsef_notify import zones
from gsef_notify.feeds.selection import NothingSelected
from gsef_notify.web import own_feeds
from gsef_notify.web.answers import FETCHES, NOT_PUBLISHED, PUBLIC, later, not_fetched, wrong
from gsef_notify.web.conditional import Asked
from gsef_notify.web.representation import Answer
from gsef_notify.web.shelf import NewestShelf
from gsef_notify.web.sources import House
from gsef_notify.web.wanted import BadQuery, Wanted, wanted

logger = logging.getLogger(__name__)

MOST_ADDRESSES, LONGEST_ADDRESS = 4096, 300
_SUFFIXES = (".ics", ".xml", ".json")


class FeedLayer:
    """An ASGI application that answers the addresses of the feeds, and leaves all others to ``inner``."""

    def __init__(self, inner: ASGIApp, house: House) -> None:
        self._inner = inner
        self._newest = NewestShelf(house)
        self._own = own_feeds.OwnFeeds(house, self._newest)
        self._addresses: dict[tuple[str, bytes], Wanted] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        answer = None
        if scope["type"] == "http":
            answer = self._at_hand(scope)
            if answer is None and scope["path"].endswith(_SUFFIXES):
                answer = await self._answer(scope)
        if answer is None:
            await self._inner(scope, receive, send)
            return
        body = b"" if scope["method"] == "HEAD" else answer.body
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.fields})
        await send({"type": "http.response.body", "body": body})

    def _at_hand(self, scope: Scope) -> Answer | None:
        """The answer to most requests: what the same address has been asked for before."""
        known = self._addresses.get((scope["path"], scope["query_string"]))
        if known is None or scope["method"] not in FETCHES:
            return None
        shelf = self._newest.shelf()
        representation = shelf.at_hand(known) if shelf else None
        return representation.answer(Asked.by(scope["headers"])) if representation else None

    async def _answer(self, scope: Scope) -> Answer | None:
        """The answer to any other, None where no feed has that address."""
        try:
            if found := own_feeds.ADDRESS.fullmatch(scope["path"]):
                return await self._own.answer(scope, found["token"])
            asked_for = wanted(scope["path"], scope["query_string"])
            return await self._public(scope, asked_for) if asked_for else None
        except NothingSelected as error:
            return wrong(404, str(error))
        except (BadQuery, zones.UnknownZone) as error:
            return wrong(400, str(error))
        except Exception:
            logger.exception("a feed can not be made")
            return later("The calendar can not be had at the moment. Please ask again in a minute.")

    async def _public(self, scope: Scope, asked_for: Wanted) -> Answer:
        if scope["method"] not in FETCHES:
            return not_fetched(scope["method"])
        shelf = self._newest.shelf()
        if shelf is None:
            return later(NOT_PUBLISHED)
        representation = shelf.at_hand(asked_for) or await shelf.take(asked_for, PUBLIC)
        self._remember(scope["path"], scope["query_string"], asked_for)
        return representation.answer(Asked.by(scope["headers"]))

    def _remember(self, path: str, query: bytes, asked_for: Wanted) -> None:
        if len(path) + len(query) <= LONGEST_ADDRESS:
            self._addresses[path, query] = asked_for
            if len(self._addresses) > MOST_ADDRESSES:
                self._addresses.pop(next(iter(self._addresses)))
