"""A real SMTP server that keeps what it has taken."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from aiosmtpd.smtp import Envelope as Received

PASSWORD = "p@ss/word"


@dataclass
class Inbox:
    """What a real server has taken."""

    port: int = 0
    received: list[tuple[str | None, list[str], bytes]] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: object, envelope: Received) -> str:
        assert isinstance(envelope.content, bytes)
        self.received.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return f"250 taken as {len(self.received)}"

    def authenticate(
        self, server: SMTP, session: object, envelope: object, kind: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password.decode() == PASSWORD, handled=False)


@asynccontextmanager
async def serving(tls: ssl.SSLContext | None = None, **options: Any) -> AsyncIterator[Inbox]:
    """An aiosmtpd server at a free port; with ``tls`` it speaks TLS from the first byte."""
    inbox = Inbox()

    def protocol() -> SMTP:
        return SMTP(inbox, hostname="server", authenticator=inbox.authenticate, loop=loop, **options)

    loop = asyncio.get_running_loop()
    server = await loop.create_server(protocol, "127.0.0.1", 0, ssl=tls)
    inbox.port = server.sockets[0].getsockname()[1]
    try:
        yield inbox
    finally:
        server.close()
        await server.wait_closed()
