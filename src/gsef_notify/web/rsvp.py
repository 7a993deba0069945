"""Where somebody says whether they come to a session, by the link in a mail. GET shows, POST acts: programs
that look into mails follow every link."""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.program.changes import Publication
from gsef_notify.program.concerns import is_named, slots_of
from gsef_notify.program.model import Session
from gsef_notify.store.answers import LONGEST_COMMENT, Answer, Asked, Choice
from gsef_notify.store.links import Owner
from gsef_notify.web.forms import PRIVATE_HEADERS, small_form
from gsef_notify.web.own import zone_of
from gsef_notify.web.rendering import Renderer
from gsef_notify.web.sources import House
from gsef_notify.web.views import clocks

LARGEST_FORM_BYTES = 8192
CHOICES: dict[str, Choice] = {"accepted": "accepted", "declined": "declined", "tentative": "tentative"}


def routes(house: House, renderer: Renderer) -> list[Route]:
    """The page of each token that was given to somebody; all others are answered alike."""

    def page(request: Request) -> Response:
        asked, publication, session = _found(house, request)
        context = _context(house, publication, session, asked)
        response = renderer.page("rsvp.html", {**context, "path": _path(request)})
        response.headers.update(PRIVATE_HEADERS)
        return response

    async def act(request: Request) -> Response:
        asked, publication, session = await run_in_threadpool(_found, house, request)
        form = await small_form(request, LARGEST_FORM_BYTES)
        choice = CHOICES.get(form.get("answer", ""))
        if choice is None:
            raise HTTPException(400)
        if not _obstacle(house, publication, session, asked):
            await run_in_threadpool(house.replies.keep, asked, choice, _comment(form))
        return RedirectResponse(_path(request), 303, PRIVATE_HEADERS)

    path = "/rsvp/{token}"
    return [Route(path, page, methods=["GET"]), Route(path, act, methods=["POST"])]


def _path(request: Request) -> str:
    return f"/rsvp/{quote(request.path_params['token'], safe='')}"


def _found(house: House, request: Request) -> tuple[Asked, Publication, Session]:
    asked, publication = house.replies.asked(request.path_params["token"]), house.source.latest()
    if asked is None:
        raise HTTPException(404)
    if publication is None:
        raise HTTPException(503)
    try:
        return asked, publication, publication.session(asked.session)
    except KeyError:
        raise HTTPException(404) from None


def _comment(form: dict[str, str]) -> str:
    """On one line and without signs that can not be seen."""
    words = " ".join(form.get("comment", "").split())
    return "".join(sign for sign in words if sign.isprintable())[:LONGEST_COMMENT]


def _obstacle(house: House, publication: Publication, session: Session, asked: Asked) -> str:
    """Why nobody asks them any more, "" while somebody does."""
    if publication.is_removed(session):
        return "cancelled"
    if house.now() >= session.end:
        return "over"
    return "" if _is_concerned(session, asked.owner) else "not theirs"


def _is_concerned(session: Session, owner: Owner) -> bool:
    return is_named(session, owner.people) or not owner.follows.isdisjoint({"", session.id})


def _context(house: House, publication: Publication, session: Session, asked: Asked) -> dict[str, Any]:
    timezone = zone_of(publication, asked.owner) or session.timezone
    named = (timezone, session.timezone, "UTC")
    return {
        "site": house.site,
        "owner": asked.owner,
        "session": session,
        "when": clocks(session.start, session.end, *named),
        "slots": [
            {"title": segment.title, "when": clocks(segment.start, segment.end, *named)}
            for segment in slots_of(session, asked.owner.people)
        ],
        "answer": _answer_view(asked.answer, timezone) if asked.answer else None,
        "obstacle": _obstacle(house, publication, session, asked),
        "longest_comment": LONGEST_COMMENT,
    }


def _answer_view(answer: Answer, timezone: str) -> dict[str, str]:
    at = zones.local(answer.answered_at, timezone)
    return {
        "choice": answer.answer,
        "at": f"{at:%A} {at.day} {at:%B %Y}, {at:%H:%M}",
        "clock": zones.clock_label(timezone, answer.answered_at),
        "via": answer.via,
        "comment": answer.comment or "",
    }
