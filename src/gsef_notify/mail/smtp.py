"""Delivery to an SMTP server over a connection that stays open (RFC 5321).

Every step has its own time limit and its own meaning when it fails. After anything but a plain refusal the
connection is closed: a late answer would be taken for the answer to the next message.

aiosmtplib sets a connection up, with encryption and login. Where the server offers PIPELINING (RFC 2920) the
envelope goes out in one piece, so that a message takes two round trips instead of four.
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal, cast

from aiosmtplib import SMTP

from gsef_notify.addresses import AddressError, checked_address
from gsef_notify.mail.smtp_answers import (
    CLOSING,
    START_INPUT,
    Lost,
    Refused,
    connecting,
    listening,
    quoted,
    refusal,
)
from gsef_notify.mail.smtp_line import Line, NoReply, Reply
from gsef_notify.mail.transport import DeliveryError, Envelope

Security = Literal["none", "starttls", "tls"]

_SENDER, _RECIPIENT, _MESSAGE = "the sender", "the recipient", "the message"
_EXTENSIONS = ("size", "smtputf8")


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


class SmtpTransport:
    """Sends one message at a time over one connection, opened when it is needed and kept."""

    def __init__(self, server: Server, limits: Limits | None = None) -> None:
        self.server = server
        self._name = str(server)
        self._hostname = server.local_hostname
        self._limits = limits or Limits()
        self._line: Line | None = None
        self._lock = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether there is a connection that the next message can use."""
        return self._line is not None and self._line.is_open

    async def send(self, envelope: Envelope) -> str:
        """Hand the message to the server. Returns its answer. Raises DeliveryError."""
        sender, recipient = _checked(envelope.sender), _checked(envelope.recipient)
        async with self._lock:
            try:
                line = await self._agreed(sender, recipient, envelope.content)
                return await self._hand_over(line, envelope.content)
            except Refused:
                await self._reset()
                raise
            except BaseException:
                self._drop()
                raise

    async def close(self) -> None:
        """Take leave of the server, if it still listens."""
        async with self._lock:
            try:
                if self._line is not None:
                    self._line.say(b"QUIT")
                    await self._line.reply(self._limits.quit)
            except (NoReply, OSError):
                pass
            finally:
                self._drop()

    async def _agreed(self, sender: str, recipient: str, content: bytes) -> Line:
        """A connection on which the server waits for the message; one that it closed while idle is
        replaced."""
        needs_utf8 = not (sender.isascii() and recipient.isascii() and content.isascii())
        line, answer, commands = await self._begin(sender, recipient, len(content), needs_utf8)
        await self._consent(line, answer, commands)
        return line

    async def _begin(
        self, sender: str, recipient: str, size: int, needs_utf8: bool
    ) -> tuple[Line, Refused | None, Sequence[bytes]]:
        """A connection on which MAIL was answered, how, and the commands of the envelope."""
        if self._line is not None and self._line.is_open:
            commands = self._envelope(self._line, sender, recipient, size, needs_utf8)
            with suppress(Lost):
                return self._line, await self._opening(self._line, commands), commands
        self._drop()
        self._line = await self._connect()
        commands = self._envelope(self._line, sender, recipient, size, needs_utf8)
        return self._line, await self._opening(self._line, commands), commands

    def _envelope(
        self, line: Line, sender: str, recipient: str, size: int, needs_utf8: bool
    ) -> tuple[bytes, bytes, bytes]:
        if needs_utf8 and "smtputf8" not in line.offers:
            raise Refused(
                f"{self._name} takes no address with letters beyond ASCII before the @ (it offers no "
                "SMTPUTF8) - ask for an address in plain letters, or send through a server with SMTPUTF8",
                permanent=True,
            )
        options = b" SIZE=%d" % size if "size" in line.offers else b""
        options += b" BODY=8BITMIME SMTPUTF8" if needs_utf8 else b""
        mail = b"MAIL FROM:<%b>%b" % (sender.encode(), options)
        return mail, b"RCPT TO:<%b>" % recipient.encode(), b"DATA"

    async def _opening(self, line: Line, commands: Sequence[bytes]) -> Refused | None:
        line.say(*(commands if line.pipelines else commands[:1]))
        return await self._heard(line, _SENDER)

    async def _consent(self, line: Line, answer: Refused | None, commands: Sequence[bytes]) -> None:
        """See that the server takes the whole envelope. Raises the first refusal, once all that was said has
        been answered."""
        answers = [answer]
        for about, command in ((_RECIPIENT, commands[1]), (_MESSAGE, commands[2])):
            if not line.pipelines:
                _raise_first(answers)
                line.say(command)
            try:
                answers.append(await self._heard(line, about))
            except DeliveryError:
                self._drop()
                _raise_first(answers)
                raise
        if any(answers) and answers[-1] is None:
            await self._send_nothing(line, is_for_nobody=answers[1] is not None)
        _raise_first(answers)

    async def _heard(self, line: Line, about: str) -> Refused | None:
        """The answer to a command: None for consent. Raises DeliveryError where it is no refusal either."""
        with listening(self._name, about):
            answer = await line.reply(self._limits.command)
        if answer.code == START_INPUT if about == _MESSAGE else _is_success(answer):
            return None
        refused = refusal(self._name, about, answer)
        if isinstance(refused, Refused):
            return refused
        raise refused

    async def _send_nothing(self, line: Line, *, is_for_nobody: bool) -> None:
        """End a message that the server waits for in vain (RFC 2920 section 3.1): an empty one, where it goes
        to nobody, else by closing the connection."""
        try:
            if is_for_nobody:
                line.say(b".")
            if not is_for_nobody or (await line.reply(self._limits.data)).code == CLOSING:
                self._drop()
        except (NoReply, OSError):
            self._drop()

    async def _hand_over(self, line: Line, content: bytes) -> str:
        """The message and the dot (RFC 5321 section 4.1.1.4); after the dot, silence means unknown."""
        with listening(self._name, "the whole message", unknown=True):
            line.pour(_stuffed(content))
            answer = await line.reply(self._limits.data)
        if not _is_success(answer):
            raise refusal(self._name, _MESSAGE, answer, handed_over=True)
        return quoted(*answer)

    async def _connect(self) -> Line:
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
            with connecting(self._name):
                await client.connect()
                await client.ehlo()
                if server.username:
                    await client.login(server.username, server.password)
                line = _taken_over(client)
        except BaseException:
            _abort(client)
            raise
        self._hostname = client.local_hostname
        return line

    async def _reset(self) -> None:
        """End the refused transaction, so that the next message finds a fresh one."""
        try:
            if self._line is not None:
                self._line.say(b"RSET")
                if not _is_success(await self._line.reply(self._limits.connect)):
                    self._drop()
        except (NoReply, OSError):
            self._drop()
        except asyncio.CancelledError:
            self._drop()
            raise

    def _drop(self) -> None:
        if self._line is not None:
            self._line.abort()
            self._line = None


def _checked(address: str) -> str:
    try:
        return checked_address(address)
    except AddressError as error:
        raise DeliveryError(str(error), permanent=True) from None


def _taken_over(client: SMTP) -> Line:
    """The connection that a client has set up. Raises ConnectionError where it is gone."""
    if client.transport is None:
        raise ConnectionResetError("the connection was closed")
    offers = frozenset(name for name in _EXTENSIONS if client.supports_extension(name))
    pipelines = client.supports_extension("pipelining")
    return Line(cast(asyncio.Transport, client.transport), pipelines=pipelines, offers=offers)


def _abort(client: SMTP) -> None:
    if client.transport is not None:
        cast(asyncio.Transport, client.transport).abort()
    client.close()


def _raise_first(answers: Sequence[Refused | None]) -> None:
    for refused in filter(None, answers):
        raise refused


def _stuffed(content: bytes) -> bytes:
    """The message as it goes over the line: dots doubled, a lone dot behind (RFC 5321 section 4.5.2)."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _is_success(answer: Reply) -> bool:
    return 200 <= answer.code <= 299
