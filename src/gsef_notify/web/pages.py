"""The program's pages, in the visitor's zone."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.program.changes import Publication
from gsef_notify.web.rendering import Renderer
from gsef_notify.web.sources import House
from gsef_notify.web.views import program_view, session_view, subscribe_links


def routes(house: House, renderer: Renderer) -> list[Route]:
    """The program and each of its sessions."""

    async def program(request: Request) -> Response:
        publication = house.source.latest()
        if publication is None:
            return _not_published()
        timezone, trouble = _timezone(request)
        sessions = program_view(publication.program, house.site, timezone)
        shown = timezone or (sessions[0]["timezone"] if sessions else "UTC")
        context = {
            **_frame(house, publication, timezone, trouble),
            "sessions": sessions,
            "subscribe_links": subscribe_links(house.site, "/calendar.ics", shown, house.site.name),
        }
        return renderer.page("program.html", context, 400 if trouble else 200)

    async def session(request: Request) -> Response:
        publication = house.source.latest()
        if publication is None:
            return _not_published()
        timezone, trouble = _timezone(request)
        try:
            found = publication.program.session(request.path_params["session"])
        except KeyError:
            raise HTTPException(404) from None
        view = session_view(found, house.site, timezone)
        context = {**_frame(house, publication, timezone, trouble), "session": view}
        return renderer.page("session.html", context, 400 if trouble else 200)

    return [Route("/", program), Route("/sessions/{session}", session)]


def _frame(house: House, publication: Publication, timezone: str | None, trouble: str) -> dict[str, Any]:
    stage = house.stage
    return {
        "site": house.site,
        "revision": publication.revision,
        "timezone": timezone,
        "trouble": trouble,
        "timezones": zones.COMMON,
        "stage": {"now": f"{stage.now():%Y-%m-%dT%H:%M:%SZ}", "speed": stage.speed} if stage else None,
    }


def _timezone(request: Request) -> tuple[str | None, str]:
    """The zone that the visitor chose, and what is wrong with it."""
    label = request.query_params.get("timezone", "").strip()
    try:
        return (zones.named(label) if label else None), ""
    except zones.UnknownZone as error:
        return None, str(error)


def _not_published() -> Response:
    text = "The program is not published yet. Please look again in a minute.\n"
    return PlainTextResponse(text, status_code=503, headers={"Retry-After": "60"})
