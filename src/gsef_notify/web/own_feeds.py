"""Calendars of one's own over HTTP: `/my/{token}.ics`."""

import asyncio
import logging
import re
from datetime import datetime, timedelta

from starlette.types import Scope

from gsef_notify.feeds.notes import revoked_calendar
from gsef_notify.feeds.words import words_of
from gsef_notify.store.links import Link, Visit
from gsef_notify.web.answers import FETCHES, NOT_PUBLISHED, PRIVATE, later, not_fetched
from gsef_notify.web.clients import client_name
from gsef_notify.web.conditional import Asked
from gsef_notify.web.own import language_of, own_wanted
from gsef_notify.web.representation import Answer, Kind, Representation, sentence
from gsef_notify.web.shelf import NewestShelf
from gsef_notify.web.sources import House
from gsef_notify.web.wanted import CALENDAR

logger = logging.getLogger(__name__)

EXPLAINED = timedelta(days=30)
ADDRESS = re.compile(r"/my/(?P<token>[^/]+)\.ics")


class OwnFeeds:
    """Answers those who come with a token."""

    def __init__(self, house: House, newest: NewestShelf) -> None:
        self._house, self._newest = house, newest

    async def answer(self, scope: Scope, token: str) -> Answer:
        """A calendar by its token; who has none is told the same whatever they ask for. Raises BadQuery,
        zones.UnknownZone."""
        visit = await asyncio.to_thread(self._house.links.visit, token)
        if visit is None:
            return sentence(404, "There is no such calendar.", PRIVATE)
        if scope["method"] not in FETCHES:
            return not_fetched(scope["method"])
        asked = Asked.by(scope["headers"])
        if visit.link.revoked_at is not None:
            return self._void(visit, visit.link.revoked_at, asked)
        return await self._own(scope, visit, asked)

    async def _own(self, scope: Scope, visit: Visit, asked: Asked) -> Answer:
        shelf, publication = self._newest.shelf(), self._house.source.latest()
        if shelf is None or publication is None:
            return later(NOT_PUBLISHED)
        wanted = own_wanted(self._house.site, publication, visit.owner, scope["query_string"])
        representation = shelf.at_hand(wanted) or await shelf.take(wanted, PRIVATE)
        if scope["method"] == "GET":
            await self._keep_fetch(visit.link, asked, publication.revision)
        return representation.answer(asked)

    def _void(self, visit: Visit, revoked_at: datetime, asked: Asked) -> Answer:
        """First an event that explains it; later the calendar is gone, and programs stop asking."""
        if self._house.now() - revoked_at > EXPLAINED:
            return sentence(410, "This calendar link is no longer valid.", PRIVATE)
        words = words_of(language_of(visit.owner) or "en")
        body = revoked_calendar(self._house.site, words, str(visit.link.id), revoked_at)
        return Representation(body, revoked_at, Kind(CALENDAR, "calendar.ics", PRIVATE)).answer(asked)

    async def _keep_fetch(self, link: Link, asked: Asked, revision: int) -> None:
        """What can not be kept keeps nobody from their calendar."""
        try:
            client = client_name(asked.user_agent)
            await asyncio.to_thread(self._house.links.fetched, link, client, revision)
        except Exception:
            logger.exception("the fetch of a personal calendar was not kept")
