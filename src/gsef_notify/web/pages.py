"""The program's pages, in the visitor's zone."""

from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.program.changes import Publication
from gsef_notify.web.rehearsal import late_choices, stage_view
from gsef_notify.web.rendering import Renderer
from gsef_notify.web.sources import House
from gsef_notify.web.views import part_links, program_view, session_view, subscribe_links


@dataclass(frozen=True)
class Choice:
    """What the visitor wrote into the zone field: the IANA zone that it names, if it names one, else what is
    wrong with it and the ``nearest`` names."""

    written: str = ""
    timezone: str | None = None
    trouble: str = ""
    nearest: tuple[str, ...] = ()

    @property
    def status_code(self) -> int:
        """Of a page that shows the choice."""
        return 400 if self.trouble else 200


def routes(house: House, renderer: Renderer) -> list[Route]:
    """The program and each of its sessions."""

    def program(request: Request) -> Response:
        publication = house.source.latest()
        if publication is None:
            return _not_published(renderer)
        choice = _choice(request)
        sessions = program_view(publication.program, house.site, choice.timezone)
        shown = choice.timezone or (sessions[0]["timezone"] if sessions else "UTC")
        context = {
            **_frame(house, publication, choice),
            "sessions": sessions,
            "links": subscribe_links(house.site, "/calendar.ics", shown, house.site.name),
            "parts": part_links(publication.program, shown),
        }
        return renderer.page("program.html", context, choice.status_code)

    def session(request: Request) -> Response:
        publication = house.source.latest()
        if publication is None:
            return _not_published(renderer)
        choice = _choice(request)
        try:
            found = publication.session(request.path_params["session"])
        except KeyError:
            raise HTTPException(404) from None
        is_cancelled = publication.is_removed(found)
        view = session_view(found, house.site, choice.timezone, is_cancelled=is_cancelled)
        context = {**_frame(house, publication, choice), "session": view}
        return renderer.page("session.html", context, choice.status_code)

    return [Route("/", program), Route("/sessions/{session}", session)]


def _frame(house: House, publication: Publication, choice: Choice) -> dict[str, Any]:
    return {
        "site": house.site,
        "revision": publication.revision,
        "choice": choice,
        "timezones": zones.COMMON,
        "stage": stage_view(house.stage) if house.stage else None,
        "late_choices": late_choices(house.stage, publication.program) if house.stage else [],
    }


def _choice(request: Request) -> Choice:
    written = request.query_params.get("timezone", "").strip()[:64]
    try:
        return Choice(written, zones.named(written) if written else None)
    except zones.UnknownZone as error:
        return Choice(written, None, str(error), error.nearest)


def _not_published(renderer: Renderer) -> Response:
    response = renderer.page("waiting.html", {}, 503)
    response.headers["Retry-After"] = "60"
    return response
