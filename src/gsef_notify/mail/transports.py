"""The transport that a URL of the settings asks for."""

import re
import ssl
from ipaddress import ip_address
from pathlib import Path
from typing import NoReturn
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from gsef_notify.errors import SettingsError
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.smtp import Security, Server, SmtpTransport
from gsef_notify.mail.transport import Transport

_SECURITY: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_REMEDY = (
    "write maildir:FOLDER, smtps://USER:PASSWORD@HOST:465 or smtp+starttls://USER:PASSWORD@HOST:587, with "
    "%XX for special characters in USER and PASSWORD, or smtp://localhost:25 for a server on this machine"
)


def open_transport(url: str, *, local_hostname: str | None = None) -> Transport:
    """The transport for ``maildir:PATH``, ``smtp://HOST:PORT`` (this machine only), ``smtps://...`` or
    ``smtp+starttls://USER:PASSWORD@HOST:PORT``, the latter two with ``?ca=FILE`` for a private authority.

    A Maildir's folders are made at once; a server is connected to when the first message is sent.
    ``local_hostname`` is how this machine introduces itself. Raises SettingsError, which never shows a
    password.
    """
    scheme, _, rest = url.partition(":")
    if scheme == "maildir" and rest:
        return MaildirTransport(Path(rest).expanduser())
    if scheme not in _SECURITY:
        _refuse("it names no way to send mail")
    return SmtpTransport(_server(_split(url), local_hostname))


def _split(url: str) -> SplitResult:
    """The parts of a URL. The parser's own message is not passed on: it may quote the password."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        _refuse("the host and port can not be read")
    if not parts.hostname:
        _refuse("it names no host")
    if re.search(r"[^A-Za-z0-9.:_-]", parts.hostname):
        _refuse("the host has signs in it that no host name has")
    if parts.path.strip("/") or parts.fragment:
        _refuse("something follows the host and port")
    if bool(parts.username) != bool(parts.password):
        _refuse("a user and a password belong together")
    return parts


def _server(parts: SplitResult, local_hostname: str | None) -> Server:
    security, default_port = _SECURITY[parts.scheme]
    host = parts.hostname or ""
    if security == "none" and not _is_loopback(host):
        _refuse(f"smtp:// would send everything in clear to {host}")
    return Server(
        host=host,
        port=parts.port or default_port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=None if security == "none" else _tls(parts.query),
        local_hostname=local_hostname,
    )


def _tls(query: str) -> ssl.SSLContext:
    options = parse_qs(query, keep_blank_values=True)
    if options.keys() - {"ca"}:
        _refuse("after ? only ca=FILE can stand")
    context = ssl.create_default_context()
    for file in options.get("ca", []):
        try:
            context.load_verify_locations(cafile=file)
        except OSError as error:
            reason = "no PEM certificate in it" if isinstance(error, ssl.SSLError) else error.strerror
            raise SettingsError(
                f"mail: can not read {file!r}: {reason} - name a PEM file after ?ca="
            ) from None
    return context


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _refuse(reason: str) -> NoReturn:
    raise SettingsError(f"mail: {reason} - {_REMEDY}") from None
