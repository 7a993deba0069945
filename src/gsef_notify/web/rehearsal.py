"""A rehearsal while it is played: its clock, and the mails as they go out."""

import email
import email.policy
from email.message import EmailMessage
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from gsef_notify import zones
from gsef_notify.web.rendering import Renderer
from gsef_notify.web.sources import Stage, StagedMail

_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def routes(stage: Stage, renderer: Renderer) -> list[Route]:
    """What a page asks for while the rehearsal runs, and each mail to be read."""

    def progress(_: Request) -> Response:
        mails = [_mail_view(mail) for mail in stage.mails()]
        content = {"now": f"{stage.now():%Y-%m-%dT%H:%M:%S.%fZ}", "speed": stage.speed, "mails": mails}
        return JSONResponse(content, headers={"Cache-Control": "no-store"})

    def mail(request: Request) -> Response:
        message = _message(stage, request)
        context = {
            "key": request.path_params["key"],
            "headers": [(name, message[name]) for name in ("Date", "From", "To", "Subject", "Message-ID")],
            "text": _content(message, "plain"),
            "attachments": [part.get_filename() for part in message.iter_attachments()],
        }
        return renderer.page("mail.html", context)

    def html(request: Request) -> Response:
        content = _content(_message(stage, request), "html")
        return HTMLResponse(content, headers={"Content-Security-Policy": _SANDBOX})

    return [
        Route("/rehearsal.json", progress),
        Route("/rehearsal/mails/{key}", mail),
        Route("/rehearsal/mails/{key}/html", html),
    ]


def _mail_view(mail: StagedMail) -> dict[str, Any]:
    local = zones.local(mail.at, mail.timezone)
    return {
        "key": mail.key,
        "at": f"{mail.at:%Y-%m-%dT%H:%M:%SZ}",
        "local": f"{local:%a} {local.day} {local:%b, %H:%M} {zones.city(mail.timezone)}",
        "recipient": mail.recipient,
        "role": mail.role,
        "subject": mail.subject,
        "rule": mail.rule,
    }


def _message(stage: Stage, request: Request) -> EmailMessage:
    content = stage.message(request.path_params["key"])
    if content is None:
        raise HTTPException(404)
    message = email.message_from_bytes(content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101
    return message


def _content(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    return str(part.get_content()) if part else ""
