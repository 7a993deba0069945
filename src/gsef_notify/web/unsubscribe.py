"""Where somebody says that they want no more reminders, by the link in a mail or by their mail program (RFC
8058). GET shows, POST acts: programs that look into mails follow every link."""

from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gsef_notify.store.unsubscribed import Subscriber
from gsef_notify.web.forms import PRIVATE_HEADERS, small_form
from gsef_notify.web.rendering import Renderer
from gsef_notify.web.sources import House


def routes(house: House, renderer: Renderer) -> list[Route]:
    """The page of each token that was given to somebody; all others are answered alike."""

    def page(request: Request) -> Response:
        subscriber = _subscriber(house, request)
        context = {
            "site": house.site,
            "path": f"/unsubscribe/{quote(request.path_params['token'], safe='')}",
            "title": _title(house, subscriber),
            "subscriber": subscriber,
        }
        response = renderer.page("unsubscribe.html", context)
        response.headers.update(PRIVATE_HEADERS)
        return response

    async def act(request: Request) -> Response:
        """Answered by the page itself: a mail program follows no redirect (RFC 8058 section 3.1)."""
        subscriber = await run_in_threadpool(_subscriber, house, request)
        form = await small_form(request)
        await run_in_threadpool(_act, house, subscriber, form)
        return await run_in_threadpool(page, request)

    path = "/unsubscribe/{token}"
    return [Route(path, page, methods=["GET"]), Route(path, act, methods=["POST"])]


def _subscriber(house: House, request: Request) -> Subscriber:
    subscriber = house.replies.subscriber(request.path_params["token"])
    if subscriber is None:
        raise HTTPException(404)
    return subscriber


def _act(house: House, subscriber: Subscriber, form: dict[str, str]) -> None:
    """Whatever is not said to undo it is to stop the mails: mail programs send their one field as a form of
    either kind (RFC 8058 section 3.2)."""
    if "undo" in form:
        house.replies.resubscribe(subscriber)
    else:
        house.replies.unsubscribe(subscriber, of_all="all" in form)


def _title(house: House, subscriber: Subscriber) -> str:
    """Of the session, "" where it is any or has gone."""
    publication = house.source.latest()
    try:
        return publication.session(subscriber.session).title if publication else ""
    except KeyError:
        return ""
