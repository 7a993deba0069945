"""Delivery to an SMTP server over a connection that is kept open (RFC 5321)."""

import asyncio
import contextlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import aiosmtplib

from gsef_notify.addresses import needs_smtputf8
from gsef_notify.mail.transport import DeliveryError, Envelope

Security = Literal["none", "starttls", "tls"]

# RFC 5321 section 4.5.3.2. A wait too short after the final dot would send the message a second time.
CONNECT_SECONDS = 30.0
COMMAND_SECONDS = 300.0
DATA_SECONDS = 600.0
CLOSING = 421


@dataclass(frozen=True)
class Server:
    """Where and how to connect. ``none`` sends everything in clear."""

    host: str
    port: int
    security: Security
    username: str = ""
    password: str = field(default="", repr=False)
    ca_file: str | None = None
    local_hostname: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class SmtpTransport:
    """Hands over one message at a time. A connection about whose state there is any doubt is closed: a late
    answer must never be taken for the answer to the next message."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._client: aiosmtplib.SMTP | None = None
        self._lock = asyncio.Lock()

    async def send(self, envelope: Envelope) -> str:
        """The server's answer to the message. Raises DeliveryError."""
        async with self._lock:
            try:
                return await self._talk(envelope)
            except asyncio.CancelledError:
                self._drop()
                raise
            except DeliveryError as error:
                await self._clear_up(error)
                raise

    async def close(self) -> None:
        """Say QUIT, if there is anybody to say it to."""
        async with self._lock:
            client, self._client = self._client, None
            if client is not None and client.is_connected:
                with contextlib.suppress(aiosmtplib.SMTPException, OSError):
                    await client.quit(timeout=5)
                client.close()

    async def _talk(self, envelope: Envelope) -> str:
        client = await self._introduce(envelope)
        with _stage(self._server, "RCPT TO"):
            await client.rcpt(envelope.recipient, encoding=_encoding(envelope), timeout=COMMAND_SECONDS)
        with _stage(self._server, "DATA", after_dot=True):
            reply = await client.data(envelope.content, timeout=DATA_SECONDS)
        return f"{reply.code} {reply.message}"

    async def _introduce(self, envelope: Envelope) -> aiosmtplib.SMTP:
        """A client that has said MAIL FROM; over a new connection where the old one turns out to be dead."""
        reused = self._client is not None
        try:
            return await self._mail_from(envelope)
        except DeliveryError as error:
            if not reused or error.permanent or not _is_gone(error):
                raise
            self._drop()
            return await self._mail_from(envelope)

    async def _mail_from(self, envelope: Envelope) -> aiosmtplib.SMTP:
        client = await self._connected()
        options = []
        if needs_smtputf8(envelope.recipient) or needs_smtputf8(envelope.sender):
            if not client.supports_extension("smtputf8"):
                sentence = f"{self._server} does not take addresses beyond ASCII (SMTPUTF8)"
                raise DeliveryError(sentence, permanent=True)
            options.append("SMTPUTF8")
        with _stage(self._server, "MAIL FROM"):
            await client.mail(
                envelope.sender, options=options, encoding=_encoding(envelope), timeout=COMMAND_SECONDS
            )
        return client

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is not None and self._client.is_connected:
            return self._client
        self._drop()
        server = self._server
        client = aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            username=server.username or None,
            password=server.password or None,
            tls_context=ssl.create_default_context(cafile=server.ca_file) if server.ca_file else None,
            local_hostname=server.local_hostname,
            timeout=CONNECT_SECONDS,
        )
        try:
            with _stage(server, "connecting"):
                await client.connect()
                await client.ehlo()
        except BaseException:
            client.close()
            raise
        self._client = client
        return client

    async def _clear_up(self, error: DeliveryError) -> None:
        """Make the connection fit for the next message, or close it."""
        if _is_gone(error) or self._client is None:
            self._drop()
            return
        try:
            await self._client.rset(timeout=CONNECT_SECONDS)
        except (aiosmtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


@contextlib.contextmanager
def _stage(server: Server, stage: str, *, after_dot: bool = False) -> Iterator[None]:
    """Turn what may go wrong in a stage into a DeliveryError that says what it means."""
    try:
        yield
    except aiosmtplib.SMTPRecipientsRefused as error:
        refused = error.recipients[0]
        raise _answered(server, stage, refused.code, refused.message) from None
    except aiosmtplib.SMTPAuthenticationError as error:
        sentence = f"{server} does not accept the user name and password: {error.code} {error.message}"
        raise DeliveryError(f"{sentence} - mend them in the settings", reply=str(error.code)) from None
    except aiosmtplib.SMTPResponseException as error:
        raise _answered(server, stage, error.code, error.message) from None
    except ssl.SSLCertVerificationError as error:
        sentence = f"the certificate of {server} is not trusted: {error.verify_message}"
        raise DeliveryError(f"{sentence} - name the right host, or its authority with ?ca=FILE") from None
    except (aiosmtplib.SMTPException, OSError) as error:
        sentence = f"{server}: {stage}: {error or type(error).__name__}"
        raise DeliveryError(sentence, unknown=after_dot, reply=_GONE) from None


_GONE = "gone"


def _answered(server: Server, stage: str, code: int, text: str) -> DeliveryError:
    answer = f"{code} {text}"
    if not 400 <= code <= 599:
        return DeliveryError(f"{server}: {stage}: an answer that is no SMTP: {text[:80]!r}", reply=_GONE)
    permanent = code >= 500
    return DeliveryError(f"{server} answered {answer} to {stage}", permanent=permanent, reply=answer)


def _is_gone(error: DeliveryError) -> bool:
    return error.reply == _GONE or error.reply.startswith(str(CLOSING))


def _encoding(envelope: Envelope) -> str:
    return "ascii" if envelope.recipient.isascii() and envelope.sender.isascii() else "utf-8"
