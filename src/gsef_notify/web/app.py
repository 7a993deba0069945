"""The application: every address that it answers."""

from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from gsef_notify.web import my, pages, rehearsal, rsvp, unsubscribe
from gsef_notify.web.feeds import FeedLayer
from gsef_notify.web.rendering import Renderer, StaticFolder
from gsef_notify.web.sources import Health, House

_WITH_TOKENS = ("my", "rsvp", "unsubscribe")


def create_app(house: House, templates: Path) -> ASGIApp:
    """The application; ``templates`` is the folder of the web templates, with ``static`` in it."""
    renderer = Renderer(templates)
    staged = rehearsal.routes(house.stage, renderer) if house.stage else []

    async def not_found(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return renderer.page("missing.html", {"path": _shown(request.url.path)}, status_code=status)

    site = Starlette(
        routes=[
            *pages.routes(house, renderer),
            *my.routes(house, renderer),
            *rsvp.routes(house, renderer),
            *unsubscribe.routes(house, renderer),
            *staged,
            _healthz(house.health),
            Mount("/static", StaticFolder(directory=templates / "static"), name="static"),
        ],
        exception_handlers={404: not_found},
    )
    site.router.redirect_slashes = False
    return FeedLayer(site, house)


def create_health_app(health: Callable[[], Health]) -> ASGIApp:
    """What a service answers that has no pages: how it is."""
    return Starlette(routes=[_healthz(health)])


def _healthz(of: Callable[[], Health]) -> Route:
    async def healthz(_: Request) -> Response:
        health = of()
        content = {**health.detail, "ok": health.ok, "role": health.role, "revision": health.revision}
        return JSONResponse(content, 200 if health.ok else 503, {"Cache-Control": "no-store"})

    return Route("/healthz", healthz)


def _shown(path: str) -> str:
    """An address as a page may show it: without the token that opens somebody's page."""
    room = path.split("/")[1]
    return f"/{room}/…" if room in _WITH_TOKENS else path
