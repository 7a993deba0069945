"""Delivery to an SMTP server over a connection that stays open (RFC 5321).

Every step has its own time limit and its own meaning when it fails. After anything but a plain refusal the
connection is closed: a late answer would be taken for the answer to the next message.
"""

import asyncio
import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException, SMTPServerDisconnected
from aiosmtplib.errors import SMTPAuthenticationError, SMTPTimeoutError

from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.mail.transport import DeliveryError, Envelope

Security = Literal["none", "starttls", "tls"]

_CLOSING = 421
_START_INPUT = 354
_ASKS_FOR_LOGIN = frozenset({530, 534, 535, 538})
_STORAGE = 552
_FIX_LOGIN = "correct the user and password in the mail setting"


@dataclass(frozen=True)
class Server:
    """Where mail is handed over. Without ``username`` there is no login; ``tls`` is how the server's
    certificate is checked, and ``local_hostname`` how this machine introduces itself."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    tls: ssl.SSLContext | None = None
    local_hostname: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Limits:
    """How long to wait, in seconds, for a connection and for answers (RFC 5321 section 4.5.3.2).

    Nothing depends on the answer to QUIT.
    """

    connect: float = 30
    command: float = 300
    data: float = 600
    quit: float = 5


class _Refused(DeliveryError):
    """The server answered no, and goes on listening."""


class _Lost(DeliveryError):
    """The server closed the connection."""


class SmtpTransport:
    """Sends one message at a time over one connection, opened when it is needed and kept."""

    def __init__(self, server: Server, limits: Limits | None = None) -> None:
        self.server = server
        self._hostname = server.local_hostname
        self._limits = limits or Limits()
        self._client: SMTP | None = None
        self._lock = asyncio.Lock()

    async def send(self, envelope: Envelope) -> str:
        """Hand the message to the server. Returns its answer. Raises DeliveryError."""
        sender, recipient = _checked(envelope.sender), _checked(envelope.recipient)
        async with self._lock:
            try:
                client = await self._begin(sender, recipient, envelope.content)
                await self._command(client, "the recipient", b"RCPT", b"TO:<%b>" % recipient.encode())
                return await self._hand_over(client, envelope.content)
            except _Refused:
                await self._reset()
                raise
            except BaseException:
                self._drop()
                raise

    async def close(self) -> None:
        """Take leave of the server, if it still listens."""
        async with self._lock:
            try:
                if self._client is not None:
                    await self._client.quit(timeout=self._limits.quit)
            except (SMTPException, OSError):
                pass
            finally:
                self._drop()

    async def _begin(self, sender: str, recipient: str, content: bytes) -> SMTP:
        """A connection on which MAIL was accepted; one that the server closed while idle is replaced."""
        needs_utf8 = not (sender.isascii() and recipient.isascii() and content.isascii())
        if self._client is not None and self._client.is_connected:
            with suppress(_Lost):
                return await self._mail(self._client, sender, len(content), needs_utf8)
        self._drop()
        self._client = await self._connect()
        return await self._mail(self._client, sender, len(content), needs_utf8)

    async def _mail(self, client: SMTP, sender: str, size: int, needs_utf8: bool) -> SMTP:
        if needs_utf8 and not client.supports_extension("smtputf8"):
            raise _Refused(
                f"{self.server} takes no address with letters beyond ASCII before the @ (it offers no "
                "SMTPUTF8) - ask for an address in plain letters, or send through a server with SMTPUTF8",
                permanent=True,
            )
        options = [b"SIZE=%d" % size] if client.supports_extension("size") else []
        options += [b"BODY=8BITMIME", b"SMTPUTF8"] if needs_utf8 else []
        await self._command(client, "the sender", b"MAIL", b"FROM:<%b>" % sender.encode(), *options)
        return client

    async def _command(self, client: SMTP, about: str, *words: bytes) -> None:
        with _listening(self.server, about):
            answer = await client.execute_command(*words, timeout=self._limits.command)
        if not _is_success(answer):
            raise _refusal(self.server, about, answer)

    async def _hand_over(self, client: SMTP, content: bytes) -> str:
        """DATA, the message and the dot (RFC 5321 section 4.1.1.4); after the dot, silence means unknown."""
        with _listening(self.server, "the message"):
            start = await client.execute_command(b"DATA", timeout=self._limits.command)
            if start.code != _START_INPUT or client.protocol is None:
                raise _refusal(self.server, "the message", start)
            client.protocol.write(_stuffed(content))
        with _listening(self.server, "the whole message", unknown=True):
            answer = await client.protocol.read_response(timeout=self._limits.data)
        if not _is_success(answer):
            raise _refusal(self.server, "the message", answer, handed_over=True)
        return _text(answer)

    async def _connect(self) -> SMTP:
        server = self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self._hostname,
            timeout=self._limits.connect,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=server.tls,
        )
        try:
            with _connecting(server):
                await client.connect()
                await client.ehlo()
                if server.username:
                    await client.login(server.username, server.password)
        except BaseException:
            _abort(client)
            raise
        self._hostname = client.local_hostname
        return client

    async def _reset(self) -> None:
        """End the refused transaction, so that the next message finds a fresh one."""
        try:
            if self._client is not None:
                await self._client.rset(timeout=self._limits.connect)
        except (SMTPException, OSError):
            self._drop()
        except asyncio.CancelledError:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._client is not None:
            _abort(self._client)
            self._client = None


def _checked(address: str) -> str:
    try:
        return checked_address(address)
    except AddressError as error:
        raise DeliveryError(str(error), permanent=True) from None


def _abort(client: SMTP) -> None:
    """Close at once. A polite close would still send what is left of an abandoned message."""
    if isinstance(client.transport, asyncio.WriteTransport):
        client.transport.abort()
    client.close()


def _stuffed(content: bytes) -> bytes:
    """The message as it goes over the line: dots doubled, a lone dot behind (RFC 5321 section 4.5.2)."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _is_success(answer: SMTPResponse) -> bool:
    return 200 <= answer.code <= 299


def _text(answer: SMTPResponse) -> str:
    return f"{answer.code} {answer.message}".encode("utf-8", "replace").decode()


def _refusal(server: Server, about: str, answer: SMTPResponse, *, handed_over: bool = False) -> DeliveryError:
    reply = _text(answer)
    if answer.code == _CLOSING:
        return _Lost(f"{server} closed the connection: {reply}", permanent=False, reply=reply)
    if not 400 <= answer.code <= 599:
        return DeliveryError(
            f"{server} gave an answer that makes no sense: {reply}",
            permanent=False,
            reply=reply,
            unknown=handed_over,
        )
    if answer.code in _ASKS_FOR_LOGIN:
        return _Refused(f"{server} wants a login: {reply} - {_FIX_LOGIN}", permanent=False, reply=reply)
    permanent = answer.code >= 500 and answer.code != _STORAGE
    return _Refused(f"{server} refused {about}: {reply}", permanent=permanent, reply=reply)


@contextmanager
def _listening(server: Server, about: str, *, unknown: bool = False) -> Iterator[None]:
    """What goes wrong while waiting for an answer, as a DeliveryError."""
    try:
        yield
    except SMTPTimeoutError:
        raise DeliveryError(
            f"{server} did not answer in time about {about}", permanent=False, unknown=unknown
        ) from None
    except SMTPResponseException as error:
        answer = SMTPResponse(error.code, error.message)
        raise _refusal(server, about, answer, handed_over=unknown) from None
    except (SMTPServerDisconnected, OSError):
        raise _Lost(
            f"{server} closed the connection instead of answering about {about}",
            permanent=False,
            unknown=unknown,
        ) from None


@contextmanager
def _connecting(server: Server) -> Iterator[None]:
    """What goes wrong before the first message, as a DeliveryError. None of it is the recipient's fault."""
    try:
        yield
    except SMTPAuthenticationError as error:
        reply = _text(SMTPResponse(error.code, error.message))
        raise DeliveryError(
            f"{server} refused the login: {reply} - {_FIX_LOGIN}", permanent=False, reply=reply
        ) from None
    except SMTPResponseException as error:
        reply = _text(SMTPResponse(error.code, error.message))
        raise DeliveryError(f"{server} takes no mail: {reply}", permanent=False, reply=reply) from None
    except (SMTPException, OSError, ValueError) as error:
        raise DeliveryError(_connection_trouble(server, error), permanent=False) from None


def _connection_trouble(server: Server, error: Exception) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return (
            f"{server} has a certificate that can not be trusted: {cause.verify_message} - correct the host "
            "name in the mail setting, or name the server's own authority with ?ca=FILE"
        )
    if isinstance(error, OSError):
        return f"can not reach {server}: {error}"
    return f"{server} can not be used as it is set up: {str(error).rstrip('.')} - correct the mail setting"
