"""The transport that a URL of the settings names."""

from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from gsef_notify.errors import SettingsError
from gsef_notify.mail.maildir import MaildirTransport
from gsef_notify.mail.smtp import Security, Server, SmtpTransport
from gsef_notify.mail.transport import Transport

LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECURITY: dict[str, tuple[Security, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_REMEDY = (
    "write maildir:FOLDER, smtps://USER:PASSWORD@HOST:465, smtp+starttls://USER:PASSWORD@HOST:587, "
    "or smtp://localhost:25 for a server on this machine"
)


def open_transport(url: str, *, local_hostname: str | None = None) -> Transport:
    """The transport of a URL. Connects to nothing yet. Raises SettingsError, which never shows a password."""
    scheme, _, rest = url.partition(":")
    if scheme == "maildir" and rest:
        return MaildirTransport(Path(rest))
    if scheme in _SECURITY:
        return SmtpTransport(_server(url, local_hostname))
    raise SettingsError(f"mail: {scheme!r} is no way to send mail - {_REMEDY}")


def _server(url: str, local_hostname: str | None) -> Server:
    try:
        parts = urlsplit(url)
        security, default_port = _SECURITY[parts.scheme]
        port = parts.port or default_port
    except ValueError:
        raise SettingsError(f"mail: the port is no number from 1 to 65535 - {_REMEDY}") from None
    if not parts.hostname:
        raise SettingsError(f"mail: the {parts.scheme} URL names no host - {_REMEDY}")
    if security == "none" and parts.hostname not in LOOPBACK:
        raise SettingsError(
            f"mail: smtp:// would send everything in clear to {parts.hostname} - "
            "write smtp+starttls:// or smtps://; smtp:// is for localhost only"
        )
    return Server(
        host=parts.hostname,
        port=port,
        security=security,
        username=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        ca_file=_ca_file(parts),
        local_hostname=local_hostname,
    )


def _ca_file(parts: SplitResult) -> str | None:
    named = parse_qs(parts.query).get("ca", [None])[0]
    if named and not Path(named).is_file():
        raise SettingsError(
            f"mail: there is no file {named} - name the certificate of the authority, ?ca=FILE"
        )
    return named
