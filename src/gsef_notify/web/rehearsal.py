"""A rehearsal while it is played: its clock, and the mails as they go out."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.errors import GsefNotifyError
from gsef_notify.mail.stored import body, parsed
from gsef_notify.program.model import Program
from gsef_notify.web.forms import small_form
from gsef_notify.web.rendering import PAGE_HEADERS, Renderer
from gsef_notify.web.sources import Stage, StagedMail

SHOWN_HEADERS = ("Date", "From", "Subject", "Message-ID")
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def routes(stage: Stage, renderer: Renderer) -> list[Route]:
    """What a page asks for while the rehearsal runs, and each mail to be read."""

    def progress(_: Request) -> Response:
        return JSONResponse(stage_view(stage), headers={"Cache-Control": "no-store"})

    def mail(request: Request) -> Response:
        message = _message(stage, request)
        context = {
            "recipients": _recipients(message),
            "headers": [(name, message[name]) for name in SHOWN_HEADERS if message[name]],
            "html_path": f"{_path(request.path_params['key'])}/html" if body(message, "html") else None,
            "text": body(message, "plain"),
            "attachments": [_attachment_name(part) for part in message.iter_attachments()],
        }
        return renderer.page("mail.html", context)

    def html(request: Request) -> Response:
        content = body(_message(stage, request), "html")
        return HTMLResponse(content, headers={**PAGE_HEADERS, "Content-Security-Policy": _SANDBOX})

    async def late(request: Request) -> Response:
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise HTTPException(403)
        session, minutes = _lateness(await small_form(request))
        try:
            await run_in_threadpool(stage.late, session, minutes)
        except GsefNotifyError as error:
            return PlainTextResponse(f"{error}\n", 400)
        return RedirectResponse("/", 303)

    return [
        Route("/rehearsal.json", progress),
        Route("/rehearsal/late", late, methods=["POST"]),
        Route("/rehearsal/mails/{key}", mail),
        Route("/rehearsal/mails/{key}/html", html),
    ]


def stage_view(stage: Stage) -> dict[str, Any]:
    """The virtual time (RFC 3339), how fast it runs, and the mails sent so far, in order."""
    mails = [_mail_view(mail) for mail in stage.mails()]
    return {"now": f"{stage.now():%Y-%m-%dT%H:%M:%S.%fZ}", "speed": stage.speed, "mails": mails}


def late_choices(stage: Stage, program: Program) -> list[dict[str, str]]:
    """The sessions that can run late: those that are not over."""
    now = stage.now()
    return [{"id": each.id, "title": each.title} for each in program.sessions if each.end > now]


def _lateness(form: dict[str, str]) -> tuple[str, int]:
    """Which session is how many minutes late. Raises HTTPException for what makes no sense."""
    try:
        return form["session"], int(form["minutes"][:6])
    except (KeyError, ValueError):
        raise HTTPException(400) from None


def _mail_view(mail: StagedMail) -> dict[str, str]:
    local = zones.local(mail.at, mail.timezone)
    return {
        "key": mail.key,
        "path": _path(mail.key),
        "at": f"{mail.at:%Y-%m-%dT%H:%M:%SZ}",
        "local": f"{local:%a} {local.day} {local:%b, %H:%M} {zones.city(mail.timezone)}",
        "recipient": mail.recipient,
        "role": mail.role,
        "subject": mail.subject,
        "rule": mail.rule,
    }


def _path(key: str) -> str:
    return f"/rehearsal/mails/{quote(key, safe='')}"


def _message(stage: Stage, request: Request) -> EmailMessage:
    content = stage.message(request.path_params["key"])
    if content is None:
        raise HTTPException(404)
    return parsed(content)


def _recipients(message: EmailMessage) -> str:
    """Whom the mail is for, by name: the page may be seen by more people than the mail."""
    addresses = message["To"].addresses if message["To"] else ()
    return ", ".join(address.display_name or "somebody without a name" for address in addresses)


def _attachment_name(part: EmailMessage) -> str:
    return part.get_filename() or part.get_content_type()
