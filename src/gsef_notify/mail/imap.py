"""The mailbox into which mails come, over IMAP (RFC 3501), by the standard library."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn
from urllib.parse import SplitResult, unquote

from gsef_notify.errors import GsefNotifyError, SettingsError
from gsef_notify.mail.inbound import MOST_BYTES
from gsef_notify.mail.server_urls import is_loopback, options, split, tls

TIMEOUT_SECONDS = 20.0
_SECURITY: dict[str, tuple[Literal["none", "starttls", "tls"], int]] = {
    "imap": ("none", 143),
    "imap+starttls": ("starttls", 143),
    "imaps": ("tls", 993),
}
_REMEDY = (
    "write imaps://USER:PASSWORD@HOST/INBOX or imap+starttls://USER:PASSWORD@HOST/INBOX, with %XX for "
    "special characters in USER and PASSWORD, and ?handled=FOLDER to have handled mails moved there, or "
    "imap:// for a server on this machine"
)


class MailboxError(GsefNotifyError):
    """The mailbox can not be read at present."""

    def __init__(self, account: "Account", reason: object) -> None:
        text = reason.args[0] if isinstance(reason, imaplib.IMAP4.error) and reason.args else reason
        said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
        plain = "".join(sign if sign.isprintable() else " " for sign in said)[:300]
        where = f"{account.host}:{account.port}"
        super().__init__(f"inbound: {where}: {plain} - see whether host, user, password and folder are right")


@dataclass(frozen=True)
class Account:
    """Whose mailbox is where. Handled mails are marked as seen, and moved to ``handled`` where that is not
    ""."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    username: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    handled: str = ""
    tls: ssl.SSLContext | None = field(default=None, repr=False)


def account(url: str) -> Account:
    """The account that a URL of the settings names. Raises SettingsError, which never shows a password."""
    scheme = url.partition(":")[0]
    if scheme not in _SECURITY:
        _refuse("it names no mailbox")
    parts = split(url, _refuse)
    if not parts.username:
        _refuse("it names no user")
    return _account(parts)


def _account(parts: SplitResult) -> Account:
    security, default_port = _SECURITY[parts.scheme]
    host = parts.hostname or ""
    if security == "none" and not is_loopback(host):
        _refuse(f"imap:// would send the password in clear to {host}")
    given = options(parts, _refuse, ca="FILE", handled="FOLDER")
    return Account(
        host=host,
        port=parts.port or default_port,
        security=security,
        username=_plain(unquote(parts.username or "")),
        password=_plain(unquote(parts.password or "")),
        folder=_folder(unquote(parts.path.strip("/")) or "INBOX"),
        handled=_folder(given.get("handled", "")),
        tls=None if security == "none" else tls(given, "inbound"),
    )


def _plain(text: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", text):
        _refuse("a user or password has signs in it that can not be typed")
    return text


def _folder(name: str) -> str:
    if not re.fullmatch(r"[ -~]*", name):
        _refuse("the name of the folder has other signs in it than those of ASCII")
    return name


class Mailbox:
    """An open folder. Messages are named by their UIDs, which stay valid as long as ``validity`` is the
    same."""

    def __init__(self, client: imaplib.IMAP4, account: Account) -> None:
        self._client = client
        self._can_move = b"MOVE" in b" ".join(_done(client.capability())).upper().split()
        self._handled = _quoted(account.handled) if account.handled else ""
        if self._handled:
            client.create(self._handled)
        _done(client.select(_quoted(account.folder)))
        self.validity = str((client.response("UIDVALIDITY")[1] or [b""])[0])

    def waiting(self) -> list[str]:
        """The messages that nobody has seen, in the order in which they came."""
        found = _done(self._client.uid("SEARCH", "UNSEEN"))
        return [uid for uid in (found[0] or b"").decode().split() if uid.isdigit()]

    def content(self, uid: str) -> bytes:
        """The bytes of a message, of a very long one the beginning; it stays unseen. Empty for one that has
        gone."""
        asked = f"(BODY.PEEK[]<0.{MOST_BYTES + 1}>)"
        answers = _done(self._client.uid("FETCH", uid, asked))
        return next((bytes(each[1]) for each in answers if isinstance(each, tuple)), b"")

    def put_away(self, uid: str) -> None:
        """Mark a message as seen, and move it where handled mails go."""
        _done(self._client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
        if not self._handled:
            return
        if self._can_move:
            _done(self._client.uid("MOVE", uid, self._handled))
        else:
            _done(self._client.uid("COPY", uid, self._handled))
            _done(self._client.uid("STORE", uid, "+FLAGS.SILENT", r"(\Deleted)"))


@contextmanager
def opened(account: Account) -> Iterator[Mailbox]:
    """The folder, as long as it is needed. Whatever goes wrong with the server raises MailboxError, in the
    block too."""
    try:
        client = _connected(account)
        try:
            _log_in(client, account)
            yield Mailbox(client, account)
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                client.logout()
    except (imaplib.IMAP4.error, OSError, UnicodeError) as error:
        raise MailboxError(account, error) from None


def _connected(account: Account) -> imaplib.IMAP4:
    if account.security == "tls":
        return imaplib.IMAP4_SSL(account.host, account.port, ssl_context=account.tls, timeout=TIMEOUT_SECONDS)
    client = imaplib.IMAP4(account.host, account.port, timeout=TIMEOUT_SECONDS)
    if account.security == "starttls":
        try:
            client.starttls(account.tls)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _log_in(client: imaplib.IMAP4, account: Account) -> None:
    """By PLAIN where the server has it: a password of LOGIN can only have signs of ASCII."""
    if "AUTH=PLAIN" in client.capabilities:
        said = f"\0{account.username}\0{account.password}".encode()
        client.authenticate("PLAIN", lambda _: said)
    elif account.username.isascii() and account.password.isascii():
        client.login(account.username, account.password)
    else:
        raise imaplib.IMAP4.error("the server takes only signs of ASCII in users and passwords")


def _done(answer: tuple[str, list[Any]]) -> list[Any]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error((data or [b"refused"])[0])
    return data


def _quoted(name: str) -> str:
    escaped = name.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _refuse(reason: str) -> NoReturn:
    raise SettingsError(f"inbound: {reason} - {_REMEDY}") from None
