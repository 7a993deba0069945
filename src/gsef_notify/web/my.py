"""Somebody's own page, which opens with the token of one of their links: what they have in their calendar,
and the devices that have it. GET shows, POST acts."""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.feeds.selection import Own
from gsef_notify.program.changes import Publication, lasting_key
from gsef_notify.program.model import Session
from gsef_notify.store.links import Link, Visit
from gsef_notify.web.forms import PRIVATE_HEADERS, small_form
from gsef_notify.web.own import own, zone_of
from gsef_notify.web.rendering import Renderer
from gsef_notify.web.sources import House
from gsef_notify.web.views import session_view, subscribe_links


def routes(house: House, renderer: Renderer) -> list[Route]:
    """The page of each link that is valid; all others are answered alike."""

    def page(request: Request, new_token: str = "") -> Response:
        visit, publication = _visit(house, request), house.source.latest()
        if publication is None:
            raise HTTPException(503)
        new_address = f"{house.site.public_url}{_path(new_token)}.ics" if new_token else ""
        context = _context(house, publication, visit, _path(_token(request)))
        response = renderer.page("my.html", {**context, "new_address": new_address})
        response.headers.update(PRIVATE_HEADERS)
        return response

    async def act(request: Request) -> Response:
        visit = await run_in_threadpool(_visit, house, request)
        form = await small_form(request)
        new_token = await run_in_threadpool(_act, house, visit, form)
        if new_token:
            return await run_in_threadpool(page, request, new_token)
        return RedirectResponse(_path(_token(request)), 303, PRIVATE_HEADERS)

    path = "/my/{token}"
    return [Route(path, page, methods=["GET"]), Route(path, act, methods=["POST"])]


def _token(request: Request) -> str:
    return str(request.path_params["token"])


def _path(token: str) -> str:
    return f"/my/{quote(token, safe='')}"


def _visit(house: House, request: Request) -> Visit:
    visit = house.links.visit(_token(request))
    if visit is None or visit.link.revoked_at is not None:
        raise HTTPException(404)
    return visit


def _act(house: House, visit: Visit, form: dict[str, str]) -> str:
    """Do what a form asks for; the token of a new link, else "". Raises HTTPException for what makes no
    sense."""
    match form:
        case {"star": part}:
            house.links.star(visit.owner, _known_part(house, part), is_on=True)
        case {"unstar": part}:
            house.links.star(visit.owner, part, is_on=False)
        case {"revoke": number} if number.isascii() and number.isdigit() and len(number) < 19:
            house.links.remove_device(visit.owner, int(number))
        case {"device": device}:
            return house.links.add_device(visit.owner, " ".join(device.split()))
        case _:
            raise HTTPException(400)
    return ""


def _known_part(house: House, part: str) -> str:
    publication = house.source.latest()
    if publication is None or part not in publication.lineages:
        raise HTTPException(400)
    return part


def _context(house: House, publication: Publication, visit: Visit, path: str) -> dict[str, Any]:
    owner, theirs = visit.owner, own(house.site, publication, visit.owner)
    timezone = zone_of(publication, owner)
    sessions = [
        _session_view(house, session, theirs, owner.stars, timezone)
        for session in publication.program.sessions
    ]
    shown = timezone or (sessions[0]["timezone"] if sessions else "UTC")
    links = [link for link in house.links.devices(owner) if link.revoked_at is None]
    return {
        "site": house.site,
        "path": path,
        "owner": owner,
        "place": zones.place(shown, house.now()),
        "sessions": sessions,
        "links": subscribe_links(house.site, f"{path}.ics", None, theirs.title),
        "devices": [_device_view(link, visit, publication, shown) for link in links],
    }


def _session_view(
    house: House, session: Session, theirs: Own, stars: frozenset[str], timezone: str | None
) -> dict[str, Any]:
    view = session_view(session, house.site, timezone)
    for segment, shown in zip(session.segments, view["segments"], strict=True):
        shown["part"] = lasting_key(session, segment)
        shown["is_theirs"] = shown["part"] in theirs.parts or session.id in theirs.parts
        shown["is_starred"] = shown["part"] in stars
    return {**view, "part": session.id, "is_starred": session.id in stars}


def _device_view(link: Link, visit: Visit, publication: Publication, timezone: str) -> dict[str, Any]:
    seen = link.fetched_at and zones.local(link.fetched_at, timezone)
    return {
        "id": link.id,
        "name": link.device or "unnamed",
        "is_this": link.id == visit.link.id,
        "seen": f"{seen:%a} {seen.day} {seen:%b %Y, %H:%M}" if seen else "",
        "client": link.client,
        "is_current": link.revision == publication.revision,
    }
