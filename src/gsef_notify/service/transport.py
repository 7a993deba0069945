"""The transport under an HTTP protocol: the head of an answer and its body leave together."""

import asyncio
import os
import socket
from collections.abc import Callable
from typing import Any

from gsef_notify.kept_bytes import KeptBytes


class AnswerTransport:
    """An asyncio transport that joins what is written in one turn of the loop: a packet for the head alone
    wakes its reader for nothing. Kept bytes that follow a head go from their file (sendfile) while nothing
    else waits to be sent, and are written like all others where that does not take all of them."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._socket = transport.get_extra_info("socket")
        self._held: list[bytes] = []
        self.is_closing = transport.is_closing

    def write(self, data: bytes) -> None:
        """Send the bytes, with those written before them in this turn."""
        if self._held and isinstance(data, KeptBytes) and self._is_idle():
            self._send_kept(b"".join(self._taken()), data)
            return
        self._held.append(data)
        if len(self._held) == 1:
            self._loop.call_soon(self._flush)
        else:
            self._flush()

    def close(self) -> None:
        """Close the connection when all is sent."""
        self._flush()
        self._transport.close()

    def _is_idle(self) -> bool:
        return self._transport.get_write_buffer_size() == 0 and not self._transport.is_closing()

    def _taken(self) -> list[bytes]:
        held, self._held = self._held, []
        return held

    def _flush(self) -> None:
        if self._held:
            self._transport.writelines(self._taken())

    def _send_kept(self, head: bytes, body: KeptBytes) -> None:
        """By the socket itself as far as it has room, the rest by the transport."""
        sent = _at_once(lambda: _begin(self._socket, head))
        if sent < len(head):
            self._transport.writelines([head[sent:], body])
            return
        sent = _at_once(lambda: os.sendfile(self._socket.fileno(), body.file, 0, len(body)))
        if sent < len(body):
            self._transport.write(memoryview(body)[sent:])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _begin(connection: socket.socket, head: bytes) -> int:
    """Send the beginning of what goes on at once; the socket, which is the transport's, is only borrowed."""
    borrowed = socket.socket(connection.family, connection.type, connection.proto, connection.fileno())
    try:
        return borrowed.send(head, socket.MSG_MORE)
    finally:
        borrowed.detach()


def _at_once(send: Callable[[], int]) -> int:
    """How many bytes the kernel takes without waiting. What is wrong with the connection, the transport finds
    when it sends the rest."""
    try:
        return send()
    except OSError:
        return 0
