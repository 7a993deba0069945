"""The HTTP server: uvicorn on a socket of ours, with the head of an answer and its body in one write."""

import asyncio
import contextlib
import socket
from collections.abc import Iterator
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from gsef_notify.errors import SettingsError

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
        super().connection_made(_JoinedWrites(transport, self.loop))  # type: ignore[arg-type]


class _JoinedWrites:
    """A transport that sends what is written in one turn of the loop together: a small packet for the head
    of an answer wakes its reader for nothing."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        self._held.append(data)
        if len(self._held) == 1:
            self._loop.call_soon(self._flush)
        else:
            self._flush()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._transport.writelines(held)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
