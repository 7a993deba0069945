"""The transport that the ``mail`` setting asks for."""

import re
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote

from gsef_notify.clock import Clock, SystemClock
from gsef_notify.errors import SettingsError
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.pool import Pool
from gsef_notify.mail.relay import Relay
from gsef_notify.mail.server_urls import is_loopback, options, split, tls
from gsef_notify.mail.smtp import Security, Server
from gsef_notify.mail.transport import Transport

_SECURITY: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_REMEDY = (
    "write maildir:FOLDER, smtps://USER:PASSWORD@HOST:465 or smtp+starttls://USER:PASSWORD@HOST:587, with "
    "%XX for special characters in USER and PASSWORD, or smtp://localhost:25 for a server on this machine; "
    "two with a space between them stand in for each other"
)
_BETWEEN_SERVERS = re.compile(r"[\s,]+(?=[a-z+]+://)")


def open_transport(
    setting: str, *, connections: int = 1, clock: Clock | None = None, local_hostname: str | None = None
) -> Transport:
    """The transport for ``maildir:PATH``, ``smtp://HOST:PORT`` (this machine only), ``smtps://...`` or
    ``smtp+starttls://USER:PASSWORD@HOST:PORT``, the latter two with ``?ca=FILE`` for a private authority;
    several servers, with spaces or commas between them, stand in for each other.

    A Maildir's folders are made at once; a server is connected to when the first message is sent, at most
    ``connections`` times. By the ``clock`` a server is left alone that fails. ``local_hostname`` is how this
    machine introduces itself. Raises SettingsError, which never shows a password.
    """
    scheme, _, rest = setting.partition(":")
    if scheme == "maildir" and rest:
        return MaildirTransport(Path(rest).expanduser())
    servers = [_server(url, local_hostname) for url in _BETWEEN_SERVERS.split(setting.strip())]
    return Relay([Pool(server, connections) for server in servers], clock or SystemClock())


def without_password(setting: str) -> str:
    """A ``mail`` setting as it may be shown."""
    return ", ".join(re.sub(r"(?<=://).*@", "", url) for url in _BETWEEN_SERVERS.split(setting))


def _server(url: str, local_hostname: str | None) -> Server:
    if url.partition(":")[0] not in _SECURITY:
        _refuse("it names no way to send mail")
    parts = split(url, _refuse)
    if parts.path.strip("/"):
        _refuse("something follows the host and port")
    security, default_port = _SECURITY[parts.scheme]
    host = parts.hostname or ""
    if security == "none" and not is_loopback(host):
        _refuse(f"smtp:// would send everything in clear to {host}")
    return Server(
        host=host,
        port=parts.port or default_port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=None if security == "none" else tls(options(parts, _refuse, ca="FILE"), "mail"),
        local_hostname=local_hostname,
    )


def _refuse(reason: str) -> NoReturn:
    raise SettingsError(f"mail: {reason} - {_REMEDY}") from None
