"""The HTTP server: uvicorn on a socket and a transport of ours."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gsef_notify.errors import SettingsError
from gsef_notify.service.transport import AnswerTransport

LISTENING = 2048


class Server(uvicorn.Server):
    """A server that leaves the signals to others: uvicorn would raise them again before all is done."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let them be."""
        yield


def config(app: ASGIApp) -> uvicorn.Config:
    """How the application is served: no line of a log names an address that was asked for, and nothing
    depends on what a proxy says of its client."""
    return uvicorn.Config(
        app,
        http=_Protocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="off",
        timeout_graceful_shutdown=10,
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises SettingsError where that address can not be had."""
    remedy = "set another port with --port, GSEF_NOTIFY_PORT or in the settings"
    if not 0 <= port <= 65535:
        raise SettingsError(f"can not listen on {host}:{port}: a port is a number up to 65535 - {remedy}")
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=LISTENING)
    except OSError as error:
        raise SettingsError(f"can not listen on {host}:{port}: {error.strerror} - {remedy}") from None


class _Protocol(HttpToolsProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(AnswerTransport(transport, self.loop))  # type: ignore[arg-type]
